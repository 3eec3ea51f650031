from __future__ import annotations

import pytest

from dmcalc.quantities.amount import Interval
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
