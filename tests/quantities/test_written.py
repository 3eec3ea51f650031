from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from dmcalc.quantities.amount import Amount, AmountRange, Concentration, Rate, converted
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.bounds import WeightRange
from dmcalc.quantities.time import Interval

D = Decimal

RATES = {
    "0.75-1 mg/kg/day": ("0.75", "1", "mg", "kg", "day"),
    "2 g/kg/course": ("2", "2", "g", "kg", "course"),
    "50 mg/day": ("50", "50", "mg", None, "day"),
    "20-25 mg/week": ("20", "25", "mg", None, "week"),
    "600 mg/m2/dose": ("600", "600", "mg", "m2", "dose"),
    "0.075 mg/kg/day": ("0.075", "0.075", "mg", "kg", "day"),
    "100.5 mcg/day": ("100.5", "100.5", "mcg", None, "day"),
    "999999.999999 g/dose": ("999999.999999", "999999.999999", "g", None, "dose"),
}

# A number as no quantity may be written.
NUMBERS = [
    ".5",
    "5.",
    "05",
    "00.5",
    "1e3",
    "1E3",
    "1,000",
    "1 000",
    "1_000",
    "1,5",
    "1·5",
    "+1",
    "-1",
    "½",
    "1/2",
    "٣",  # ARABIC-INDIC DIGIT THREE
    "１",  # FULLWIDTH DIGIT ONE
    "1²",
    "0x1F",
    "nan",
    "inf",
    "",
    "one",
    "1.1234567",
    "1234567",
    "1.2.3",
]

# A range as none may be written.
RANGES = ["3-2", "2-2", "1.0-1", "1-2-3", "1 - 2", "1–2", "1 to 2", "1-", "-2", "1--2", "1-.5"]


@pytest.mark.parametrize(("text", "parts"), RATES.items())
def test_rate_reads_number_unit_basis_and_time(text, parts):
    low, high, *rest = parts
    assert Rate.parse(text) == Rate(D(low), D(high), *rest)


@pytest.mark.parametrize("text", RATES)
def test_rate_writes_what_it_read(text):
    assert str(Rate.parse(text)) == text


@pytest.mark.parametrize("number", [*NUMBERS, *RANGES, "0", "0.0", "0.000000"])
def test_rate_refuses_number(number):
    with pytest.raises(ValueError, match="is not"):
        Rate.parse(f"{number} mg/kg/day")


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1 mg",
        "1 mg/kg",
        "1mg/kg/day",
        "1  mg/kg/day",
        " 1 mg/kg/day",
        "1 mg/kg/day ",
        "1 mg/kg/day\n",
        "1 mg / kg / day",
        "1 mg/day/kg",
        "1 mg/kg/kg/day",
        "1 mg/kg/m2/day",
        "1 mg/lb/day",
        "1 mg/m²/day",
        "1 mg/month",
        "1 mg/hour",
        "1 mg/d",
        "1 mg/days",
        "1 mg daily",
        "1 µg/day",
        "1 ug/day",
        "1 kg/day",
        "1 ng/day",
        "1 IU/day",
        "1 mL/day",
        "1 MG/day",
        "1 mg/KG/day",
        "1 tablet/day",
        "mg/kg/day",
        "1 /kg/day",
    ],
)
def test_rate_refuses_unit(text):
    with pytest.raises(ValueError, match=r"not written like '0\.75-1 mg/kg/day'"):
        Rate.parse(text)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (Amount, "20 mg"),
        (Amount, "0 mg"),
        (Amount, "0.25 g"),
        (AmountRange, "5-10 mg"),
        (AmountRange, "2.5 mg"),
        (Interval, "1 day"),
        (Interval, "1 month"),
        (Interval, "6 months"),
        (Interval, "4-12 weeks"),
        (Interval, "1-4 weeks"),
        (Concentration, "100 mg/mL"),
        (Concentration, "0.5 g/mL"),
        (WeightRange, "30-300 kg"),
        (WeightRange, "2.5-7.25 kg"),
    ],
)
def test_writes_what_it_read(shape, text):
    assert str(shape.parse(text)) == text


