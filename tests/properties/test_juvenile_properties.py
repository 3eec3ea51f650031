"""Children: no dose above its cap, and no posology of adults among theirs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given

import dmcalc
from dmcalc.dosing.dose import dose
from dmcalc.patient import patient
from dmcalc.schedules.taper import taper
from tests.properties.given import decimals

LOADED = dmcalc.load_table()
OF_CHILDREN = {
    f"{key}.{regimen.id}": regimen
    for key, drug in LOADED.table.drugs.items()
    for regimen in drug.juvenile
}
FOR_CHILDREN = [key for key, drug in LOADED.table.drugs.items() if drug.juvenile]
weights = decimals(2, 150)
surfaces = decimals(1, 3, 4)
ages = decimals(0, 17, 0).map(lambda text: text.rstrip("."))


def child(age, weight, bsa=None):
    return patient.read(LOADED.table.limits, age=age, weight=weight, bsa=bsa)


@given(age=ages, weight=weights, bsa=surfaces)
@example(age="9", weight="28", bsa="1.02")
@example(age="17", weight="150", bsa="3")
def test_a_child_has_its_own_posology_and_never_more_than_its_cap(age, weight, bsa):
    rows = dose(LOADED, child(age, weight, bsa), FOR_CHILDREN).rows
    assert {row.regimen for row in rows} == set(OF_CHILDREN)
    for row in rows:
        rate = OF_CHILDREN[row.regimen].dose
        size = Fraction(weight) if rate.basis == "kg" else Fraction(bsa)
        assert not row.base
        assert row.suggested is None
        assert 0 < row.low <= row.high
        assert Fraction(row.high) <= Fraction(rate.high) * size
        if row.cap_high is not None:
            assert row.high <= row.cap_high
            assert row.low <= row.cap_low
        else:
            assert Fraction(row.low) == Fraction(rate.low) * size


@pytest.mark.parametrize(
    ("alternatives", "unnamed"), [(False, {"prednisolone.hinze-2018"}), (True, set())]
)
def test_a_list_for_a_child_leaves_out_only_what_the_reference_does_not_name(alternatives, unnamed):
    rows = dose(LOADED, child("9", "28", "1.02"), alternatives=alternatives).rows
    assert set(OF_CHILDREN) - {row.regimen for row in rows} == unnamed


@given(weight=decimals(30, 300))
def test_an_adult_never_has_a_posology_of_children(weight):
    who = patient.read(LOADED.table.limits, weight=weight, bsa="1.8")
    rows = dose(LOADED, who, alternatives=True).rows
    assert {row.regimen for row in rows}.isdisjoint(OF_CHILDREN)


@given(age=ages, weight=weights)
@example(age="9", weight="30.0001")
def test_landmarks_fall_and_never_pass_the_cap(age, weight):
    result = taper(LOADED, child(age, weight), "prednisone")
    assert result.start.high <= min(80, 2 * Decimal(weight))
    assert result.start.low <= min(60, 2 * Decimal(weight))
    ends = [(row.low, row.high) for row in result.rows]
    assert ends == sorted(ends, reverse=True)
    assert ends[-1] == (0, 0)
    shares = [Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(1, 8)]
    for (low, high), share in zip(ends, shares, strict=False):
        assert Fraction(low) == Fraction(result.start.low) * share
        assert Fraction(high) == Fraction(result.start.high) * share
