"""The age of a patient: written in years, months or weeks, or reckoned from a date of birth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dmcalc.errors import PatientError, UsageError, read
from dmcalc.quantities.time import read_day
from dmcalc.records import Record

if TYPE_CHECKING:
    import datetime

#: Older than anyone has been.
OLDEST = 130
MONTHS_PER_YEAR = 12
_COUNT = "([0-9]{1,4})"
_AGE = (
    rf"{_COUNT}|{_COUNT} ?w(?:eeks?|ks?)?"
    rf"|(?:{_COUNT} ?y(?:ears?|rs?)?)?(?: ?{_COUNT} ?m(?:onths?|os?)?)?"
)
_EXAMPLES = "Write years, months or weeks: 45, 45y, 18 months, 17y 11m, 3 weeks."


class Age(Record):
    """An age in whole years, and in whole months where it is known so exactly."""

    years: int
    months: int | None = None

    @property
    def range_of_months(self) -> tuple[int, int]:
        """The least and the most months that it can be: an age in years covers a year."""
        if self.months is not None:
            return self.months, self.months
        first = self.years * MONTHS_PER_YEAR
        return first, first + MONTHS_PER_YEAR - 1


def read_age(text: str) -> Age:
    """Read ``45``, ``45y``, ``18 months``, ``17y 11m`` or ``3 weeks``; raise PatientError.

    A month has 365.25 / 12 days.
    """
    match = re.fullmatch(_AGE, text.strip(), re.ASCII | re.IGNORECASE)
    bare, weeks, years, months = match.groups() if match else (None,) * 4
    if weeks is not None:
        age = _of_months(int(weeks) * 7 * 48 // 1461)
    elif months is not None and (years is None or int(months) < MONTHS_PER_YEAR):
        age = _of_months(int(years or 0) * MONTHS_PER_YEAR + int(months))
    elif months is None and (whole := bare or years):
        age = Age(int(whole))
    else:
        raise PatientError(f"the age {text!r} cannot be read", _EXAMPLES)
    if age.years > OLDEST:
        raise PatientError(f"the age {text!r} is not plausible", _EXAMPLES)
    return age


def agree(age: str, reckoned: str) -> bool:
    """Tell whether an age that was entered can be the one by the date of birth, in months."""
    low, high = read_age(age).range_of_months
    return low <= read_age(reckoned).range_of_months[0] <= high


def _of_months(months: int) -> Age:
    return Age(months // MONTHS_PER_YEAR, months)


def age_on(born: str, day: str) -> str:
    """Write the age on a day of who was born on another, ``9y 3m``, both as ISO dates.

    Who was born on 29 February is a year older on 1 March. Raise UsageError for what is no date,
    and PatientError for a birth after the day.
    """
    birth, on = _date("dob", born), _date("as_of", day)
    months = (on.year - birth.year) * MONTHS_PER_YEAR + on.month - birth.month
    months -= on.day < birth.day
    if birth > on or months // MONTHS_PER_YEAR > OLDEST:
        raise PatientError(
            f"born on {birth} is not plausible on {on}",
            "Write dates like 2016-03-01; ‹as_of› is the day that the age is reckoned on.",
        )
    return f"{months // MONTHS_PER_YEAR}y {months % MONTHS_PER_YEAR}m"


def _date(name: str, text: str) -> datetime.date:
    date = read(name, text, read_day)
    if date is None:
        raise UsageError(f"‹{name}› is missing")
    return date
