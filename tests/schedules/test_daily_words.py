"""What a taper of a daily dose says beside its steps: choices, notes and where it ends."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc import guideline
from dmcalc.errors import UsageError
from dmcalc.quantities.amount import Amount, AmountRange, read_amount
from dmcalc.quantities.time import read_interval
from dmcalc.schedules.exposure import with_taper_notes
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper


@pytest.fixture(scope="module")
def tapered(loaded, person):
    def compute(protocol, start, **choices):
        return taper(
            loaded,
            person(),
            "prednisone",
            protocol=protocol,
            start_dose=read_amount(start),
            choices=Choices(**choices),
        )

    return compute


@pytest.mark.parametrize(
    ("protocol", "start", "expected"),
    [
        (
            "hhe-2018",
            "60mg",
            [("4 weeks", "3-4 weeks", "--hold"), ("4 weeks", "4-12 weeks", "--interval")],
        ),
        ("etg", "60mg", []),
        (
            "ese-es-2024",
            "60mg",
            [
                ("5 mg", "5-10 mg", "--decrement"),
                ("1 week", "1-4 weeks", "--interval"),
                ("1 week", "1-4 weeks", "--interval"),
            ],
        ),
        # from the lower end of the first band the source holds no dose
        ("hhe-2018", "20mg", [("4 weeks", "4-12 weeks", "--interval")]),
        # bands that lie above the start leave nothing to choose
        (
            "ese-es-2024",
            "40mg",
            [("1 week", "1-4 weeks", "--interval"), ("1 week", "1-4 weeks", "--interval")],
        ),
        ("ese-es-2024", "10mg", [("1 week", "1-4 weeks", "--interval")]),
    ],
)
def test_choices_by_default_are_told(tapered, protocol, start, expected):
    made = tapered(protocol, start).choices
    assert [(choice.chosen, choice.allowed, choice.option) for choice in made] == expected


@pytest.mark.parametrize(
    ("protocol", "names"),
    [
        ("hhe-2018", ["hold", "interval of the last steps"]),
        (
            "ese-es-2024",
            ["decrement down to 40 mg", "interval down to 10 mg", "interval down to 5 mg"],
        ),
    ],
)
def test_a_choice_names_the_doses_that_it_is_for(tapered, protocol, names):
    assert [choice.name for choice in tapered(protocol, "60mg").choices] == names


@pytest.mark.parametrize(
    ("protocol", "choices", "option", "told"),
    [
        ("hhe-2018", {"hold": read_interval("3w")}, "--hold", ["3 weeks"]),
        ("hhe-2018", {"hold": read_interval("25d")}, "--hold", ["25 days"]),
        ("hhe-2018", {"interval": read_interval("12w")}, "--interval", ["12 weeks"]),
        ("hhe-2018", {"interval": read_interval("56d")}, "--interval", ["56 days"]),
        ("hhe-2018", {"interval": read_interval("60d")}, "--interval", ["60 days"]),
        ("ese-es-2024", {"interval": read_interval("10d")}, "--interval", ["10 days", "10 days"]),
        ("ese-es-2024", {"decrement": read_amount("7.5mg")}, "--decrement", ["7.5 mg"]),
    ],
)
def test_choice_that_was_made_is_told_as_it_is(tapered, protocol, choices, option, told):
    made = tapered(protocol, "60mg", **choices).choices
    assert [choice.chosen for choice in made if choice.option == option] == told


@pytest.mark.parametrize(
    ("protocol", "start", "noted"),
    [
        ("hhe-2018", "60mg", [5]),
        ("hhe-2018", "8mg", [Decimal("5.5")]),
        ("hhe-2018", "6.5mg", [4]),
        ("ese-es-2024", "20mg", [6, 5]),
        ("etg", "60mg", []),
    ],
)
def test_adrenal_note_from_4_to_6_mg(tapered, protocol, start, noted):
    steps = tapered(protocol, start).steps
    assert [
        step.low for step in steps if step.note and "Adrenal insufficiency" in step.note
    ] == noted
    assert all("ESE/ES 2024" in step.note for step in steps if 4 <= step.low <= 6)


@pytest.mark.parametrize("protocol", ["etg", "ese-es-2024"])
def test_last_step_without_a_length_says_so(tapered, protocol):
    *steps, last = tapered(protocol, "60mg").steps
    assert last.note.startswith("The source does not say for how long.")
    assert not any("does not say for how long" in (step.note or "") for step in steps)
    assert (last.days, last.total_low, last.total_high) == (None, None, None)


@pytest.mark.parametrize(
    ("protocol", "said"),
    [
        ("hhe-2018", "The source gives no end point"),
        ("etg", "Below 25 mg the source gives no steps"),
        (
            "ese-es-2024",
            "From 5 mg the source reduces by 1 mg every 4 weeks, only without symptoms",
        ),
    ],
)
def test_where_the_source_ends_is_said(tapered, protocol, said):
    ends = tapered(protocol, "60mg").ends
    assert ends.startswith(said)
    assert "the prescriber decides" in ends.lower()


def test_schedule_that_is_not_for_myositis_is_warned_of(tapered):
    codes = [warning.code for warning in tapered("ese-es-2024", "60mg").warnings]
    assert codes == ["not-for-myositis"]


@pytest.mark.parametrize(
    ("protocol", "sources"),
    [
        ("hhe-2018", ("hhe-2018",)),
        ("etg", ("etg",)),
        ("ese-es-2024", ("ese-es-2024", "ese-pocket-2024")),
    ],
)
def test_sources_of_a_schedule(tapered, protocol, sources):
    assert tapered(protocol, "60mg").sources == sources


@pytest.mark.parametrize(
    ("protocol", "start", "choices", "fault", "hint"),
    [
        (
            "ese-es-2024",
            "60mg",
            {"interval": read_interval("6w")},
            "outside what the source leaves open",
            "Open here: 1 to 4 weeks.",
        ),
        (
            "ese-es-2024",
            "60mg",
            {"decrement": read_amount("20mg")},
            "outside what the source leaves open",
            "Open here: 5 to 10 mg.",
        ),
        # the band that leaves it open lies above the start
        (
            "ese-es-2024",
            "30mg",
            {"decrement": read_amount("5mg")},
            "fixed by ese-es-2024",
            "Leave it out.",
        ),
        (
            "hhe-2018",
            "60mg",
            {"decrement": read_amount("10mg")},
            "fixed by hhe-2018",
            "Leave it out.",
        ),
        ("etg", "60mg", {"interval": read_interval("3w")}, "fixed by etg", "Leave it out."),
    ],
)
def test_a_choice_that_no_step_takes_is_refused_with_what_is_open(
    tapered, protocol, start, choices, fault, hint
):
    with pytest.raises(UsageError, match=fault) as caught:
        tapered(protocol, start, **choices)
    assert caught.value.hint == hint


def test_a_choice_that_one_band_takes_is_not_refused_for_the_others(tapered):
    both = {"interval": read_interval("2w"), "decrement": read_amount("10mg")}
    steps = tapered("ese-es-2024", "60mg", **both).steps
    assert [(step.low, step.days) for step in steps[:3]] == [(60, 7), (50, 7), (40, 7)]
    assert {step.days for step in steps if 5 < step.low <= 20} == {14}


def with_band(loaded, until, decrease):
    """Return the table with a slow taper of one band: down to a dose, in steps of an amount."""
    published = loaded.table.daily_tapers["hhe-2018"]
    band = published.bands[0]._replace(
        until=Amount.parse(until), decrease=AmountRange.parse(decrease)
    )
    tapers = {**loaded.table.daily_tapers, "hhe-2018": published._replace(bands=(band,))}
    return loaded._replace(table=loaded.table._replace(daily_tapers=tapers))


@pytest.mark.parametrize(
    ("until", "decrease", "warned"),
    [
        ("0 mg", "60 mg", ["This schedule stops from 60 mg daily, above 4 to 6 mg"]),
        # 60, 40 and 20 mg, and then nothing
        ("0 mg", "20 mg", ["This schedule stops from 20 mg daily, above 4 to 6 mg"]),
        # the last steps are too low: 60, 58, … 2 mg
        ("0 mg", "2 mg", []),
        # 40 mg goes on, for a time that the source leaves open
        ("40 mg", "20 mg", []),
    ],
)
def test_a_published_taper_that_stops_from_a_high_dose_says_so(
    loaded, person, until, decrease, warned
):
    other = with_band(loaded, until, decrease)
    start = read_amount("60mg")
    result = taper(other, person(), "prednisone", protocol="hhe-2018", start_dose=start)
    result = with_taper_notes(result, guideline.load())
    told = [w.message.partition(":")[0] for w in result.warnings if w.code == "abrupt-stop"]
    assert told == warned


@pytest.mark.parametrize(
    ("steps", "warned"),
    [
        ("30mg 5w; 0mg 1w", 1),
        # a low dose between does not make the last one low, and a high one before it not the last
        ("30mg 5w; 2mg 1w; 30mg 5w; 0mg 1w", 1),
        ("30mg 5w; 2mg 1w; 0mg 1w", 0),
        ("30mg 5w", 0),
    ],
)
def test_steps_of_ones_own_that_stop_from_a_high_dose_are_warned_of(loaded, person, steps, warned):
    result = taper(
        loaded,
        person(),
        "prednisone",
        start_dose=read_amount("40mg"),
        choices=Choices(steps=steps),
    )
    result = with_taper_notes(result, guideline.load())
    sources = [w.source for w in result.warnings if w.code == "abrupt-stop"]
    assert sources == ["ese-es-2024"] * warned


@pytest.mark.parametrize(
    ("steps", "warned"),
    [
        # 8 weeks of 60 mg suppress the adrenals, also where a low dose comes between
        ("60mg 8w; 2mg 1w; 10mg 1w; 0mg 1w", ["This schedule stops from 10 mg daily"]),
        ("60mg 8w; 0mg 1w", ["This schedule stops from 60 mg daily"]),
        # of 60 mg for a week no source says so, nor of what ends low
        ("60mg 1w; 0mg 1w", []),
        ("60mg 8w; 2mg 1w; 0mg 1w", []),
        # it does not stop
        ("60mg 8w", []),
    ],
)
def test_steps_of_ones_own_that_stop_from_a_high_dose_after_weeks_of_one_say_so(
    loaded, person, steps, warned
):
    own, start = Choices(steps=steps), read_amount("60mg")
    result = taper(loaded, person(), "prednisone", start_dose=start, choices=own)
    told = with_taper_notes(result, guideline.load()).warnings
    stops = [w.message.partition(",")[0] for w in told if w.code == "abrupt-stop"]
    assert stops == warned
