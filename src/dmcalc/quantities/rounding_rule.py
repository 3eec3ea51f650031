"""How a hospital or a source rounds what is given on one day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.quantities.arithmetic import round_to_step

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.quantities.amount import Amount, Mass
    from dmcalc.quantities.arithmetic import Direction


class RoundingRule(NamedTuple):
    """A rule for what is given on one day: a multiple of an amount, in a direction."""

    to: Amount
    direction: Direction

    def round(self, dose: Decimal, unit: Mass, most: Decimal | None = None) -> Decimal:
        """Round what is given on one day, in ``unit``.

        Where that would be more than ``most`` it is rounded down, and a dose never becomes nothing.
        """
        step = self.to.value_in(unit)
        near = round_to_step(dose, step, self.direction)
        if most is not None and near > most:
            near = round_to_step(dose, step, "down")
        return near or dose

    def round_within(self, low: Decimal, high: Decimal, unit: Mass) -> tuple[Decimal, Decimal]:
        """Round both ends of a dose, each where that stays inside the range."""
        near = [self.round(end, unit, high) for end in (low, high)]
        first, last = (n if n >= low else end for n, end in zip(near, (low, high), strict=True))
        return first, last

    def __str__(self) -> str:
        how = {"nearest": "to the nearest", "down": "down to a", "up": "up to a"}[self.direction]
        return f"{how} multiple of {self.to}"
