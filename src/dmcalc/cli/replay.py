"""The command ``replay``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def replay(
    *,
    file: Annotated[str, typer.Argument(help="A receipt that --receipt wrote; - is stdin.")],
    output: options.OutputOptions,
) -> None:
    """Re-run a saved calculation and compare.

    If not, it names the figures of the table that changed, and each place in which the answer
    differs. Exit 0 is the same answer; 5 is another one, or none; 7 is a receipt that was changed
    or cut off. A receipt made with --table, --guide or --overlay is replayed with the same.

    \b
    dmcalc replay case-17.json
    dmcalc replay case-17.json --overlay hospital.yaml --format json
    dmcalc replay case-17.json --field same
    """
    from dmcalc import api

    overlays = options.overlays(output.overlay)
    emit(api.replay(file, table=output.table, overlays=overlays, guide=output.guide), output)
