"""Steps of one's own: what they stand for, and where an error points."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.errors import RefusedError, UsageError
from dmcalc.patient.patient import Patient
from dmcalc.quantities.amount import Amount, read_amount
from dmcalc.schedules.custom_steps import written_levels
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper

D = Decimal


def written(text, start="60", most=None):
    found = written_levels(
        text, Decimal(start), "mg", Amount(Decimal(most), "mg") if most else None
    )
    return " ".join(
        f"{level.dose.normalize():f}"
        + (f"/{level.alternate}" if level.alternate is not None else "")
        + f":{level.days}"
        for level in found
        if level.dose
    )


@pytest.mark.parametrize(
    ("text", "start", "schedule"),
    [
        ("hold 4w; -10mg/4w to 20mg", "60", "60:28 50:28 40:28 30:28 20:28"),
        ("-2.5mg/2w to 0mg", "10", "7.5:14 5:14 2.5:14"),
        ("-10mg/4w to 20mg", "45", "35:28 25:28 20:28"),  # the last step is shortened
        ("-20%/4w to 20mg", "40", "32:28 25.6:28 20.48:28 20:28"),
        # 60 x 0.8 eight times: the eighth, 10.06632960, has a seventh decimal, and rounds down
        (
            "-20%/1w to 9mg",
            "60",
            "48:7 38.4:7 30.72:7 24.576:7 19.6608:7 15.72864:7 12.582912:7 10.066329:7 9:7",
        ),
        ("-5mg/28d", "20", "15:28"),
        # down to less than 1 mg, and to nothing
        ("-9.5mg/1w", "10", "0.5:7"),
        ("hold 1w; -10mg/1w", "10", "10:7"),
        # a part goes on from the last dose of the one before it
        ("-10mg/1w to 30mg; -5mg/1w", "60", "50:7 40:7 30:7 25:7"),
        ("40mg/20mg alternate days 4w; -5mg/1w", "50", "40/20:28 15:7"),
        ("10mg/2mg alternate days 1w; 40mg 1w; -5mg/1w", "50", "10/2:7 40:7 35:7"),
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
        ("-60.5mg/4w", 1, "cannot go down"),
        ("-0mg/4w", 1, "not a decrease"),
        ("-0%/4w", 1, "not between"),
        ("-100%/4w", 1, "not between"),
        ("-150%/4w", 1, "not between"),
        ("-1..5%/4w", 1, "cannot be read"),
        ("-10%/4w to 0mg", 1, "never reaches 0"),
        ("-10mg/4w to 70mg", 1, "not below"),
        ("-10mg/4w to 60mg", 1, "not below"),
        ("-0.01mg/1w to 1mg", 1, "more than 200 steps"),
        # a pause would be lost: what comes after it is a schedule of its own
        ("5mg 1w; 0mg 2w; 5mg 1w", 17, "a dose after days without one"),
        ("0mg 2w; 5mg 1w", 9, "a dose after days without one"),
    ],
)
def test_an_error_points_at_its_character(text, at, problem):
    with pytest.raises(UsageError, match=f"at character {at}\n") as wrong:
        written(text)
    message, shown, pointer = wrong.value.message.split("\n")
    assert problem in message
    assert shown == f"  {text}"
    assert pointer == " " * (at + 1) + "^"


def own(loaded, steps):
    """Return doses and days of a taper of one's own from 10 mg, and whether it stops."""
    choices = Choices(steps=steps)
    result = taper(loaded, Patient(), "prednisone", start_dose=read_amount("10mg"), choices=choices)
    doses = [(step.first, step.alternate, step.day, step.days) for step in result.steps]
    return doses, result.totals.amount, result.stops


@pytest.mark.parametrize(
    ("steps", "doses", "total", "stops"),
    [
        # a day without a dose is one of two: 7 of 14 days have 5 mg, and a hold goes on with that
        ("0mg/5mg alternate days 2w; hold 1w", [(0, 5, 1, 14), (5, None, 15, 7)], 70, False),
        ("5mg/0mg alternate days 2w; hold 1w", [(5, 0, 1, 14), (5, None, 15, 7)], 70, False),
        # less than 1 mg is a dose, and 0 mg is the end
        ("0.5mg 1w", [(D("0.5"), None, 1, 7)], D("3.5"), False),
        ("-5mg/1w to 0mg", [(5, None, 1, 7)], 35, True),
        # nothing goes on from nothing
        ("5mg 1w; 0mg 1w; hold 1w", [(5, None, 1, 7)], 35, True),
    ],
)
def test_no_day_with_a_dose_is_left_out(loaded, steps, doses, total, stops):
    assert own(loaded, steps) == (doses, total, stops)


def test_steps_of_ones_own_are_told_from_published_ones(loaded):
    start = read_amount("10mg")
    choices = Choices(steps="5mg 1w")
    mine = taper(loaded, Patient(), "prednisone", start_dose=start, choices=choices)
    theirs = taper(loaded, Patient(), "prednisone", start_dose=start)
    assert (mine.protocol, mine.name) == ("own", "Your own schedule, from no source")
    assert mine.population == "the patient it was written for"
    published = loaded.table.daily_tapers["hhe-2018"]
    assert (theirs.name, theirs.population) == (published.name, published.population)
    # what stopping a corticosteroid risks holds of any schedule, what its source advises does not
    assert [note.code for note in mine.cautions] == ["adrenal-risk"]
    assert {"taper-choice", "adrenal-risk"} <= {note.code for note in theirs.cautions}


def test_steps_without_any_dose_are_refused(loaded):
    with pytest.raises(UsageError, match="give no dose at all"):
        own(loaded, "0mg 1w")


def test_as_many_steps_as_there_may_be_are_taken_and_one_more_is_not():
    # from 60 mg by 0.25 mg a week: 50 mg less are 200 steps
    assert len(written("-0.25mg/1w to 10mg").split()) == 200
    assert len(written("-0.25mg/1w to 10.25mg; 5mg 1w").split()) == 200
    for steps in ("-0.25mg/1w to 9.75mg", "-0.25mg/1w to 10mg; 5mg 1w"):
        with pytest.raises(UsageError, match="more than 200 steps"):
            written(steps)


def test_a_step_over_the_largest_is_refused():
    for most in ("5", "10"):
        assert written("-5mg/4w to 50mg", most=most) == "55:28 50:28"
    with pytest.raises(RefusedError, match="from 60 to 50 mg is more than 5 mg"):
        written("-10mg/4w to 20mg", most="5")


def test_what_a_percentage_leaves_is_exact_or_rounded_and_noted():
    """The numbers of 200 steps once ran into the 28 digits of Python's own arithmetic."""
    levels = written_levels("-0.123457%/1w; " * 20 + "hold 1w", Decimal(60), "mg", None)
    # 60 x 0.99876543 is 59.9259258, and seven decimals are one too many
    assert (levels[0].dose, levels[0].unrounded) == (Decimal("59.925925"), Decimal("59.9259258"))
    assert levels[-1].unrounded is None
    assert all(level.dose.as_tuple().exponent >= -6 for level in levels)
