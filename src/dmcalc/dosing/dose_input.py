"""The options of ``dose`` besides the patient's facts, and how they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dosing.dose import dose
from dmcalc.patient.inputs import with_unused
from dmcalc.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.dispensing.stock import StockOptions
    from dmcalc.dosing.dose import DoseResult
    from dmcalc.patient.reader import PatientRequest


class DoseInput(Record):
    """Which posology is computed, and whether the named drugs are to be given together."""

    planned: bool = False
    alternatives: bool = False


def compute_dose(
    request: PatientRequest, names: Sequence[str], options: DoseInput, stocked: StockOptions
) -> DoseResult:
    """Compute the doses of the named drugs, or of all; raise the errors of ``dose``."""
    patient = request.read("dose", names, names if options.planned else ())
    result = dose(
        request.loaded,
        patient,
        names,
        alternatives=options.alternatives,
        stocked=stocked,
    )
    return with_unused(result, patient.unused)
