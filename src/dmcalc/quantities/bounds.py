"""Ranges of body values, shares, and the numbers of formulas."""

from decimal import Decimal
from typing import ClassVar, Self

from dmcalc.quantities.base import RANGE, Match, Quantity


class BodyRange(Quantity):
    """A range of values of the body, in the one unit that each kind has."""

    __slots__ = ()
    above_zero: ClassVar[str | None] = "low"
    unit: ClassVar[str]

    low: Decimal
    high: Decimal


class WeightRange(BodyRange):
    """A range of body weights in kg: ``30-300 kg``."""

    __slots__ = ("low", "high")
    unit = "kg"
    pattern = rf"{RANGE} kg"
    examples = ("30-300 kg",)


class HeightRange(BodyRange):
    """A range of heights in cm: ``100-250 cm``."""

    __slots__ = ("low", "high")
    unit = "cm"
    pattern = rf"{RANGE} cm"
    examples = ("100-250 cm",)


class CreatinineRange(BodyRange):
    """A range of serum creatinine in mg/dL: ``0.1-30 mg/dL``."""

    __slots__ = ("low", "high")
    unit = "mg/dL"
    pattern = rf"{RANGE} mg/dL"
    examples = ("0.1-30 mg/dL",)


class BodySurfaceRange(BodyRange):
    """A range of body surface areas in m2: ``0.5-4 m2``."""

    __slots__ = ("low", "high")
    unit = "m2"
    pattern = rf"{RANGE} m2"
    examples = ("0.5-4 m2",)


class AgeRange(BodyRange):
    """A range of ages in years, both included: ``12-50 years``."""

    __slots__ = ("low", "high")
    above_zero = None
    unit = "years"
    pattern = rf"{RANGE} years"
    examples = ("12-50 years",)


class KidneyFunctionRange(BodyRange):
    """A range of kidney function in mL/min, or for eGFR mL/min/1.73 m2: ``0-300 mL/min``."""

    __slots__ = ("low", "high")
    above_zero = None
    unit = "mL/min"
    pattern = rf"{RANGE} mL/min"
    examples = ("0-300 mL/min",)


class NumberRange(Quantity):
    """A range of bare numbers, whose unit is stated elsewhere: ``0.01-500``."""

    __slots__ = ("low", "high")
    pattern = RANGE
    examples = ("0.01-500",)

    low: Decimal
    high: Decimal


class Coefficient(Quantity):
    """A bare number of a formula: ``0.425``, an exponent or a factor, or ``-0.241``."""

    __slots__ = ("value",)
    pattern = r"-?(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,8})?"
    examples = ("0.425",)

    value: Decimal

    @classmethod
    def _of(cls, match: Match) -> Self:
        return cls(Decimal(match[0]))


class Percent(Quantity):
    """A share in per cent, above 0 and up to 100: ``12.5%``."""

    __slots__ = ("value",)
    pattern = r"(?:100|[1-9][0-9]?(?:\.[0-9]{1,4})?)%"
    examples = ("12.5%",)

    value: Decimal

    @classmethod
    def _of(cls, match: Match) -> Self:
        return cls(Decimal(match[0].removesuffix("%")))

    def __str__(self) -> str:
        return f"{super().__str__()}%"
