"""The marks of a calendar: the days from which a source asks for something at such a dose."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.planning.events import MONTHS_NEED_START, CalendarEvent
from dmcalc.quantities.time import months_later
from dmcalc.results.base import source_keys
from dmcalc.schedules.exposure import (
    DoseStretch,
    day_reached,
    days_in_words,
    refused_medicines,
    stretches_at_or_above,
    will_reach,
)
from dmcalc.text.numbers import format_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.steps import Mark, Plan
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.thresholds import End
    from dmcalc.table.model.table import Table


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
    table: Table,
    guide: LoadedGuideline,
    patient: Patient,
    events: Iterable[CalendarEvent],
    start: datetime.date | None,
) -> Iterator[CalendarEvent]:
    """Yield the marks of the daily doses on a calendar.

    A source that gives a range for its threshold has two: where its low end is reached, and its
    high end. The days of a pulse of another drug of the same group count too: mg for mg it is above
    each threshold.
    """
    events = tuple(events)
    doses = [e for e in events if e.kind == "dose" and e.per == "day" and e.day is not None]
    taking = patient.context.taking if patient.context else ()
    names = {name: name for name in taking}
    names |= {event.drug: event.name for event in events if event.drug and event.name}
    for mark in guide.guideline.plan.marks:
        counted = table.drugs[mark.drug]
        group = {key for key, drug in table.drugs.items() if drug.group == counted.group}
        daily = sorted((e for e in doses if e.drug in group), key=lambda event: event.day or 0)
        if mark.population == patient.population and any(e.drug == mark.drug for e in daily):
            refused, sources = refused_medicines(guide.guideline, mark, names)
            wide = mark.dose.low != mark.dose.high or mark.time.low != mark.time.high
            for end in ("low", "high") if wide else ("low",):
                event, due = _events_of_mark(mark, end, daily, start)
                event = event._replace(
                    name=counted.name,
                    sources=tuple(dict.fromkeys((*event.sources, *sources))),
                    brief=refused.partition(":")[0],
                )
                if due is not None and end == "low":
                    yield event._replace(
                        title=f"{mark.title}: assessment due",
                        text=f"{mark.due} {refused}".strip(),
                        day=due,
                        days=1,
                    )
                yield event._replace(text=f"{event.text} {refused}".strip())


def _events_of_mark(
    mark: Mark, end: End, doses: list[CalendarEvent], start: datetime.date | None
) -> tuple[CalendarEvent, int | None]:
    """Return the mark, and the day from which something is due as it will be reached."""
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
    parts += [days_in_words(stretches, mark.dose, end)]
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
        quote=mark.cite[0].quote,
        mark=_exposure_reached(mark, end, stretches),
    )
    certain = next(
        (stretch for stretch in stretches if will_reach(stretch, mark.time, end, start)), None
    )
    return event, certain.first if mark.due is not None and certain is not None else None


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


def _until(mark: Mark, doses: list[CalendarEvent], start: datetime.date) -> list[str]:
    """Say until when it lasts, counted from the last dose of the schedule."""
    final = doses[-1]
    if mark.persists is None or final.days is None or final.day is None:
        return ["The schedule has no last dose to count from."]
    last = start + datetime.timedelta(days=final.day + final.days - 2)
    until = months_later(last, mark.persists.high)
    return [f"If the last dose is on {last.isoformat()}, until {until.isoformat()}."]
