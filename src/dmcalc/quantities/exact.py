"""Exact fractions, and how they are written for machines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.quantities.arithmetic import EXACT

if TYPE_CHECKING:
    from fractions import Fraction

#: A fraction that needs more decimals than this is written as one: 60/85 is 12/17.
PLACES = 18


def as_fraction(value: Fraction | Decimal | int) -> Fraction:
    """Return a number as a fraction, exactly."""
    from fractions import Fraction  # start-up: most doses divide nothing

    return Fraction(value)


def exact_number(value: Fraction) -> Decimal | str:
    """Return a fraction exactly: a decimal number, or text like ``12/17`` where it has no end."""
    factor, rest = divmod(10**PLACES, value.denominator)
    if rest:
        return f"{value.numerator}/{value.denominator}"
    return EXACT.scaleb(Decimal(value.numerator * factor), -PLACES)
