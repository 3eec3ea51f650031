"""A row of ``dose``: one regimen of one drug for one patient."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from dmcalc.dispensing.stock import CourseDays, HandedUnits
from dmcalc.quantities.amount import DoseRange, Mass, Per, SizeBasis
from dmcalc.records import Record
from dmcalc.table.model.drug import Form, Line, Phase, Route

if TYPE_CHECKING:
    from dmcalc.dosing.applied_rule import AppliedRule
    from dmcalc.patient.field_types import (
        DosingWeightKg,
        HighActual,
        LowActual,
        SavedHigh,
        SavedLow,
        WeightBasis,
        WeightPolicy,
    )
    from dmcalc.results.field_types import DrugKey, DrugName, Local, Sources


class DoseRow(Record):
    """One regimen of one drug for one patient.

    Amounts are exact and in ``unit`` per ``per``. What is None is not known, not given by the
    source or not requested.
    """

    drug: DrugKey
    name: DrugName
    class_: Annotated[str, "What kind of drug it is."]
    line: Annotated[Line, "Line of treatment, as the reference groups its drugs."]
    route: Annotated[Route, "How it is given."]
    regimen: Annotated[
        str, "Name of the posology: the drug, a point, and its name within the drug."
    ]
    phase: Annotated[Phase, "What the dose is for in the course of treatment."]
    base: Annotated[
        bool,
        "Whether it is the reference's own posology; if not, it is an alternative from another "
        "source, or paediatric posology.",
    ]
    indicated: Annotated[
        bool | None,
        "Whether the severity by itself points to the drug; null without a severity, and for an "
        "alternative.",
    ]
    reason: Annotated[
        str | None, "Why, in the terms of the source; for an alternative, whom it is for."
    ]
    low: Annotated[Decimal | None, "Low end of the dose, after the cap."]
    high: Annotated[
        Decimal | None,
        "High end of the dose, after the cap; the same as low where the source gives one amount.",
    ]
    suggested: Annotated[
        Decimal | None,
        "The end of the range that the severity points to: the table's reading, not the source's.",
    ]
    unit: Annotated[Mass | None, "Unit of all amounts of the row."]
    per: Annotated[
        Per | None,
        "Time that low, high, suggested and the caps are for. A course is divided over days_low "
        "to days_high days and is never a daily dose.",
    ]
    capped: Annotated[bool, "Whether the cap changed the low or the high end."]
    cap_low: Annotated[Decimal | None, "Cap of the low end."]
    cap_high: Annotated[Decimal | None, "Cap of the high end."]
    basis: Annotated[
        SizeBasis | None, "What the source's amount is multiplied by; null for a fixed dose."
    ]
    per_basis_low: Annotated[
        Decimal | None, "low for one kg or m2, after the cap; a quotient without an end is rounded."
    ]
    per_basis_high: Annotated[
        Decimal | None,
        "high for one kg or m2, after the cap; a quotient without an end is rounded.",
    ]
    days_low: Annotated[int | None, "Fewest days of a course or pulse."]
    days_high: Annotated[int | None, "Most days of a course or pulse."]
    daily_low: Annotated[Decimal | None, "Of a course, the least on one day: low over days_high."]
    daily_high: Annotated[Decimal | None, "Of a course, the most on one day: high over days_low."]
    every: Annotated[
        str | None, "Time from one dose, pulse or course to the next: 4 weeks, 4-6 weeks."
    ]
    lasts: Annotated[str | None, "How long the posology goes on."]
    doses: Annotated[int | None, "How many doses, where the source gives a number."]
    from_week: Annotated[int | None, "Week of treatment from which it applies."]
    population: Annotated[str | None, "Whom the source gives it for, where not all adults."]
    reading: Annotated[
        str | None, "How the table reads words of the source that could be read otherwise."
    ]
    posology: Annotated[str, "The dose rule as the source gives it."]
    text: Annotated[
        str | None,
        "The dose for this patient in words, rounded inward to 0.001 where it is longer; null "
        "where a rule asks for a reduced dose and no source gives a figure.",
    ]
    sources: Sources
    effects: Annotated[tuple[str, ...], "Effects of the class, in short terms."]
    side_effects: Annotated[
        tuple[str, ...], "Side effects of the class and of the drug, in short terms."
    ]
    dispensed_low: Annotated[
        Decimal | None, "The dose at or next to low, inside the range, that whole units make."
    ] = None
    dispensed_high: Annotated[
        Decimal | None, "The dose at or next to high, inside the range, that whole units make."
    ] = None
    deviation_low_percent: Annotated[
        Decimal | None, "Distance of dispensed_low from low in per cent, rounded half up to 0.01."
    ] = None
    deviation_high_percent: Annotated[
        Decimal | None, "Distance of dispensed_high from high in per cent, rounded half up to 0.01."
    ] = None
    products_low: Annotated[HandedUnits | None, "The units that make dispensed_low."] = None
    products_high: Annotated[HandedUnits | None, "The units that make dispensed_high."] = None
    form: Annotated[Form | None, "What one unit is."] = None
    local: Local = ()
    refused: Annotated[
        bool | None,
        "Whether a rule for this patient refuses the drug; null where no rules were applied. A "
        "refused row has no amounts.",
    ] = None
    low_before: Annotated[
        Decimal | None,
        "Low end before the rules for this patient, or the cap of cap_source, lowered it; null "
        "where neither changed the dose.",
    ] = None
    high_before: Annotated[Decimal | None, "High end before them."] = None
    rules: Annotated[
        tuple[AppliedRule, ...],
        "The rules that apply to this patient; the strictest is used.",
    ] = ()
    dosing_weight_kg: DosingWeightKg = None
    weight_basis: WeightBasis = None
    weight_policy: WeightPolicy = None
    low_actual: LowActual = None
    high_actual: HighActual = None
    saved_low: SavedLow = None
    saved_high: SavedHigh = None
    cap_source: Annotated[
        str | None,
        "Key of the source that gives the cap, where it is not one of the dose: of a child whose "
        "source gives none, the highest cap of all sources for children counts.",
    ] = None
    times_daily: Annotated[
        int | None,
        "Into how many equal doses a source divides the amount of a day; null where none does.",
    ] = None
    times_daily_population: Annotated[str | None, "Whom that source divides it for."] = None
    products_by_days: Annotated[
        tuple[Annotated[CourseDays, "One number of days."], ...] | None,
        "Of a course: what each day of the high end takes, by the number of days.",
    ] = None
    choice_group: Annotated[
        str | None,
        "Name that the rows of those drugs share of which, at this severity, one is started and "
        "not all; null where the severity leaves no such choice.",
    ] = None

    @property
    def sentence(self) -> str:
        """The dose in words, or why no amount is answered."""
        return self.text or "no amount: a reduced dose is asked for, and no source gives a figure"

    @property
    def lowered_by(self) -> tuple[str, ...]:
        """What lowered the dose from low_before and high_before: a cap for children, rules."""
        cap = [f"the cap of {self.cap_source}"] if self.capped and self.cap_source else []
        return (*cap, *(rule.id for rule in self.rules if rule.decides))

    @property
    def dose(self) -> DoseRange | None:
        """The dose for this patient; None where there is none."""
        return DoseRange.between(self.low, self.high, self.unit)

    @property
    def dose_before(self) -> DoseRange | None:
        """The dose before rules or a cap for children lowered it; None where neither did."""
        return DoseRange.between(self.low_before, self.high_before, self.unit)
