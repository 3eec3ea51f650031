"""Round what is given on one day by a hospital's own rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.quantities.arithmetic import round_to_step

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.quantities.amount import Mass
    from dmcalc.table.model.local_values import LocalRoundingRule


def round_by_local_rule(
    rule: LocalRoundingRule, dose: Decimal, unit: Mass, most: Decimal | None = None
) -> Decimal:
    """Round what is given on one day by the hospital's own rule.

    Where that would be more than ``most`` it is rounded down, and a dose never becomes nothing.
    """
    step = rule.to.value_in(unit)
    near = round_to_step(dose, step, rule.direction)
    if most is not None and near > most:
        near = round_to_step(dose, step, "down")
    return near or dose


def round_within_range(
    rule: LocalRoundingRule, unit: Mass, low: Decimal, high: Decimal
) -> tuple[Decimal, Decimal]:
    """Round both ends of a dose by the hospital's rule, each where that stays inside the range."""
    near = [round_by_local_rule(rule, end, unit, high) for end in (low, high)]
    first, last = (n if n >= low else end for n, end in zip(near, (low, high), strict=True))
    return first, last
