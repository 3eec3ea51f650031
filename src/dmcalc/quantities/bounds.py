"""Limits of height and creatinine as the table writes them, and the numbers of formulas."""

from decimal import Decimal
from typing import Any, NamedTuple, Self

from dmcalc.quantities.amount import (
    _SPAN,
    _match,
    _ordered,
    _written,
    _written_schema,
    format_plain,
)

_HEIGHT_SPAN = rf"{_SPAN} cm"
_CREATININE_SPAN = rf"{_SPAN} mg/dL"
_COEFFICIENT = r"-?(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,8})?"
_PERCENT = r"(?:100|[1-9][0-9]?(?:\.[0-9]{1,4})?)%"


class HeightSpan(NamedTuple):
    """A range of heights in cm: ``100-250 cm``."""

    low: Decimal
    high: Decimal

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``100-250 cm``; raise ValueError for anything else."""
        found = _match(_HEIGHT_SPAN, text, "100-250 cm")
        return cls(*_ordered(found["low"], found["high"]))

    def __str__(self) -> str:
        return f"{_written(self.low, self.high)} cm"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _written_schema(cls.parse, _HEIGHT_SPAN, "100-250 cm")


class CreatinineSpan(NamedTuple):
    """A range of serum creatinine in mg/dL: ``0.1-30 mg/dL``."""

    low: Decimal
    high: Decimal

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``0.1-30 mg/dL``; raise ValueError for anything else."""
        found = _match(_CREATININE_SPAN, text, "0.1-30 mg/dL")
        return cls(*_ordered(found["low"], found["high"]))

    def __str__(self) -> str:
        return f"{_written(self.low, self.high)} mg/dL"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _written_schema(cls.parse, _CREATININE_SPAN, "0.1-30 mg/dL")


class Coefficient(NamedTuple):
    """A bare number of a formula: ``0.425``, an exponent or a factor, or ``-0.241``."""

    value: Decimal

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``0.425``; raise ValueError for anything else."""
        return cls(Decimal(_match(_COEFFICIENT, text, "0.425")[0]))

    def __str__(self) -> str:
        return format_plain(self.value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _written_schema(cls.parse, _COEFFICIENT, "0.425")


class Percent(NamedTuple):
    """A share in per cent, above 0 and up to 100: ``12.5%``."""

    value: Decimal

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``12.5%``; raise ValueError for anything else."""
        return cls(Decimal(_match(_PERCENT, text, "12.5%")[0].removesuffix("%")))

    def __str__(self) -> str:
        return f"{format_plain(self.value)}%"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _written_schema(cls.parse, _PERCENT, "12.5%")
