"""The command ``replay``."""

from __future__ import annotations

from pathlib import Path
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
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="PATH",
            help="The input of a batch, or the folder that holds it.",
        ),
    ] = None,
    output: options.OutputOptions,
) -> None:
    """Re-run a saved calculation and compare.

    If not, it names the figures of the table that changed, and each value in which the answer
    differs. Exit 0 is the same answer; 5 is another one, or none; 7 is a receipt that was changed
    or cut off. A receipt made with --table, --guide or --overlay is replayed with the same. That of
    a batch needs its input, which is found by its hash.

    \b
    dmcalc replay case-17.json
    dmcalc replay case-17.json --overlay hospital.yaml --format json
    dmcalc replay case-17.json --field same
    dmcalc replay batch.json --input patients.csv
    """
    from dmcalc import api
    from dmcalc.batch.repeat import verb_of

    overlays = options.overlays(output.overlay)
    places = source or ["." if file == "-" else str(Path(file).parent)]
    result = api.replay_with(
        {"batch": verb_of(list(map(Path, places)))},
        file,
        table=output.table,
        overlays=overlays,
        guide=output.guide,
    )
    emit(result, output)
