"""Thresholds of the guideline, and the fraction of a dose that its rules leave.

A file apart from the other bounds: a start on the drug table alone needs none of these.
"""

import operator
import re
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Self, get_args

from dmcalc.quantities import arithmetic, formulas
from dmcalc.quantities.amount import DoseRange
from dmcalc.quantities.base import Match, Quantity, format_plain, range_text

Sign = Literal["<", "<=", ">", ">="]
End = Literal["low", "high"]
ThresholdUnit = Literal["mg", "day", "week", "month"]
ResultUnit = Literal[
    "% above baseline", "fL", "g/L", "mL/min/1.73 m2", "mL/min", "mmHg", "units/L", "x10^9/L",
]  # fmt: skip
Measure = Literal["egfr", "crcl", "age"]
Trait = Literal["bmi", "height", "over ideal"]

_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_SIGN_WORDS = {"<": "below", "<=": "up to", ">": "above", ">=": "from"}

PERCENT_ABOVE: ResultUnit = "% above baseline"
_RESULT_UNITS = "|".join(re.escape(f" {u}") for u in get_args(ResultUnit) if u != PERCENT_ABOVE)
_TRAIT_UNITS: dict[Trait, str] = {"bmi": "", "height": " cm", "over ideal": "%"}


class Threshold(Quantity):
    """A number with a sign: values on that side of it meet it."""

    __slots__ = ()

    sign: Sign

    @property
    def beyond(self) -> bool:
        """Whether the number itself does not meet it, as in "more than 3 months"."""
        return self.sign in ("<", ">")

    def _compare(self, value: Decimal | Fraction, number: Decimal) -> bool:
        return bool(_COMPARE[self.sign](Fraction(value), Fraction(number)))


class DoseThreshold(Threshold):
    """How much, or how long; a source may give a range: ``> 15-30 mg``, ``>= 1 month``."""

    __slots__ = ("sign", "low", "high", "unit")
    pattern = (
        r"(?P<sign>>=|>) (?P<low>[0-9]{1,4}(?:\.[0-9]{1,2})?)(?:-(?P<high>[0-9]{1,4}))? "
        r"(?P<unit>mg|day|week|month)s?"
    )
    examples = ("> 2-4 weeks", ">= 2.5 mg")

    low: Decimal
    high: Decimal
    unit: ThresholdUnit

    @classmethod
    def _of(cls, match: Match) -> Self:
        low = Decimal(match["low"])
        high = Decimal(match["high"] or match["low"])
        if low > high or low <= 0:
            raise ValueError(f"{match.string!r} is not a range that runs upwards from above 0")
        return cls(match["sign"], low, high, match["unit"])

    def at(self, end: End) -> Decimal:
        """Return the number at one end of the range that the source gives."""
        return self.low if end == "low" else self.high

    def met(self, value: Decimal, end: End) -> bool:
        """Tell whether a value reaches one end of the threshold, in its unit."""
        return self._compare(value, self.at(end))

    def __str__(self) -> str:
        plural = "" if self.unit == "mg" or self.high == 1 else "s"
        return f"{self.sign} {range_text(self.low, self.high)} {self.unit}{plural}"


class ResultLimit(Threshold):
    """What a result must not be: ``< 3.5 x10^9/L``, ``> 105 fL``, ``>= 30% above baseline``."""

    __slots__ = ("sign", "value", "unit")
    pattern = (
        rf"(?P<sign><|>=|>) (?P<value>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?)"
        rf"(?P<unit>{_RESULT_UNITS}|{PERCENT_ABOVE})"
    )
    examples = ("< 3.5 x10^9/L", "> 100 units/L")

    value: Decimal
    unit: ResultUnit

    @classmethod
    def _of(cls, match: Match) -> Self:
        return cls(match["sign"], Decimal(match["value"]), match["unit"].strip())

    def crossed(self, value: Fraction) -> bool:
        """Tell whether a result is past it; at the limit only where that counts."""
        return self._compare(value, self.value)

    def __str__(self) -> str:
        space = "" if self.unit == PERCENT_ABOVE else " "
        return f"{self.sign} {format_plain(self.value)}{space}{self.unit}"


