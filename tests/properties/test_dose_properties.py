from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given

import dmcalc
from dmcalc.dosing.dose import dose
from dmcalc.patient import patient
from dmcalc.text.numbers import format_range
from tests import oracle
from tests.properties.given import decimals, severities, surfaces, weights

LOADED = dmcalc.load_table()
RULES = {rule.name: rule for rule in oracle.rules()}
BY_KG = [name for name, rule in RULES.items() if rule.dose.basis == "kg"]


def rows(weight, bsa="1.8", severity=None):
    who = patient.read(LOADED.table.limits, weight=weight, bsa=bsa, severity=severity)
    return {row.regimen: row for row in dose(LOADED, who, alternatives=True).rows}


def test_oracle_knows_every_regimen_with_an_amount():
    assert {name for name, row in rows("70").items() if row.low is not None} == set(RULES)


@given(weight=weights, bsa=surfaces)
@example(weight="70", bsa="1.85")
@example(weight="80", bsa="1.3333")
@example(weight="154lb", bsa="1")
@example(weight="299.999", bsa="3")
def test_every_dose_is_the_one_computed_in_fractions(weight, bsa):
    kg, m2 = oracle.kilograms(weight), Fraction(bsa)
    found = rows(weight, bsa)
    for name, rule in RULES.items():
        row = found[name]
        assert (Fraction(row.low), Fraction(row.high)) == oracle.ends(rule, kg, m2)
        assert (row.unit, row.per, row.basis) == (rule.dose.unit, rule.dose.per, rule.dose.basis)
        assert row.base is rule.base


@given(weight=weights, bsa=surfaces)
def test_low_is_never_above_high_and_neither_above_its_cap(weight, bsa):
    for row in rows(weight, bsa).values():
        if row.low is None:
            continue
        assert 0 < row.low <= row.high
        if row.cap_low is not None:
            assert row.low <= row.cap_low
            assert row.high <= row.cap_high


@given(weight=weights, bsa=surfaces)
def test_capped_means_that_the_cap_changed_the_dose(weight, bsa):
    kg, m2 = oracle.kilograms(weight), Fraction(bsa)
    for name, row in rows(weight, bsa).items():
        if name in RULES:
            uncapped = oracle.ends(RULES[name]._replace(cap=None), kg, m2)
            assert row.capped is ((Fraction(row.low), Fraction(row.high)) != uncapped)


@given(one=decimals(30, 300), other=decimals(30, 300))
def test_more_weight_never_means_less(one, other):
    light, heavy = sorted((one, other), key=Fraction)
    less, more = rows(light), rows(heavy)
    for name in RULES:
        assert less[name].low <= more[name].low
        assert less[name].high <= more[name].high


@given(weight=weights, severity=severities)
def test_suggested_dose_is_an_end_of_its_range(weight, severity):
    row = rows(weight, severity=severity)["prednisone.induction"]
    assert row.suggested == (row.low if severity == "mild" else row.high)


@given(weight=weights)
def test_day_of_a_course_stays_inside_its_exact_bounds(weight):
    kg = oracle.kilograms(weight)
    courses = [rule for rule in RULES.values() if rule.dose.per == "course"]
    assert courses
    found = rows(weight)
    for rule in courses:
        row = found[rule.name]
        low, high = oracle.ends(rule, kg, Fraction(1))
        fewest, most = rule.days
        least, largest = low / most, high / fewest
        assert largest - Fraction(1, 10**6) < Fraction(row.daily_high) <= largest
        if Fraction(row.daily_high) < least:  # one dose, which nothing of 6 decimals is
            assert row.daily_low == row.daily_high
        else:
            assert least <= Fraction(row.daily_low) < least + Fraction(1, 10**6)


@given(weight=weights)
def test_dose_for_one_kg_is_within_half_of_its_last_digit(weight):
    kg = oracle.kilograms(weight)
    found = rows(weight)
    for name in BY_KG:
        row = found[name]
        for beside, amount in ((row.per_basis_low, row.low), (row.per_basis_high, row.high)):
            assert abs(Fraction(beside) - Fraction(amount) / kg) <= Fraction(1, 20000)


@given(weight=weights, bsa=surfaces)
def test_range_that_people_see_lies_inside_the_exact_one(weight, bsa):
    for name, row in rows(weight, bsa).items():
        if name not in RULES:
            continue
        seen = format_range(row.low, row.high)
        assert seen in row.text
        shown = [Fraction(end.replace(",", "")) for end in seen.split(" to ")]
        low = row.low if row.low != row.high else row.low - Decimal("0.001")
        assert Fraction(low) <= shown[0] <= shown[-1] <= Fraction(row.high)


@pytest.mark.parametrize("name", RULES)
def test_pounds_and_kilograms_are_one_weight(name):
    assert rows("100lb")[name].low == rows("45.359237kg")[name].low
