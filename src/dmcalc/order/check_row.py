"""A row of ``check``: one order against one posology."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from dmcalc.quantities.amount import DoseRange

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dispensing.solver import Nearest
    from dmcalc.dosing.adjustments import AppliedRule
    from dmcalc.patient.weight_request import WeightKind
    from dmcalc.quantities.amount import Mass, Per, SizeBasis
    from dmcalc.results.described import DrugKey, DrugName, Local, Sources
    from dmcalc.table.model.drug import Phase

Verdict = Literal["within", "below", "above", "over-cap", "wrong-frequency", "refused"]


class CheckRow(NamedTuple):
    """One order against one posology.

    Amounts are exact and in ``unit`` per ``per``. What is None is not known, not given by the
    source, or does not come in.
    """

    drug: DrugKey
    name: DrugName
    order: Annotated[str, "The order as it was written."]
    regimen: Annotated[
        str, "Name of the posology: the drug, a point, and its name within the drug."
    ]
    phase: Annotated[Phase, "What the posology is for in the course of treatment."]
    base: Annotated[
        bool, "Whether it is the base page's own posology; an alternative decides nothing."
    ]
    verdict: Annotated[Verdict, "How the order stands to this posology."]
    code: Annotated[
        str | None,
        "Why it is refused or of a wrong frequency: a short name that scripts can rely on.",
    ]
    ordered: Annotated[Decimal | None, "The ordered amount, in unit per per of the posology."]
    low: Annotated[Decimal | None, "Low end of the dose, after the cap."]
    high: Annotated[Decimal | None, "High end of the dose, after the cap."]
    suggested: Annotated[
        Decimal | None,
        "The end of the range that the severity points to: the table's reading, not the source's.",
    ]
    unit: Annotated[Mass | None, "Unit of all amounts of the row."]
    per: Annotated[Per | None, "Time that the amounts are for."]
    basis: Annotated[
        SizeBasis | None, "What the source's amount is multiplied by; null for a fixed dose."
    ]
    per_basis_ordered: Annotated[
        Decimal | None, "ordered for one kg or m2; a quotient without an end is rounded."
    ]
    per_basis_low: Annotated[
        Decimal | None, "low for one kg or m2; a quotient without an end is rounded."
    ]
    per_basis_high: Annotated[
        Decimal | None, "high for one kg or m2; a quotient without an end is rounded."
    ]
    cap_low: Annotated[Decimal | None, "Cap of the low end."]
    cap_high: Annotated[Decimal | None, "Cap of the high end."]
    deviation: Annotated[
        Decimal | None,
        "Distance to the end that was passed, negative below it; null where none was.",
    ]
    deviation_percent: Annotated[
        Decimal | None, "The same in per cent of that end, rounded half up to 0.01."
    ]
    days_low: Annotated[int | None, "Fewest days of a course or pulse."]
    days_high: Annotated[int | None, "Most days of a course or pulse."]
    every: Annotated[
        str | None, "Time from one dose, pulse or course to the next, as the source gives it."
    ]
    doses: Annotated[int | None, "How many doses, where the source gives a number."]
    from_week: Annotated[int | None, "Week of treatment from which the posology applies."]
    indicated: Annotated[
        bool | None, "Whether the severity by itself points to the drug; no verdict on the order."
    ]
    population: Annotated[str | None, "Whom the source gives it for, where not all adults."]
    posology: Annotated[str, "The dose rule as the source gives it."]
    message: Annotated[str, "The verdict and its reasons in words."]
    sources: Sources
    dispensable: Annotated[
        bool | None,
        "Whether whole units make one dose of the order; null where there is no product to make "
        "it of.",
    ] = None
    nearest: Annotated[
        Nearest | None,
        "The amounts next to one dose that whole units make, where they do not make it.",
    ] = None
    local: Local = ()
    low_before: Annotated[
        Decimal | None,
        "Low end before the rules for this patient; null where they did not change it.",
    ] = None
    high_before: Annotated[Decimal | None, "High end before the rules."] = None
    rules: Annotated[
        tuple[AppliedRule, ...],
        "The rules for this patient that hold, the stricter of which counts.",
    ] = ()
    dosing_weight_kg: Annotated[
        Decimal | None,
        "The weight in kg that the limits go by; null where it is not per kg, or no weight was "
        "asked for.",
    ] = None
    weight_basis: Annotated[
        WeightKind | None, "Of which kind it is. What is for one kg is for one kg of it."
    ] = None
    weight_policy: Annotated[str | None, "Key of the policy that was asked for."] = None
    low_actual: Annotated[Decimal | None, "low by the actual weight."] = None
    high_actual: Annotated[Decimal | None, "high by the actual weight."] = None
    saved_low: Annotated[Decimal | None, "How much lower low is than low_actual."] = None
    saved_high: Annotated[Decimal | None, "How much lower high is than high_actual."] = None

    @property
    def dose(self) -> DoseRange | None:
        """The dose that the order is compared with; None where there is none."""
        return DoseRange.between(self.low, self.high, self.unit)
