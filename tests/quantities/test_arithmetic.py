"""The arithmetic of doses: exact, and rounded one way where it has no end."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.quantities.arithmetic import divide_inward, multiply, per_size, rounded

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
