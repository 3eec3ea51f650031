"""A step in words: doses of a day that is divided, alternate days, courses and open ends."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dispensing.stock import DispensedUnits
from dmcalc.quantities.amount import read_amount
from dmcalc.schedules import step_text
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper

D = Decimal


@pytest.fixture(scope="module")
def step(loaded, person):
    """Make a step of 60 mg on each of 28 days, with what is changed of it."""
    made = taper(loaded, person(), "prednisone", start_dose=read_amount("60mg")).steps[0]

    def change(**changes):
        for end in ("low", "high", "alternate"):
            if end in changes:
                changes[end] = D(changes[end])
        return made._replace(**changes)

    return change


@pytest.fixture(scope="module")
def course(loaded, person):
    """Return the first course of immunoglobulin for 70 kg: 140 g."""
    return taper(loaded, person("70"), "ivig", choices=Choices(weeks=4)).steps[0]


def tablets(*units):
    return tuple(DispensedUnits(D(strength), "mg", D(count)) for strength, count in units)


@pytest.mark.parametrize(
    ("times", "heading", "exact", "units", "taken"),
    [
        # 60 mg are 3 tablets of 20 mg once, 1.5 twice, and 1 three times a day
        (None, "60 mg daily", "60 mg", "3 tablets of 20 mg a day", ("3 × 20 mg",)),
        (
            *(2, "30 mg twice daily", "60 mg (30 mg twice daily)"),
            "1 and a half tablets of 20 mg in the morning, 1 and a half in the evening",
            (
                *("1 × 20 mg in the morning", "half a tablet of 20 mg in the morning"),
                *("1 × 20 mg in the evening", "half a tablet of 20 mg in the evening"),
            ),
        ),
        (
            *(3, "20 mg 3 times daily", "60 mg (20 mg 3 times daily)"),
            *("1 tablet of 20 mg 3 times daily", ("1 × 20 mg 3 times daily",)),
        ),
    ],
)
def test_the_amount_of_a_day_is_written_by_the_dose(step, times, heading, exact, units, taken):
    divided = step(times_daily=times, products=tablets((20, 3)))
    assert step_text.heading(divided) == step_text.dose(divided) == heading
    assert step_text.exact_amount(divided) == exact
    assert step_text.units_of_a_day(divided, "tablet") == units
    assert step_text.taken(divided) == taken


def test_two_strengths_twice_a_day_are_the_same_in_the_evening(step):
    divided = step(times_daily=2, products=tablets((50, 2), (5, 2)))
    said = "1 tablet of 50 mg and 1 tablet of 5 mg in the morning, the same in the evening"
    assert step_text.units_of_a_day(divided, "tablet") == said


@pytest.mark.parametrize(
    ("ends", "exact", "dose"),
    [
        # the second day has the alternate dose, be it the lower or the higher one
        (("20", "40", "20"), "40 mg, next day 20 mg", "40 mg on the first day, 20 mg on the next"),
        (("20", "40", "40"), "20 mg, next day 40 mg", "20 mg on the first day, 40 mg on the next"),
    ],
)
def test_alternate_days_are_written_in_their_order(step, ends, exact, dose):
    low, high, second = ends
    other = step(low=low, high=high, alternate=second)
    assert step_text.exact_amount(other) == exact
    assert step_text.dose(other) == f"{dose}, and so on in turn"


def test_what_is_taken_on_alternate_days_says_where_no_units_make_one(step):
    days = step(low="20", high="40", alternate="20", products=tablets((20, 2)))
    assert step_text.taken(days._replace(products_alternate=tablets((20, 1)))) == (
        *("first day: 2 × 20 mg", "next day: 1 × 20 mg"),
    )
    assert step_text.taken(days) == ("first day: 2 × 20 mg", f"next day: {step_text.NOT_MADE}")
    assert step_text.taken(step(products=None)) == (step_text.NOT_MADE,)


def test_a_course_says_over_how_many_days_it_is_divided(course):
    assert step_text.heading(course) == "140 g over 2 to 5 days, course 1"
    assert step_text.dose(course) == "140 g per course, over 2 to 5 days"
    assert step_text.axis(course) == "g per course"
    assert step_text.exact_amount(course) == "140 g"
    assert step_text.exact_amount(course._replace(low=D(70))) == "70 to 140 g"
    assert step_text.taken(course) == step_text.course_days(course)
    assert step_text.taken(course._replace(products_by_days=None)) is None


@pytest.mark.parametrize(
    ("day", "days", "said"),
    [
        (1, 28, "days 1 to 28"),
        (29, 2, "days 29 to 30"),
        (29, 1, "day 29"),
        (127, None, "from day 127 on, the end is open"),
    ],
)
def test_the_days_of_a_step_end_with_its_last_one(step, day, days, said):
    assert step_text.days(step(day=day, days=days)) == said


def test_what_a_chart_is_in(step):
    assert step_text.axis(step()) == "mg daily"
    assert step_text.axis(step(per="week")) == "mg per week"
