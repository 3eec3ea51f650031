"""The marks of a calendar: the days from which a source asks for something at such a dose."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from dmcalc import wording
from dmcalc.core.months import months_later
from dmcalc.core.result import source_keys
from dmcalc.quantity import DAYS, converted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.core.events import Event
    from dmcalc.guide.bound import Bound
    from dmcalc.guide.model import LoadedGuide
    from dmcalc.guide.plan import Mark
    from dmcalc.patient import Patient
    from dmcalc.quantity import Mass

End = Literal["low", "high"]


class Run(NamedTuple):
    """Days on end at a dose or above, from 1; ``last`` is None where the last dose goes on."""

    first: int
    last: int | None

    @property
    def days(self) -> int | None:
        """How many days it has."""
        return None if self.last is None else self.last - self.first + 1


def marked(
    guide: LoadedGuide, patient: Patient, events: Iterable[Event], start: datetime.date | None
) -> Iterator[Event]:
    """Yield the marks of the daily doses on a calendar.

    A source that gives a range for its threshold has two: where its low end is reached, and its
    high end.
    """
    doses = [event for event in events if event.kind == "dose" and event.per == "day"]
    for mark in guide.guide.plan.marks:
        if mark.population != patient.population:
            continue
        own = sorted(
            (e for e in doses if e.drug == mark.drug and e.day is not None),
            key=lambda event: event.day or 0,
        )
        if own:
            wide = mark.dose.low != mark.dose.high or mark.time.low != mark.time.high
            for end in ("low", "high") if wide else ("low",):
                yield _mark(mark, end, own, start)


def runs(doses: Iterable[Event], bound: Bound, end: End) -> list[Run]:
    """List the stretches of days on end in which a daily dose reaches a threshold in mg."""
    found: list[Run] = []
    for event in doses:
        assert event.day is not None and event.high is not None and event.unit is not None
        unit: Mass = event.unit  # type: ignore[assignment]
        if not bound.met(converted(event.high, unit, "mg"), end):
            continue
        last = None if event.days is None else event.day + event.days - 1
        if found and found[-1].last == event.day - 1:
            found[-1] = found[-1]._replace(last=last)
        else:
            found.append(Run(event.day, last))
    return found


def reached(run: Run, time: Bound, end: End, start: datetime.date | None) -> int | None:
    """Return the day of a run on which it is long enough; None where it is not, or not known.

    Days and weeks are counted; months are those of the calendar, and need its first day.
    """
    count = int(getattr(time, end))
    if time.unit == "month":
        if start is None:
            return None
        begins = start + datetime.timedelta(days=run.first - 1)
        whole = (months_later(begins, count) - begins).days
    else:
        whole = count * DAYS[time.unit]
    day = run.first + whole - (0 if time.beyond else 1)
    return day if run.last is None or day <= run.last else None


def _mark(mark: Mark, end: End, doses: list[Event], start: datetime.date | None) -> Event:
    from dmcalc.core.events import Event

    stretches = runs(doses, mark.dose, end)
    days = [reached(run, mark.time, end, start) for run in stretches]
    day = next((day for day in days if day is not None), None)
    parts = [mark.text]
    if day is None:
        counted = mark.time.unit != "month" or start is not None
        parts.append(
            "It is not reached on this calendar."
            if counted or not stretches
            else "Months are counted on the calendar: give --start."
        )
    parts += [_counted(stretches, mark.dose, end)]
    if mark.persists is not None and day is not None and start is not None:
        parts += _until(mark, stretches, doses, start)
    return Event(
        step=mark.id,
        kind="mark",
        title=f"{mark.title}: {_threshold(mark, end)}",
        text=" ".join(filter(None, parts)),
        sources=source_keys(mark.cite),
        day=day,
        days=None if day is None else 1,
        drug=mark.drug,
        name=doses[0].name,
        quote=mark.cite[0].quote,
    )


def _threshold(mark: Mark, end: End) -> str:
    """Write one end of a threshold: ``more than 2 weeks above 15 mg daily``."""
    time, dose = Decimal(getattr(mark.time, end)), Decimal(getattr(mark.dose, end))
    unit = mark.time.unit if time == 1 else f"{mark.time.unit}s"
    length = f"{wording.number(time)} {unit}"
    length = f"more than {length}" if mark.time.beyond else f"{length} or more"
    amount = f"{wording.number(dose)} mg daily"
    return f"{length} {'above' if mark.dose.beyond else 'at'} {amount}" + (
        "" if mark.dose.beyond else " or more"
    )


def _counted(stretches: list[Run], dose: Bound, end: End) -> str:
    """Say how many days the calendar has at such a dose."""
    amount = f"{wording.number(Decimal(getattr(dose, end)))} mg"
    level = f"above {amount}" if dose.beyond else f"at {amount} or more"
    known = [run.days for run in stretches if run.days is not None]
    if not stretches:
        return f"No day of the schedule is {level}."
    weeks, days = divmod(sum(known), 7)
    text = f"{wording.number(weeks)} weeks" if weeks != 1 else "1 week"
    text += f" and {days} day{'' if days == 1 else 's'}" if days else ""
    further = ", and the open last step" if len(known) < len(stretches) else ""
    return f"Days {level} in the schedule: {text}{further}."


def _until(mark: Mark, stretches: list[Run], doses: list[Event], start: datetime.date) -> list[str]:
    """Say until when it lasts, counted from the last dose of the schedule."""
    final = doses[-1]
    if mark.persists is None or final.days is None or final.day is None:
        return ["The schedule has no last dose to count from."]
    last = start + datetime.timedelta(days=final.day + final.days - 2)
    until = months_later(last, mark.persists.high)
    return [
        f"Were the last dose that of {last.isoformat()}, the last of the schedule, that is up to "
        f"{until.isoformat()}."
    ]
