"""Courses of immunoglobulin: 2 g/kg from week 0, 1 to 2 g/kg from week 16, every 4 weeks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.errors import UsageError, as_option
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import read_interval
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper

D = Decimal


@pytest.fixture(scope="module")
def courses(loaded, person):
    def compute(weeks=None, start_dose=None, weight=None, **choices):
        return taper(
            loaded,
            person(weight),
            "ivig",
            start_dose=start_dose,
            choices=Choices(weeks=weeks, **choices),
        )

    return compute


@pytest.mark.parametrize(
    ("weight", "unit", "first", "later", "day_first", "day_later"),
    [
        # per kg without a weight: a day of 2 to 5 gets 2/5 to 2/2, then 1/5 to 2/2
        (None, "g/kg", "2 2", "1 2", "0.4 1", "0.2 1"),
        ("70", "g", "140 140", "70 140", "28 70", "14 70"),
        ("85", "g", "170 170", "85 170", "34 85", "17 85"),
        ("45.5", "g", "91 91", "45.5 91", "18.2 45.5", "9.1 45.5"),
    ],
)
def test_courses_worked_by_hand(courses, weight, unit, first, later, day_first, day_later):
    steps = courses(weight=weight).steps
    assert [step.week for step in steps] == [0, 4, 8, 12, 16, 20, 24, 28, 32, 36]
    for step in steps:
        early = step.week < 16
        assert [step.low, step.high] == [D(end) for end in (first if early else later).split()]
        daily = (day_first if early else day_later).split()
        assert [step.daily_low, step.daily_high] == [D(end) for end in daily]
        assert [step.per_kg_low, step.per_kg_high] == ([2, 2] if early else [1, 2])
        assert (step.unit, step.per, step.days_low, step.days_high) == (unit, "course", 2, 5)


def test_courses_follow_each_other(courses):
    steps = courses(weight="70").steps
    assert [step.step for step in steps] == list(range(1, 11))
    assert [step.day for step in steps] == list(range(1, 281, 28))
    assert {step.days for step in steps} == {28}


@pytest.mark.parametrize(
    ("weeks", "weight", "low", "high", "amount"),
    [
        (None, "70", "980", "1400", None),  # 4 x 140, then 6 x 70 to 140
        (16, "70", "560", "560", "560"),
        (24, "70", "700", "840", None),
        (24, None, "10", "12", None),
        (1, "85", "170", "170", "170"),
    ],
)
def test_totals_worked_by_hand(courses, weeks, weight, low, high, amount):
    totals = courses(weeks, weight=weight).totals
    assert (totals.amount_low, totals.amount_high) == (D(low), D(high))
    assert totals.amount == (amount and D(amount))
    assert totals.unit == ("g" if weight else "g/kg")


def test_running_total(courses):
    steps = courses(24, weight="70").steps
    assert [(step.total_low, step.total_high) for step in steps] == [
        (140, 140),
        (280, 280),
        (420, 420),
        (560, 560),
        (630, 700),
        (700, 840),
    ]


@pytest.mark.parametrize(
    ("weeks", "count"), [(1, 1), (4, 1), (5, 2), (16, 4), (17, 5), (40, 10), (520, 130)]
)
def test_length_in_weeks(courses, weeks, count):
    result = courses(weeks)
    assert len(result.steps) == count
    assert not result.stops  # the calendar ends there, and the treatment need not
    assert all(step.week < weeks for step in result.steps)


@pytest.mark.parametrize(
    ("weeks", "begun"),
    [(8, ["induction"]), (16, ["induction"]), (17, ["induction", "maintenance"])],
)
def test_a_dose_counts_from_the_week_in_which_it_begins(courses, weeks, begun):
    result = courses(weeks, weight="70")
    assert [row.regimen for row in result.posologies] == [f"ivig.{name}" for name in begun]


@pytest.mark.parametrize("weeks", [0, -1, 521, 10**9])
def test_length_outside_its_limits_is_refused(courses, weeks):
    with pytest.raises(UsageError, match=f"weeks {weeks} is outside 1 to 520"):
        courses(weeks)


@pytest.mark.parametrize(
    ("choice", "option"),
    [
        ({"start_dose": read_amount("60mg")}, "--from"),
        ({"hold": read_interval("4w")}, "--hold"),
        ({"interval": read_interval("4w")}, "--interval"),
        ({"decrement": read_amount("5mg")}, "--decrement"),
    ],
)
def test_choice_of_a_daily_taper_is_refused(courses, choice, option):
    with pytest.raises(UsageError) as refused:
        courses(**choice)
    message, _ = refused.value.named(as_option)
    assert message == f"{option} is for the taper of a daily dose"


@pytest.mark.parametrize(
    ("weeks", "told"), [(None, "10 courses"), (24, "6 courses"), (1, "1 course")]
)
def test_length_is_told_as_a_choice(courses, weeks, told):
    assert [(c.chosen, c.option) for c in courses(weeks).choices] == [(told, "--weeks")]


def test_end_and_sources_are_told(courses):
    result = courses(weight="70")
    assert result.ends.startswith("managedermatomyositis.com gives no end.")
    assert result.protocol == "base-page"
    assert {"managedermatomyositis", "octagam-10-us", "proderm-abstract"} <= set(result.sources)
    assert "proderm-reduction" in [caution.code for caution in result.cautions]
