"""How fast an infusion runs, written and parsed as strictly as an amount."""

import re
from decimal import Decimal
from typing import Any, Literal, Self

from dmcalc.quantities.base import NUMBER, Quantity, format_plain

Pace = Literal["mL/kg/min", "mg/h"]


class InfusionRate(Quantity):
    """How fast an infusion runs: ``0.01 mL/kg/min``, by body weight, or ``50 mg/h``.

    These two and no others: a volume and a mass per time never mix in one infusion, and a rate per
    minute is never read as one per hour.
    """

    __slots__ = ("value", "unit")
    pattern = rf"(?P<value>{NUMBER}) (?P<unit>mL/kg/min|mg/h)"
    examples = ("0.01 mL/kg/min",)

    value: Decimal
    unit: Pace

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        value = Decimal(match["value"])
        if value <= 0:
            raise ValueError(f"{match.string!r} is not above 0")
        return cls(value, match["unit"])

    def __str__(self) -> str:
        return f"{format_plain(self.value)} {self.unit}"
