"""What the formulas of doses are written in: rows run it on numbers, columns make a tree of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol, TypeVar

Number = TypeVar("Number")
Truth = TypeVar("Truth")
Chosen = TypeVar("Chosen")


class Algebra(Protocol[Number, Truth]):
    """Numbers, and what is done with them; ``quantities.arithmetic`` is the one of Decimals.

    Every operation is exact, but for those that say how they round. Of two ways only the one that
    is chosen is computed, where it is known which one that is.
    """

    def number(self, value: Decimal | int, /) -> Number:
        """Return a number of the table."""

    def multiply(self, left: Number, right: Number, /) -> Number:
        """Return the product, exactly."""

    def subtract(self, left: Number, right: Number, /) -> Number:
        """Return left - right, exactly."""

    def least(self, left: Number, right: Number, /) -> Number:
        """Return the smaller one."""

    def divide_inward(self, amount: Number, parts: int, /, *, up: bool) -> Number:
        """Return an equal part, rounded to 0.000001 up or down."""

    def deviation_percent(self, difference: Number, whole: Number, /) -> Number:
        """Return a difference in per cent of a whole, to 0.01 half up."""

    def below(self, left: Number, right: Number, /) -> Truth:
        """Tell whether left < right."""

    def choose(
        self, when: Truth, then: Callable[[], Chosen], otherwise: Callable[[], Chosen], /
    ) -> Chosen:
        """Return one of two ways."""
