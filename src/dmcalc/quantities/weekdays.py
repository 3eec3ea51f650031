"""Weekdays: on which day a dose once a week is given, and what is given on the day after."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Literal, get_args

from dmcalc.results.base import source_keys
from dmcalc.schedules.model import Beside, past_the_last_date

if TYPE_CHECKING:
    from dmcalc.table.model.schedules import Titration

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def first_on(start: datetime.date, day: str | None) -> datetime.date:
    """Return the first such weekday on or after a date; raise UsageError past the last date."""
    if day is None:
        return start
    try:
        return start + datetime.timedelta(days=(WEEKDAYS.index(day) - start.weekday()) % 7)
    except OverflowError:
        raise past_the_last_date(start) from None


def day_after(titration: Titration, day: str | None) -> Beside | None:
    """Return what the source gives on the day after each dose, whose weekday is ``day``."""
    other = titration.day_after
    if other is None:
        return None
    following = WEEKDAYS[(WEEKDAYS.index(day) + 1) % len(WEEKDAYS)] if day else None
    dose = other.dose
    return Beside(
        other.name, dose.low, dose.high, dose.unit, dose.per, following, source_keys(other.cite)
    )
