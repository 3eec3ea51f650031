from __future__ import annotations

import pytest

from dmcalc.quantities.time import Interval
from dmcalc.text import timing


@pytest.mark.parametrize(
    ("written", "long", "often"),
    [
        ("4 weeks", "4 weeks", "every 4 weeks"),
        ("4-6 weeks", "4 to 6 weeks", "every 4 to 6 weeks"),
        ("1-4 weeks", "1 to 4 weeks", "every 1 to 4 weeks"),
        ("1 month", "1 month", "every month"),
        ("1 day", "1 day", "every day"),
        ("6 months", "6 months", "every 6 months"),
    ],
)
def test_length_of_time(written, long, often):
    interval = Interval.parse(written)
    assert (timing.length(interval), timing.every(interval)) == (long, often)


@pytest.mark.parametrize(
    ("per", "after", "noun"),
    [
        ("day", " daily", "a day"),
        ("week", " once a week", "a week"),
        ("course", " per course", "a course"),
        ("dose", "", "one dose"),
        (None, "", "one dose"),
    ],
)
def test_how_often(per, after, noun):
    assert (timing.suffix(per), timing.noun(per)) == (after, noun)


@pytest.mark.parametrize(
    ("times", "text"), [(None, ""), (1, " once daily"), (2, " twice daily"), (3, " 3 times daily")]
)
def test_times_a_day(times, text):
    assert timing.times_daily(times) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(30, "30 min"), (60, "1 h"), (255, "4 h 15 min"), (1500, "25 h")]
)
def test_hours_and_minutes(minutes, text):
    assert timing.hours(minutes) == text
