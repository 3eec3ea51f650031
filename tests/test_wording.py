from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dosing.wording import dose_sentence, posology_text
from dmcalc.quantities.amount import Interval, Rate
from dmcalc.sources.cite import Cite
from dmcalc.table.model.drug import Regimen
from dmcalc.text import timing
from dmcalc.text.numbers import (
    escape_control,
    format_exact,
    format_number,
    format_per_size,
    format_range,
    roundings,
)

D = Decimal
CITE = (Cite("a-source"),)


def rule(phase: str = "target", **parts: str | int) -> Regimen:
    """Return a regimen with its quantities written as in the table."""
    shapes = {"dose": Rate, "max": Rate}
    shapes |= dict.fromkeys(("days", "lasts", "every"), Interval)
    read = {k: shapes[k].parse(v) if k in shapes else v for k, v in parts.items()}
    return Regimen(phase=phase, cite=CITE, **read)


def ends(low: str, high: str) -> tuple[Decimal, Decimal]:
    return D(low), D(high)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (D("52.50"), "52.5"),
        (D("5.0"), "5"),
        (D("0.5"), "0.5"),
        (D("0"), "0"),
        (999, "999"),
        (1000, "1,000"),
        (D("1050.0"), "1,050"),
        (D("1234567.25"), "1,234,567.25"),
        (D("34.125"), "34.125"),
        (D("34.1259"), "34.125"),
    ],
)
def test_number_for_people(value, text):
    assert format_number(value) == text


def test_low_end_is_rounded_up():
    assert format_number(D("34.1251"), up=True) == "34.126"


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        ("52.5", "70", "mg", "52.5 to 70 mg"),
        ("50", "50", "mg", "50 mg"),
        ("50", "50.0", "mg", "50 mg"),
        ("700", "1050", "mg", "700 to 1,050 mg"),
        ("2", "5", "", "2 to 5"),
        ("52.389918735", "69.85322498", "mg", "52.39 to 69.853 mg"),
        ("69.85322498", "69.85322498", "mg", "69.853 mg"),
        ("1.0001", "1.0010", "mg", "1.001 mg"),
    ],
)
def test_range_for_people_stays_inside_the_exact_one(low, high, unit, text):
    assert format_range(D(low), D(high), unit) == text


@pytest.mark.parametrize(
    ("value", "text"), [("-0.5", "-0.5"), ("-1234.5", "-1,234.5"), ("-0.0", "0"), ("0.25", "0.25")]
)
def test_a_number_below_0_keeps_its_sign(value, text):
    assert format_exact(D(value)) == text


@pytest.mark.parametrize(("low", "high"), [("1.0001", "1.0004"), ("0.0001", "0.0004")])
def test_range_narrower_than_what_is_shown_never_runs_backwards(low, high):
    shown = format_range(D(low), D(high)).split(" to ")
    assert [D(end) for end in shown] == sorted(D(end) for end in shown)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("0.7059", "0.9412", "0.706 to 0.941 mg/kg"),
        ("0.75", "1", "0.75 to 1 mg/kg"),
        ("2", "2", "2 mg/kg"),
        ("0.5005", "0.5005", "0.501 mg/kg"),  # a tie goes up
    ],
)
def test_dose_per_kg_is_rounded_half_up(low, high, text):
    assert format_per_size(D(low), D(high), "mg/kg") == text


def test_roundings_name_exact_value_and_deviation():
    told = list(roundings("mg", (D("52.389918735"), True), (D("69.85322498"), False)))
    assert told == [
        "52.389918735 mg is shown as 52.39 mg, rounded by 0.000081265 mg",
        "69.85322498 mg is shown as 69.853 mg, rounded by 0.00022498 mg",
    ]


def test_what_is_shown_in_full_is_not_rounded():
    assert list(roundings("mg", (D("34.125"), True), (D("70.000"), False))) == []


