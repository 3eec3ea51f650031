"""What a dose comes to for one patient: both ends at once, each rounded into the range."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmcalc.quantities.amount import DoseRange, Rate
from dmcalc.quantities.thresholds import FractionLeft

D = Decimal

numbers = st.decimals("0.001", "99999", places=3)
units = st.sampled_from(["mcg", "mg", "g"])


def mg(low, high):
    return DoseRange(D(low), D(high), "mg")


doses = st.builds(lambda a, b, unit: DoseRange(min(a, b), max(a, b), unit), numbers, numbers, units)


def test_a_rate_is_multiplied_by_the_size_of_its_basis():
    assert DoseRange.of(Rate.parse("0.75-1 mg/kg/day"), D(70)) == mg("52.5", "70")
    assert DoseRange.of(Rate.parse("20-25 mg/week")) == mg(20, 25)


@pytest.mark.parametrize(
    ("dose", "maximum", "capped"),
    [
        (mg(75, 100), mg(60, 80), mg(60, 80)),
        (mg(50, 70), mg(60, 80), mg(50, 70)),
        (mg(50, 100), mg(60, 80), mg(50, 80)),
        (mg(75, 100), DoseRange(D("0.06"), D("0.08"), "g"), mg(60, 80)),
        (mg(75, 100), None, mg(75, 100)),
    ],
)
def test_each_end_is_capped_by_its_own(dose, maximum, capped):
    assert dose.cap(maximum) == capped


def test_a_course_is_divided_into_the_range():
    # 100 / 3 = 33.3333333..., up; 200 / 2 = 100
    assert mg(100, 200).divide(3, 2) == mg("33.333334", 100)
    # 200 / 3 = 66.6666666..., down
    assert mg(100, 200).divide(5, 3) == mg(20, "66.666666")


def test_what_is_left_of_a_dose_is_rounded_into_the_range():
    # 100 / 4 = 25; 200 / 3 = 66.6666666..., down
    assert FractionLeft.parse("1/4-1/3").of(mg(100, 200)) == mg(25, "66.666666")
    # 100 x 2/3 = 66.6666666..., up; 200 x 2/3 = 133.3333333..., down
    assert FractionLeft.parse("2/3").of(mg(100, 200)) == mg("66.666667", "133.333333")


def test_a_single_dose_without_end_stays_one_dose_and_is_rounded_down():
    # 200 / 3 = 66.6666666...; 66.666667 to 66.666666 would be no range
    assert mg(200, 200).divide(3, 3) == mg("66.666666", "66.666666")
    assert FractionLeft.parse("1/3").of(mg(200, 200)) == mg("66.666666", "66.666666")


def test_a_difference_is_in_the_unit_of_the_first():
    assert mg(1000, 2000).minus(DoseRange(D("0.4"), D("2.5"), "g")) == mg(600, -500)


def test_per_kg_is_rounded_half_up():
    assert mg(60, 80).per_size(D(85)) == (D("0.7059"), D("0.9412"))


@given(dose=doses, parts=st.integers(1, 31), fewer=st.integers(1, 31))
def test_no_part_lies_outside_the_exact_range(dose, parts, fewer):
    most, fewest = max(parts, fewer), min(parts, fewer)
    part = dose.divide(most, fewest)
    low, high = Fraction(dose.low) / most, Fraction(dose.high) / fewest
    assert part.low <= part.high
    assert 0 <= high - Fraction(part.high) < Fraction(1, 10**6)
    if Fraction(part.high) < low:  # nothing of 6 decimals lies in it
        assert part.low == part.high
    else:
        assert 0 <= Fraction(part.low) - low < Fraction(1, 10**6)


@given(dose=doses, maximum=doses)
def test_a_cap_never_raises_and_is_never_exceeded(dose, maximum):
    capped, most = dose.cap(maximum), maximum.in_unit(dose.unit)
    assert capped.low in (dose.low, most.low)
    assert capped.high in (dose.high, most.high)
    assert capped.low <= min(dose.low, most.low)
    assert capped.high <= min(dose.high, most.high)


@given(dose=doses, unit=units)
def test_another_unit_changes_no_amount(dose, unit):
    assert dose.in_unit(unit).in_unit(dose.unit) == dose
    assert dose.minus(dose.in_unit(unit)) == DoseRange(D(0), D(0), dose.unit)


@given(dose=doses, factor=numbers)
def test_scaling_is_exact(dose, factor):
    scaled = dose.scale(factor)
    assert Fraction(scaled.low) == Fraction(dose.low) * Fraction(factor)
    assert Fraction(scaled.high) == Fraction(dose.high) * Fraction(factor)
