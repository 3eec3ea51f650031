"""Months on the calendar."""

from __future__ import annotations

import calendar
import datetime

from dmcalc.errors import UsageError


def months_later(start: datetime.date, months: int) -> datetime.date:
    """Return the same day some months later, or the last day of that month where it has none.

    Raise UsageError where that is past the last date there is.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > datetime.MAXYEAR:
        raise UsageError(f"the schedule from {start} runs past the last date there is")
    return start.replace(
        year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1])
    )
