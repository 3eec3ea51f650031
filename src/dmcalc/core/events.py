"""What stands on the calendar of a plan, and how its parts are put into words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from dmcalc import wording
from dmcalc.core.monitor import visits
from dmcalc.core.months import months_later
from dmcalc.core.result import source_keys
from dmcalc.core.schedule import past_the_last_date
from dmcalc.core.shelf import Stocked
from dmcalc.quantity import DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from dmcalc.core.landmarks import LandmarkResult
    from dmcalc.core.plan import Option
    from dmcalc.core.regimen import DoseRow
    from dmcalc.core.result import Caution, Warned
    from dmcalc.core.schedule import Step, TaperResult
    from dmcalc.guide.model import Guide
    from dmcalc.guide.plan import PlanStep, Trigger
    from dmcalc.table.local import LocalFigure

Kind = Literal["dose", "course", "test", "mark", "review", "landmark"]


class Dating(NamedTuple):
    """From when and for how long the calendar runs, and what is chosen for it."""

    start: datetime.date | None = None
    weeks: int = 52
    #: Days of the pulse, inside what the table gives; None takes the fewest.
    pulse_days: int | None = None
    #: Which taper of the corticosteroid; None takes the default.
    taper: str | None = None
    stocked: Stocked = Stocked()


class Event(NamedTuple):
    """Something on the calendar, with its day; that is None where no source gives one.

    ``day`` counts from 1. ``total_low`` and ``total_high`` are what was given of the drug by the
    end of the event.
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
    local: tuple[LocalFigure, ...] = ()


class Told(NamedTuple):
    """What there is to say beside the events."""

    warnings: tuple[Warned, ...]
    cautions: tuple[Caution, ...]


def amount_of(step: Step) -> str:
    """Write the dose of a step without its route: ``70 mg daily``, ``140 g, course 2``."""
    amount = wording.span(step.low, step.high, step.unit)
    if step.per == "course":
        return f"{amount}, course {step.step}"
    return f"{amount} daily" if step.per == "day" else f"{amount} once a week"


def listed(row: DoseRow) -> str:
    """Write a dose that no schedule has: ``Methotrexate: start, 15 to 20 mg once a week``."""
    if row.low is None or row.high is None or row.unit is None:
        return f"{row.name}: {row.phase}"
    often = {"day": " daily", "week": " once a week", "course": " a course"}.get(row.per or "", "")
    return f"{row.name}: {row.phase}, {wording.span(row.low, row.high, row.unit)}{often}"


def said_of(step: Step, result: TaperResult, name: str) -> str:
    """Say what there is to know of a step: units, days of a course, what goes beside it."""
    parts = []
    if result.kind == "taper" and step.per == "day" and step.step > 1:
        parts.append("if the clinical response allows it")
    if step.per == "week":
        parts.append(f"on {result.day.capitalize()}, never daily" if result.day else "never daily")
    if step.per == "course" and step.days_low is not None and step.days_high is not None:
        parts.append(f"over {wording.span(step.days_low, step.days_high)} days")
    if step.products:
        unit = "a course" if step.per == "course" else f"a {step.per}"
        parts.append(f"{wording.counts(step.products)} {unit}")
    if step.rounded_from is not None:
        parts.append(f"rounded from {wording.exact(step.rounded_from)} {step.unit}")
    if result.day_after is not None:
        parts.append(f"{result.day_after.name}: {wording.beside(result.day_after, name)}")
    parts.append(f"step {step.step} of {result.protocol}")
    return ". ".join(["; ".join(parts), *([step.note] if step.note else [])])


def of_landmarks(result: LandmarkResult, step: str, name: str) -> Iterator[Event]:
    """Yield the start dose of a child's taper, and its landmarks on the days that they have."""
    start = result.start
    yield Event(
        step=step,
        kind="dose",
        title=f"{name} {wording.span(start.low, start.high, start.unit)} daily",
        text=f"{start.posology}; start dose of {result.protocol}, {result.name}",
        sources=result.sources,
        day=1,
        drug=result.drug,
        name=name,
        low=start.low,
        high=start.high,
        unit=start.unit,
        per="day",
    )
    for row in result.rows:
        dose = f"{wording.span(row.low, row.high, row.unit)} daily" if row.high else "discontinued"
        parts = [
            f"landmark at month {row.month} of {result.protocol}",
            f"{wording.number(row.percent_of_start)} per cent of the start dose"
            if row.percent_of_start
            else None,
            row.condition,
            None if row.day else "months are counted on the calendar: give --start",
        ]
        yield Event(
            step=step,
            kind="landmark",
            title=f"{name}: {dose} as a goal" if row.high else f"{name}: {dose}",
            text="; ".join(filter(None, parts)),
            sources=result.sources,
            day=row.day,
            days=None if row.day is None else 1,
            drug=result.drug,
            name=name,
            low=row.low,
            high=row.high,
            unit=row.unit,
            per=row.per,
            local=row.local,
        )


def tests_of(
    guide: Guide, dating: Dating, option: Option, step: str, begins: int, stable: int
) -> Iterator[Event]:
    """Yield the tests of one drug: before its first dose, and on days after it.

    ``begins`` is the day of its first dose, ``stable`` from which day of its own it is stable.
    """
    known = guide.monitoring.get(option.drug)
    start = dating.start
    first = None if start is None else start + datetime.timedelta(days=begins - 1)
    if known is not None and known.baseline:
        yield Event(
            step=step,
            kind="test",
            title=f"Tests before {option.name}",
            text="; ".join(", ".join(baseline.tests) for baseline in known.baseline),
            sources=source_keys(cite for baseline in known.baseline for cite in baseline.cite),
            day=begins,
            days=1,
            drug=option.drug,
            name=option.name,
            quote=known.baseline[0].cite[0].quote,
        )
    for visit in visits(guide, option.drug, start=first, weeks=dating.weeks, stable=stable):
        yield Event(
            step=step,
            kind="test",
            title=f"Tests under {option.name}",
            text=f"{', '.join(visit.tests)}; {visit.text}",
            sources=visit.sources,
            day=begins + visit.day - 1,
            days=1,
            drug=option.drug,
            name=option.name,
            quote=visit.quote,
        )


def review_of(step: PlanStep, trigger: Trigger, start: datetime.date | None, waits: int) -> Event:
    """Return when a source looks at a trigger, so many days after the first one."""
    after = trigger.after
    assert after is not None
    day, days = None, None
    if after.period != "month":
        day = after.low * DAYS[after.period] + 1 + waits
        days = (after.high - after.low) * DAYS[after.period] or 1
    elif start is not None:
        first = start + datetime.timedelta(days=waits)
        later = [months_later(first, n) for n in (after.low, after.high)]
        day = (later[0] - start).days + 1
        days = (later[1] - later[0]).days or 1
    lacking = "" if day else "; months are counted on the calendar: give --start"
    return Event(
        step=step.id,
        kind="review",
        title=f"{step.title}: after {wording.length(after)}",
        text=f"{trigger.text}{lacking}",
        sources=source_keys(trigger.cite),
        day=day,
        days=days,
        quote=trigger.cite[0].quote,
    )


def dated(event: Event, start: datetime.date | None) -> Event:
    """Put dates on an event; ``end`` is its last day."""
    if start is None or event.day is None:
        return event
    try:
        first = start + datetime.timedelta(days=event.day - 1)
        last = None if event.days is None else first + datetime.timedelta(days=event.days - 1)
    except OverflowError:
        raise past_the_last_date(start) from None
    return event._replace(date=first, end=last)
