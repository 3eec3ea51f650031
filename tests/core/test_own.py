"""Steps of one's own: what they stand for, and where an error points."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.errors import RefusedError, UsageError
from dmcalc.quantities.amount import Amount
from dmcalc.schedules.custom_steps import parse_custom_steps


def written(text, start="60", most=None):
    found = parse_custom_steps(
        text, Decimal(start), "mg", Amount(Decimal(most), "mg") if most else None
    )
    return " ".join(
        f"{level.dose.normalize():f}"
        + (f"/{level.alternate}" if level.alternate is not None else "")
        + f":{level.days}"
        for level in found
    )


@pytest.mark.parametrize(
    ("text", "start", "schedule"),
    [
        ("hold 4w; -10mg/4w to 20mg", "60", "60:28 50:28 40:28 30:28 20:28"),
        ("-2.5mg/2w to 0mg", "10", "7.5:14 5:14 2.5:14"),
        ("-10mg/4w to 20mg", "45", "35:28 25:28 20:28"),  # the last step is shortened
        ("-20%/4w to 20mg", "40", "32:28 25.6:28 20.48:28 20:28"),
        ("-5mg/28d", "20", "15:28"),
        ("40mg/20mg alternate days 4w; -5mg/1w", "50", "40/20:28 15:7"),
        ("30mg 2w; 20mg 2 weeks", "60", "30:14 20:14"),
    ],
)
def test_schedule(text, start, schedule):
    assert written(text, start) == schedule


@pytest.mark.parametrize(
    ("text", "at", "problem"),
    [
        ("hold 4q", 1, "'4q' is not a length"),
        ("hold 4w; -5mgs/4w", 10, "'5mgs' is not an amount"),
        ("hold 4w;; -5mg/4w", 9, "empty"),
        ("taper slowly", 1, "cannot be read"),
        ("-100mg/4w", 1, "cannot go down"),
        ("-0mg/4w", 1, "no decrease"),
        ("-0%/4w", 1, "not between"),
        ("-100%/4w", 1, "not between"),
        ("-10%/4w to 0mg", 1, "never reaches 0"),
        ("-10mg/4w to 70mg", 1, "not below"),
        ("-0.01mg/1w to 1mg", 1, "more than 200 steps"),
    ],
)
def test_an_error_points_at_its_character(text, at, problem):
    with pytest.raises(UsageError, match=f"at character {at}\n") as wrong:
        written(text)
    message, shown, pointer = wrong.value.message.split("\n")
    assert problem in message
    assert shown == f"  {text}"
    assert pointer == " " * (at + 1) + "^"


def test_a_step_over_the_largest_is_refused():
    assert written("-5mg/4w to 50mg", most="5") == "55:28 50:28"
    with pytest.raises(RefusedError, match="from 60 to 50 mg is more than 5 mg"):
        written("-10mg/4w to 20mg", most="5")
