from __future__ import annotations

import datetime
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import dmcalc
from dmcalc.errors import PatientError
from dmcalc.patient import patient
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import Interval
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper
from tests import oracle
from tests.properties.given import decimals, severities, weights

LOADED = dmcalc.load_table()
PROTOCOLS = {"hhe-2018": (1, 100), "etg": (26, 75), "ese-es-2024": (6, 100)}
DAY = datetime.timedelta(days=1)

starts = st.one_of(
    [
        st.tuples(st.just(name), decimals(low, high))
        for name, (low, high) in PROTOCOLS.items()
    ]
)  # fmt: skip
dates = st.dates(datetime.date(2020, 1, 1), datetime.date(2100, 12, 31))


def tapered(drug="prednisone", weight=None, severity=None, dose=None, **asked):
    who = patient.read(LOADED.table.limits, weight=weight, severity=severity)
    amount = None if dose is None else read_amount(f"{dose}mg")
    return taper(LOADED, who, drug, start_dose=amount, **asked)


def assert_whole(result):
    """Show that steps follow each other, go down, stay above zero and add up."""
    day, low, high = 1, Fraction(0), Fraction(0)
    assert result.steps
    for number, step in enumerate(result.steps, start=1):
        assert (step.step, step.day, step.week) == (number, day, (day - 1) // 7)
        assert 0 < step.low <= step.high
        if step.days is None:
            assert step is result.steps[-1]
            assert (step.total_low, step.total_high) == (None, None)
            continue
        times = step.days if step.per == "day" else 1
        day += step.days
        low, high = low + Fraction(step.low) * times, high + Fraction(step.high) * times
        assert (Fraction(step.total_low), Fraction(step.total_high)) == (low, high)
    for before, after in pairwise(result.steps):
        assert after.low <= before.low
        assert after.high <= before.high
    totals = result.totals
    assert totals.days == day - 1
    assert (Fraction(totals.amount_low), Fraction(totals.amount_high)) == (low, high)
    assert totals.amount == (totals.amount_low if low == high else None)


@given(start=starts)
@example(start=("hhe-2018", "62.3"))
@example(start=("hhe-2018", "20"))
@example(start=("hhe-2018", "20.001"))
@example(start=("ese-es-2024", "40"))
@example(start=("ese-es-2024", "10.5"))
@example(start=("etg", "75"))
def test_every_step_is_the_one_computed_in_fractions(start):
    protocol, dose = start
    steps = tapered(dose=dose, protocol=protocol).steps
    expected = oracle.levels(protocol, Fraction(dose))
    assert [(Fraction(step.low), step.days) for step in steps] == expected


@given(start=starts)
def test_steps_of_a_daily_taper_are_whole(start):
    protocol, dose = start
    result = tapered(dose=dose, protocol=protocol)
    assert_whole(result)
    for before, after in pairwise(result.steps):
        assert after.low < before.low


@given(weight=weights, severity=severities, protocol=st.sampled_from([*PROTOCOLS]))
def test_taper_starts_at_the_suggested_dose_or_the_cap(weight, severity, protocol):
    kg = oracle.kilograms(weight)
    rule = next(rule for rule in oracle.rules() if rule.name == "prednisone.induction")
    suggested = oracle.ends(rule, kg, Fraction(1))[0 if severity == "mild" else 1]
    first = min(suggested, 75) if protocol == "etg" else suggested
    if protocol == "etg" and first <= 25:  # where it ends
        with pytest.raises(PatientError):
            tapered(weight=weight, severity=severity, protocol=protocol)
        return
    result = tapered(weight=weight, severity=severity, protocol=protocol)
    assert Fraction(result.steps[0].low) == first
    assert_whole(result)


@given(dose=decimals(11, 100), weeks=st.integers(4, 12))
def test_longer_interval_keeps_the_doses(dose, weeks):
    short = tapered(dose=dose, protocol="hhe-2018")
    every = Interval(weeks, weeks, "week")
    long = tapered(dose=dose, protocol="hhe-2018", choices=Choices(interval=every))
    assert [step.low for step in long.steps] == [step.low for step in short.steps]
    assert_whole(long)
    last = [step.days for step in long.steps if step.low <= 10]
    assert last == [weeks * 7] * len(last)


@given(dose=decimals(6, 100))
def test_longest_interval_is_the_one_computed_in_fractions(dose):
    choices = Choices(interval=Interval(4, 4, "week"))
    steps = tapered(dose=dose, protocol="ese-es-2024", choices=choices).steps
    expected = oracle.levels("ese-es-2024", Fraction(dose), slow=True)
    assert [(Fraction(step.low), step.days) for step in steps] == expected


@given(start=starts, day=dates)
def test_dates_follow_each_other(start, day):
    protocol, dose = start
    steps = tapered(dose=dose, protocol=protocol, start=day).steps
    assert steps[0].start == day
    for step in steps:
        assert step.start == day + (step.day - 1) * DAY
        assert step.end == (None if step.days is None else step.start + (step.days - 1) * DAY)
    for before, after in pairwise(steps):
        assert after.start == before.end + DAY


@given(weight=weights | st.none(), weeks=st.integers(1, 520), day=dates)
@example(weight=None, weeks=16, day=datetime.date(2028, 2, 29))
@example(weight="70", weeks=17, day=datetime.date(2027, 12, 31))
def test_courses_are_whole(weight, weeks, day):
    result = tapered("ivig", weight=weight, choices=Choices(weeks=weeks), start=day)
    assert_whole(result)
    assert len(result.steps) == -(-weeks // 4)
    kg = Fraction(1) if weight is None else oracle.kilograms(weight)
    for step in result.steps:
        low, high = (2 * kg, 2 * kg) if step.week < 16 else (kg, 2 * kg)
        assert (Fraction(step.low), Fraction(step.high)) == (low, high)
        assert low / 5 <= step.daily_low < low / 5 + Fraction(1, 10**6)
        assert high / 2 - Fraction(1, 10**6) < step.daily_high <= high / 2
        assert step.start == day + step.week * 7 * DAY
        assert step.end == step.start + 27 * DAY


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_oracle_and_table_hold_the_same_protocols(protocol):
    assert protocol in oracle.table()["daily_tapers"]
    assert set(LOADED.table.daily_tapers) == set(PROTOCOLS)
