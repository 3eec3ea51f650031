"""The options of ``monitor`` besides the patient's facts, and how they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc import guideline
from dmcalc.errors import UsageError, read
from dmcalc.monitoring.visits import WEEKS, monitor
from dmcalc.patient.inputs import with_unused
from dmcalc.quantities.time import DAYS, read_day, read_length, read_weeks

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from dmcalc.monitoring.visits import MonitorResult
    from dmcalc.patient.reader import PatientRequest


class MonitorInput(NamedTuple):
    """From when and for how long, as it is written; the fields bear Python's keywords."""

    start: str | None = None
    weeks: str | None = None
    #: From when the dose is stable: a date, a length after the start, or the number of the day.
    stable: str | int | None = None


def compute_monitoring(
    request: PatientRequest, drugs: Iterable[str], options: MonitorInput
) -> MonitorResult:
    """List the monitoring of some drugs; raise UsageError, and the errors of ``monitor``."""
    drugs = tuple(drugs)
    who = request.read("monitor", drugs)
    weeks = read("weeks", options.weeks, read_weeks)
    start = read("start", options.start, read_day)
    result = monitor(
        request.loaded,
        request.guide or guideline.load(),
        drugs,
        who,
        start=start,
        weeks=WEEKS if weeks is None else weeks,
        stable=_stable_day(options.stable, start),
    )
    return with_unused(result, who.unused)


def _stable_day(stable: str | int | None, start: datetime.date | None) -> int | None:
    """Return the day from which the dose is stable, counted from 1; None where it is not yet."""
    if isinstance(stable, int) and stable < 1:
        raise UsageError(f"‹stable›: {stable} is the number of no day", "The first day is 1.")
    if stable is None or isinstance(stable, int):
        return stable
    if stable.strip()[:4].isdigit() and "-" in stable:
        date = read("stable", stable, read_day)
        assert date is not None
        if start is None or date < start:
            raise UsageError(
                f"‹stable {stable}› is a date, and needs a ‹start› that is not after it",
                "Give ‹start›, or a length: ‹stable 8w›.",
            )
        return (date - start).days + 1
    length = read("stable", stable, read_length)
    assert length is not None
    return length.low * DAYS[length.period] + 1
