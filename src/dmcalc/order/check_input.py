"""The options of ``check`` besides the patient's facts, and how they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.order.check import check
from dmcalc.order.parse import read_order
from dmcalc.patient.inputs import with_unused

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import StockOptions
    from dmcalc.order.result import CheckResult
    from dmcalc.patient.reader import PatientRequest


class CheckInput(NamedTuple):
    """Which posology an order is compared with."""

    alternatives: bool = False
    phase: str | None = None


def compute_check(
    request: PatientRequest, drug: str, order: str, options: CheckInput, stocked: StockOptions
) -> CheckResult:
    """Compare an order in plain words with the table; raise the errors of ``check``."""
    parsed = read_order(order)
    patient = request.read("check", (drug,))
    result = check(
        request.loaded,
        patient,
        drug,
        parsed,
        alternatives=options.alternatives,
        phase=options.phase,
        stocked=stocked,
    )
    return with_unused(result, patient.unused)
