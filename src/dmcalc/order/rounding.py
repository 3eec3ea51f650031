"""An order of a course that is the patient's dose rounded: by a hospital's own rule, or a source's.

Both are rules for whole vials. No other rounding passes, and nothing above a rounded dose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.quantities.arithmetic import divide_inward
from dmcalc.quantities.rounding_rule import RoundingRule
from dmcalc.results.base import ClinicalWarning, leading, local_values_for
from dmcalc.results.trace import used
from dmcalc.text.numbers import format_exact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.order.check_row import CheckRow
    from dmcalc.order.parse import Order
    from dmcalc.table.model.table import LoadedTable


class RoundedDose(NamedTuple):
    """An end of a posology and what a rule makes of it, in the row's unit, and whose rule it is."""

    exact: Decimal
    dose: Decimal
    rule: str
    #: Key of the source; None for a hospital's own rule.
    source: str | None


def compare_with_rounded(
    row: CheckRow, order: Order, loaded: LoadedTable, *, child: bool
) -> tuple[CheckRow, list[ClinicalWarning]]:
    """Let an order of a course that misses its limits pass where it is one of them rounded.

    The answer says whose rule that is, and warns where it makes more than the source gives.
    """
    ways = (
        *_by_local_rule(row, order, loaded),
        *(() if child else rounded_by_source(row.dose, loaded)),
    )
    way = next((way for way in ways if way.dose == row.ordered), None)
    if way is None:
        return row, []
    amounts = [f"{format_exact(amount)} {row.dose.unit}" for amount in (way.exact, way.dose)]
    text = f"{amounts[1]} is {amounts[0]} rounded {way.rule}"
    message = f"{text}. {row.message}"
    if way.source is None:
        return row._replace(verdict="within", message=message, locally_rounded=True), []
    used(row.drug, "rounded", "to")
    row = row._replace(verdict="within", message=message)
    if row.dose.high is None or way.dose <= row.dose.high:
        return row, []
    text += "; that is more than the source of the dose gives."
    return row, [ClinicalWarning("dose-above-source", row.drug, text, way.source)]


def _by_local_rule(row: CheckRow, order: Order, loaded: LoadedTable) -> Iterator[RoundedDose]:
    """Round what each end gives on one day of the order, never to more than the posology does."""
    rule, dose = loaded.rounding.get(row.drug), row.dose
    if rule is None or order.days is None:
        return  # a local rule is for what is given on one day
    assert dose.unit is not None
    overlays = {local.overlay for local in local_values_for(loaded, f"{row.drug}.rounding")}
    for end in (dose.high, dose.low):
        assert end is not None and dose.high is not None  # they were missed
        daily, most = (divide_inward(of, order.days, up=False) for of in (end, dose.high))
        rounded = rule.round(daily, dose.unit, most) * order.days
        text = f"{rule} on each of {order.days} days, by the local rule of "
        yield RoundedDose(end, rounded, text + ", ".join(sorted(overlays)), None)


def rounded_by_source(dose: DoseRow, loaded: LoadedTable) -> Iterator[RoundedDose]:
    """Round each end as a source does; what rules for the patient leave never becomes more."""
    rounded = loaded.table.drugs[dose.drug].rounded
    if rounded is None:
        return
    assert dose.unit is not None
    rule, step = RoundingRule(rounded.to, "nearest"), rounded.to.value_in(dose.unit)
    source = leading(rounded.cite).source
    most = dose.high if dose.high_before is not None else None
    for end in (dose.high, dose.low):
        if end is not None:
            amount = rule.round(end, dose.unit, most)
            if (amount - end) * 2 == step:  # the source does not say where a tie goes
                amount -= step
            text = f"{rule}, by the rule of {source} ({rounded.population})"
            yield RoundedDose(end, amount, text, source)
