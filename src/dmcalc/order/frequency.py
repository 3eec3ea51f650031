"""How often and how long: an order converted to the period of a posology, or its fault."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.quantities.arithmetic import multiply
from dmcalc.quantities.time import Interval
from dmcalc.text import timing
from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.order.parse import Order

#: The fewest and the most days of a calendar day, week and month.
_CALENDAR = {"day": (1, 1), "week": (7, 7), "month": (28, 31)}


class FrequencyFinding(NamedTuple):
    """What there is to say of an order besides its amount: a fault, with its code, or a remark."""

    code: str | None
    text: str


def amount_per_period(
    dose: DoseRow, order: Order, amount: Decimal
) -> tuple[Decimal | None, list[FrequencyFinding]]:
    """Return an order's amount for the time of a posology, and what else there is to say of it.

    ``amount`` is what is given at one time, in the unit of ``dose``; None comes back where the
    order is for another time, so that no amount can be compared.
    """
    if dose.per == "course":
        return _of_course(dose, order, amount)
    if order.per != dose.per:
        return None, [FrequencyFinding("frequency", _other_time(dose, order))]
    findings = [*_days(dose, order), *_interval(dose, order)]
    if dose.per == "dose":
        return amount, [*_doses(dose, order), *findings]
    return multiply(amount, Decimal(order.times)), [*_division(dose, order), *findings]


def _division(dose: DoseRow, order: Order) -> Iterator[FrequencyFinding]:
    """Compare in how many doses the order and the source give the amount of a day."""
    if dose.times_daily is None or order.times * order.parts >= dose.times_daily:
        return
    divided = f"a source divides it into {dose.times_daily} ({dose.times_daily_population})"
    if order.undivided or order.times * order.parts > 1:
        doses = f"{order.times * order.parts} {plural(order.times * order.parts, 'dose')}"
        text = f"the order gives the amount of a day in {doses}; {divided}"
        yield FrequencyFinding("divided", text)
    else:
        text = f"The order does not say in how many doses the amount of a day is given; {divided}."
        yield FrequencyFinding(None, text)


def _of_course(
    dose: DoseRow, order: Order, amount: Decimal
) -> tuple[Decimal | None, list[FrequencyFinding]]:
    """Read an order of a course: a total, or a daily amount for a number of days."""
    findings = [*_days(dose, order), *_interval(dose, order)]
    if order.per == "course":
        return amount, findings
    if order.per != "day":
        return None, [FrequencyFinding("frequency", _other_time(dose, order))]
    if order.days is None:
        days = _days_of_source(dose)
        over = f" over {days}" if days else ""
        never = f"the source's amount is the total of a course{over}, never a daily dose"
        return None, [FrequencyFinding("frequency", f"the order names no number of days; {never}")]
    return multiply(amount, Decimal(order.times * order.days)), findings


def _other_time(dose: DoseRow, order: Order) -> str:
    ordered = timing.noun(order.per) + (f" {timing.every(order.every)}" if order.every else "")
    source = timing.noun(dose.per)
    days = _days_of_source(dose)
    if dose.per == "course" and days:
        source += f", the total over {days}"
    return f"the order is for {ordered}; the source gives an amount for {source}"


def _days(dose: DoseRow, order: Order) -> Iterator[FrequencyFinding]:
    """Compare for how many days the order and the source are."""
    source = _days_of_source(dose)
    if source is None:
        if order.days is not None:
            lasts = dose.lasts and timing.length(_parsed(dose.lasts))
            why = f"the source gives it for {lasts}" if lasts else "the source gives no length"
            days = _counted(order.days)
            yield FrequencyFinding(None, f"How long it is for, {days}, is not compared: {why}.")
        return
    assert dose.days_low is not None and dose.days_high is not None
    if order.days is None and order.per == "course":
        yield FrequencyFinding(
            None, f"The order names no number of days; the source gives {source}."
        )
    elif order.days is None:
        text = f"the order names no number of days, and so no end; the source gives {source}"
        yield FrequencyFinding("days", text)
    elif not dose.days_low <= order.days <= dose.days_high:
        days = _counted(order.days)
        yield FrequencyFinding("days", f"the order is for {days}; the source gives {source}")


def _interval(dose: DoseRow, order: Order) -> Iterator[FrequencyFinding]:
    """Compare the interval of the doses or courses of the order with that of the source."""
    if order.every is None:
        if dose.every is not None and order.doses != 1:
            often = timing.every(_parsed(dose.every))
            yield FrequencyFinding(
                None, f"The order names no interval; the source gives it {often}."
            )
        return
    ordered = timing.every(order.every)
    if dose.every is None:
        yield FrequencyFinding(
            None, f"The interval, {ordered}, is not compared: the source gives none."
        )
        return
    source = _parsed(dose.every)
    if not _overlap(order.every, source):
        yield FrequencyFinding(
            "interval", f"the order is {ordered}; the source gives {timing.every(source)}"
        )
    elif order.every.period != source.period and "month" in (order.every.period, source.period):
        low, high = _CALENDAR["month"]
        yield FrequencyFinding(None, f"A month is taken as {low} to {high} days.")


def _doses(dose: DoseRow, order: Order) -> Iterator[FrequencyFinding]:
    """Compare how many doses the order and the source give in all."""
    if dose.doses is None:
        if order.doses is not None and order.doses > 1:
            text = f"The number of doses, {order.doses}, is not compared: the source gives none."
            yield FrequencyFinding(None, text)
    elif order.doses is not None and order.doses != dose.doses:
        doses = f"{order.doses} {plural(order.doses, 'dose')}"
        yield FrequencyFinding("doses", f"the order is for {doses}; the source gives {dose.doses}")
    elif order.doses is None and order.every is not None:
        text = f"the order goes on {timing.every(order.every)}; the source gives {dose.doses} doses"
        yield FrequencyFinding("doses", text)
    elif order.doses is None:
        text = f"The order names no number of doses; the source gives {dose.doses}."
        yield FrequencyFinding(None, text)


@lru_cache
def _parsed(interval: str) -> Interval:
    return Interval.parse(interval)


def _overlap(ordered: Interval, source: Interval) -> bool:
    """Tell whether two intervals can be the same number of days."""
    if ordered.period == source.period:
        return ordered.low <= source.high and source.low <= ordered.high
    (low, high), (least, most) = map(_in_days, (ordered, source))
    return low <= most and least <= high


def _in_days(interval: Interval) -> tuple[int, int]:
    fewest, most = _CALENDAR[interval.period]
    return interval.low * fewest, interval.high * most


def _days_of_source(dose: DoseRow) -> str | None:
    """Write the days of a posology: ``2 to 5 days``; None where its source gives none."""
    if dose.days_low is None:
        return None
    assert dose.days_high is not None
    return timing.length(Interval(dose.days_low, dose.days_high, "day"))


def _counted(days: int) -> str:
    """Write a number of days: ``1 day``."""
    return timing.length(Interval(days, days, "day"))
