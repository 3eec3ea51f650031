"""What a schedule is made of: steps, totals, and the choices that a source leaves open."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.core.dispense import added, times
from dmcalc.core.result import Caution, Warned, envelope
from dmcalc.errors import UsageError
from dmcalc.quantity import Amount, Interval

if TYPE_CHECKING:
    from dmcalc.core.dispense import Direction, Handed, Shelf, Stocked
    from dmcalc.patient import Patient
    from dmcalc.table.model import CourseTaper, DailyTaper, LoadedTable, Table, Titration


class Choices(NamedTuple):
    """What the user chooses inside the ranges of a source; None takes the default."""

    hold: Interval | None = None
    interval: Interval | None = None
    decrement: Amount | None = None
    weeks: int | None = None


class Supply(NamedTuple):
    """How doses become whole units: the shelf, and the direction to round in, None to not round."""

    stocked: Stocked
    direction: Direction | None = None


class Choice(NamedTuple):
    """A choice that was made, by the user or by default, inside a range of the source."""

    name: str
    chosen: str
    allowed: str | None
    #: Key of the source that allows it, None where none says anything of it.
    source: str | None
    option: str


class Step(NamedTuple):
    """A part of a schedule with one dose: days, dose and running total.

    ``day`` counts from 1 and ``week`` from 0. ``days`` is None where the source does not say how
    long the step lasts. Doses are in ``unit`` per ``per``; ``total_low`` and ``total_high`` are the
    amounts given by the end of the step.
    """

    step: int
    day: int
    days: int | None
    week: int
    low: Decimal
    high: Decimal
    unit: str
    per: str
    per_kg_low: Decimal | None = None
    per_kg_high: Decimal | None = None
    days_low: int | None = None
    days_high: int | None = None
    daily_low: Decimal | None = None
    daily_high: Decimal | None = None
    total_low: Decimal | None = None
    total_high: Decimal | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None
    note: str | None = None
    #: What is handed out for a day of the step, or for a course; None where nothing makes the dose.
    products: tuple[Handed, ...] | None = None
    #: The dose as the protocol gives it, where it was rounded to one that whole units make.
    rounded_from: Decimal | None = None


class Totals(NamedTuple):
    """Sums over all steps of known length. ``amount`` is None where it is a range."""

    days: int
    amount: Decimal | None
    amount_low: Decimal
    amount_high: Decimal
    unit: str
    #: What is handed out over all steps of known length; None where a step cannot be made.
    products: tuple[Handed, ...] | None = None
    form: str | None = None


class TaperResult(NamedTuple):
    """The answer of ``dmcalc taper DRUG``."""

    loaded: LoadedTable
    patient: Patient
    drug: str
    protocol: str
    steps: tuple[Step, ...]
    totals: Totals
    choices: tuple[Choice, ...]
    ends: str
    warnings: tuple[Warned, ...]
    cautions: tuple[Caution, ...]
    sources: tuple[str, ...]
    #: The weekday of a drug that is given once a week.
    day: str | None = None
    kind: str = "taper"

    @property
    def protocol_entry(self) -> DailyTaper | CourseTaper | Titration:
        """The protocol as the table holds it."""
        table = self.loaded.table
        return table.titrations.get(self.protocol) or table.tapers[self.protocol]

    def document(self) -> dict[str, Any]:
        """Return the whole result for JSON."""
        return {
            **envelope(self.kind, self.loaded),
            "drug": self.drug,
            "protocol": self.protocol,
            "patient": self.patient.document(),
            "steps": self.steps,
            "totals": self.totals,
            "choices": self.choices,
            "day": self.day,
            "ends": self.ends,
            "sources": self.sources,
            "warnings": self.warnings,
            "cautions": self.cautions,
            "disclaimer": self.loaded.table.disclaimer,
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the steps, flat, each with what it is a step of."""
        what = {
            "drug": self.drug,
            "protocol": self.protocol,
            "weight_kg": self.patient.weight_kg,
        }
        return [{**what, **step._asdict()} for step in self.steps]


def protocols(table: Table, drug: str) -> list[str]:
    """List the keys of a drug's tapers."""
    return [key for key, value in table.tapers.items() if value.drug == drug]


def totalled(steps: tuple[Step, ...], unit: str, place: Shelf | None) -> Totals:
    """Add up the steps of known length."""
    known = [step for step in steps if step.days is not None]
    total = known[-1].total_high if known else Decimal(0)
    assert total is not None
    products = [
        times(step.products, step.days if step.per == "day" else -(-step.days // 7))
        for step in known
        if step.products is not None and step.days is not None
    ]
    days = sum(step.days or 0 for step in known)
    handed = added(products) if len(products) == len(known) else None
    return Totals(days, total, total, total, unit, handed, place.form if place else None)


def dated(steps: tuple[Step, ...], start: datetime.date) -> tuple[Step, ...]:
    """Put dates on the steps; ``end`` is the last day of a step, not the day after."""

    def with_dates(step: Step) -> Step:
        first = start + datetime.timedelta(days=step.day - 1)
        last = None if step.days is None else first + datetime.timedelta(days=step.days - 1)
        return step._replace(start=first, end=last)

    try:
        return tuple(map(with_dates, steps))
    except OverflowError:
        raise UsageError(f"the schedule from {start} runs past the last date there is") from None
