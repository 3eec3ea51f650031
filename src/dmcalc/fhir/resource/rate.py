"""What the rate of an infusion gives in the time of one administration."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.fhir.findings import shown
from dmcalc.fhir.resource import quantity
from dmcalc.fhir.resource.json_text import list_of
from dmcalc.fhir.resource.quantity import Measure
from dmcalc.quantities.arithmetic import to_decimal
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.fhir.findings import Findings, Path

#: Hours in a unit of time, by its code and as it is written.
_HOURS = {
    **dict.fromkeys(("s", "sec"), Fraction(1, 3600)),
    **dict.fromkeys(("min", "minute"), Fraction(1, 60)),
    **dict.fromkeys(("h", "hr", "hour"), Fraction(1)),
    **dict.fromkeys(("d", "day"), Fraction(24)),
}
_NAMES = ("rateQuantity", "rateRatio", "rateRange")


class Delivered(Record):
    """An amount that a rate gives in its time; of a range both ends."""

    low: Measure
    high: Measure
    #: In mg, mL or as it is; rate and time may have been rounded in their last figure.
    least: Fraction
    most: Fraction
    #: The rate and its time: ``10 g/h for 2 h``.
    words: str
    path: Path

    def __str__(self) -> str:
        both = self.high if self.low == self.high else f"{self.low} to {self.high}"
        return f"{self.words} is {both}"


class _Rate(Record):
    """An amount in so many hours."""

    amount: Measure
    hours: Fraction
    words: str


def delivered(value: dict[str, object], path: Path, findings: Findings) -> Iterator[Delivered]:
    """Yield what each rate of a dosage gives, where the length of an administration is stated."""
    timing = value.get("timing")
    repeat = timing.get("repeat") if isinstance(timing, dict) else None
    if not isinstance(repeat, dict):
        return
    unit, shortest = repeat.get("durationUnit"), repeat.get("duration")
    longest = repeat.get("durationMax", shortest)
    if not isinstance(shortest, int | Decimal) or not isinstance(longest, int | Decimal):
        return
    if unit not in ("s", "min", "h") or not 0 < shortest <= longest:
        return
    times = Decimal(shortest), Decimal(longest)
    for number, part in enumerate(list_of(value.get("doseAndRate"))):
        for name in _NAMES:
            where = (*path, "doseAndRate", number, name)
            rate = part.get(name) if isinstance(part, dict) else None
            ends = _ends(rate, where, findings) if isinstance(rate, dict) else None
            if ends is not None:
                yield _given(*ends, times, str(unit), where)


def _given(
    low: _Rate, high: _Rate, times: tuple[Decimal, Decimal], unit: str, path: Path
) -> Delivered:
    hours, exact = _HOURS[unit], unit == "h" and all(time == int(time) for time in times)
    shortest, longest = times
    length = format_plain(shortest)
    if shortest != longest:
        length = f"{length} to {format_plain(longest)}"
    rates = low.words if low == high else f"{low.words} to {high.words}"
    least = _rounded(low.amount.value, -1) * Fraction(low.amount.factor) * hours / low.hours
    most = _rounded(high.amount.value, 1) * Fraction(high.amount.factor) * hours / high.hours
    return Delivered(
        _times(low.amount, Fraction(shortest) * hours / low.hours),
        _times(high.amount, Fraction(longest) * hours / high.hours),
        least * (Fraction(shortest) if exact else _rounded(shortest, -1)),
        most * (Fraction(longest) if exact else _rounded(longest, 1)),
        f"{rates} for {length} {unit}",
        path,
    )


def _times(amount: Measure, factor: Fraction) -> Measure:
    return amount._replace(value=to_decimal(Fraction(amount.value) * factor))


def _rounded(number: Decimal, way: int) -> Fraction:
    """Return the least or the most that may have been rounded, no more than a twentieth away."""
    exponent = number.as_tuple().exponent
    last = Fraction(10) ** min(exponent if isinstance(exponent, int) else 0, 0)
    return Fraction(number) + way * min(last / 2, Fraction(number) / 20)


def _ends(value: dict[str, object], path: Path, findings: Findings) -> tuple[_Rate, _Rate] | None:
    """Read a rate, and of a range both; None, with a finding, for one that is not compared."""
    if path[-1] == "rateQuantity":
        rates = [_of_unit(value, path, findings)]
    elif path[-1] == "rateRatio":
        rates = [_of_ratio(value, path, findings)]
    else:
        rates = [_of_unit(value.get(end), (*path, end), findings) for end in ("low", "high")]
    low, high = rates[0], rates[-1]
    if low is None or high is None:
        message = "the rate is not compared with the dose: it is no amount in a time"
        findings.add("not-understood", path, message, severity="information")
        return None
    return low, high


def _of_unit(value: object, path: Path, findings: Findings) -> _Rate | None:
    rate = quantity.read(value, path, findings)
    if rate is None:
        return None
    amount, _, time = rate.unit.partition("/")
    hours = _HOURS.get(time.strip().lower())
    unit = quantity.unit_of_words(amount) or amount.strip()
    if hours is None or shown(unit) is None:
        return None
    words = f"{format_plain(rate.value)} {unit}/{time.strip()}"
    return _Rate(Measure(rate.value, unit, quantity.kind_of(unit)), hours, words)


def _of_ratio(value: dict[str, object], path: Path, findings: Findings) -> _Rate | None:
    amount = quantity.read(value.get("numerator"), (*path, "numerator"), findings)
    time = quantity.read(value.get("denominator"), (*path, "denominator"), findings)
    if amount is None or shown(amount.unit) is None:
        return None
    if time is None or time.unit not in _HOURS or not time.value:
        return None
    hours = _HOURS[time.unit] * Fraction(time.value)
    return _Rate(amount, hours, f"{amount} in {time}")
