"""``dispense --days 2..5``: one amount in equal daily doses, over each number of days."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dmcalc.results.base import TableResult
from dmcalc.results.codes import codes
from dmcalc.results.trace import under
from dmcalc.supply.dispense import DispenseResult, dispense
from dmcalc.supply.document import DispenseDaysHead

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Direction, Stocked
    from dmcalc.quantities.amount import Amount
    from dmcalc.table.model.table import LoadedTable

_DAYS = r"([0-9]{1,3})(?:\.\.([0-9]{1,3}))?"


def read_days(text: str) -> tuple[int, int]:
    """Read a number of days, ``2``, or from the fewest to the most, ``2..5``; raise ValueError."""
    match = re.fullmatch(_DAYS, text.strip(), re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is not a number of days, like 2, or several, like 2..5")
    first = int(match[1])
    last = int(match[2] or first)
    if last < first:
        raise ValueError(f"{text!r} runs downwards: write {last}..{first}")
    return first, last


def dispense_days(
    loaded: LoadedTable,
    name: str,
    amount: Amount,
    days: tuple[int, int],
    *,
    stocked: Stocked | None = None,
    round_to: Amount | None = None,
    direction: Direction | None = None,
) -> TableResult[DispenseDaysHead, DispenseResult]:
    """Find the units for an amount over each number of days, a row each; raise as ``dispense``."""
    results = []
    for number, count in enumerate(range(days[0], days[1] + 1)):
        with under("rows", number):
            result = dispense(
                loaded,
                name,
                amount,
                stocked=stocked,
                days=count,
                round_to=round_to,
                direction=direction,
            )
        results.append(result)
    first = results[0]
    head = DispenseDaysHead(first.drug, first.amount, first.unit, *codes(loaded.table, first.drug))
    return TableResult("dispense-days", loaded, tuple(results), head, first.warnings)
