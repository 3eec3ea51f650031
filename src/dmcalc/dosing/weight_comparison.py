"""A dose by the dosing weight beside the dose by the actual weight, and what lies between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.patient.weight_request import weight_shown
from dmcalc.results.base import ClinicalNote
from dmcalc.results.trace import INWARD, aside, noting
from dmcalc.text.numbers import format_exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal

    from dmcalc.dosing.regimen import RegimenDose
    from dmcalc.patient.document import WeightKind
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import DosingWeight
    from dmcalc.quantities.amount import DoseRange
    from dmcalc.results.base import ClinicalWarning


class WeightComparison(NamedTuple):
    """What a row says of the weight that its dose goes by, in the names of its fields.

    The ends of the dose by the actual weight, and how much more they are, are in the row's unit;
    None where there is no dose.
    """

    dosing_weight_kg: Decimal
    weight_basis: WeightKind
    weight_policy: str | None
    low_actual: Decimal | None
    high_actual: Decimal | None
    saved_low: Decimal | None
    saved_high: Decimal | None

    @classmethod
    def between(
        cls, weight: DosingWeight, dose: DoseRange | None, actual: DoseRange | None
    ) -> WeightComparison:
        """Compare a dose by the dosing weight with the one by the actual weight."""
        by = (weight.kg, weight.basis, weight.policy)
        if dose is None or actual is None:
            return cls(*by, None, None, None, None)
        saved = actual.minus(dose)
        return cls(*by, actual.low, actual.high, saved.low, saved.high)


def by_actual_weight(patient: Patient, compute: Callable[[Patient], RegimenDose]) -> RegimenDose:
    """Compute what the actual weight gives; the answer has its ends, and no other figure of it."""
    with aside():
        computed = compute(patient.actual)
    if (trace := noting()) and computed.exact is not None:
        row, (low, high) = computed.row, computed.exact
        for end, exact, amount in (("low", low, row.low), ("high", high, row.high)):
            what = f"{row.regimen}, {end} end by the actual weight: reduced"
            assert amount is not None
            trace.rounded(f"{end}_actual", what, exact, amount, row.unit, INWARD)
    return computed


def dose_by_both_weights(
    patient: Patient, compute: Callable[[Patient], RegimenDose]
) -> RegimenDose:
    """Compute a row, and where it goes by another weight put beside it what the actual one gives.

    ``compute`` takes the patient's weight for the drug itself.
    """
    computed = compute(patient)
    row, weight = computed.row, patient.dosing
    if weight is None or row.drug not in weight.drugs or row.basis != "kg":
        return computed
    actual = by_actual_weight(patient, compute).row
    text = row.text if row.low is None else f"{row.text}, by {weight.name}"
    comparison = WeightComparison.between(weight, row.dose, actual.dose)
    return computed._replace(row=row._replace(**comparison._asdict(), text=text))


def dosing_weight_notes(
    patient: Patient, drugs: Iterable[str]
) -> tuple[tuple[ClinicalWarning, ...], tuple[ClinicalNote, ...]]:
    """Say by which weight doses go, for each of some drugs that does not go by the actual one."""
    weight = patient.dosing
    if weight is None:
        return (), ()
    text = f"The dose goes by {dosing_weight_text(weight)}."
    if weight.policy_text:
        text += f" The policy: {weight.policy_text}"
    text = " ".join([text, *weight.readings])
    notes = [
        ClinicalNote("dosing-weight", "reading", drug, text, weight.sources)
        for drug in dict.fromkeys(drugs)
        if drug in weight.drugs
    ]
    return weight.warnings, (*notes, *weight.cautions)


def dosing_weight_text(weight: DosingWeight) -> str:
    """Say a weight, and who asked for it: ``the adjusted weight, 82.279 kg, in place of ...``."""
    by = f", by the policy of {weight.policy_name}" if weight.policy_name else ""
    instead = (
        "" if weight.basis == "actual" else f", in place of {format_exact(weight.actual_kg)} kg"
    )
    return f"the {weight.name}, {kg_text(weight)}{instead}{by}: {weight.reason}"


def kg_text(weight: DosingWeight) -> str:
    """Write a dosing weight for people: ``82.279 kg``."""
    if weight.basis == "actual":
        return f"{format_exact(weight.kg)} kg"
    return f"{weight_shown(weight.kg, weight.actual_kg)} kg"
