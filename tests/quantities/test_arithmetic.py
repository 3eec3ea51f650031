"""The arithmetic of doses: exact, and rounded one way where it has no end."""

from __future__ import annotations

from decimal import Decimal, Inexact
from fractions import Fraction

import pytest

from dmcalc.quantities import arithmetic, formulas
from dmcalc.quantities.arithmetic import (
    deviation_percent,
    divide_inward,
    multiply,
    per_size,
    round_half_up,
    round_to_step,
    rounded,
    to_decimal,
)
from dmcalc.quantities.exact import exact_number

D = Decimal


@pytest.mark.parametrize(
    ("amount", "parts", "up", "down"),
    [
        ("140", 5, "28", "28"),
        ("100", 3, "33.333334", "33.333333"),
        ("139.70644996", 4, "34.926613", "34.926612"),
        ("91", 2, "45.5", "45.5"),
    ],
)
def test_equal_parts_stay_inside_the_range(amount, parts, up, down):
    first = divide_inward(D(amount), parts, up=True)
    last = divide_inward(D(amount), parts, up=False)
    assert (first, last) == (D(up), D(down))
    assert last * parts <= D(amount) <= first * parts


@pytest.mark.parametrize(
    ("amount", "size", "expected"),
    [
        ("60", "85", "0.7059"),
        ("80", "85", "0.9412"),
        ("80", "120", "0.6667"),
        ("52.5", "70", "0.75"),
        ("1", "20000", "0.0001"),  # a tie goes up, not to the even digit
    ],
)
def test_amount_for_one_kg_is_rounded_half_up(amount, size, expected):
    assert per_size(D(amount), D(size)) == D(expected)


@pytest.mark.parametrize(
    ("value", "up", "expected"),
    [
        ("34.1251", True, "34.126"),
        ("34.1259", False, "34.125"),
        ("34.125", True, "34.125"),
        ("34.125", False, "34.125"),
    ],
)
def test_rounding_goes_one_way_and_leaves_what_is_exact(value, up, expected):
    assert rounded(D(value), 3, up=up) == D(expected)


def test_product_keeps_every_digit():
    assert multiply(D("0.75"), D("69.85322498")) == D("52.389918735")


def test_a_product_of_more_than_60_digits_is_an_error_and_never_rounded():
    thirty = D("1." + "1" * 29)
    assert len(str(multiply(thirty, D(10**30 - 1)))) == 61  # and the point
    with pytest.raises(Inexact):
        multiply(thirty, D(10**31 - 1))


@pytest.mark.parametrize(
    ("difference", "whole", "percent"),
    [
        ("20", "70", "28.57"),
        ("-9.5", "52.5", "-18.1"),
        ("0", "70", "0"),
        ("0.001", "70", "0"),
        ("-0.001", "70", "0"),  # and never -0
        ("1", "8", "12.5"),
        ("0.00125", "10", "0.01"),  # 0.0125 per cent
        ("0.0015", "10", "0.02"),  # 0.015: half up
    ],
)
def test_a_difference_in_per_cent_has_two_decimals(difference, whole, percent):
    found = deviation_percent(D(difference), D(whole))
    assert (found, found.is_signed()) == (D(percent), D(percent) < 0)
    assert found.as_tuple().exponent in (0, -2)


@pytest.mark.parametrize(
    ("value", "decimal"),
    [
        ("1/2", "0.5"),
        ("1/8", "0.125"),
        ("7/20", "0.35"),
        ("1/3", "0.333333"),
        ("2/3", "0.666666"),  # rounded down
        ("5", "5"),
        ("7/6", "1.166666"),
        ("1/1024", "0.0009765625"),
        ("1/3125", "0.00032"),
        ("-1/2", "-0.5"),
    ],
)
def test_a_fraction_as_a_decimal(value, decimal):
    assert to_decimal(Fraction(value)) == D(decimal)


@pytest.mark.parametrize(
    ("value", "places", "near"),
    [
        ("1/3", 1, "0.3"),
        ("2/3", 1, "0.7"),
        ("1/20", 1, "0.1"),
        ("49/1000", 1, "0"),
        ("5/2", 0, "3"),
        ("10", 1, "10"),
        ("1/800", 3, "0.001"),
        ("3/2000", 3, "0.002"),
    ],
)
def test_a_fraction_is_rounded_half_up(value, places, near):
    assert str(round_half_up(Fraction(value), places)) == near


@pytest.mark.parametrize(
    ("amount", "direction", "near"),
    [
        ("137.2", "nearest", "135"),
        ("137.5", "nearest", "140"),
        ("139.9", "down", "135"),
        ("135.1", "up", "140"),
        ("135", "up", "135"),
    ],
)
def test_an_amount_is_rounded_to_a_step(amount, direction, near):
    assert round_to_step(D(amount), D(5), direction) == D(near)


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (Fraction(1, 2), D("0.5")),
        (Fraction(12, 17), "12/17"),
        (Fraction(3), D(3)),
        (Fraction(1, 2**18), D("0.000003814697265625")),  # 18 decimals
        (Fraction(1, 2**19), "1/524288"),
    ],
)
def test_a_fraction_for_machines_is_exact(value, exact):
    assert exact_number(value) == exact


def distance(verdict, off):
    missed = verdict in ("above", "over-cap")
    return formulas.distance(arithmetic, verdict == "within", missed, D(off), D("Infinity"))


@pytest.mark.parametrize(
    ("rows", "decides"),
    [
        ([("above", 10), ("within", 0)], 1),
        ([("over-cap", 0), ("within", 0)], 1),  # over the cap of one dose alone
        ([("within", 0), ("within", 0)], 0),
        ([("above", 10), ("above", 9)], 1),
        ([("above", 9), ("above", 9)], 0),
        ([("wrong-frequency", 0), ("above", 500)], 1),
        ([("wrong-frequency", 0), ("refused", 0)], 0),
        ([("above", 9), ("within", 0), ("above", 1)], 1),
    ],
)
def test_which_verdict_counts(rows, decides):
    ranked = [(number, distance(*row)) for number, row in enumerate(rows)]
    assert formulas.nearest(arithmetic, ranked) == decides
