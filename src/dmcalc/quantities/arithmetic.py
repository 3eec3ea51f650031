"""The arithmetic of doses on Decimals: multiply, divide, min, max and round to a step.

It is the algebra (``algebra.py``) that rows run the formulas in.
"""

import operator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, Inexact
from typing import TYPE_CHECKING, Literal, TypeVar

from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

Chosen = TypeVar("Chosen")
Direction = Literal["nearest", "down", "up"]

#: Sums and products of clinical figures need far fewer digits; a result that does not fit is an
#: error, never a silent rounding.
EXACT = Context(prec=60, traps=[Inexact])
#: For quotients, which need not come out even: they are rounded after it.
_LONG = Context(prec=60)
_ROUNDING = {"nearest": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}
_NOTHING, _HUNDRED = Decimal(0), Decimal(100)
_QUANTA = tuple(Decimal((0, (1,), -places)) for places in range(7))


#: The words of the algebra that decimal itself has.
number = Decimal
least = min
below = operator.lt
multiply, subtract = EXACT.multiply, EXACT.subtract


def choose(when: bool, then: "Callable[[], Chosen]", otherwise: "Callable[[], Chosen]") -> Chosen:
    """Return what one of two ways comes to."""
    return then() if when else otherwise()


def deviation_percent(difference: Decimal, whole: Decimal) -> Decimal:
    """Return a difference in per cent of a whole, to 2 places half up."""
    if not difference:
        return _NOTHING
    share = _LONG.divide(_LONG.multiply(difference, _HUNDRED), whole)
    share = share.quantize(_QUANTA[2], rounding=ROUND_HALF_UP)
    return share or _NOTHING  # and never -0


def divide_inward(amount: Decimal, parts: int, *, up: bool) -> Decimal:
    """Divide an amount into equal parts, rounded to 0.000001 where it does not come out even.

    ``up`` gives the direction: the low end of a range goes up and the high end down, so that the
    rounded range stays inside the exact one.
    """
    return rounded(_LONG.divide(amount, Decimal(parts)), 6, up=up)


def per_size(amount: Decimal, size: Decimal) -> Decimal:
    """Return amount / size to 4 places, half up: what is given with a dose as its mg/kg."""
    return _LONG.divide(amount, size).quantize(_QUANTA[4], rounding=ROUND_HALF_UP)


def rounded(value: Decimal, places: int, *, up: bool) -> Decimal:
    """Round to a number of decimal places in one direction; an exact value stays as it is."""
    direction = ROUND_CEILING if up else ROUND_FLOOR
    return value.quantize(_QUANTA[places], rounding=direction)


def round_to_step(amount: Decimal, step: Decimal, direction: Direction) -> Decimal:
    """Round an amount to a multiple of a step, both in one unit; ties go half up."""
    return (amount / step).quantize(Decimal(1), rounding=_ROUNDING[direction]) * step


def to_decimal(value: "Fraction") -> Decimal:
    """Return a fraction as a Decimal: exactly, or rounded down to 0.000001 if it has no end."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1:
        return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return EXACT.scaleb(Decimal(value.numerator * 10**6 // value.denominator), -6)


def round_half_up(value: "Fraction", places: int) -> Decimal:
    """Round a fraction to a number of decimal places, ties half up; no trailing zero is added."""
    units = (value * 2 * 10**places + 1) // 2
    return Decimal(format_plain(EXACT.scaleb(Decimal(units), -places)))
