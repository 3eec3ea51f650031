"""The command ``show``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def show(
    *,
    drugs: options.NamedDrugs,
    output: options.TableOutputOptions,
) -> None:
    """Show a drug's doses, cautions and sources.

    Of several drugs, one after the other.

    \b
    dmcalc show tacrolimus
    dmcalc show prednisone methotrexate
    dmcalc show ivig --format markdown
    """
    from dmcalc.catalogue.monograph import show_several

    loaded = output.load()
    emit(show_several(loaded, drugs), output)
