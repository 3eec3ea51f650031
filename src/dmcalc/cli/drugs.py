"""The command ``drugs``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def drugs(*, output: options.TableOutputOptions) -> None:
    """List the drugs of the table.

    \b
    dmcalc drugs
    dmcalc drugs --field drug
    """
    from dmcalc.catalogue.drugs import list_drugs

    loaded = output.load()
    emit(list_drugs(loaded), output)
