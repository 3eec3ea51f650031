"""The formulas of a dose, and of an order against it, once: for rows and for columns.

Each takes the algebra that it is run in (:mod:`dmcalc.quantities.algebra`). Amounts of one call are
in one unit. A dose is its low and its high end.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from dmcalc.quantities.algebra import Algebra, Chosen, Number, Truth

    #: The low and the high end of a dose.
    Ends: TypeAlias = tuple[Number, Number]
    Standing = Literal["within", "below", "above", "over-cap"]
    #: The verdict on an order, its distance to the end that was passed, and the same in per cent.
    Compared: TypeAlias = tuple[Standing, Number | None, Number | None]


def sized(of: Algebra[Number, Truth], rate: Ends[Number], size: Number) -> Ends[Number]:
    """Return what a rate comes to for a size in its basis (kg, m2)."""
    return of.multiply(rate[0], size), of.multiply(rate[1], size)


def capped(of: Algebra[Number, Truth], dose: Ends[Number], most: Ends[Number]) -> Ends[Number]:
    """Return a dose with low up to the low end of a maximum, and high up to its high end."""
    return of.least(dose[0], most[0]), of.least(dose[1], most[1])


def fraction_left(
    of: Algebra[Number, Truth], dose: Ends[Number], low: Fraction, high: Fraction
) -> Ends[Number]:
    """Return what a fraction leaves of a dose; an end without end is rounded into the range."""
    return _inward(
        of,
        (of.multiply(dose[0], of.number(low.numerator)), low.denominator),
        (of.multiply(dose[1], of.number(high.numerator)), high.denominator),
    )


def most_left(of: Algebra[Number, Truth], rate: Number, size: Number, times: int) -> Number:
    """Return the most that a rule leaves: so many doses, each up to a rate for a size."""
    return of.multiply(of.multiply(rate, size), of.number(times))


def divided(of: Algebra[Number, Truth], dose: Ends[Number], most: int, fewest: int) -> Ends[Number]:
    """Divide a dose into equal parts, low into the most and high into the fewest of them."""
    return _inward(of, (dose[0], most), (dose[1], fewest))


def _inward(
    of: Algebra[Number, Truth], low: tuple[Number, int], high: tuple[Number, int]
) -> Ends[Number]:
    """Divide two ends, and round them into their range; both down where nothing lies in it."""
    least = of.divide_inward(*low, up=True)
    most = of.divide_inward(*high, up=False)
    return of.choose(of.below(most, least), lambda: most, lambda: least), most


def compared(of: Algebra[Number, Truth], ordered: Number, dose: Ends[Number]) -> Compared[Number]:
    """Compare an ordered amount with the ends of a dose, which belong to it."""
    low, high = dose

    def beyond(name: Standing, end: Number) -> Compared[Number]:
        off = of.subtract(ordered, end)
        return name, off, of.deviation_percent(off, end)

    def within() -> Compared[Number]:
        return "within", None, None

    return of.choose(
        of.below(high, ordered),
        lambda: beyond("above", high),
        lambda: of.choose(of.below(ordered, low), lambda: beyond("below", low), within),
    )


def compare_with_cap(
    of: Algebra[Number, Truth], standing: Standing, amount: Number, most: Number
) -> Standing:
    """Return ``over-cap`` for an amount above the maximum, else its verdict without one."""

    def over() -> Standing:
        return "over-cap"

    return of.choose(of.below(most, amount), over, lambda: standing)


def distance(
    of: Algebra[Number, Truth], within: Truth, missed: Truth, off: Number, far: Number
) -> Number:
    """Return a number by which verdicts are put in order: the one that counts has the least.

    First what is within its limits, then what misses them, by ``off`` in per cent; ``far`` is above
    all of these.
    """
    return of.choose(
        within, lambda: of.number(-1), lambda: of.choose(missed, lambda: off, lambda: far)
    )


def nearest(of: Algebra[Number, Truth], rows: Sequence[tuple[Chosen, Number]]) -> Chosen:
    """Return the partner of the least distance, the first of equals."""
    best, *others = rows
    for row in others:
        best = of.choose(of.below(row[1], best[1]), partial(_same, row), partial(_same, best))
    return best[0]


def _same(row: Chosen) -> Chosen:
    return row
