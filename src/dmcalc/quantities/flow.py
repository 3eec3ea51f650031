"""How fast an infusion runs, written and parsed as strictly as an amount."""

from decimal import Decimal
from typing import Literal

from dmcalc.quantities.base import NUMBER, Quantity

Pace = Literal["mL/kg/min", "mg/h"]


class InfusionRate(Quantity):
    """How fast an infusion runs: ``0.01 mL/kg/min``, by body weight, or ``50 mg/h``.

    These two and no others: a volume and a mass per time never mix in one infusion, and a rate per
    minute is never read as one per hour.
    """

    __slots__ = ("value", "unit")
    pattern = rf"(?P<value>{NUMBER}) (?P<unit>mL/kg/min|mg/h)"
    examples = ("0.01 mL/kg/min",)
    above_zero = "value"

    value: Decimal
    unit: Pace
