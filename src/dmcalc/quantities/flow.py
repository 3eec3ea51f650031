"""How fast and how long: the rates and times of an infusion, written and parsed as strictly."""

import re
from decimal import Decimal
from typing import Any, Literal, Self

from dmcalc.quantities.amount import _COUNT, _NUMBER, format_plain
from dmcalc.quantities.base import Quantity

Clock = Literal["minute", "hour"]
Pace = Literal["mL/kg/min", "mg/h"]

MINUTES = {"minute": 1, "hour": 60}

_TYPED_TIME = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"


class Duration(Quantity):
    """A length of time within a day: ``30 minutes``, ``8 hours``."""

    __slots__ = ("value", "unit")
    pattern = rf"(?P<low>{_COUNT}) (?P<unit>minute|hour)s?"
    examples = ("30 minutes",)

    value: int
    unit: Clock

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        return cls(int(match["low"]), match["unit"])

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        return self.value * MINUTES[self.unit]

    def __str__(self) -> str:
        return f"{self.value} {self.unit}{'' if self.value == 1 else 's'}"


class InfusionRate(Quantity):
    """How fast an infusion runs: ``0.01 mL/kg/min``, by body weight, or ``50 mg/h``.

    These two and no others: a volume and a mass per time never mix in one infusion, and a rate per
    minute is never read as one per hour.
    """

    __slots__ = ("value", "unit")
    pattern = rf"(?P<low>{_NUMBER}) (?P<unit>mL/kg/min|mg/h)"
    examples = ("0.01 mL/kg/min",)

    value: Decimal
    unit: Pace

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        if Decimal(match["low"]) <= 0:
            raise ValueError(f"{match.string!r} is not above 0")
        return cls(Decimal(match["low"]), match["unit"])

    def __str__(self) -> str:
        return f"{format_plain(self.value)} {self.unit}"


def read_time(text: str) -> int:
    """Read a time of day as people type it, ``09:00``, into minutes; raise ValueError."""
    found = re.fullmatch(_TYPED_TIME, text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a time of day written like 09:00 or 21:30")
    return int(found[1]) * 60 + int(found[2])
