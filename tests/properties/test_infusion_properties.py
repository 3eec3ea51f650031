"""Infusions for any weight and dose, against the same rules once more in fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

import dmcalc
from dmcalc.errors import RefusedError
from dmcalc.infusions.infusion import InfusionInput, infusion
from dmcalc.patient import patient
from tests.properties.given import decimals, tried, weights

LOADED = dmcalc.load_table()
SMALLEST = Fraction(1, 10**6)

days = st.integers(2, 5)
doses = decimals(0, 400).filter(lambda text: Fraction(text) > 0)


def infused(drug, weight=None, **asked):
    who = patient.read(LOADED.table.limits, weight=weight)
    return infusion(LOADED, who, drug, InfusionInput(**asked))


def kilograms_of(weight):
    return Fraction(patient.read(LOADED.table.limits, weight=weight).weight_kg)


def minutes_of(total, rates):
    """How long a total takes: 30 minutes at each rate per minute, the last until the end."""
    time = Fraction(0)
    for rate in rates[:-1]:
        if total <= rate * 30:
            return time + total / rate
        total -= rate * 30
        time += 30
    return time + total / rates[-1]


def assert_whole(result, cap):
    """Show that steps follow each other, go up, stay below the cap and add up."""
    minute = Fraction(0)
    for number, step in enumerate(result.steps, start=1):
        assert (step.step, step.minute) == (number, minute)
        # up from the exact length, which the minutes are within 0.005 of
        assert step.whole_minutes - 1 <= step.minutes <= step.whole_minutes
        minute += Fraction(step.minutes)
    assert Fraction(result.duration_min) == minute
    assert result.whole_minutes == sum(step.whole_minutes for step in result.steps)
    rates = [step.rate_ml_kg_min or step.rate_mg_h for step in result.steps]
    assert all(before < after for before, after in pairwise(rates))
    assert max(rates) <= cap
    grams = {"g": 1, "mg": Fraction(1, 1000)}
    given_in_all = sum(Fraction(step.amount) * grams[step.unit] for step in result.steps)
    assert given_in_all == Fraction(result.amount)
    if result.volume_ml is not None:
        assert sum(Fraction(step.volume_ml) for step in result.steps) == Fraction(result.volume_ml)


@given(weight=weights, days=days, at_risk=st.booleans())
@example(weight="70", days=3, at_risk=False)
@example(weight="154lb", days=3, at_risk=True)
def test_a_day_is_the_one_computed_in_fractions(weight, days, at_risk):
    result = infused("ivig", weight, days=days, at_risk=at_risk)
    cap = Fraction(3 if at_risk else 4, 100)
    assert_whole(result, Decimal("0.03") if at_risk else Decimal("0.04"))
    kg = kilograms_of(weight)
    ml = 2 * kg / days * 10
    exact = minutes_of(ml, [kg * rate for rate in (Fraction(1, 100), Fraction(2, 100), cap)])
    assert abs(Fraction(result.duration_min) - exact) <= Fraction(1, 200)
    assert 0 <= ml - Fraction(result.volume_ml) < SMALLEST
    if ml.denominator in (1, 2, 4, 5, 8, 10, 20, 25, 50, 100):
        assert Fraction(result.volume_ml) == ml  # exact wherever the number has an end
    for step in result.steps:
        assert Fraction(step.rate_ml_h) == kg * Fraction(step.rate_ml_kg_min) * 60
    assert [w.code for w in result.warnings] == []


@given(weight=weights, dose=doses, at_risk=st.booleans())
@example(weight="70", dose="2.1", at_risk=False)
@example(weight="70", dose="94.5", at_risk=True)
@example(weight="70", dose="94.501", at_risk=True)
def test_a_dose_of_the_day(weight, dose, at_risk):
    asked = {"dose": f"{dose}g", "at_risk": at_risk}
    result, refused = tried(lambda: infused("ivig", weight, **asked), RefusedError)
    kg, grams = kilograms_of(weight), Fraction(dose)
    assert (refused is not None) == (grams >= 2 * kg)
    if result is None:
        return
    assert_whole(result, Decimal("0.03") if at_risk else Decimal("0.04"))
    assert Fraction(result.amount) == grams
    assert Fraction(result.volume_ml) == grams * 10
    cap = Fraction(3 if at_risk else 4, 100)
    exact = minutes_of(grams * 10, [kg * r for r in (Fraction(1, 100), Fraction(2, 100), cap)])
    codes = [w.code for w in result.warnings]
    assert ("dose-above-source" in codes) == (grams > kg)
    assert ("past-pooling" in codes) == (exact > 480)


@given(weight=weights, one=doses, other=doses, at_risk=st.booleans())
def test_more_takes_longer(weight, one, other, at_risk):
    most = 2 * kilograms_of(weight)
    lengths = [
        infused("ivig", weight, dose=f"{dose}g", at_risk=at_risk).duration_min
        for dose in sorted((one, other), key=Fraction)
        if Fraction(dose) < most
    ]
    assert lengths == sorted(lengths)


@given(weight=weights, days=days)
def test_at_risk_is_never_faster(weight, days):
    slow, fast = (infused("ivig", weight, days=days, at_risk=risk) for risk in (True, False))
    assert slow.duration_min >= fast.duration_min
    assert slow.volume_ml == fast.volume_ml


@given(dose=decimals(0, 1000).filter(lambda text: Fraction(text) > 0), later=st.booleans())
@example(dose="1000", later=False)
@example(dose="1000", later=True)
def test_rituximab_is_the_one_computed_in_fractions(dose, later):
    result = infused("rituximab", dose=f"{dose}mg", later=later)
    assert_whole(result, 400)
    rise = 100 if later else 50
    rates = [Fraction(rate, 60) for rate in range(rise, 401, rise)]
    exact = minutes_of(Fraction(dose), rates)
    assert abs(Fraction(result.duration_min) - exact) <= Fraction(1, 200)
    assert {step.volume_ml for step in result.steps} == {None}


@given(at=st.integers(0, 24 * 60 - 1), days=days)
def test_the_clock_runs_with_the_minutes(at, days):
    result = infused("ivig", "70", days=days, at=f"{at // 60:02}:{at % 60:02}")
    for step in result.steps:
        hour, minute = map(int, step.clock.split(":"))
        assert step.clock_day * 1440 + hour * 60 + minute == at + step.minute
    hour, minute = map(int, result.ends.split(":"))
    assert result.ends_day * 1440 + hour * 60 + minute == at + result.whole_minutes
