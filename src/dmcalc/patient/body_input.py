"""The options of ``body`` besides the patient's facts, and how they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.patient import anthropometry
from dmcalc.patient.body import body
from dmcalc.patient.inputs import with_unused

if TYPE_CHECKING:
    from dmcalc.patient.body import BodyResult
    from dmcalc.patient.document import WeightKind
    from dmcalc.patient.reader import PatientRequest


class BodyInput(NamedTuple):
    """Which formula of body surface area is used, and which weight for the clearance."""

    formula: str | None = None
    crcl_weight: WeightKind = "actual"


def compute_body(request: PatientRequest, options: BodyInput) -> BodyResult:
    """Compute body size and kidney function; raise the errors of ``body``."""
    patient, facts = request.read("body"), request.facts
    physique = anthropometry.read(
        request.loaded.table.limits,
        height=facts.height,
        sex=facts.sex,
        creatinine=facts.creatinine,
        child=patient.child,
    )
    result = body(request.loaded, patient, physique, **options._asdict())
    return with_unused(result, patient.unused)
