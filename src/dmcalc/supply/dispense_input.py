"""What is asked to be dispensed, as text, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import counted_units
from dmcalc.errors import UsageError, read
from dmcalc.patient.inputs import with_unused
from dmcalc.quantities.amount import read_amount
from dmcalc.supply.dispense import dispense
from dmcalc.supply.dispense_days import dispense_days, read_days

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Direction, StockOptions
    from dmcalc.patient.inputs import PatientRequest
    from dmcalc.results.base import TableResult
    from dmcalc.supply.dispense import DispenseResult
    from dmcalc.supply.document import DispenseDaysHead


class DispenseInput(NamedTuple):
    """How an amount is to be handed out, as it is written; the fields bear Python's keywords."""

    days: str = "1"
    round_to: str | None = None
    direction: Direction | None = None
    packs: str | None = None


def compute_dispensing(
    request: PatientRequest,
    drug: str,
    amount: str,
    options: DispenseInput,
    stocked: StockOptions,
) -> DispenseResult | TableResult[DispenseDaysHead, DispenseResult]:
    """Find the units for an amount, over one number of days or over each of several.

    Raise UsageError for what cannot be read, and the errors of ``dispense``.
    """
    unused = request.unused("dispense")
    whole = read("amount", amount, read_amount)
    span = read("days", options.days, read_days)
    assert whole is not None and span is not None
    step = read("round_to", options.round_to, read_amount)
    sizes = counted_units("pack", options.packs)
    if span[0] == span[1]:
        single = dispense(
            request.loaded,
            drug,
            whole,
            stocked=stocked,
            days=span[0],
            round_to=step,
            direction=options.direction,
            sizes=sizes,
        )
        return with_unused(single, unused)
    if sizes:
        raise UsageError("‹pack› is for one number of days", "Name it: ‹days 2›.")
    by_days = dispense_days(
        request.loaded,
        drug,
        whole,
        span,
        stocked=stocked,
        round_to=step,
        direction=options.direction,
    )
    return with_unused(by_days, unused)
