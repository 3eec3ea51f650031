"""The command ``monitor``."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command()
@options.grouped
def monitor(
    *,
    drugs: options.NamedDrugs,
    patient: options.PatientOptions,
    start: options.Start = None,
    weeks: Annotated[int, typer.Option("--weeks", metavar="N", help="Length in weeks.")] = 52,
    stable: Annotated[
        str | None,
        typer.Option(
            "--stable",
            metavar="WHEN",
            help="From when the dose is stable: a date, or 8w from the start; else not yet.",
        ),
    ] = None,
    output: options.OutputOptions,
) -> None:
    """List the tests under some drugs, before the first dose and on days after it.

    The intervals are those of the sources, most of them for rheumatology. Where one goes on until
    the dose is stable, --stable says from when it is; without it they go on to the end.

    \b
    dmcalc monitor azathioprine --start 2026-12-01
    dmcalc monitor methotrexate prednisone --weeks 26
    dmcalc monitor azathioprine --start 2026-12-01 --stable 2026-12-29
    """
    from dmcalc import guideline
    from dmcalc.errors import read
    from dmcalc.monitoring.visits import monitor as compute
    from dmcalc.patient.inputs import USES, read_patient, with_unused
    from dmcalc.quantities.time import read_date

    loaded = output.load()
    first = read("start", start, read_date)
    guide = guideline.load(output.guide)
    who = read_patient(loaded, patient, USES["monitor"], drugs, guide)
    result = compute(
        loaded,
        guide,
        drugs,
        who,
        start=first,
        weeks=weeks,
        stable=None if stable is None else _stable(stable, first),
    )
    emit(with_unused(result, who.unused), output)


def _stable(text: str, start: datetime.date | None) -> int:
    """Return the day from which the dose is stable: of a date, or after a length of time."""
    from dmcalc.errors import UsageError, read
    from dmcalc.quantities.time import DAYS, read_date, read_interval

    if text.strip()[:4].isdigit() and "-" in text:
        date = read("stable", text, read_date)
        assert date is not None
        if start is None or date < start:
            raise UsageError(
                f"--stable {text} is a date, and needs a --start that is not after it",
                "Give --start, or a length: --stable 8w.",
            )
        return (date - start).days + 1
    length = read("stable", text, read_interval)
    assert length is not None
    return length.low * DAYS[length.period] + 1
