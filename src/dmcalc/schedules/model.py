"""What a schedule is made of: steps, totals, and the choices that a source leaves open."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.dispensing.packs import Packs
from dmcalc.dosing.dose import rules_for
from dmcalc.errors import as_option
from dmcalc.quantities.amount import Amount
from dmcalc.quantities.time import WEEKDAYS, Interval
from dmcalc.results.base import ClinicalNote, ClinicalWarning, source_keys
from dmcalc.results.described import described_by
from dmcalc.schedules.document import ScheduleColumns, TaperDocument

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import (
        CourseDays,
        Direction,
        DispensedUnits,
        HandedUnits,
        StockOptions,
    )
    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.applied_rule import AppliedRule
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.field_types import (
        DosingWeightKg,
        HighActual,
        LowActual,
        SavedHigh,
        SavedLow,
        WeightBasis,
        WeightPolicy,
    )
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import DosingWeight
    from dmcalc.quantities.amount import Mass, Per
    from dmcalc.quantities.time import Weekday
    from dmcalc.results.field_types import Local, Sources, StepUnit
    from dmcalc.table.model.drug import Form
    from dmcalc.table.model.schedules import Titration
    from dmcalc.table.model.table import LoadedTable


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
    """How doses become whole units: the stock, and the direction to round in, None to not round."""

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

    @classmethod
    def of(
        cls, name: str, chosen: str, allowed: str | None, source: str | None, change: str
    ) -> Choice:
        """Return a choice that the input ``change`` makes otherwise."""
        return cls(name, chosen, allowed, source, as_option(change))


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
    dosing_weight_kg: DosingWeightKg = None
    weight_basis: WeightBasis = None
    weight_policy: WeightPolicy = None
    low_actual: LowActual = None
    high_actual: HighActual = None
    saved_low: SavedLow = None
    saved_high: SavedHigh = None
    products_by_days: Annotated[
        tuple[Annotated[CourseDays, "One number of days."], ...] | None,
        "Of a course: what each of its days takes, by the number of days; null where it is a range "
        "or nothing is known of the vials.",
    ] = None
    times_daily: Annotated[
        int | None,
        "Into how many equal doses the amount of a day is divided; null where no source says it.",
    ] = None

    @property
    def times(self) -> int:
        """How many equal doses a day, 1 where no source divides it."""
        return self.times_daily or 1

    @property
    def first(self) -> Decimal:
        """The dose of the first day: on alternate days the one that is not the second day's."""
        return self.low if self.alternate == self.high else self.high


class CompanionDose(NamedTuple):
    """Another drug that the source gives on the day after each weekly dose.

    ``day`` is its weekday, None for a dose without one.
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
        "What is dispensed; null where a step cannot be made of whole units.",
    ] = None
    form: Annotated[Form | None, "What one unit is."] = None
    needed: Annotated[
        HandedUnits | None,
        "What is still needed where units are left from before; null without --left.",
    ] = None
    packs: Annotated[Packs | None, "Packs for what is needed; null without --pack."] = None
    amount_low_actual: Annotated[
        Decimal | None, "amount_low by the actual weight, where another was chosen."
    ] = None
    amount_high_actual: Annotated[Decimal | None, "amount_high by the actual weight."] = None
    saved_low: Annotated[Decimal | None, "How much less amount_low is than that."] = None
    saved_high: Annotated[Decimal | None, "How much less amount_high is than that."] = None


class PatientDose(NamedTuple):
    """A dose that the table gives this patient, and that a schedule goes by."""

    regimen: Annotated[str, "Name of the posology: drug and phase."]
    low: Annotated[Decimal, "Low end of the dose, after the cap and the rules for this patient."]
    high: Annotated[Decimal, "High end: no step of a titration is above that of the target."]
    unit: Annotated[Mass, "Unit of the dose."]
    per: Annotated[Per, "Time that the dose is for."]
    low_before: Annotated[
        Decimal | None, "Low end before a rule for this patient reduced it; null where none did."
    ]
    high_before: Annotated[Decimal | None, "High end before that."]

    @classmethod
    def of(cls, row: DoseRow) -> PatientDose:
        """Return the dose of a row that has one."""
        dose, per = row.dose, row.per
        assert dose is not None and per is not None
        before = (row.low_before, row.high_before)
        return cls(row.regimen, dose.low, dose.high, dose.unit, per, *before)


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
    #: The posologies of this patient that the doses come from, as the patient's rules leave them.
    posologies: tuple[DoseRow, ...] = ()
    #: The guideline that says what follows from doses and length, where it says anything.
    exposure_guide: LoadedGuideline | None = None
    #: Whether nothing is given after the last step.
    stops: bool = False

    @property
    def rows(self) -> tuple[Step, ...]:
        """The steps."""
        return self.steps

    @property
    def dosing_weight(self) -> DosingWeight | None:
        """The weight that doses per kg go by, where one was requested."""
        return self.patient.dosing

    @property
    def context(self) -> ScheduleColumns:
        """What each line says of the schedule."""
        return ScheduleColumns(self.drug, self.protocol, self.patient.weight_kg)

    @property
    def advice(self) -> PatientRules | None:
        """The rules for this patient, None where no fact that rules use was entered."""
        return rules_for(self.patient)

    @property
    def circumstances(self) -> ClinicalContext | None:
        """The facts that rules use, None where none was entered."""
        return self.patient.context

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guide that rules, the policy on weights or notes on the length are from."""
        return self.patient.rules_guideline or self.patient.guide or self.exposure_guide

    @property
    def rules(self) -> tuple[AppliedRule, ...]:
        """The rules that hold for this patient; of a schedule without a posology, without a dose.

        A rule of several posologies decides if it does for one of them.
        """
        if not self.posologies:
            return self.advice.applied(self.drug) if self.advice else ()
        rules: dict[str, AppliedRule] = {}
        for rule in (rule for row in self.posologies for rule in row.rules):
            if rule.id not in rules or rule.decides:
                rules[rule.id] = rule
        return tuple(rules.values())

    @property
    def doses(self) -> tuple[PatientDose, ...]:
        """What the table gives this patient."""
        return tuple(PatientDose.of(row) for row in self.posologies if row.dose is not None)


def companion_next_day(titration: Titration, day: str | None) -> CompanionDose | None:
    """Return what the source gives on the day after each dose, whose weekday is ``day``."""
    other = titration.day_after
    if other is None:
        return None
    following = WEEKDAYS[(WEEKDAYS.index(day) + 1) % len(WEEKDAYS)] if day else None
    dose, sources = other.dose, source_keys(other.cite)
    return CompanionDose(other.name, dose.low, dose.high, dose.unit, dose.per, following, sources)
