"""How often and how long: an order brought to the time of a posology, or what is wrong with it."""

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
    """What is found of an order beside its amount: a fault, with its code, or a remark."""

    code: str | None
    text: str


def amount_per_period(
    row: DoseRow, order: Order, amount: Decimal
) -> tuple[Decimal | None, list[FrequencyFinding]]:
    """Return an order's amount for the time of a posology, and what is found beside it.

    ``amount`` is what is given at one time, in the row's unit; None comes back where the order is
    for another time, so that no amount can be compared.
    """
    if row.per == "course":
        return _of_course(row, order, amount)
    if order.per != row.per:
        return None, [FrequencyFinding("frequency", _other_time(row, order))]
    findings = [*_days(row, order), *_interval(row, order)]
    if row.per == "dose":
        return amount, [*_doses(row, order), *findings]
    return multiply(amount, Decimal(order.times)), findings


def _of_course(
    row: DoseRow, order: Order, amount: Decimal
) -> tuple[Decimal | None, list[FrequencyFinding]]:
    """Read an order of a course: a total, or a daily amount for a number of days."""
    findings = [*_days(row, order), *_interval(row, order)]
    if order.per == "course":
        return amount, findings
    if order.per != "day":
        return None, [FrequencyFinding("frequency", _other_time(row, order))]
    if order.days is None:
        over = f" over {_counted(row.days_low, row.days_high)}" if row.days_low else ""
        never = f"the source's amount is the total of a course{over}, never a daily dose"
        return None, [FrequencyFinding("frequency", f"the order names no number of days; {never}")]
    return multiply(amount, Decimal(order.times * order.days)), findings


def _other_time(row: DoseRow, order: Order) -> str:
    said = timing.noun(order.per) + (f" {timing.every(order.every)}" if order.every else "")
    given = timing.noun(row.per)
    if row.per == "course" and row.days_low:
        given += f", the total over {_counted(row.days_low, row.days_high)}"
    return f"the order is for {said}; the source gives an amount for {given}"


def _days(row: DoseRow, order: Order) -> Iterator[FrequencyFinding]:
    """Compare for how many days the order and the source are."""
    if row.days_low is None or row.days_high is None:
        if order.days is not None:
            given = row.lasts and timing.length(_parsed(row.lasts))
            why = f"the source gives it for {given}" if given else "the source gives no length"
            said = _counted(order.days, order.days)
            yield FrequencyFinding(None, f"How long it is for, {said}, is not compared: {why}.")
        return
    given = _counted(row.days_low, row.days_high)
    if order.days is None:
        yield FrequencyFinding(
            None, f"The order names no number of days; the source gives {given}."
        )
    elif not row.days_low <= order.days <= row.days_high:
        said = _counted(order.days, order.days)
        yield FrequencyFinding("days", f"the order is for {said}; the source gives {given}")


def _interval(row: DoseRow, order: Order) -> Iterator[FrequencyFinding]:
    """Compare how far apart the doses or courses of the order and of the source are."""
    if order.every is None:
        if row.every is not None and order.doses != 1:
            often = timing.every(_parsed(row.every))
            yield FrequencyFinding(
                None, f"The order names no interval; the source gives it {often}."
            )
        return
    said = timing.every(order.every)
    if row.every is None:
        yield FrequencyFinding(
            None, f"The interval, {said}, is not compared: the source gives none."
        )
        return
    given = _parsed(row.every)
    if not _overlap(order.every, given):
        yield FrequencyFinding(
            "interval", f"the order is {said}; the source gives {timing.every(given)}"
        )
    elif order.every.period != given.period and "month" in (order.every.period, given.period):
        low, high = _CALENDAR["month"]
        yield FrequencyFinding(None, f"A month is taken as {low} to {high} days.")


def _doses(row: DoseRow, order: Order) -> Iterator[FrequencyFinding]:
    """Compare how many doses the order and the source give in all."""
    if row.doses is None:
        if order.doses is not None and order.doses > 1:
            text = f"The number of doses, {order.doses}, is not compared: the source gives none."
            yield FrequencyFinding(None, text)
    elif order.doses is not None and order.doses != row.doses:
        said = f"{order.doses} {plural(order.doses, 'dose')}"
        yield FrequencyFinding("doses", f"the order is for {said}; the source gives {row.doses}")
    elif order.doses is None and order.every is not None:
        text = f"the order goes on {timing.every(order.every)}; the source gives {row.doses} doses"
        yield FrequencyFinding("doses", text)
    elif order.doses is None:
        text = f"The order names no number of doses; the source gives {row.doses}."
        yield FrequencyFinding(None, text)


@lru_cache
def _parsed(interval: str) -> Interval:
    return Interval.parse(interval)


def _overlap(one: Interval, other: Interval) -> bool:
    """Tell whether two intervals can be the same number of days."""
    if one.period == other.period:
        return one.low <= other.high and other.low <= one.high
    (low, high), (least, most) = (
        (each.low * _CALENDAR[each.period][0], each.high * _CALENDAR[each.period][1])
        for each in (one, other)
    )
    return low <= most and least <= high


def _counted(low: int | None, high: int | None) -> str:
    """Write a number of days: ``1 day``, ``2 to 5 days``."""
    return timing.length(Interval(low or 0, high or 0, "day"))
