"""The command ``care``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def care(
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    guide: options.GuideFile = None,
    overlay: options.Overlays = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
) -> None:
    """List goals of therapy, the team, and measures beside drugs.

    With the sentences of the base page on the treatment as a whole, each with its source.

    \b
    dmcalc care
    dmcalc care --format markdown
    """
    from dmcalc import guideline as guides
    from dmcalc.catalogue.guideline_text import care as compute

    result = compute(options.load(table, overlay), guides.load(guide))
    emit(result, Out(form, output, field, no_color, quiet, strict))
