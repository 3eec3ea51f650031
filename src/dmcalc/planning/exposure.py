"""The marks of a calendar: the days from which a source asks for something at such a dose."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.planning.events import MONTHS_NEED_START, CalendarEvent
from dmcalc.quantities.amount import converted
from dmcalc.quantities.time import DAYS, months_later
from dmcalc.results.base import source_keys
from dmcalc.text.numbers import format_number, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.steps import Mark, Plan
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass
    from dmcalc.quantities.thresholds import DoseThreshold, End

#: No month of the calendar is longer.
LONGEST_MONTH = 31


class DoseStretch(NamedTuple):
    """Days on end at a dose or above, from 1; ``last`` is None where the last dose goes on.

    ``days`` are those of the doses that have an end.
    """

    first: int
    last: int | None
    days: int


class ExposureReached(NamedTuple):
    """The threshold of a mark at one end of its range, and what of the schedule reaches it."""

    mark_dose: Decimal
    mark_dose_unit: str
    #: Whether the dose itself is still below it.
    mark_dose_exceeded: bool
    mark_time: Decimal
    mark_time_unit: str
    mark_time_exceeded: bool
    #: Days of the schedule at such a dose, and the whole weeks in them.
    mark_days: int
    mark_weeks: int
    #: Whether the last dose, which has no end, is such a dose too.
    mark_open: bool


def counted_drugs(plan: Plan) -> frozenset[str]:
    """Return the drugs whose daily dose the marks count, in mg of prednisone or its equivalent."""
    return frozenset(mark.drug for mark in plan.marks)


def exposure_events(
    guide: LoadedGuideline,
    patient: Patient,
    events: Iterable[CalendarEvent],
    start: datetime.date | None,
) -> Iterator[CalendarEvent]:
    """Yield the marks of the daily doses on a calendar.

    A source that gives a range for its threshold has two: where its low end is reached, and its
    high end.
    """
    events = tuple(events)
    doses = [event for event in events if event.kind == "dose" and event.per == "day"]
    taking = patient.context.taking if patient.context else ()
    names = {name: name for name in taking}
    names |= {event.drug: event.name for event in events if event.drug and event.name}
    for mark in guide.guideline.plan.marks:
        if mark.population != patient.population:
            continue
        daily = sorted(
            (e for e in doses if e.drug == mark.drug and e.day is not None),
            key=lambda event: event.day or 0,
        )
        if daily:
            wide = mark.dose.low != mark.dose.high or mark.time.low != mark.time.high
            for end in ("low", "high") if wide else ("low",):
                for event in _events_of_mark(mark, end, daily, start):
                    yield _with_refusals(event, mark, names, guide)


def _with_refusals(
    event: CalendarEvent, mark: Mark, names: dict[str, str], guide: LoadedGuideline
) -> CalendarEvent:
    """Say beside a mark which of its medicines the rules of a drug on the calendar refuse."""
    for drug, name in names.items():
        for rule in guide.guideline.rules.of(drug):
            refused = [each for each in mark.medicines if each in rule.when.taking]
            if rule.then == "refuse" and refused:
                text = f"{event.text} With {name} {' and '.join(refused)} is refused: {rule.text}"
                sources = dict.fromkeys((*event.sources, *source_keys(rule.cite)))
                event = event._replace(text=text, sources=tuple(sources))
    return event


def stretches_at_or_above(
    doses: Iterable[CalendarEvent], bound: DoseThreshold, end: End
) -> list[DoseStretch]:
    """List the stretches of days on end in which a daily dose reaches a threshold in mg."""
    stretches: list[DoseStretch] = []
    for event in doses:
        assert event.day is not None and event.high is not None and event.unit is not None
        unit: Mass = event.unit  # type: ignore[assignment]
        if not bound.met(converted(event.high, unit, "mg"), end):
            continue
        last = None if event.days is None else event.day + event.days - 1
        if stretches and stretches[-1].last == event.day - 1:
            days = stretches[-1].days + (event.days or 0)
            stretches[-1] = stretches[-1]._replace(last=last, days=days)
        else:
            stretches.append(DoseStretch(event.day, last, event.days or 0))
    return stretches


def day_reached(
    stretch: DoseStretch, time: DoseThreshold, end: End, start: datetime.date | None
) -> int | None:
    """Return the day of a run on which it is long enough; None where it is not, or not known.

    Days and weeks are counted; months are those of the calendar, and need its first day.
    """
    count = int(time.at(end))
    if time.unit == "month":
        if start is None:
            return None
        begins = start + datetime.timedelta(days=stretch.first - 1)
        length = (months_later(begins, count) - begins).days
    else:
        length = count * DAYS[time.unit]
    day = stretch.first + length - (0 if time.beyond else 1)
    return day if stretch.last is None or day <= stretch.last else None


def _will_reach(
    stretch: DoseStretch, time: DoseThreshold, end: End, start: datetime.date | None
) -> bool:
    """Tell whether a run is long enough for certain, also where its months cannot be counted."""
    if day_reached(stretch, time, end, start) is not None:
        return True
    if time.unit != "month" or start is not None:
        return False
    return stretch.last is None or stretch.days > int(time.at(end)) * LONGEST_MONTH


def _events_of_mark(
    mark: Mark, end: End, doses: list[CalendarEvent], start: datetime.date | None
) -> Iterator[CalendarEvent]:
    stretches = stretches_at_or_above(doses, mark.dose, end)
    days = [day_reached(stretch, mark.time, end, start) for stretch in stretches]
    day = next((day for day in days if day is not None), None)
    parts = [mark.text]
    if day is None:
        counted = mark.time.unit != "month" or start is not None
        parts.append(
            "It is not reached on this calendar."
            if counted or not stretches
            else f"{MONTHS_NEED_START.capitalize()}."
        )
    parts += [_counted(stretches, mark.dose, end)]
    if mark.persists is not None and day is not None and start is not None:
        parts += _until(mark, doses, start)
    event = CalendarEvent(
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
        mark=_exposure_reached(mark, end, stretches),
    )
    certain = next(
        (stretch for stretch in stretches if _will_reach(stretch, mark.time, end, start)), None
    )
    if mark.due is not None and certain is not None:
        yield event._replace(
            title=f"{mark.title}: assessment due", text=mark.due, day=certain.first, days=1
        )
    yield event


def _exposure_reached(mark: Mark, end: End, stretches: list[DoseStretch]) -> ExposureReached:
    days = sum(stretch.days for stretch in stretches)
    return ExposureReached(
        mark_dose=mark.dose.at(end),
        mark_dose_unit=mark.dose.unit,
        mark_dose_exceeded=mark.dose.beyond,
        mark_time=mark.time.at(end),
        mark_time_unit=mark.time.unit,
        mark_time_exceeded=mark.time.beyond,
        mark_days=days,
        mark_weeks=days // 7,
        mark_open=any(stretch.last is None for stretch in stretches),
    )


def _threshold(mark: Mark, end: End) -> str:
    """Write one end of a threshold: ``more than 2 weeks above 15 mg daily``."""
    time, dose = mark.time.at(end), mark.dose.at(end)
    unit = mark.time.unit if time == 1 else f"{mark.time.unit}s"
    length = f"{format_number(time)} {unit}"
    length = f"more than {length}" if mark.time.beyond else f"{length} or more"
    amount = f"{format_number(dose)} mg daily"
    return f"{length} {'above' if mark.dose.beyond else 'at'} {amount}" + (
        "" if mark.dose.beyond else " or more"
    )


def _counted(stretches: list[DoseStretch], dose: DoseThreshold, end: End) -> str:
    """Say how many days the calendar has at such a dose."""
    amount = f"{format_number(dose.at(end))} mg"
    level = f"above {amount}" if dose.beyond else f"at {amount} or more"
    if not stretches:
        return f"No day of the schedule is {level}."
    weeks, days = divmod(sum(stretch.days for stretch in stretches), 7)
    text = f"{format_number(weeks)} {plural(weeks, 'week')}"
    text += f" and {days} {plural(days, 'day')}" if days else ""
    further = ", and the open last step" if any(r.last is None for r in stretches) else ""
    return f"Days {level} in the schedule: {text}{further}."


def _until(mark: Mark, doses: list[CalendarEvent], start: datetime.date) -> list[str]:
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
