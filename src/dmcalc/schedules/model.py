"""What a schedule is made of: steps, totals, and the choices that a source leaves open."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.dispensing.packs import Packs, counts_by_strength, packs_needed
from dmcalc.dispensing.stock import minus_on_hand, multiply_units, sum_units
from dmcalc.quantities.amount import Amount
from dmcalc.quantities.time import WEEKDAYS, Interval, past_the_last_date
from dmcalc.results.base import (
    ClinicalNote,
    ClinicalWarning,
    local_value_warnings,
    local_values_for,
    source_keys,
)
from dmcalc.results.described import described_by
from dmcalc.results.trace import INWARD, RATIO, noting, quotient
from dmcalc.schedules.document import ScheduleColumns, TaperDocument

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.dispensing.stock import Direction, DispensedUnits, HandedUnits, Stock, StockOptions
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import DosingWeight, WeightKind
    from dmcalc.quantities.amount import Mass, Per
    from dmcalc.quantities.time import Weekday
    from dmcalc.results.described import Local, Sources, StepUnit
    from dmcalc.table.model.drug import Form
    from dmcalc.table.model.schedules import Titration
    from dmcalc.table.model.table import LoadedTable, Table


class Choices(NamedTuple):
    """What the user chooses inside the ranges of a source; None takes the default."""

    hold: Interval | None = None
    interval: Interval | None = None
    decrement: Amount | None = None
    weeks: int | None = None
    #: Own steps instead of the protocol's, and the largest step down that they may have.
    steps: str | None = None
    max_step: Amount | None = None
    #: The dose that the patient is on, and whether the disease flared at it.
    on: Amount | None = None
    flare: bool = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of what the user chose."""
        return tuple(name for name, value in self._asdict().items() if value)


class Supply(NamedTuple):
    """How doses become whole units: the shelf, and the direction to round in, None to not round."""

    stocked: StockOptions
    direction: Direction | None = None
    #: Units that are left from before, and units in a pack, strength by strength.
    left: tuple[DispensedUnits, ...] = ()
    packs: tuple[DispensedUnits, ...] = ()


class Choice(NamedTuple):
    """A choice that was made, by the user or by default, inside a range of the source."""

    name: Annotated[str, "What was chosen."]
    chosen: Annotated[str, "How."]
    allowed: Annotated[
        str | None, "What the source leaves open; null where none says anything of it."
    ]
    source: Annotated[str | None, "Key of the source that allows it."]
    option: Annotated[str, "The option that chooses otherwise."]


class Step(NamedTuple):
    """A part of a schedule with one dose: days, dose and running total.

    ``day`` counts from 1 and ``week`` from 0. ``days`` is None where the source does not say how
    long the step lasts. Doses are in ``unit`` per ``per``; ``total_low`` and ``total_high`` are the
    amounts given by the end of the step.
    """

    step: Annotated[int, "Number of the step, from 1."]
    day: Annotated[int, "Its first day, from 1."]
    days: Annotated[int | None, "Its length in days; null where the source does not say it."]
    week: Annotated[int, "The week in which it begins, from 0."]
    low: Annotated[Decimal, "Low end of the dose."]
    high: Annotated[Decimal, "High end of the dose; the same as low where it is one amount."]
    unit: Annotated[
        StepUnit,
        "Unit of all amounts of the step; where a dose is given by weight and that is not known, "
        "per kg.",
    ]
    per: Annotated[Per, "Time that the dose is for."]
    per_kg_low: Annotated[
        Decimal | None, "low for one kg of weight; a quotient without an end is rounded."
    ] = None
    per_kg_high: Annotated[
        Decimal | None, "high for one kg of weight; a quotient without an end is rounded."
    ] = None
    days_low: Annotated[int | None, "Fewest days that a course is divided over."] = None
    days_high: Annotated[int | None, "Most days that a course is divided over."] = None
    daily_low: Annotated[Decimal | None, "Of a course, the least on one day."] = None
    daily_high: Annotated[Decimal | None, "Of a course, the most on one day."] = None
    total_low: Annotated[Decimal | None, "Least amount given by the end of the step."] = None
    total_high: Annotated[Decimal | None, "Most amount given by the end of the step."] = None
    start: Annotated[datetime.date | None, "Date of the first day; null without a start."] = None
    end: Annotated[datetime.date | None, "Date of the last day, which belongs to the step."] = None
    note: Annotated[str | None, "What there is to know at this step."] = None
    products: Annotated[
        HandedUnits | None,
        "The units for a day, a week or a course of the step; null where none make the dose.",
    ] = None
    rounded_from: Annotated[
        Decimal | None,
        "The dose as the protocol gives it, where it was rounded to one that whole units make.",
    ] = None
    alternate: Annotated[
        Decimal | None, "On alternate days, the dose of the second day and of each other one."
    ] = None
    products_alternate: Annotated[HandedUnits | None, "The units that make it."] = None
    alternate_rounded_from: Annotated[
        Decimal | None, "The same as rounded_from, of that other dose."
    ] = None
    local: Local = ()
    dosing_weight_kg: Annotated[
        Decimal | None,
        "The weight in kg that the course goes by; null where it is not per kg, or no weight was "
        "asked for.",
    ] = None
    weight_basis: Annotated[
        WeightKind | None, "Of which kind it is. What is for one kg is for one kg of it."
    ] = None
    weight_policy: Annotated[str | None, "Key of the policy that was asked for."] = None
    low_actual: Annotated[Decimal | None, "low by the actual weight."] = None
    high_actual: Annotated[Decimal | None, "high by the actual weight."] = None
    saved_low: Annotated[Decimal | None, "How much less low is than low_actual."] = None
    saved_high: Annotated[Decimal | None, "How much less high is than high_actual."] = None

    @property
    def first(self) -> Decimal:
        """The dose of the first day: on alternate days the one that is not the second day's."""
        return self.low if self.alternate == self.high else self.high


