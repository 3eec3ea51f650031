"""Exact amounts with dimensions: the only place where a written amount becomes a number.

An amount is written as people write it ("0.75-1 mg/kg/day") and parsed strictly, straight into
:class:`~decimal.Decimal`. No float is made on the way. Each shape is a type of its own, so that an
amount per kg a day, per m2 a week and per course cannot be mixed up.
"""

import re
from decimal import Decimal
from typing import Literal, Self

from dmcalc.quantities import arithmetic, formulas
from dmcalc.quantities.arithmetic import EXACT, per_size, subtract
from dmcalc.quantities.base import DECIMALS, NUMBER, RANGE, Quantity, range_text

Mass = Literal["mcg", "mg", "g"]
SizeBasis = Literal["kg", "m2"]
Per = Literal["day", "week", "course", "dose"]

_MICROGRAMS = {"mcg": Decimal(1), "mg": Decimal(1000), "g": Decimal(1_000_000)}

# As people type it: no space needed, small or capital letters.
_TYPED_AMOUNT = rf"((?:0|[1-9][0-9]{{0,5}}){DECIMALS}) ?(mcg|mg|g)"


class Rate(Quantity):
    """An amount per basis and per time, as a range: ``0.75-1 mg/kg/day``, ``2 g/kg/course``.

    ``basis`` is what the amount is multiplied by: kg of body weight, m2 of body surface area, or
    None for a fixed amount. ``per`` is the time or event that the amount is for.
    """

    __slots__ = ("low", "high", "unit", "basis", "per")
    pattern = rf"{RANGE} (?P<unit>mcg|mg|g)(?:/(?P<basis>kg|m2))?/(?P<per>day|week|course|dose)"
    examples = ("0.75-1 mg/kg/day",)
    above_zero = "low"

    low: Decimal
    high: Decimal
    unit: Mass
    basis: SizeBasis | None
    per: Per

    def in_unit(self, unit: Mass) -> "Rate":
        """Return the same rate in another unit of mass, exactly."""
        low, high = (converted(value, self.unit, unit) for value in (self.low, self.high))
        return Rate(low, high, unit, self.basis, self.per)

    def __str__(self) -> str:
        basis = f"/{self.basis}" if self.basis else ""
        return f"{range_text(self.low, self.high)} {self.unit}{basis}/{self.per}"


class Amount(Quantity):
    """One amount: ``20 mg``."""

    __slots__ = ("value", "unit")
    pattern = rf"(?P<value>{NUMBER}) (?P<unit>mcg|mg|g)"
    examples = ("20 mg",)

    value: Decimal
    unit: Mass

    def value_in(self, unit: Mass) -> Decimal:
        """Return its number in another unit of mass, exactly."""
        return converted(self.value, self.unit, unit)


class AmountRange(Quantity):
    """A range of amounts: ``5-10 mg``."""

    __slots__ = ("low", "high", "unit")
    pattern = rf"{RANGE} (?P<unit>mcg|mg|g)"
    examples = ("5-10 mg",)
    above_zero = "low"

    low: Decimal
    high: Decimal
    unit: Mass


class Concentration(Quantity):
    """An amount in 1 mL of a solution: ``100 mg/mL``."""

    __slots__ = ("value", "unit")
    pattern = rf"(?P<value>{NUMBER}) (?P<unit>mcg|mg|g)/mL"
    examples = ("100 mg/mL",)
    above_zero = "value"

    value: Decimal
    unit: Mass

    def __str__(self) -> str:
        return f"{super().__str__()}/mL"


class DoseRange(Quantity):
    """What a dose comes to for one patient, from low to high; one dose has equal ends.

    It is computed, never written. What it is compared with is brought to its unit first.
    """

    __slots__ = ("low", "high", "unit")

    low: Decimal
    high: Decimal
    unit: Mass

    # each row of a batch makes several: the loop of all quantities takes twice as long
    def __init__(self, low: Decimal, high: Decimal, unit: Mass) -> None:
        keep = object.__setattr__
        keep(self, "low", low)
        keep(self, "high", high)
        keep(self, "unit", unit)

    @classmethod
    def of(cls, rate: Rate, size: Decimal = Decimal(1)) -> Self:
        """Return what a rate comes to for a size in its basis (kg, m2), exactly."""
        return cls(*formulas.sized(arithmetic, (rate.low, rate.high), size), rate.unit)

    @classmethod
    def between(cls, low: Decimal | None, high: Decimal | None, unit: Mass | None) -> Self | None:
        """Return the dose of a row; None for a row without one."""
        return None if low is None or high is None or unit is None else cls(low, high, unit)

    def in_unit(self, unit: Mass) -> "DoseRange":
        """Return the same dose in another unit of mass, exactly."""
        if unit == self.unit:
            return self
        low, high = (converted(end, self.unit, unit) for end in (self.low, self.high))
        return DoseRange(low, high, unit)

    def scale(self, factor: Decimal) -> "DoseRange":
        """Return both ends times a factor, exactly."""
        return DoseRange(*formulas.sized(arithmetic, (self.low, self.high), factor), self.unit)

    def cap(self, maximum: "DoseRange | None") -> "DoseRange":
        """Return it with low up to the low end of a maximum, and high up to its high end."""
        if maximum is None:
            return self
        most = maximum.in_unit(self.unit)
        ends = formulas.capped(arithmetic, (self.low, self.high), (most.low, most.high))
        return DoseRange(*ends, self.unit)

    def divide(self, most: int, fewest: int) -> "DoseRange":
        """Divide it into equal parts, low into the most and high into the fewest of them.

        An end that does not come out even is rounded to 0.000001, into the range; both ends are
        rounded down where no such number lies in it.
        """
        ends = formulas.divided(arithmetic, (self.low, self.high), most, fewest)
        return DoseRange(*ends, self.unit)

    def minus(self, other: "DoseRange") -> "DoseRange":
        """Return what each end has more than that of another dose, exactly; negative where less."""
        less = other.in_unit(self.unit)
        low, high = subtract(self.low, less.low), subtract(self.high, less.high)
        return DoseRange(low, high, self.unit)

    def per_size(self, size: Decimal) -> tuple[Decimal, Decimal]:
        """Return both ends for 1 kg or m2, to 4 places, half up."""
        return per_size(self.low, size), per_size(self.high, size)


def converted(amount: Decimal, unit: Mass, target: Mass) -> Decimal:
    """Return an amount in another unit of mass, exactly."""
    if unit == target:
        return amount
    return EXACT.divide(EXACT.multiply(amount, _MICROGRAMS[unit]), _MICROGRAMS[target])


def read_amount(text: str) -> Amount:
    """Read an amount as people type it, unit required: ``60mg``, ``60 mg``; raise ValueError."""
    match = re.fullmatch(_TYPED_AMOUNT, text.strip(), re.ASCII | re.IGNORECASE)
    if match is None or Decimal(match[1]) <= 0:
        raise ValueError(f"{text!r} is not an amount with its unit, like 60mg")
    return Amount(Decimal(match[1]), match[2].lower())  # type: ignore[arg-type]
