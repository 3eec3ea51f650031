"""A threshold as the sources of the guide write it: how much, or how long."""

import re
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Self

from dmcalc.quantities.amount import _written_schema, format_plain
from dmcalc.text.numbers import plural

BoundUnit = Literal["mg", "day", "week", "month"]

_BOUND = r"(?P<sign>>=|>) (?P<low>[0-9]{1,4}(?:\.[0-9]{1,2})?)(?:-(?P<high>[0-9]{1,4}))? "
_BOUND += r"(?P<unit>mg|day|week|month)s?"


class Bound(NamedTuple):
    """A threshold, where a source gives a range for it too: ``> 15-30 mg``, ``>= 1 month``.

    ``beyond`` tells whether the value itself is still below it, as in "more than 3 months".
    """

    low: Decimal
    high: Decimal
    unit: BoundUnit
    beyond: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``> 2-4 weeks`` or ``>= 2.5 mg``; raise ValueError for anything else."""
        found = re.fullmatch(_BOUND, text, re.ASCII)
        if found is None:
            raise ValueError(f"{text!r} is not written like '> 2-4 weeks' or '>= 2.5 mg'")
        low = Decimal(found["low"])
        high = Decimal(found["high"] or found["low"])
        if low > high or low <= 0:
            raise ValueError(f"{text!r} is not a range that runs upwards from above 0")
        return cls(low, high, found["unit"], found["sign"] == ">")  # type: ignore[arg-type]

    def met(self, value: Decimal, end: Literal["low", "high"]) -> bool:
        """Tell whether a value reaches one end of the threshold, in its unit."""
        limit: Decimal = getattr(self, end)
        return value > limit if self.beyond else value >= limit

    def stands_in(self, quote: str) -> bool:
        """Tell whether it stands in a quote; a sign there must not say another thing."""
        from dmcalc.sources.quotes import figures

        signs = ("", ">") if self.beyond else ("", "≥", ">=")
        return any(
            (figure.low, figure.high, figure.unit) == (self.low, self.high, self.unit)
            and figure.sign in signs
            for figure in figures(quote)
        )

    def __str__(self) -> str:
        span = (
            format_plain(self.low)
            if self.low == self.high
            else f"{format_plain(self.low)}-{format_plain(self.high)}"
        )
        unit = self.unit if self.unit == "mg" else plural(self.high, self.unit)
        return f"{'>' if self.beyond else '>='} {span} {unit}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _written_schema(cls.parse, _BOUND, "> 2-4 weeks")
