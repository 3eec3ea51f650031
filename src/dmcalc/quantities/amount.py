"""Exact amounts with dimensions: the only place where a written quantity becomes a number.

A quantity is written as people write it ("0.75-1 mg/kg/day") and parsed strictly, straight into
:class:`~decimal.Decimal`. No float is made on the way. Each shape is a type of its own, so that an
amount per kg a day, per m2 a week and per course cannot be mixed up.
"""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, Inexact
from typing import TYPE_CHECKING, Any, Literal, Self

from dmcalc.quantities.base import Quantity

if TYPE_CHECKING:
    import datetime
    from fractions import Fraction

Mass = Literal["mcg", "mg", "g"]
Basis = Literal["kg", "m2"]
Per = Literal["day", "week", "course", "dose"]
Period = Literal["day", "week", "month"]
Direction = Literal["nearest", "down", "up"]

#: Sums and products of clinical figures need far fewer digits; a result that does not fit is an
#: error, never a silent rounding.
EXACT = Context(prec=60, traps=[Inexact])
#: For quotients, which need not come out even: they are rounded after it.
_LONG = Context(prec=60)
_ROUNDING = {"nearest": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}
_QUANTA = tuple(Decimal((0, (1,), -places)) for places in range(7))

DAYS = {"day": 1, "week": 7}
_MICROGRAMS = {"mcg": Decimal(1), "mg": Decimal(1000), "g": Decimal(1_000_000)}

# Patterns are text: a start on the bundled table reads no quantity and compiles none of them.
# No sign, no exponent, no bare dot, no leading zero: "0.5", never ".5" or "00.5".
_NUMBER = r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,6})?"
_SPAN = rf"(?P<low>{_NUMBER})(?:-(?P<high>{_NUMBER}))?"
_COUNT = r"[1-9][0-9]{0,3}"


def format_plain(number: Decimal | int) -> str:
    """Write a number without exponent, trailing zero or grouping: ``52.5``, ``70``, ``0.5``."""
    text = format(number, "f") if isinstance(number, Decimal) else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _written(low: Decimal | int, high: Decimal | int) -> str:
    return format_plain(low) if low == high else f"{format_plain(low)}-{format_plain(high)}"


def _ordered(low: str, high: str | None) -> tuple[Decimal, Decimal]:
    """Read both ends of a range; a range runs upwards and is not empty."""
    first = Decimal(low)
    last = Decimal(high) if high is not None else first
    if high is not None and first >= last:
        raise ValueError(f"low ({low}) is not below high ({high})")
    return first, last


class Rate(Quantity):
    """An amount per basis and per time, as a range: ``0.75-1 mg/kg/day``, ``2 g/kg/course``.

    ``basis`` is what the amount is multiplied by: kg of body weight, m2 of body surface, or
    None for a fixed amount. ``per`` is the time or event that the amount is for.
    """

    __slots__ = ("low", "high", "unit", "basis", "per")
    pattern = rf"{_SPAN} (?P<unit>mcg|mg|g)(?:/(?P<basis>kg|m2))?/(?P<per>day|week|course|dose)"
    examples = ("0.75-1 mg/kg/day",)

    low: Decimal
    high: Decimal
    unit: Mass
    basis: Basis | None
    per: Per

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        low, high = _ordered(match["low"], match["high"])
        if high <= 0:
            raise ValueError(f"{match.string!r} is not above 0")
        return cls(low, high, match["unit"], match["basis"], match["per"])

    def in_unit(self, unit: Mass) -> "Rate":
        """Return the same rate in another unit of mass, exactly."""
        low, high = (converted(value, self.unit, unit) for value in (self.low, self.high))
        return Rate(low, high, unit, self.basis, self.per)

    def __str__(self) -> str:
        basis = f"/{self.basis}" if self.basis else ""
        return f"{_written(self.low, self.high)} {self.unit}{basis}/{self.per}"


class Amount(Quantity):
    """One amount: ``20 mg``."""

    __slots__ = ("value", "unit")
    pattern = rf"(?P<low>{_NUMBER}) (?P<unit>mcg|mg|g)"
    examples = ("20 mg",)

    value: Decimal
    unit: Mass

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        return cls(Decimal(match["low"]), match["unit"])

    def value_in(self, unit: Mass) -> Decimal:
        """Return its number in another unit of mass, exactly."""
        return converted(self.value, self.unit, unit)

    def __str__(self) -> str:
        return f"{format_plain(self.value)} {self.unit}"


class AmountSpan(Quantity):
    """A range of amounts: ``5-10 mg``."""

    __slots__ = ("low", "high", "unit")
    pattern = rf"{_SPAN} (?P<unit>mcg|mg|g)"
    examples = ("5-10 mg",)

    low: Decimal
    high: Decimal
    unit: Mass

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        low, high = _ordered(match["low"], match["high"])
        if low <= 0:
            raise ValueError(f"{match.string!r} is not above 0")
        return cls(low, high, match["unit"])

    def __str__(self) -> str:
        return f"{_written(self.low, self.high)} {self.unit}"


class Concentration(Quantity):
    """An amount in 1 mL of a solution: ``100 mg/mL``."""

    __slots__ = ("value", "unit")
    pattern = rf"(?P<low>{_NUMBER}) (?P<unit>mcg|mg|g)/mL"
    examples = ("100 mg/mL",)

    value: Decimal
    unit: Mass

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        return cls(Decimal(match["low"]), match["unit"])

    def __str__(self) -> str:
        return f"{format_plain(self.value)} {self.unit}/mL"


