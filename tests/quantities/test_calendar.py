"""Days, weeks and months from a date, and lengths of time as they are typed."""

from __future__ import annotations

import datetime

import pytest

from dmcalc.errors import UsageError
from dmcalc.quantities.time import (
    Duration,
    Interval,
    first_weekday_from,
    months_later,
    read_date,
    read_day_from,
    read_length,
    read_time,
    read_weeks,
)

DAY = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-08-31", 4, "2026-12-31"),
        ("2026-12-31", 0, "2026-12-31"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-12-15", 12, "2027-12-15"),
        ("9999-11-30", 1, "9999-12-30"),
    ],
)
def test_the_same_day_some_months_later(start, months, day):
    assert months_later(DAY(start), months) == DAY(day)


def test_past_the_last_date_there_is_no_month():
    with pytest.raises(UsageError, match="past the last date"):
        months_later(DAY("9999-12-01"), 1)


@pytest.mark.parametrize(
    ("start", "weekday", "day"),
    [
        ("2026-12-01", "tuesday", "2026-12-01"),
        ("2026-12-01", "wednesday", "2026-12-02"),
        ("2026-12-01", "monday", "2026-12-07"),
        ("2026-12-01", None, "2026-12-01"),
    ],
)
def test_the_first_such_weekday(start, weekday, day):
    assert first_weekday_from(DAY(start), weekday) == DAY(day)


@pytest.mark.parametrize(
    ("text", "weeks"), [("26", 26), ("26w", 26), ("182d", 26), ("7 days", 1), ("1 week", 1)]
)
def test_a_length_in_whole_weeks(text, weeks):
    assert read_weeks(text) == weeks
    with pytest.raises(ValueError, match="is not a whole number of weeks"):
        read_weeks("8d")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("4", Interval(4, 4, "week")),
        ("4w", Interval(4, 4, "week")),
        ("28 days", Interval(28, 28, "day")),
    ],
)
def test_a_bare_length_is_in_weeks(text, length):
    assert read_length(text) == length


@pytest.mark.parametrize(
    ("text", "minutes"), [("09:00", 540), ("9:05", 545), ("00:00", 0), ("23:59", 1439)]
)
def test_a_time_of_day_in_minutes(text, minutes):
    assert read_time(text) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"), [("1 minute", 1), ("30 minutes", 30), ("1 hour", 60), ("8 hours", 480)]
)
def test_a_duration_in_minutes(text, minutes):
    duration = Duration.parse(text)
    assert (duration.minutes, str(duration)) == (minutes, text)


@pytest.mark.parametrize("text", ["1 day", "2 weeks", "1 month", "4-12 weeks", "1-2 days"])
def test_an_interval_is_written_as_it_is_read(text):
    interval = Interval.parse(text)
    assert str(interval) == text
    ends = text.partition(" ")[0].split("-")
    assert (interval.shortest.high, interval.longest.low) == (int(ends[0]), int(ends[-1]))


def test_no_date_before_1900():
    assert read_date("1900-01-01") == DAY("1900-01-01")
    with pytest.raises(ValueError, match="is before 1900"):
        read_date("1899-12-31")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-12-01"),
        ("tomorrow", "2026-12-02"),
        ("+1d", "2026-12-02"),
        ("+2w", "2026-12-15"),
    ],
)
def test_a_day_from_today(text, day):
    assert read_day_from(text, DAY("2026-12-01")) == DAY(day)
