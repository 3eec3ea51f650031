from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc.text.numbers import (
    PageNumbers,
    escape_control,
    format_exact,
    format_measured,
    format_number,
    format_per_size,
    format_range,
    page_range,
    plural,
    ranges_in_words,
    with_thousands,
)

D = Decimal


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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("60", "60"),
        ("50.46", "50.5"),
        ("500/9", "55.6"),
        ("59.94", "59.9"),
        ("59.95", "59.95"),  # below 60, so never 60
        ("59.9999", "59.9999"),
        ("59.9999951", "59.999995"),
        ("30.04", "30.04"),
    ],
)
def test_a_kidney_function_is_never_shown_as_a_whole_number_that_it_is_not(value, text):
    assert format_measured(Fraction(value)) == text


@pytest.mark.parametrize(
    ("value", "beside", "text"),
    [
        ("90", "23.04", "90"),
        ("44.9", "44.87", "44.9"),
        ("44.87", "44.9", "44.87"),
        ("44.88", "44.87", "44.88"),
        ("44.8999", "44.9", "44.8999"),
        ("44.88", "44.88", "44.9"),
        ("1/3", "1/3", "0.3"),
    ],
)
def test_two_values_that_are_compared_are_never_shown_as_one(value, beside, text):
    assert format_measured(Fraction(value), Fraction(beside)) == text


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
        ("0.0018", "0.0025", "0.0018 to 0.0025 mg/kg"),  # 0.003 would be a fifth more
    ],
)
def test_dose_per_kg_is_rounded_half_up(low, high, text):
    assert format_per_size(D(low), D(high), "mg/kg") == text


def test_what_is_rounded_is_collected_with_its_exact_value_and_deviation():
    numbers = PageNumbers()
    low, high = D("52.389918735"), D("69.85322498")
    assert numbers.range(low, high, "mg", "step 1:") == "52.4 to 69.8 mg"
    assert numbers.number(D("34.1259"), "mL") == "34.1 mL"
    assert numbers.number(D("34.1259"), "mL") == "34.1 mL"  # noted once
    assert numbers.rounded == (
        ("step 1:", "52.389918735 mg is shown as 52.4 mg, rounded by 0.010081265 mg"),
        ("step 1:", "69.85322498 mg is shown as 69.8 mg, rounded by 0.05322498 mg"),
        ("", "34.1259 mL is shown as 34.1 mL, rounded by 0.0259 mL"),
    )


def test_equal_ends_are_one_number_and_rounded_down():
    numbers = PageNumbers()
    assert numbers.range(D("69.8538"), D("69.8538"), "mg") == "69.8 mg"
    assert [text for _, text in numbers.rounded] == [
        "69.8538 mg is shown as 69.8 mg, rounded by 0.0538 mg"
    ]


def test_a_limit_has_3_decimals_at_the_most_inside_the_range():
    numbers = PageNumbers()
    assert numbers.limits(D("53.475"), D("71.3"), "mg") == "53.475 to 71.3 mg"
    assert numbers.rounded == ()
    assert numbers.limits(D("1.2345671"), D("2"), "mg") == "1.235 to 2 mg"
    assert [text for _, text in numbers.rounded] == [
        "1.2345671 mg is shown as 1.235 mg, rounded by 0.0004329 mg"
    ]


def test_a_limit_is_written_in_full_where_rounding_left_nothing_or_crossed_the_range():
    numbers = PageNumbers()
    assert numbers.limits(D("0.0004"), D("0.0004"), "mg") == "0.0004 mg"
    assert numbers.limits(D("1.0001"), D("1.0004"), "mg") == "1.0001 to 1.0004 mg"
    assert numbers.rounded == ()


def test_what_is_shown_in_full_is_not_rounded():
    numbers = PageNumbers()
    numbers.range(D("34.1"), D("70.000"), "mg")
    assert numbers.rounded == ()


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        ("46.875", "46.875", "46.8"),  # one amount is rounded down
        ("37.51", "46.875", "37.6 to 46.8"),  # a range inward
        ("46.81", "46.89", "46.81 to 46.89"),  # and never past itself
        ("1234.5", "1234.5", "1,234"),  # never less than the whole number
        ("0.03158", "0.03158", "0.0315"),
        ("0.0123456", "9.999", "0.0124 to 9.99"),
        ("0", "5", "0 to 5"),
    ],
)
def test_a_page_shows_three_significant_digits(low, high, written):
    assert page_range(D(low), D(high)) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1000 mg/day", "1,000 mg/day"),
        ("0.5-1 g", "0.5-1 g"),
        ("10000-20000", "10,000-20,000"),
        # decimals are no thousands: read as a number of their own they became 0.75 and 0.25
        ("0.00075-0.001 g/kg/day", "0.00075-0.001 g/kg/day"),
        ("0.0025 mg", "0.0025 mg"),
        ("1000.1234 mg", "1,000.1234 mg"),
    ],
)
def test_thousands_of_a_notation(text, written):
    assert with_thousands(text) == written


def test_ranges_of_a_notation():
    assert ranges_in_words("0.75-1 mg/kg/day, max 60-80 mg/day") == (
        "0.75 to 1 mg/kg/day, max 60 to 80 mg/day"
    )


@pytest.mark.parametrize(("count", "text"), [(0, "steps"), (1, "step"), (2, "steps")])
def test_plural(count, text):
    assert plural(count, "step") == text


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
