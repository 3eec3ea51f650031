"""The command ``drugs``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def drugs(
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    overlay: options.Overlays = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
) -> None:
    """List the drugs of the table, with class, line, route and base posology.

    \b
    dmcalc drugs
    dmcalc drugs --field drug
    """
    from dmcalc.catalogue.drugs import list_drugs

    loaded = options.load(table, overlay)
    emit(list_drugs(loaded), Out(form, output, field, no_color, quiet, strict))