class CompanionDose(NamedTuple):
    """Another drug that the source gives on the day after each weekly dose.

    ``day`` is its weekday, None where that of the dose is not known.
    """

    name: Annotated[str, "Name of the other drug, for people."]
    low: Annotated[Decimal, "Low end of its dose."]
    high: Annotated[Decimal, "High end of its dose."]
    unit: Annotated[Mass, "Unit of the dose."]
    per: Annotated[Per, "Time that the dose is for."]
    day: Annotated[Weekday | None, "Its weekday."]
    sources: Sources


class Totals(NamedTuple):
    """Sums over all steps of known length. ``amount`` is None where it is a range."""

    days: Annotated[int, "Days."]
    amount: Annotated[Decimal | None, "Amount of the drug; null where it is a range."]
    amount_low: Annotated[Decimal, "Least amount."]
    amount_high: Annotated[Decimal, "Most."]
    unit: Annotated[StepUnit, "Unit of the amounts; per kg where the doses are."]
    products: Annotated[
        HandedUnits | None,
        "What is handed out; null where a step cannot be made of whole units.",
    ] = None
    form: Annotated[Form | None, "What one unit is."] = None
    needed: Annotated[
        HandedUnits | None,
        "What is still needed where units are left from before; null without --left.",
    ] = None
    packs: Annotated[Packs | None, "Packs for what is needed; null without --pack."] = None
    amount_low_actual: Annotated[
        Decimal | None, "amount_low by the actual weight, where another was asked for."
    ] = None
    amount_high_actual: Annotated[Decimal | None, "amount_high by the actual weight."] = None
    saved_low: Annotated[Decimal | None, "How much less amount_low is than that."] = None
    saved_high: Annotated[Decimal | None, "How much less amount_high is than that."] = None


@described_by(TaperDocument)
class TaperResult(NamedTuple):
    """The answer of ``dmcalc taper DRUG``."""

    loaded: LoadedTable
    patient: Patient
    drug: str
    #: Key of the protocol, its name, and whom it is for.
    protocol: str
    name: str
    population: str
    steps: tuple[Step, ...]
    totals: Totals
    choices: tuple[Choice, ...]
    ends: str
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    sources: tuple[str, ...]
    #: The weekday of a drug that is given once a week.
    day: str | None = None
    day_after: CompanionDose | None = None
    kind: str = "taper"

    @property
    def rows(self) -> tuple[Step, ...]:
        """The steps."""
        return self.steps

    @property
    def dosing_weight(self) -> DosingWeight | None:
        """The weight that doses per kg go by, where one was asked for."""
        return self.patient.dosing

    @property
    def context(self) -> ScheduleColumns:
        """What each line says of the schedule."""
        return ScheduleColumns(self.drug, self.protocol, self.patient.weight_kg)

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guide that has the policy on weights, where one was asked for."""
        return self.patient.guide


def protocols(table: Table, drug: str) -> list[str]:
    """List the keys of a drug's tapers."""
    return [key for key, value in table.tapers.items() if value.drug == drug]


