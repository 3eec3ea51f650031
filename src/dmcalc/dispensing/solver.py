"""The solver: which whole units make an amount exactly, with the fewest of them.

Exact and complete. Amounts become whole numbers of the finest step that the units make, and every
sum up to the amount is looked at; nothing is taken largest first, so that nothing is missed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING, Annotated

from dmcalc.errors import RefusedError
from dmcalc.records import Record

if TYPE_CHECKING:
    from fractions import Fraction

#: Far more steps than a clinical amount has; a search past it would take too long.
MAX_STEPS = 300_000
# The cost of a combination: fewer halves are better, then fewer strengths. It is one number for
# both: different strengths that make MAX_STEPS together are far fewer than a half costs.
_STRENGTH = 1
_HALF = 1 << 16
#: The cost of what cannot be made: no combination costs as much.
_IMPOSSIBLE = 1 << 60


class Strength(Record):
    """What can be dispensed: a strength, and whether one of it may be halved."""

    strength: Decimal
    halved: bool = False


class UnitCount(Record):
    """So many units of one strength; half a tablet counts 0.5."""

    strength: Decimal
    count: Decimal  # type: ignore[assignment]  # not tuple.count: the JSON calls it so


class Nearest(Record):
    """The amounts that can be made next to a required one; None where there is none."""

    below: Annotated[Decimal | None, "The next one below, or the dose itself."]
    above: Annotated[Decimal | None, "The next one above, or the dose itself."]

    def up_to(self, most: Decimal | Fraction) -> Nearest:
        """Return those that are at most a limit: nothing above it is ever offered."""
        below, above = (None if dose is None or dose > most else dose for dose in self)
        return Nearest(below, above)


class ReachableDoses:
    """Every amount that units can make, up to a limit, each with its best combination."""

    def __init__(self, units: Iterable[Strength], limit: Decimal) -> None:
        """Search the sums of ``units``; strengths and ``limit`` are in one unit of mass.

        Raise ValueError without units, and RefusedError for a limit that is out of all proportion.
        """
        self._units = sorted(set(units), reverse=True)
        if not self._units or self._units[-1].strength <= 0:
            raise ValueError("a solver needs units, with strengths above 0")
        self.limit, self.step = limit, _finest_step(self._units)
        self._size = int(limit / self.step) + 1
        if self._size > MAX_STEPS:
            raise RefusedError(
                f"{limit} is too much to be made of units of {self._units[-1].strength}",
                "Check the amount and its unit.",
            )
        best = [_IMPOSSIBLE] * self._size
        best[0] = 0
        #: For each strength: how many halves of it the best combination of a sum takes.
        self._taken: list[list[int]] = []
        for unit in self._units:
            best, taken = self._with(unit, best)
            self._taken.append(taken)
        self._best = best
        #: The sums above nothing that can be made.
        self._made = [s for s in range(1, self._size) if best[s] < _IMPOSSIBLE]

    def combination(self, amount: Decimal) -> tuple[UnitCount, ...] | None:
        """Return the best combination that makes an amount exactly, largest strength first."""
        steps = amount / self.step
        left = int(steps)
        if steps != left or self._best[left] >= _IMPOSSIBLE:
            return None
        counts = []
        for unit, taken in zip(reversed(self._units), reversed(self._taken), strict=True):
            if halves := taken[left]:
                counts.append(UnitCount(unit.strength, Decimal(halves) / 2))
                left -= halves * self._steps(unit.strength) // 2
        return tuple(reversed(counts))

    def nearest(self, amount: Decimal) -> Nearest:
        """Return the amounts above nothing that can be made at or next to an amount."""
        at = amount / self.step
        last = int(at)
        first = last if at == last else last + 1
        if first == last > 0 and self._best[last] < _IMPOSSIBLE:
            return Nearest(amount, amount)
        below, above = bisect_right(self._made, last), bisect_left(self._made, first)
        return Nearest(
            self._made[below - 1] * self.step if below else None,
            self._made[above] * self.step if above < len(self._made) else None,
        )

    def makes_within(self, low: Decimal, high: Decimal) -> bool:
        """Tell whether an amount above nothing, from low to high, can be made."""
        first = int((low / self.step).to_integral_value(ROUND_CEILING))
        at = bisect_left(self._made, first)
        return at < len(self._made) and self._made[at] <= int(high / self.step)

    def _steps(self, strength: Decimal) -> int:
        return int(strength / self.step)

    def _with(self, unit: Strength, best: list[int]) -> tuple[list[int], list[int]]:
        """Add one strength to all sums: none of it, wholes of it, or wholes and a half.

        Return the least cost of each sum, and how many halves of the strength it takes.
        """
        whole = self._steps(unit.strength)
        result, taken = best.copy(), [0] * self._size
        # of each sum that is made with wholes of this strength
        cost_of, halves_of = [_IMPOSSIBLE] * self._size, [0] * self._size
        for s in range(whole, self._size):
            cost, halves = best[s - whole] + _STRENGTH, 2
            if cost_of[s - whole] < cost:
                cost, halves = cost_of[s - whole], halves_of[s - whole] + 2
            cost += 2 * _HALF
            cost_of[s], halves_of[s] = cost, halves
            if cost < result[s]:
                result[s], taken[s] = cost, halves
        if unit.halved:
            half = whole // 2
            for s in range(half, self._size):
                cost, halves = best[s - half] + _STRENGTH, 1
                if cost_of[s - half] < cost:
                    cost, halves = cost_of[s - half], halves_of[s - half] + 1
                cost += _HALF
                if cost < result[s]:
                    result[s], taken[s] = cost, halves
        return result, taken


class Solver:
    """Makes amounts of some units, and keeps what it worked out: many patients have the same dose.

    The sums are searched again where an amount lies past those that were searched.
    """

    def __init__(self, units: Iterable[Strength]) -> None:
        """Search nothing yet; ``units`` have their strengths in one unit of mass."""
        self._units = tuple(units)
        self._largest = max((unit.strength for unit in self._units), default=Decimal())
        self._reachable: ReachableDoses | None = None

    def nearest(self, amount: Decimal) -> Nearest:
        """Return the amounts that can be made next to one.

        Raise ValueError and RefusedError as ``ReachableDoses``.
        """
        return self._up_to(amount + self._largest).nearest(amount)

    def makes_within(self, low: Decimal, high: Decimal) -> bool:
        """Tell whether an amount from low to high can be made; raise as ``nearest``."""
        return self._up_to(high).makes_within(low, high)

    def combination(self, amount: Decimal) -> tuple[UnitCount, ...] | None:
        """Return the best combination that makes an amount exactly; raise as ``nearest``."""
        return self._up_to(amount).combination(amount)

    def _up_to(self, limit: Decimal) -> ReachableDoses:
        known = self._reachable
        if known is None or limit > known.limit:
            if known is not None:  # after the first amount, many patients are to be expected
                limit = max(limit, min(limit + known.limit, (MAX_STEPS - 1) * known.step))
            known = self._reachable = ReachableDoses(self._units, limit)
        return known


@lru_cache
def solver_of(units: tuple[Strength, ...]) -> Solver:
    """Return the solver of some units, which all stocks of them share."""
    return Solver(units)


def _finest_step(units: list[Strength]) -> Decimal:
    """Return the largest amount of which every strength, and every half, is a multiple."""
    sizes = [unit.strength / 2 if unit.halved else unit.strength for unit in units]
    places = max(-int(size.normalize().as_tuple().exponent) for size in sizes)
    scale = Decimal(10) ** places
    return Decimal(gcd(*(int(size * scale) for size in sizes))) / scale
