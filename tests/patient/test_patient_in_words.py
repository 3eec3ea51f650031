"""A patient's weight and age in words."""

from __future__ import annotations

import pytest

from dmcalc.errors import PatientError
from dmcalc.patient import patient


@pytest.mark.parametrize(
    ("text", "written"),
    [("11st 6lb", "11 st 6 lb"), ("11st", "11 st"), ("154lb", "154 lb"), ("70kg", None)],
)
def test_a_weight_is_shown_as_it_was_entered(entered, text, written):
    assert entered(weight=text).given_weight == written


@pytest.mark.parametrize(
    ("age", "words"),
    [
        ("1 month", "1 month"),
        ("18 months", "18 months"),
        ("23 months", "23 months"),
        ("24 months", "2 years"),
        ("1", "1 year"),
        ("9", "9 years"),
        ("9y 3m", "9 years"),
    ],
)
def test_the_age_of_a_child_in_words(loaded, age, words):
    assert patient.aged(patient.read(loaded.table.limits, age=age)) == words


def test_a_weight_that_was_not_entered_is_not_unusual(entered):
    assert not entered().unusual_weight
    assert not entered("dose", age="9").unusual_weight


def test_a_weight_with_a_comma_is_told_apart(loaded):
    with pytest.raises(PatientError) as refused:
        patient.read(loaded.table.limits, weight="70,5")
    assert refused.value.hint.endswith("Write a point for decimals.")
    with pytest.raises(PatientError) as refused:
        patient.read(loaded.table.limits, weight="seventy")
    assert refused.value.hint.endswith("11st 6lb.")
