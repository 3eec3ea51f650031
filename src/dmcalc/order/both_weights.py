"""The limits of an order by the dosing weight, with those by the actual weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dosing.weight_comparison import by_actual_weight
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.dosing.regimen import RegimenDose
    from dmcalc.order.check_row import CheckRow
    from dmcalc.patient.patient import Patient


def limits_by_both_weights(
    row: CheckRow, patient: Patient, compute: Callable[[Patient], RegimenDose]
) -> CheckRow:
    """Add to the limits of an order those by the actual weight, and say by which they are.

    The patient has a dosing weight.
    """
    weight, dose = patient.dosing, row.dose
    assert weight is not None
    if dose.drug not in weight.drugs or dose.basis != "kg":
        return row
    actual = by_actual_weight(patient, compute).row
    comparison = weight.compare(dose.dose, actual.dose)
    row = row._replace(dose=dose._replace(**comparison._asdict()))
    if dose.low is None:
        return row
    assert actual.low is not None and actual.high is not None
    text = f"The limits are by {weight.name}, {weight.kg_text}"
    if weight.basis != "actual":
        limits = " to ".join(dict.fromkeys(map(format_exact, (actual.low, actual.high))))
        text += f"; by the actual weight, {format_exact(weight.actual_kg)} kg, they are {limits} "
        text += f"{dose.unit}{timing.suffix(dose.per)}"
    return row._replace(message=f"{row.message} {text}.")