def test_trailing_zero_is_read_and_not_written():
    assert str(Rate.parse("1.50-2.0 mg/day")) == "1.5-2 mg/day"


@pytest.mark.parametrize("number", [*NUMBERS, *RANGES, "1-2"])
def test_amount_refuses_number(number):
    with pytest.raises(ValueError, match="not written like '20 mg'"):
        Amount.parse(f"{number} mg")


@pytest.mark.parametrize("number", [*NUMBERS, *RANGES, "0", "0-1"])
def test_amount_range_refuses_number(number):
    with pytest.raises(ValueError, match="is not"):
        AmountRange.parse(f"{number} mg")


@pytest.mark.parametrize("number", [*NUMBERS, *RANGES, "0", "0-1", "1.5", "12345"])
def test_interval_refuses_number(number):
    with pytest.raises(ValueError, match="is not"):
        Interval.parse(f"{number} weeks")


@pytest.mark.parametrize("number", [*NUMBERS, *RANGES])
def test_weight_range_refuses_number(number):
    with pytest.raises(ValueError, match="is not"):
        WeightRange.parse(f"{number} kg")


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (Amount, "20"),
        (Amount, "20 mg/day"),
        (Amount, "20 kg"),
        (Amount, "20mg"),
        (AmountRange, "5-10"),
        (AmountRange, "5-10 mg/day"),
        (Interval, "4"),
        (Interval, "4 w"),
        (Interval, "4 years"),
        (Interval, "4 hours"),
        (Interval, "4weeks"),
        (Concentration, "100 mg"),
        (Concentration, "100 mg/ml"),
        (Concentration, "100 mg/L"),
        (Concentration, "50-100 mg/mL"),
        (WeightRange, "30-300"),
        (WeightRange, "30-300 lb"),
    ],
)
def test_refuses_unit(shape, text):
    with pytest.raises(ValueError, match="is not written like"):
        shape.parse(text)


def test_refusal_says_which_end_is_wrong():
    with pytest.raises(ValueError, match=r"low \(3\) is not below high \(2\)"):
        Rate.parse("3-2 mg/day")


@pytest.mark.parametrize(
    ("amount", "unit", "wanted", "expected"),
    [
        ("1", "g", "mg", "1000"),
        ("1", "g", "mcg", "1000000"),
        ("0.075", "mg", "mcg", "75"),
        ("1", "mcg", "g", "0.000001"),
        ("1387.5", "mg", "g", "1.3875"),
        ("0.000001", "mcg", "g", "0.000000000001"),
        ("60", "mg", "mg", "60"),
    ],
)
def test_conversion_is_exact(amount, unit, wanted, expected):
    assert converted(D(amount), unit, wanted) == D(expected)


@pytest.mark.parametrize(("unit", "wanted"), [*product(("mcg", "mg", "g"), repeat=2)])
def test_conversion_there_and_back_changes_nothing(unit, wanted):
    amount = D("123456.789123")
    there = converted(amount, unit, wanted)
    assert converted(there, wanted, unit) == amount


def test_rate_in_another_unit_keeps_basis_and_time():
    assert str(Rate.parse("0.5-1 g/m2/dose").in_unit("mg")) == "500-1000 mg/m2/dose"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (D("52.50"), "52.5"),
        (D("70.000"), "70"),
        (D("0.5"), "0.5"),
        (D("0E-6"), "0"),
        (D("1E+3"), "1000"),
        (D("1E-7"), "0.0000001"),
        (D("1234567.8"), "1234567.8"),
        (100, "100"),
    ],
)
def test_plain_number_has_no_exponent_and_no_trailing_zero(number, text):
    assert format_plain(number) == text
