"""The command ``show``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def show(
    drug: options.Drug,
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    overlay: options.Overlays = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
) -> None:
    """Show all that the table says of one drug: posology, alternatives, cautions, sources.

    \b
    dmcalc show tacrolimus
    dmcalc show ivig --format markdown
    """
    from dmcalc.catalogue.monograph import show as compute

    loaded = options.load(table, overlay)
    emit(compute(loaded, drug), Out(form, output, field, no_color, quiet, strict))
