"""A dose by the dosing weight beside the dose by the actual weight, and what lies between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc.patient.weight_request import weight_shown
from dmcalc.quantities.amount import DoseRange
from dmcalc.quantities.arithmetic import to_decimal
from dmcalc.results.base import ClinicalNote
from dmcalc.results.trace import INWARD, aside, noting
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.dosing.regimen import RegimenDose
    from dmcalc.infusions.amount import InfusionAmount
    from dmcalc.infusions.result import InfusionResult
    from dmcalc.order.check_row import CheckRow
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import DosingWeight
    from dmcalc.results.base import ClinicalWarning


def weight_fields(
    weight: DosingWeight, dose: DoseRange | None, actual: DoseRange | None
) -> dict[str, Any]:
    """Return what a row says of its weight; None for the ends of a dose that there is not."""
    saved = actual.minus(dose) if dose and actual else None
    return {
        "dosing_weight_kg": weight.kg,
        "weight_basis": weight.basis,
        "weight_policy": weight.policy,
        "low_actual": actual.low if actual else None,
        "high_actual": actual.high if actual else None,
        "saved_low": saved.low if saved else None,
        "saved_high": saved.high if saved else None,
    }


def by_actual_weight(patient: Patient, compute: Callable[[Patient], RegimenDose]) -> RegimenDose:
    """Compute what the actual weight gives; the answer has its ends, and no other figure of it."""
    with aside():
        found = compute(patient.actual)
    if (trace := noting()) and found.exact is not None:
        row, (low, high) = found.row, found.exact
        for end, exact, amount in (("low", low, row.low), ("high", high, row.high)):
            what = f"{row.regimen}, {end} end by the actual weight: reduced"
            assert amount is not None
            trace.rounded(f"{end}_actual", what, exact, amount, row.unit, INWARD)
    return found


def dose_by_both_weights(
    patient: Patient, compute: Callable[[Patient], RegimenDose]
) -> RegimenDose:
    """Compute a row, and where it goes by another weight put beside it what the actual one gives.

    ``compute`` takes the patient's weight for the drug itself.
    """
    found = compute(patient)
    row, weight = found.row, patient.dosing
    if weight is None or row.drug not in weight.drugs or row.basis != "kg":
        return found
    actual = by_actual_weight(patient, compute).row
    text = row.text if row.low is None else f"{row.text}, by {weight.name}"
    row = row._replace(**weight_fields(weight, row.dose, actual.dose), text=text)
    return found._replace(row=row)


def limits_by_both_weights(row: CheckRow, actual: DoseRow, patient: Patient) -> CheckRow:
    """Put beside the limits of an order those by the actual weight, and say by which they are."""
    weight = patient.dosing
    if weight is None or row.drug not in weight.drugs or row.basis != "kg":
        return row
    row = row._replace(**weight_fields(weight, row.dose, actual.dose))
    if row.low is None or actual.low is None or actual.high is None:
        return row
    text = f"The limits are by {weight.name}, {_kg(weight)}"
    if weight.basis != "actual":
        limits = " to ".join(dict.fromkeys(map(format_exact, (actual.low, actual.high))))
        text += f"; by the actual weight, {format_exact(weight.actual_kg)} kg, they are {limits} "
        text += f"{row.unit}{timing.suffix(row.per)}"
    return row._replace(message=f"{row.message} {text}.")


def infusion_by_both_weights(
    result: InfusionResult, actual: InfusionAmount, *, asked: bool
) -> InfusionResult:
    """Put beside an infusion what it would give by the actual weight, and say which it goes by."""
    weight = result.patient.dosing
    assert weight is not None
    warnings, cautions = dosing_weight_notes(result.patient, (result.drug,))
    if weight.basis != "actual":
        text = (
            f"The rates per kg go by the {weight.name} too, and are slower than by the actual "
            "weight: no source was read that says which weight they are for."
        )
        cautions = (*cautions, ClinicalNote("rate-weight", "reading", result.drug, text, ()))
    return result._replace(
        amount_actual=None if asked else to_decimal(actual.amount),
        course_actual=actual.course,
        steps=tuple(
            step._replace(
                dosing_weight_kg=weight.kg,
                weight_basis=weight.basis,
                weight_policy=weight.policy,
            )
            for step in result.steps
        ),
        warnings=(*warnings, *result.warnings),
        cautions=(*cautions, *result.cautions),
    )


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
    said = [
        ClinicalNote("dosing-weight", "reading", drug, text, weight.sources)
        for drug in dict.fromkeys(drugs)
        if drug in weight.drugs
    ]
    return weight.warnings, (*said, *weight.cautions)


def dosing_weight_text(weight: DosingWeight) -> str:
    """Say a weight, and who asked for it: ``the adjusted weight, 82.279 kg, in place of ...``."""
    by = f", by the policy of {weight.policy_name}" if weight.policy_name else ""
    instead = (
        "" if weight.basis == "actual" else f", in place of {format_exact(weight.actual_kg)} kg"
    )
    return f"the {weight.name}, {_kg(weight)}{instead}{by}: {weight.reason}"


def _kg(weight: DosingWeight) -> str:
    if weight.basis == "actual":
        return f"{format_exact(weight.kg)} kg"
    return f"{weight_shown(weight.kg, weight.actual_kg)} kg"
