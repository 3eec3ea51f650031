"""Thresholds of exposure: the days from which a source asks for something at such a dose."""

from __future__ import annotations

import datetime
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.planning.events import MONTHS_NEED_START, CalendarEvent
from dmcalc.quantities.time import months_later
from dmcalc.results.base import leading, source_keys
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
    from dmcalc.guideline.steps import ExposureThreshold, Plan
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.thresholds import End
    from dmcalc.quantities.time import Interval
    from dmcalc.table.model.table import Table


class ExposureReached(NamedTuple):
    """A threshold of exposure at one end of its range, and what of the schedule reaches it."""

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
    """Return the drugs whose daily dose counts, in mg of prednisone or its equivalent."""
    return frozenset(threshold.drug for threshold in plan.marks)


def exposure_events(
    table: Table,
    guide: LoadedGuideline,
    patient: Patient,
    events: Iterable[CalendarEvent],
    start: datetime.date | None,
) -> Iterator[CalendarEvent]:
    """Yield the thresholds of the daily doses on a calendar.

    A source that gives a range for its threshold has two: where its low end is reached, and its
    high end. The days of a pulse of another drug of the same group count too: mg for mg it is above
    each threshold.
    """
    events = tuple(events)
    doses = [e for e in events if e.kind == "dose" and e.per == "day" and e.day is not None]
    taking = patient.context.taking if patient.context else ()
    names = {name: name for name in taking}
    for event in events:
        if event.drug is not None:
            assert event.name is not None
            names[event.drug] = event.name
    for threshold in guide.guideline.plan.marks:
        counted = table.drugs[threshold.drug]
        group = {key for key, drug in table.drugs.items() if drug.group == counted.group}
        daily = sorted((e for e in doses if e.drug in group), key=attrgetter("day"))
        if threshold.population == patient.population and any(
            e.drug == threshold.drug for e in daily
        ):
            refused, sources = refused_medicines(guide.guideline, threshold, names)
            wide = (
                threshold.dose.low != threshold.dose.high
                or threshold.time.low != threshold.time.high
            )
            for end in ("low", "high") if wide else ("low",):
                event, due = _events_of_threshold(threshold, end, daily, start)
                event = event._replace(
                    name=counted.name,
                    sources=tuple(dict.fromkeys((*event.sources, *sources))),
                    brief=refused.partition(":")[0],
                )
                if due is not None and end == "low":
                    yield event._replace(
                        title=f"{threshold.title}: assessment due",
                        text=f"{threshold.due} {refused}".strip(),
                        day=due,
                        days=1,
                    )
                yield event._replace(text=f"{event.text} {refused}".strip())


def _events_of_threshold(
    threshold: ExposureThreshold, end: End, doses: list[CalendarEvent], start: datetime.date | None
) -> tuple[CalendarEvent, int | None]:
    """Return the event, and the day from which something is due as it will be reached."""
    stretches = stretches_at_or_above(doses, threshold.dose, end)
    days = [day_reached(stretch, threshold.time, end, start) for stretch in stretches]
    day = next((day for day in days if day is not None), None)
    parts = [threshold.text]
    if day is None:
        counted = threshold.time.unit != "month" or start is not None
        parts.append(
            "It is not reached on this calendar."
            if counted or not stretches
            else f"{MONTHS_NEED_START.capitalize()}."
        )
    parts += [days_in_words(stretches, threshold.dose, end)]
    if threshold.persists is not None and day is not None and start is not None:
        parts.append(_until(threshold.persists, doses, start))
    event = CalendarEvent(
        step=threshold.id,
        kind="mark",
        title=f"{threshold.title}: {_threshold(threshold, end)}",
        text=" ".join(filter(None, parts)),
        sources=source_keys(threshold.cite),
        day=day,
        days=None if day is None else 1,
        drug=threshold.drug,
        quote=leading(threshold.cite).quote,
        mark=_exposure_reached(threshold, end, stretches),
    )
    certain = next(
        (stretch for stretch in stretches if will_reach(stretch, threshold.time, end, start)), None
    )
    return event, certain.first if threshold.due is not None and certain is not None else None


def _exposure_reached(
    threshold: ExposureThreshold, end: End, stretches: list[DoseStretch]
) -> ExposureReached:
    days = sum(stretch.days for stretch in stretches)
    return ExposureReached(
        mark_dose=threshold.dose.at(end),
        mark_dose_unit=threshold.dose.unit,
        mark_dose_exceeded=threshold.dose.beyond,
        mark_time=threshold.time.at(end),
        mark_time_unit=threshold.time.unit,
        mark_time_exceeded=threshold.time.beyond,
        mark_days=days,
        mark_weeks=days // 7,
        mark_open=any(stretch.last is None for stretch in stretches),
    )


def _threshold(threshold: ExposureThreshold, end: End) -> str:
    """Write one end of a threshold: ``more than 2 weeks above 15 mg daily``."""
    time, dose = threshold.time.at(end), threshold.dose.at(end)
    unit = threshold.time.unit if time == 1 else f"{threshold.time.unit}s"
    length = f"{format_number(time)} {unit}"
    length = f"more than {length}" if threshold.time.beyond else f"{length} or more"
    amount = f"{format_number(dose)} mg daily"
    return f"{length} {'above' if threshold.dose.beyond else 'at'} {amount}" + (
        "" if threshold.dose.beyond else " or more"
    )


def _until(persists: Interval, doses: list[CalendarEvent], start: datetime.date) -> str:
    """Say until when it lasts, counted from the last dose of the schedule."""
    final = doses[-1]
    if final.days is None:
        return "The schedule has no last dose to count from."
    assert final.day is not None
    last = start + datetime.timedelta(days=final.day + final.days - 2)
    until = months_later(last, persists.high)
    return f"If the last dose is on {last.isoformat()}, until {until.isoformat()}."
