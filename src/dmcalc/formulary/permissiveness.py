"""Compare a local value with the table's: is it of the same kind, and does it permit more?"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.quantities.amount import Amount, AmountRange, Rate, converted
from dmcalc.quantities.bounds import BodyRange, Percent
from dmcalc.quantities.flow import InfusionRate
from dmcalc.quantities.time import DAYS, Duration, Interval

if TYPE_CHECKING:
    from dmcalc.sources.figures import Path

#: Figures of which more is looser: how much, how fast, how often, how long after pooling.
_MORE = frozenset(
    (
        *("max", "max_at_risk", "doses", "courses", "times_daily", "increase", "by", "within"),
        *("then", "levels"),
    )
)


def dimension(value: object) -> tuple[object, ...]:
    """Return what must be the same in a local value: mg/kg/day is not mg/day, nor a month 4 weeks.

    The unit of mass may be another one: 500 mg/day may stand where the table has 1 g/day.
    """
    if isinstance(value, Rate):
        return "rate", value.basis, value.per
    if isinstance(value, Interval):
        return "interval", value.period == "month"
    if isinstance(value, InfusionRate):
        return "infusion rate", value.unit
    return (type(value).__name__,)


def permits_more(path: Path, base: object, value: object) -> bool:
    """Tell whether a local value permits more than the table's.

    - A cap (``max``, ``max_at_risk``), a number of doses or courses, an increase, a listed rate or
      dose, and the time after pooling: looser where either end is higher.
    - The time from one dose or step up to the next (``every`` of a regimen, an infusion or a way
      up): looser where either end is shorter.
    - All else is a range that the table keeps to - a dose, days, a hold, the bands of a taper,
      limits of a patient: looser where the low end is lower or the high end higher. A single
      value is a range of one, so that any other value is looser.

    A cap where the table has none is never looser.
    """
    if base is None:
        return False
    (low, high), (new_low, new_high) = _ends(base), _ends(value)
    key = next(part for part in reversed(path) if isinstance(part, str))
    if key in _MORE:
        return new_low > low or new_high > high
    if key == "every" and "bands" not in path:
        return new_low < low or new_high < high
    return new_low < low or new_high > high


def _ends(value: object) -> tuple[Decimal, Decimal]:
    """Return both ends of a value as bare numbers: in mcg, days, minutes, kg or as they are."""
    if isinstance(value, Rate | AmountRange):
        low, high = (converted(end, value.unit, "mcg") for end in (value.low, value.high))
        return low, high
    if isinstance(value, Amount):
        amount = value.value_in("mcg")
        return amount, amount
    if isinstance(value, Interval):
        size = DAYS.get(value.period, 1)  # months are compared with months only
        return Decimal(value.low * size), Decimal(value.high * size)
    if isinstance(value, BodyRange):
        return value.low, value.high
    if isinstance(value, Percent):
        return value.value, value.value
    if isinstance(value, Duration):
        value = value.minutes
    elif isinstance(value, InfusionRate):
        value = value.value
    assert isinstance(value, int | Decimal)
    return Decimal(value), Decimal(value)
