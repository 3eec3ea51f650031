"""The command ``about``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def about(
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
    """Say what dmcalc is, whose figures it has, and their versions.

    \b
    dmcalc about
    dmcalc about --format json
    """
    from dmcalc import guideline as guides
    from dmcalc.catalogue.guideline_text import about as compute

    result = compute(options.load(table, overlay), guides.load(guide))
    emit(result, Out(form, output, field, no_color, quiet, strict))
