"""The command ``why``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def why(
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
    """Say where each figure of a drug comes from: the quote, the work, how it was read.

    \b
    dmcalc why prednisone
    dmcalc why ivig --format csv
    """
    from dmcalc.catalogue.provenance import why as compute

    loaded = options.load(table, overlay)
    emit(compute(loaded, drug), Out(form, output, field, no_color, quiet, strict))
