"""Times in words: how often, how long and on which date.

"Daily" and "once a week" are written in full (ISMP list of error-prone abbreviations 2021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.quantities.time import MONTHS as MONTHS
from dmcalc.text.numbers import format_range, plural

if TYPE_CHECKING:
    import datetime

    from dmcalc.quantities.time import Interval

_SUFFIXES = {"day": " daily", "week": " once a week", "course": " per course"}
_NOUNS = {"day": "a day", "week": "a week", "course": "a course", "dose": "one dose"}


def suffix(per: str | None) -> str:
    """Write how often an amount is given, after it: ``" daily"``; nothing for a single dose."""
    return _SUFFIXES.get(per or "dose", "")


def noun(per: str | None) -> str:
    """Write what an amount is for: ``a day``, ``a course``, ``one dose``."""
    return _NOUNS[per or "dose"]


def times_daily(times: int | None) -> str:
    """Write how many times a day, after an amount: ``" twice daily"``; nothing if not known."""
    return {None: "", 1: " once daily", 2: " twice daily"}.get(times, f" {times} times daily")


def how_often(times: int | None, every_days: int) -> str:
    """Write how often in so many days: ``twice daily``, ``once a week``, ``a single dose``."""
    if times is None:
        return "a single dose"
    if every_days == 1:
        return times_daily(times).strip()
    period = "a week" if every_days == 7 else f"every {every_days} days"
    return f"{'once' if times == 1 else f'{times} times'} {period}"


def length(interval: Interval) -> str:
    """Write a length of time: ``4 to 6 weeks``, ``1 month``."""
    return f"{format_range(interval.low, interval.high)} {plural(interval.high, interval.period)}"


def every(interval: Interval) -> str:
    """Write how often: ``every 4 weeks``, ``every month``."""
    return f"every {interval.period}" if interval.high == 1 else f"every {length(interval)}"


def hours(minutes: int) -> str:
    """Write a number of minutes: ``30 min``, ``4 h``, ``4 h 15 min``."""
    full, rest = divmod(minutes, 60)
    if not full:
        return f"{rest} min"
    return f"{full} h {rest} min" if rest else f"{full} h"


def date(day: datetime.date) -> str:
    """Write a date for patients: ``1 December 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
