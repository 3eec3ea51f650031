"""A threshold as the sources of the guide write it: how much, or how long."""

import re
from decimal import Decimal
from typing import Any, Literal, Self

from dmcalc.quantities.base import Quantity, format_plain
from dmcalc.text.numbers import plural

BoundUnit = Literal["mg", "day", "week", "month"]


class Bound(Quantity):
    """A threshold, where a source gives a range for it too: ``> 15-30 mg``, ``>= 1 month``.

    ``beyond`` tells whether the value itself is still below it, as in "more than 3 months".
    """

    __slots__ = ("low", "high", "unit", "beyond")
    pattern = (
        r"(?P<sign>>=|>) (?P<low>[0-9]{1,4}(?:\.[0-9]{1,2})?)(?:-(?P<high>[0-9]{1,4}))? "
        r"(?P<unit>mg|day|week|month)s?"
    )
    examples = ("> 2-4 weeks", ">= 2.5 mg")

    low: Decimal
    high: Decimal
    unit: BoundUnit
    beyond: bool

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        low = Decimal(match["low"])
        high = Decimal(match["high"] or match["low"])
        if low > high or low <= 0:
            raise ValueError(f"{match.string!r} is not a range that runs upwards from above 0")
        return cls(low, high, match["unit"], match["sign"] == ">")

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
        span = "-".join(map(format_plain, dict.fromkeys((self.low, self.high))))
        unit = self.unit if self.unit == "mg" else plural(self.high, self.unit)
        return f"{'>' if self.beyond else '>='} {span} {unit}"