class MeasureBand(Threshold):
    """A part of a scale, without gap or overlap to the next: ``egfr 30-59``, ``age > 70``.

    ``30-59`` in whole numbers goes on to just below 60, and ``< 30`` ends just below 30. ``last``
    is the 59; None where the band is open.
    """

    __slots__ = ("sign", "measure", "value", "last")
    pattern = (
        r"(?P<measure>egfr|crcl|age) (?:(?P<sign><|<=|>|>=) (?P<value>[0-9]{1,3})|"
        r"(?P<low>[0-9]{1,3})-(?P<high>[0-9]{1,3}))"
    )
    examples = ("egfr 30-59", "crcl < 30")

    measure: Measure
    value: Decimal
    last: Decimal | None

    @classmethod
    def _of(cls, match: Match) -> Self:
        if match["value"] is not None:
            return cls(match["sign"], match["measure"], Decimal(match["value"]), None)
        low, high = Decimal(match["low"]), Decimal(match["high"])
        if low >= high:
            raise ValueError(f"{match.string!r} does not run upwards")
        return cls(">=", match["measure"], low, high)

    def holds(self, value: Fraction) -> bool:
        """Tell whether a value is in it."""
        return self._compare(value, self.value) and (self.last is None or value < self.last + 1)

    @property
    def lower_edge(self) -> tuple[Decimal, bool] | None:
        """Where it begins, and whether that number itself is below it; None where it is open."""
        return None if "<" in self.sign else (self.value, self.sign == ">")

    @property
    def upper_edge(self) -> tuple[Decimal, bool] | None:
        """Where it ends, and whether that number itself is in it; None where it is open."""
        if "<" in self.sign:
            return self.value, self.sign == "<="
        return None if self.last is None else (self.last + 1, False)

    @property
    def words(self) -> str:
        """Say it for people: ``30 to 59``, ``below 30``, ``above 30``, ``from 71``."""
        if self.last is not None:
            return f"{format_plain(self.value)} to {format_plain(self.last)}"
        return f"{_SIGN_WORDS[self.sign]} {format_plain(self.value)}"

    def __str__(self) -> str:
        if self.last is not None:
            return f"{self.measure} {range_text(self.value, self.last)}"
        return f"{self.measure} {self.sign} {format_plain(self.value)}"


class BodyCondition(Threshold):
    """What a body must be for a policy: ``bmi > 30``, ``height >= 152.4 cm``, ``over ideal > 20%``.

    ``over ideal`` is by how much the actual weight exceeds the ideal one, in per cent of it.
    """

    __slots__ = ("sign", "trait", "value")
    pattern = (
        r"(?P<trait>bmi|height|over ideal) (?P<sign>>=|>) (?P<value>[0-9]{1,3}(?:\.[0-9])?)"
        r"(?: cm|%)?"
    )
    examples = ("bmi > 30", "height >= 152.4 cm")

    trait: Trait
    value: Decimal

    @classmethod
    def _of(cls, match: Match) -> Self:
        if not match.string.endswith(f"{match['value']}{_TRAIT_UNITS[match['trait']]}"):
            raise cls._unlike(match.string)
        return cls(match["sign"], match["trait"], Decimal(match["value"]))

    def met(self, value: Fraction) -> bool:
        """Tell whether a value meets it."""
        return self._compare(value, self.value)

    @property
    def words(self) -> str:
        """Say it for people: ``a body mass index above 30``."""
        value = format_plain(self.value)
        if self.trait == "height":
            return f"a height {_SIGN_WORDS[self.sign]} {value} cm"
        if self.trait == "bmi":
            return f"a body mass index {_SIGN_WORDS[self.sign]} {value}"
        more = "more than " if self.beyond else ""
        return f"a weight {more}{value} per cent above the ideal one"

    def __str__(self) -> str:
        return f"{self.trait} {self.sign} {format_plain(self.value)}{_TRAIT_UNITS[self.trait]}"


class FractionLeft(Quantity):
    """What is left of a dose, a fraction or a range of two: ``1/4``, ``1/4-1/3``."""

    __slots__ = ("low", "high")
    pattern = r"(?P<a>[1-9])/(?P<b>[1-9][0-9]?)(?:-(?P<c>[1-9])/(?P<d>[1-9][0-9]?))?"
    examples = ("1/4-1/3", "1/2")

    low: Fraction
    high: Fraction

    @classmethod
    def _of(cls, match: Match) -> Self:
        low = Fraction(int(match["a"]), int(match["b"]))
        high = Fraction(int(match["c"]), int(match["d"])) if match["c"] else low
        if low > high or high >= 1:
            raise ValueError(f"{match.string!r} is not a share below 1 that runs upwards")
        return cls(low, high)

    def of(self, dose: DoseRange) -> DoseRange:
        """Return what it leaves of a dose; an end without end is rounded into the range."""
        ends = formulas.fraction_left(arithmetic, (dose.low, dose.high), self.low, self.high)
        return DoseRange(*ends, dose.unit)

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"