def test_unknown_amount_is_not_rounded():
    assert list(roundings("mg", (None, True))) == []


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
    ("regimen", "text"),
    [
        (
            rule(dose="0.75-1 mg/kg/day", max="60-80 mg/day"),
            "0.75-1 mg/kg/day, max 60-80 mg/day",
        ),
        (rule(dose="1 g/day", days="3-5 days"), "1 g/day for 3-5 days"),
        (
            rule(dose="2 g/kg/course", days="2-5 days", every="4 weeks"),
            "2 g/kg/course over 2-5 days, every 4 weeks",
        ),
        (
            rule(dose="1-2 g/kg/course", days="2-5 days", every="4 weeks", from_week=16),
            "from week 16: 1-2 g/kg/course over 2-5 days, every 4 weeks",
        ),
        (rule(dose="1 g/dose", doses=2), "1 g/dose, 2 doses"),
        (rule(dose="1 g/dose", every="6 months"), "1 g/dose, every 6 months"),
        (rule(every="4-6 weeks", no_dose="None."), "no dose given, every 4-6 weeks"),
        (
            rule(dose="1 mg/kg/day", max="75 mg/day", lasts="6 weeks"),
            "1 mg/kg/day, max 75 mg/day, for 6 weeks",
        ),
    ],
)
def test_posology_as_the_source_gives_it(regimen, text):
    assert posology_text(regimen) == text


@pytest.mark.parametrize(
    ("regimen", "route", "amounts", "daily", "text"),
    [
        (
            rule(dose="0.75-1 mg/kg/day", max="60-80 mg/day"),
            "oral",
            ends("52.5", "70"),
            None,
            "52.5 to 70 mg by mouth daily",
        ),
        (
            rule(dose="20-25 mg/week"),
            "oral",
            ends("20", "25"),
            None,
            "20 to 25 mg by mouth once a week",
        ),
        (
            rule(dose="25 mg/week"),
            "subcutaneous",
            ends("25", "25"),
            None,
            "25 mg under the skin once a week",
        ),
        (
            rule(dose="1 g/day", days="3-5 days"),
            "intravenous",
            ends("1", "1"),
            None,
            "1 g intravenously daily for 3 to 5 days",
        ),
        (
            rule(dose="2 g/kg/course", days="2-5 days", every="4 weeks"),
            "intravenous",
            ends("140", "140"),
            ends("28", "70"),
            "140 g intravenously per course, divided over 2 to 5 days (28 to 70 g daily), "
            "every 4 weeks",
        ),
        (
            rule(dose="1-2 g/kg/course", days="2-5 days", every="4 weeks", from_week=16),
            "intravenous",
            ends("70", "140"),
            ends("14", "70"),
            "from week 16: 70 to 140 g intravenously per course, divided over 2 to 5 days "
            "(14 to 70 g daily), every 4 weeks",
        ),
        (
            rule(dose="1 g/dose", doses=2),
            "intravenous",
            ends("1", "1"),
            None,
            "1 g intravenously, 2 doses",
        ),
        (
            rule(dose="1 g/dose", doses=2, every="2 weeks"),
            "intravenous",
            ends("1", "1"),
            None,
            "1 g intravenously, 2 doses, 2 weeks apart",
        ),
        (
            rule(dose="1 g/dose", every="6 months"),
            "intravenous",
            ends("1", "1"),
            None,
            "1 g intravenously every 6 months",
        ),
        (
            rule(dose="10-15 mg/kg/dose", every="1 month", lasts="6-12 months"),
            "intravenous",
            ends("700", "1050"),
            None,
            "700 to 1,050 mg intravenously every month, for 6 to 12 months",
        ),
        (
            rule(every="4-6 weeks", no_dose="The source gives a schedule and no dose."),
            "intravenous",
            None,
            None,
            "no amount: the source gives a schedule and no dose, every 4 to 6 weeks",
        ),
        (
            rule(dose="0.5-1 g/m2/dose", every="1 month", lasts="6-12 months"),
            "intravenous",
            None,
            None,
            "no amount: what it is multiplied by is not known, every month, for 6 to 12 months",
        ),
    ],
)
def test_order_in_a_sentence(regimen, route, amounts, daily, text):
    assert dose_sentence(regimen, route, amounts, daily) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("drugs.yaml", "drugs.yaml"),
        ("a\nb", "a\nb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\tb\r", "a\\tb\\r"),
        ("\u202eabc", "\\u202eabc"),  # RIGHT-TO-LEFT OVERRIDE
        ("\x00", "\\x00"),
        ("\udcff", "\\udcff"),  # what a byte that is not UTF-8 becomes in a file name
        ("dose ≤ 5 µg – ß", "dose ≤ 5 µg – ß"),
    ],
)
def test_control_characters_are_shown_and_not_obeyed(text, seen):
    assert escape_control(text) == seen