class Interval(Quantity):
    """A length of time, as a range of whole days, weeks or months: ``4-12 weeks``."""

    __slots__ = ("low", "high", "period")
    pattern = rf"(?P<low>{_COUNT})(?:-(?P<high>{_COUNT}))? (?P<period>day|week|month)s?"
    examples = ("4-12 weeks",)

    low: int
    high: int
    period: Period

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        low, high = _ordered(match["low"], match["high"])
        return cls(int(low), int(high), match["period"])

    @property
    def shortest(self) -> "Interval":
        """The shorter end of the range."""
        return Interval(self.low, self.low, self.period)

    @property
    def longest(self) -> "Interval":
        """The longer end of the range."""
        return Interval(self.high, self.high, self.period)

    def __str__(self) -> str:
        plural = "" if self.high == 1 else "s"
        return f"{_written(self.low, self.high)} {self.period}{plural}"


class WeightSpan(Quantity):
    """A range of body weights in kg: ``30-300 kg``."""

    __slots__ = ("low", "high")
    pattern = rf"{_SPAN} kg"
    examples = ("30-300 kg",)

    low: Decimal
    high: Decimal

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        return cls(*_ordered(match["low"], match["high"]))

    def __str__(self) -> str:
        return f"{_written(self.low, self.high)} kg"


# As people type it: no space needed, small or capital letters, and no more than 3 decimals.
_TYPED_AMOUNT = r"((?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,3})?) ?(mcg|mg|g)"
_TYPED_INTERVAL = rf"({_COUNT}) ?(d|days?|w|weeks?)"
_ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def read_amount(text: str) -> Amount:
    """Read an amount as people type it, unit required: ``60mg``, ``60 mg``; raise ValueError."""
    found = re.fullmatch(_TYPED_AMOUNT, text.strip(), re.ASCII | re.IGNORECASE)
    if found is None or Decimal(found[1]) <= 0:
        raise ValueError(f"{text!r} is not an amount with its unit, like 60mg")
    return Amount(Decimal(found[1]), found[2].lower())  # type: ignore[arg-type]


def read_interval(text: str) -> Interval:
    """Read days or weeks as people type them: ``4w``, ``4 weeks``, ``28d``; raise ValueError."""
    found = re.fullmatch(_TYPED_INTERVAL, text.strip(), re.ASCII | re.IGNORECASE)
    if found is None:
        raise ValueError(f"{text!r} is not a number of days or weeks, like 28d or 4w")
    count = int(found[1])
    return Interval(count, count, "day" if found[2].lower().startswith("d") else "week")


def read_date(text: str) -> "datetime.date":
    """Read an ISO date, ``2026-12-01``; raise ValueError."""
    import datetime

    if not re.fullmatch(_ISO_DATE, text.strip(), re.ASCII):
        raise ValueError(f"{text!r} is not a date written like 2026-12-01")
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"there is no day {text.strip()}") from None


# The formulas. Multiply, divide, min, max and round-to-step, and nothing else.


def scaled(rate: Decimal, size: Decimal) -> Decimal:
    """Return rate x basis, exactly (mg/kg x kg, g/m2 x m2)."""
    return EXACT.multiply(rate, size)


def converted(amount: Decimal, unit: Mass, wanted: Mass) -> Decimal:
    """Return an amount in another unit of mass, exactly."""
    return EXACT.divide(EXACT.multiply(amount, _MICROGRAMS[unit]), _MICROGRAMS[wanted])


def capped(amount: Decimal, cap: Decimal | None) -> Decimal:
    """Return the smaller of an amount and its cap, both in one unit."""
    return amount if cap is None else min(amount, cap)


def divided(amount: Decimal, parts: int, *, up: bool) -> Decimal:
    """Divide an amount into equal parts, rounded to 0.000001 where it does not come out even.

    ``up`` gives the direction: the low end of a range goes up and the high end down, so that the
    rounded range stays inside the exact one.
    """
    return rounded(_quotient(amount, Decimal(parts)), 6, up=up)


def per_basis(amount: Decimal, size: Decimal) -> Decimal:
    """Return amount / size to 4 places, half up: what stands beside a dose as its mg/kg."""
    return _quotient(amount, size).quantize(_QUANTA[4], rounding=ROUND_HALF_UP)


def rounded(value: Decimal, places: int, *, up: bool) -> Decimal:
    """Round to a number of decimal places in one direction; an exact value stays as it is."""
    direction = ROUND_CEILING if up else ROUND_FLOOR
    return value.quantize(_QUANTA[places], rounding=direction)


def round_to_step(amount: Decimal, step: Decimal, direction: Direction) -> Decimal:
    """Round an amount to a multiple of a step, both in one unit; ties go half up."""
    return (amount / step).quantize(Decimal(1), rounding=_ROUNDING[direction]) * step


def decimal(value: "Fraction") -> Decimal:
    """Return a fraction as a Decimal: exactly, or rounded down to 0.000001 if it has no end."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1:
        return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return EXACT.scaleb(Decimal(value.numerator * 10**6 // value.denominator), -6)


def half_up(value: "Fraction", places: int) -> Decimal:
    """Round a fraction to a number of decimal places, ties half up; no trailing zero is added."""
    units = (value * 2 * 10**places + 1) // 2
    return Decimal(format_plain(EXACT.scaleb(Decimal(units), -places)))


def _quotient(amount: Decimal, divisor: Decimal) -> Decimal:
    return _LONG.divide(amount, divisor)
