"""The command ``why``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def why(
    *,
    drugs: options.NamedDrugs,
    output: options.TableOutputOptions,
) -> None:
    """Show the source and quote for every figure.

    \b
    dmcalc why prednisone methotrexate
    dmcalc why prednisone.induction.max
    dmcalc why ivig --format csv
    """
    from dmcalc.catalogue.provenance import why_several

    loaded = output.load()
    emit(why_several(loaded, drugs), output)