def with_local_values(
    result: TaperResult, names: Iterable[str], place: Stock | None
) -> TaperResult:
    """Mark each step with the local figures that bear on the schedule, and warn of them.

    ``names`` are the parts of the table that it was computed from, beside the limits of a weight
    and what is handed out.
    """
    limits = ["limits"] if result.patient.weight_kg is not None else []
    local = local_values_for(result.loaded, *names, *limits, *(place.names if place else ()))
    if not local:
        return result
    steps = tuple(step._replace(local=local) for step in result.steps)
    return result._replace(steps=steps, warnings=(*local_value_warnings(local), *result.warnings))


def regimens(table: Table, drug: str) -> list[str]:
    """Name the base regimens of a drug."""
    return [f"{drug}.{regimen.name}" for regimen in table.drugs[drug].regimens]


def units_for_step(step: Step) -> tuple[DispensedUnits, ...] | None:
    """Return what is handed out for all days of a step; None where a dose of it cannot be made."""
    if step.products is None or step.days is None:
        return None
    if step.alternate is None:
        return multiply_units(step.products, step.days if step.per == "day" else -(-step.days // 7))
    if step.products_alternate is None:
        return None
    first = -(-step.days // 2)
    return sum_units(
        (
            multiply_units(step.products, first),
            multiply_units(step.products_alternate, step.days - first),
        )
    )


def note_roundings(step: Step, kg: Decimal | None, form: str | None) -> None:
    """Note what was rounded in a step; ``kg`` is the weight, and ``form`` what whole units are."""
    trace = noting()
    if trace is None:
        return
    where, what, unit = f"steps.{step.step - 1}", f"step {step.step}", step.unit
    for end, ratio, amount, daily, days in (
        ("low", step.per_kg_low, step.low, step.daily_low, step.days_high),
        ("high", step.per_kg_high, step.high, step.daily_high, step.days_low),
    ):
        if step.per == "course" and daily is not None and days:
            exact, label = quotient(amount, days), f"{what}, {end} end: daily"
            trace.rounded(f"{where}.daily_{end}", label, exact, daily, unit, INWARD)
        elif step.per != "course" and ratio is not None and kg is not None:
            exact, label = quotient(step.first, kg), f"{what}, {end} end: ratio"
            trace.rounded(f"{where}.per_kg_{end}", label, exact, ratio, f"{unit}/kg", RATIO)
    how = f"to whole {form}s"
    if step.rounded_from is not None:
        place = f"{where}.{'high' if step.first == step.high else 'low'}"
        trace.rounded(place, f"{what}: dose", step.rounded_from, step.first, unit, how)
    if step.alternate_rounded_from is not None and step.alternate is not None:
        label, before = f"{what}: dose of the second day", step.alternate_rounded_from
        trace.rounded(f"{where}.alternate", label, before, step.alternate, unit, how)


def totals_of(steps: tuple[Step, ...], unit: str, place: Stock | None, supply: Supply) -> Totals:
    """Add up the steps of known length, take off what is left from before, and count packs."""
    known = [step for step in steps if step.days is not None]
    total = known[-1].total_high if known else Decimal(0)
    assert total is not None
    products = [part for step in known if (part := units_for_step(step)) is not None]
    days = sum(step.days or 0 for step in known)
    handed = sum_units(products) if len(products) == len(known) else None
    form = place.form if place else None
    left = counts_by_strength("left", supply.left, place)
    sizes = counts_by_strength("pack", supply.packs, place)
    needed = minus_on_hand(handed, left) if handed is not None and left else None
    out = handed if needed is None else needed
    packs = packs_needed(out, sizes, "totals.") if out is not None and sizes else None
    return Totals(days, total, total, total, unit, handed, form, needed, packs)


def with_dates(steps: tuple[Step, ...], start: datetime.date) -> tuple[Step, ...]:
    """Put dates on the steps; ``end`` is the last day of a step, not the day after."""

    def with_dates(step: Step) -> Step:
        first = start + datetime.timedelta(days=step.day - 1)
        last = None if step.days is None else first + datetime.timedelta(days=step.days - 1)
        return step._replace(start=first, end=last)

    try:
        return tuple(map(with_dates, steps))
    except OverflowError:
        raise past_the_last_date(start) from None


def companion_next_day(titration: Titration, day: str | None) -> CompanionDose | None:
    """Return what the source gives on the day after each dose, whose weekday is ``day``."""
    other = titration.day_after
    if other is None:
        return None
    following = WEEKDAYS[(WEEKDAYS.index(day) + 1) % len(WEEKDAYS)] if day else None
    dose, sources = other.dose, source_keys(other.cite)
    return CompanionDose(other.name, dose.low, dose.high, dose.unit, dose.per, following, sources)
