"""Time: intervals of days, weeks and months, durations within a day, dates and weekdays."""

import datetime
import re
from typing import Literal, Self, get_args

from dmcalc.errors import UsageError
from dmcalc.quantities.base import COUNT, Match, Quantity, range_text, read_range

Period = Literal["day", "week", "month"]
Clock = Literal["minute", "hour"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

DAYS = {"day": 1, "week": 7}
MINUTES = {"minute": 1, "hour": 60}
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

_TYPED_INTERVAL = rf"({COUNT}) ?(d|days?|w|weeks?)"
_TYPED_TIME = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
#: No patient of today was born before it, and no treatment began.
FIRST_YEAR = 1900
_ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
#: A column of dates is often one of times, all of them midnight.
_LAX_ISO_DATE = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_DAY_FIRST = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)? (?P<month>[a-z]{3,9}) (?P<year>[0-9]{4})"
_MONTH_FIRST = r"(?P<month>[a-z]{3,9}) (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})"
_NUMBERS_ALONE = r"[0-9]{1,2}([/.])[0-9]{1,2}\1[0-9]{2,4}"
#: Not from the locale: texts have one language.
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


class Interval(Quantity):
    """A length of time, as a range of whole days, weeks or months: ``4-12 weeks``."""

    __slots__ = ("low", "high", "period")
    pattern = rf"(?P<low>{COUNT})(?:-(?P<high>{COUNT}))? (?P<period>day|week|month)s?"
    examples = ("4-12 weeks",)

    low: int
    high: int
    period: Period

    @classmethod
    def _of(cls, match: Match) -> Self:
        low, high = read_range(match)
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
        return f"{range_text(self.low, self.high)} {self.period}{plural}"


class Duration(Quantity):
    """A length of time within a day: ``30 minutes``, ``8 hours``."""

    __slots__ = ("value", "unit")
    pattern = rf"(?P<value>{COUNT}) (?P<unit>minute|hour)s?"
    examples = ("30 minutes",)

    value: int
    unit: Clock

    @classmethod
    def _of(cls, match: Match) -> Self:
        return cls(int(match["value"]), match["unit"])

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        return self.value * MINUTES[self.unit]

    def __str__(self) -> str:
        return f"{self.value} {self.unit}{'' if self.value == 1 else 's'}"


def read_weeks(text: str) -> int:
    """Read a length in whole weeks: ``26``, ``26w``, ``182d``; raise ValueError."""
    if re.fullmatch("[0-9]{1,4}", text.strip(), re.ASCII):
        return int(text)
    length = read_interval(text)
    weeks, days = divmod(length.low * DAYS[length.period], DAYS["week"])
    if days:
        raise ValueError(f"{text!r} is not a whole number of weeks")
    return weeks


def read_length(text: str) -> Interval:
    """Read days or weeks as ``read_interval`` does, a bare number as weeks; raise ValueError."""
    bare = re.fullmatch(COUNT, text.strip(), re.ASCII)
    return read_interval(f"{text.strip()} weeks" if bare else text)


def read_interval(text: str) -> Interval:
    """Read days or weeks as people type them: ``4w``, ``4 weeks``, ``28d``; raise ValueError."""
    match = re.fullmatch(_TYPED_INTERVAL, text.strip(), re.ASCII | re.IGNORECASE)
    if match is None:
        raise ValueError(f"{text!r} is not a number of days or weeks, like 28d or 4w")
    count = int(match[1])
    return Interval(count, count, "day" if match[2].lower().startswith("d") else "week")


def read_date(text: str) -> datetime.date:
    """Read an ISO date, ``2026-12-01``; raise ValueError, also for a year before 1900."""
    if not re.fullmatch(_ISO_DATE, text.strip(), re.ASCII):
        raise ValueError(f"{text!r} is not a date written like 2026-12-01")
    try:
        day = datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"there is no day {text.strip()}") from None
    if day.year < FIRST_YEAR:
        raise ValueError(f"{text.strip()} is before {FIRST_YEAR}: is it a slip?")
    return day


def read_day(text: str) -> datetime.date:
    """Read a date as people write it: ``2026-12-01``, ``1 Dec 2026``, ``December 1, 2026``.

    A time is midnight, ``2026-12-01 00:00:00``, or it is no date. Raise ValueError for another
    text; 1/12/2026 is one, since it has two meanings.
    """
    words = " ".join(text.split())
    if re.fullmatch(_NUMBERS_ALONE, words, re.ASCII):
        raise ValueError(
            f"{text!r} can be day and month or month and day: write 2026-12-01 or 1 Dec 2026"
        )
    if lax := re.fullmatch(_LAX_ISO_DATE, words, re.ASCII):
        return read_date(f"{lax[1]}-{lax[2]:0>2}-{lax[3]:0>2}")
    written = re.fullmatch(_DAY_FIRST, words, re.ASCII | re.IGNORECASE) or re.fullmatch(
        _MONTH_FIRST, words, re.ASCII | re.IGNORECASE
    )
    named = written["month"].capitalize() if written else ""
    month = next((i for i, name in enumerate(MONTHS, 1) if named and name.startswith(named)), None)
    if written is None or month is None:
        raise ValueError(f"{text!r} is not a date written like 2026-12-01 or 1 Dec 2026")
    return read_date(f"{written['year']}-{month:02}-{written['day']:0>2}")


def read_day_from(text: str, today: datetime.date) -> datetime.date:
    """Read a date as ``read_day`` does, or one reckoned from today: ``tomorrow``, ``+7d``, ``+2w``.

    Raise ValueError for another text, and UsageError past the last date there is.
    """
    word = text.strip().lower()
    if word in ("today", "tomorrow"):
        return days_later(today, int(word == "tomorrow"))
    if word.startswith("+"):
        length = read_interval(word.removeprefix("+"))
        return days_later(today, length.low * DAYS[length.period])
    return read_day(text)


def read_time(text: str) -> int:
    """Read a time of day as people type it, ``09:00``, into minutes; raise ValueError."""
    match = re.fullmatch(_TYPED_TIME, text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a time of day written like 09:00 or 21:30")
    return int(match[1]) * 60 + int(match[2])


def days_later(start: datetime.date, days: int) -> datetime.date:
    """Return the date so many days later; raise UsageError past the last date there is."""
    try:
        return start + datetime.timedelta(days=days)
    except OverflowError:
        raise past_the_last_date(start) from None


def months_later(start: datetime.date, months: int) -> datetime.date:
    """Return the same day some months later, or the last day of that month where it has none.

    Raise UsageError where that is past the last date there is.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > datetime.MAXYEAR:
        raise past_the_last_date(start)
    last = 31  # of December; another month ends the day before the next one begins
    if month < 11:
        last = (datetime.date(year, month + 2, 1) - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(start.day, last))


def first_weekday_from(start: datetime.date, day: str | None) -> datetime.date:
    """Return the first such weekday on or after a date; raise UsageError past the last date."""
    if day is None:
        return start
    try:
        return start + datetime.timedelta(days=(WEEKDAYS.index(day) - start.weekday()) % 7)
    except OverflowError:
        raise past_the_last_date(start) from None


def past_the_last_date(start: datetime.date) -> UsageError:
    """Return the error for a schedule that runs out of the calendar."""
    return UsageError(f"the schedule from {start} runs past the last date there is")
