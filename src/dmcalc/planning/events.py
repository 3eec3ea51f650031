"""The events on the calendar of a plan, and how their parts are put into words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from dmcalc.dispensing.stock import StockOptions
from dmcalc.errors import as_option
from dmcalc.monitoring.visits import add_interval, monitoring_of, visits
from dmcalc.planning.wording import dose_title, limits_text, not_made
from dmcalc.quantities.arithmetic import per_size
from dmcalc.quantities.time import days_later
from dmcalc.results.base import leading, source_keys
from dmcalc.results.trace import RATIO, noting, quotient
from dmcalc.schedules.step_text import milestone_dose
from dmcalc.text import timing
from dmcalc.text.numbers import (
    format_number,
    format_range,
    ranges_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.guideline.model import Guideline
    from dmcalc.guideline.steps import PlanStep, Trigger
    from dmcalc.planning.exposure import ExposureReached
    from dmcalc.planning.steps import Option
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.schedules.milestones import MilestoneResult
    from dmcalc.table.model.local_values import LocalValue

MONTHS_NEED_START = f"months are counted on the calendar: give {as_option('start')}"

Kind = Literal["dose", "course", "test", "mark", "review", "landmark"]


class Dating(NamedTuple):
    """From when and for how long the calendar runs, and what is chosen for it."""

    start: datetime.date | None = None
    #: None takes a year, and the milestones of a child's taper where they go further.
    weeks: int | None = None
    #: Days of the pulse, inside what the table gives; None takes the fewest.
    pulse_days: int | None = None
    #: Which taper of the corticosteroid; None takes the default.
    taper: str | None = None
    stocked: StockOptions = StockOptions()


class CalendarEvent(NamedTuple):
    """Something on the calendar, with its day; that is None where no source gives one.

    ``day`` counts from 1; what is due before the first dose of all has day 0. ``total_low`` and
    ``total_high`` are what was given of the drug by the end of the event.
    """

    step: str
    kind: Kind
    title: str
    text: str
    sources: tuple[str, ...]
    day: int | None = None
    days: int | None = None
    drug: str | None = None
    name: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    per: str | None = None
    total_low: Decimal | None = None
    total_high: Decimal | None = None
    date: datetime.date | None = None
    end: datetime.date | None = None
    quote: str | None = None
    local: tuple[LocalValue, ...] = ()
    #: What the amount is multiplied by, and the amount for one of it: beside the text, for what
    #: must not tell the weight.
    basis: str | None = None
    per_basis_low: Decimal | None = None
    per_basis_high: Decimal | None = None
    #: The day, and its date, before which it is due.
    before_day: int | None = None
    before: datetime.date | None = None
    #: The running total of what the thresholds count, in mg of prednisone.
    prednisone_equivalent_low: Decimal | None = None
    prednisone_equivalent_high: Decimal | None = None
    #: Of a mark: its threshold, and how much of the schedule reaches it.
    mark: ExposureReached | None = None
    #: What a page that is to fit a screen says after the title.
    brief: str = ""
    #: What it is made from: a posology by its name, or a path under ``schedules``, for a receipt.
    origin: str = ""


class Calendar(NamedTuple):
    """The events, how many weeks they are of, and what is of no single event."""

    events: tuple[CalendarEvent, ...]
    weeks: int
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]


def event_of_dose(row: DoseRow, step: str, day: int | None, unknown: str) -> CalendarEvent:
    """Return the event of a dose without a schedule."""
    parts = [row.sentence, limits_text(row), not_made(row), unknown, row.reading]
    return CalendarEvent(
        step=step,
        kind="dose",
        title=dose_title(row),
        text="; ".join(part.rstrip(".") for part in parts if part),
        sources=row.sources,
        brief="; ".join(filter(None, (limits_text(row), not_made(row)))),
        day=day,
        drug=row.drug,
        name=row.name,
        low=row.low,
        high=row.high,
        unit=row.unit,
        per=row.per,
        local=row.local,
        basis=row.basis,
        per_basis_low=row.per_basis_low,
        per_basis_high=row.per_basis_high,
        origin=row.regimen,
    )


def milestone_events(
    result: MilestoneResult, step: str, name: str, delay: int
) -> Iterator[CalendarEvent]:
    """Yield the start dose of a child's taper, and its milestones on the days that they have.

    They are counted from the first dose, which comes so many days after the first day of all.
    """
    start, kg = result.start, result.patient.weight_kg
    assert kg is not None  # without it there is no start dose
    low, high = per_size(start.low, kg), per_size(start.high, kg)
    origin = f"schedules.{result.drug}"
    if trace := noting():
        for end, amount, ratio in (("low", start.low, low), ("high", start.high, high)):
            where, unit = f"{origin}.start.per_basis_{end}", f"{start.unit}/kg"
            what = f"start dose, {end} end: ratio"
            trace.rounded(where, what, quotient(amount, kg), ratio, unit, RATIO)
    source = ranges_in_words(start.posology)
    parts = ["capped" if start.capped else "", f"the source: {source}"]
    yield CalendarEvent(
        step=step,
        kind="dose",
        title=f"{name} {format_range(start.low, start.high, start.unit)} daily",
        text="; ".join(filter(None, [*parts, f"start dose of {result.protocol}, {result.name}"])),
        sources=result.sources,
        day=1 + delay,
        drug=result.drug,
        name=name,
        low=start.low,
        high=start.high,
        unit=start.unit,
        per="day",
        basis="kg",
        per_basis_low=low,
        per_basis_high=high,
        origin=f"{origin}.start",
    )
    for row in result.rows:
        dose = milestone_dose(row)
        notes = [
            f"milestone at month {row.month} of {result.protocol}",
            f"{format_number(row.percent_of_start)} per cent of the start dose"
            if row.percent_of_start
            else None,
            row.condition,
            None if row.day else MONTHS_NEED_START,
        ]
        yield CalendarEvent(
            step=step,
            kind="landmark",
            title=f"{name}: {dose} as a goal" if row.high else f"{name}: {dose}",
            text="; ".join(filter(None, notes)),
            sources=result.sources,
            day=None if row.day is None else row.day + delay,
            days=None if row.day is None else 1,
            drug=result.drug,
            name=name,
            low=row.low,
            high=row.high,
            unit=row.unit,
            per=row.per,
            local=row.local,
            basis="kg",
            per_basis_low=row.per_kg_low,
            per_basis_high=row.per_kg_high,
            origin=f"{origin}.rows.{row.landmark - 1}",
        )


def monitoring_events(
    guide: Guideline,
    start: datetime.date | None,
    weeks: int,
    option: Option,
    step: str,
    begins: int,
    stable: int,
    before: int,
) -> Iterator[CalendarEvent]:
    """Yield the tests of one drug: before its first dose, and on days after it.

    ``begins`` is the day of its first dose, ``stable`` from which day of its own it is stable, and
    ``before`` the day before which the first tests are due: that of a pulse that comes first.
    """
    before_start = monitoring_of(guide, option.drug).baseline
    first = None if start is None else days_later(start, begins - 1)
    if before_start:
        first_tests, *_ = before_start
        yield CalendarEvent(
            step=step,
            kind="test",
            title=f"Baseline tests: {option.name}",
            text="; ".join(", ".join(baseline.tests) for baseline in before_start),
            sources=source_keys(cite for baseline in before_start for cite in baseline.cite),
            day=before - 1,
            before_day=before,
            days=1,
            drug=option.drug,
            name=option.name,
            quote=leading(first_tests.cite).quote,
        )
    for visit in visits(guide, option.drug, start=first, weeks=weeks, stable=stable):
        yield CalendarEvent(
            step=step,
            kind="test",
            title=f"Monitoring: {option.name}",
            text=f"{', '.join(visit.tests)}; {visit.text}",
            sources=visit.sources,
            day=begins + visit.day - 1,
            days=1,
            drug=option.drug,
            name=option.name,
            quote=visit.quote,
        )


def review_event(
    step: PlanStep, trigger: Trigger, start: datetime.date | None, delay: int
) -> CalendarEvent:
    """Return when a source looks at a trigger, so many days after the first one.

    What it does within a time has all days of it.
    """
    after = trigger.after or trigger.within
    assert after is not None
    day, days = None, None
    if after.period != "month" or start is not None:
        first = 1 + delay
        low, high = (add_interval(first, after, n, start) for n in (after.low, after.high))
        day, days = (first, high - first) if trigger.within else (low, high - low or 1)
    length = timing.length(after)
    when = f"within the first {length}" if trigger.within else f"after {length}"
    uncounted = "" if day else f"; {MONTHS_NEED_START}"
    return CalendarEvent(
        step=step.id,
        kind="review",
        title=f"{step.title}: {when}",
        text=f"{trigger.text}{uncounted}",
        sources=source_keys(trigger.cite),
        day=day,
        days=days,
        quote=leading(trigger.cite).quote,
    )


def with_dates(event: CalendarEvent, start: datetime.date | None) -> CalendarEvent:
    """Put dates on an event; ``end`` is its last day.

    Raise UsageError past the last date there is.
    """
    if start is None or event.day is None:
        return event
    first = days_later(start, event.day - 1)
    last = None if event.days is None else days_later(first, event.days - 1)
    before = event.before_day and days_later(start, event.before_day - 1)
    return event._replace(date=first, end=last, before=before or None)
