"""Ages as people write them, and ages by a date of birth."""

from __future__ import annotations

import pytest

from dmcalc.errors import PatientError, UsageError
from dmcalc.patient.age import Age, age_on, read_age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("45", Age(45)),
        ("9 years", Age(9)),
        ("17y 11m", Age(17, 215)),
        ("17y11mo", Age(17, 215)),
        ("18 months", Age(1, 18)),
        ("18mo", Age(1, 18)),
        ("3 weeks", Age(0, 0)),
        # 5 weeks are 35 days, and a month has 30.44
        ("5w", Age(0, 1)),
        ("60 weeks", Age(1, 13)),
        # 48 months have 1461 days
        ("1461 weeks", Age(28, 336)),
        ("1460 weeks", Age(27, 335)),
        ("130y 11m", Age(130, 1571)),
        ("0", Age(0)),
    ],
)
def test_an_age_is_read(text, age):
    assert read_age(text) == age


@pytest.mark.parametrize(
    "text", ["", "y", "-1", "17y 12m", "131", "131y 0m", "9 y 3", "1.5", "11m 2y", "x"]
)
def test_what_is_no_age_is_refused(text):
    with pytest.raises(PatientError, match=r"is not plausible|cannot be read"):
        read_age(text)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2016-03-01", "2026-11-29", "10y 8m"),
        ("2008-11-29", "2026-11-29", "18y 0m"),
        ("2008-11-30", "2026-11-29", "17y 11m"),
        # who was born on 29 February is a year older on 1 March
        ("2008-02-29", "2026-02-28", "17y 11m"),
        ("2008-02-29", "2026-03-01", "18y 0m"),
        ("2026-11-01", "2026-11-29", "0y 0m"),
        ("2026-11-29", "2026-11-29", "0y 0m"),
        ("1919-11-29", "2050-11-28", "130y 11m"),
    ],
)
def test_an_age_by_a_date_of_birth(born, day, age):
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("born", "day"), [("2026-11-30", "2026-11-29"), ("1919-11-29", "2050-11-29")]
)
def test_a_birth_that_is_not_plausible_is_refused(born, day):
    with pytest.raises(PatientError, match="not plausible"):
        age_on(born, day)


def test_a_birth_before_1900_is_refused():
    with pytest.raises(UsageError, match="before 1900"):
        age_on("1850-01-01", "2026-11-29")


def test_a_date_that_there_is_not_is_refused():
    with pytest.raises(UsageError, match="30"):
        age_on("2026-02-30", "2026-11-29")


@pytest.mark.parametrize(
    ("age", "months"), [(Age(9), (108, 119)), (Age(0), (0, 11)), (Age(1, 18), (18, 18))]
)
def test_an_age_in_years_covers_the_year(age, months):
    assert age.range_of_months == months
