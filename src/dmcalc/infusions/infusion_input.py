"""What is asked of an infusion, as text, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.dose import rules_for
from dmcalc.errors import read
from dmcalc.infusions.infusion import infusion
from dmcalc.patient.inputs import with_unused
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import read_time

if TYPE_CHECKING:
    from dmcalc.infusions.result import InfusionResult
    from dmcalc.patient.inputs import PatientRequest


class InfusionInput(NamedTuple):
    """What is asked of an infusion, as it is written; the fields bear Python's keywords."""

    days: int | None = None
    dose: str | None = None
    at_risk: bool = False
    later: bool = False
    at: str | None = None


def compute_infusion(request: PatientRequest, drug: str, options: InfusionInput) -> InfusionResult:
    """Compute the infusion that is asked for; raise UsageError, and the errors of ``infusion``."""
    patient = request.read("infusion", (drug,))
    result = infusion(
        request.loaded,
        patient,
        drug,
        days=options.days,
        dose=read("dose", options.dose, read_amount),
        at_risk=options.at_risk,
        later=options.later,
        at=read("at", options.at, read_time),
        advice=rules_for(patient),
    )
    return with_unused(result, patient.unused)
