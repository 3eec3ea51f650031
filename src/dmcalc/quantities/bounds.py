"""Limits of height and creatinine as the table writes them, and the numbers of formulas."""

import re
from decimal import Decimal
from typing import Any, Self

from dmcalc.quantities.amount import _SPAN, _ordered, _written, format_plain
from dmcalc.quantities.base import Quantity


class HeightSpan(Quantity):
    """A range of heights in cm: ``100-250 cm``."""

    __slots__ = ("low", "high")
    pattern = rf"{_SPAN} cm"
    examples = ("100-250 cm",)

    low: Decimal
    high: Decimal

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        return cls(*_ordered(match["low"], match["high"]))

    def __str__(self) -> str:
        return f"{_written(self.low, self.high)} cm"


class CreatinineSpan(Quantity):
    """A range of serum creatinine in mg/dL: ``0.1-30 mg/dL``."""

    __slots__ = ("low", "high")
    pattern = rf"{_SPAN} mg/dL"
    examples = ("0.1-30 mg/dL",)

    low: Decimal
    high: Decimal

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        return cls(*_ordered(match["low"], match["high"]))

    def __str__(self) -> str:
        return f"{_written(self.low, self.high)} mg/dL"


class Coefficient(Quantity):
    """A bare number of a formula: ``0.425``, an exponent or a factor, or ``-0.241``."""

    __slots__ = ("value",)
    pattern = r"-?(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,8})?"
    examples = ("0.425",)

    value: Decimal

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        return cls(Decimal(match[0]))

    def __str__(self) -> str:
        return format_plain(self.value)


class Percent(Quantity):
    """A share in per cent, above 0 and up to 100: ``12.5%``."""

    __slots__ = ("value",)
    pattern = r"(?:100|[1-9][0-9]?(?:\.[0-9]{1,4})?)%"
    examples = ("12.5%",)

    value: Decimal

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        return cls(Decimal(match[0].removesuffix("%")))

    def __str__(self) -> str:
        return f"{format_plain(self.value)}%"
