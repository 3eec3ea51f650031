"""How fast and how long: the rates and times of an infusion, written and parsed as strictly."""

import re
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Self

from dmcalc.quantities.amount import _COUNT, _NUMBER, _match, _written_schema, format_plain

Clock = Literal["minute", "hour"]
Pace = Literal["mL/kg/min", "mg/h"]

MINUTES = {"minute": 1, "hour": 60}

_DURATION = rf"(?P<low>{_COUNT}) (?P<unit>minute|hour)s?"
_INFUSION_RATE = rf"(?P<low>{_NUMBER}) (?P<unit>mL/kg/min|mg/h)"
_TYPED_TIME = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"


class Duration(NamedTuple):
    """A length of time within a day: ``30 minutes``, ``8 hours``."""

    value: int
    unit: Clock

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``30 minutes`` or ``8 hours``; raise ValueError for anything else."""
        found = _match(_DURATION, text, "30 minutes")
        return cls(int(found["low"]), found["unit"])  # type: ignore[arg-type]

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        return self.value * MINUTES[self.unit]

    def __str__(self) -> str:
        return f"{self.value} {self.unit}{'' if self.value == 1 else 's'}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _written_schema(cls.parse, _DURATION, "30 minutes")


class InfusionRate(NamedTuple):
    """How fast an infusion runs: ``0.01 mL/kg/min``, by body weight, or ``50 mg/h``.

    These two and no others: a volume and a mass per time never mix in one infusion, and a rate per
    minute is never read as one per hour.
    """

    value: Decimal
    unit: Pace

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``0.01 mL/kg/min`` or ``50 mg/h``; raise ValueError for anything else."""
        found = _match(_INFUSION_RATE, text, "0.01 mL/kg/min")
        if Decimal(found["low"]) <= 0:
            raise ValueError(f"{text!r} is not above 0")
        return cls(Decimal(found["low"]), found["unit"])  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"{format_plain(self.value)} {self.unit}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _written_schema(cls.parse, _INFUSION_RATE, "0.01 mL/kg/min")


def read_time(text: str) -> int:
    """Read a time of day as people type it, ``09:00``, into minutes; raise ValueError."""
    found = re.fullmatch(_TYPED_TIME, text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a time of day written like 09:00 or 21:30")
    return int(found[1]) * 60 + int(found[2])
