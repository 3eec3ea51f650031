"""What is asked of an infusion, as text, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.dose import rules_for
from dmcalc.errors import read
from dmcalc.infusions.infusion import infusion
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import read_time

if TYPE_CHECKING:
    from dmcalc.infusions.result import InfusionResult
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import LoadedTable


class InfusionInput(NamedTuple):
    """What is asked of an infusion, as it is written; the fields bear Python's keywords."""

    days: int | None = None
    dose: str | None = None
    at_risk: bool = False
    later: bool = False
    at: str | None = None


def compute_infusion(
    loaded: LoadedTable, patient: Patient, drug: str, asked: InfusionInput
) -> InfusionResult:
    """Compute the infusion that is asked for; raise UsageError, and the errors of ``infusion``."""
    return infusion(
        loaded,
        patient,
        drug,
        days=asked.days,
        dose=read("dose", asked.dose, read_amount),
        at_risk=asked.at_risk,
        later=asked.later,
        at=read("at", asked.at, read_time),
        advice=rules_for(patient),
    )
