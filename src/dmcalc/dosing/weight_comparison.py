"""A dose by the dosing weight compared with that by the actual weight, and their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.results.trace import INWARD, aside, noting

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.dosing.regimen import RegimenDose
    from dmcalc.patient.patient import Patient


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
    """Compute a row, and where it goes by another weight add what the actual one gives.

    ``compute`` takes the patient's weight for the drug itself.
    """
    computed = compute(patient)
    row, weight = computed.row, patient.dosing
    if weight is None or row.drug not in weight.drugs or row.basis != "kg":
        return computed
    actual = by_actual_weight(patient, compute).row
    text = row.text if row.low is None else f"{row.text}, by {weight.name}"
    comparison = weight.compare(row.dose, actual.dose)
    return computed._replace(row=row._replace(**comparison._asdict(), text=text))
