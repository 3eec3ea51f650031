"""What is read besides weight and severity: whether a pregnancy was stated, the dosing weight."""

from __future__ import annotations

import pytest

from dmcalc.errors import PatientError


@pytest.mark.parametrize(
    ("facts", "is_open"),
    [
        ({}, True),
        ({"sex": "male"}, False),
        ({"sex": "female", "age": "11"}, False),
        ({"sex": "female", "age": "12"}, True),
        ({"sex": "female", "age": "50"}, True),
        ({"sex": "female", "age": "51"}, False),
        ({"age": "11"}, False),
        ({"age": "12"}, True),
        ({"age": "51"}, False),
        ({"sex": "female", "condition": ("not-pregnant",)}, False),
        ({"sex": "female", "condition": ("pregnancy",)}, False),
        ({"sex": "female", "condition": ("ild",)}, True),
    ],
)
def test_whether_a_pregnancy_is_possible_and_was_not_stated(entered, facts, is_open):
    assert entered(weight="45", **facts).pregnancy_open is is_open


@pytest.mark.parametrize(
    ("drugs", "age", "warned"),
    [
        (["methotrexate"], "30", ["methotrexate"]),
        (["methotrexate", "mycophenolate"], "30", [None]),
        ([], "30", [None]),
        (["methotrexate"], "51", []),
        (["methotrexate"], "50", ["methotrexate"]),
    ],
)
def test_a_woman_is_asked_about_pregnancy_once(entered, drugs, age, warned):
    who = entered(drugs=drugs, weight="70", sex="female", age=age)
    found = [w.drug for w in who.fact_warnings if w.code == "pregnancy-not-stated"]
    assert found == warned


@pytest.mark.parametrize(
    ("facts", "warned"),
    [
        ({"weight_policy": "ontario", "condition": ("pregnancy",)}, True),
        ({"weight_policy": "ontario"}, False),
        ({"weight_basis": "ideal", "condition": ("pregnancy",)}, False),
    ],
)
def test_a_policy_on_weights_says_what_it_leaves_out_in_pregnancy(entered, facts, warned):
    who = entered(drugs=["ivig"], weight="100", height="175", sex="female", **facts)
    codes = [warning.code for warning in who.dosing.warnings]
    assert ("weight-in-pregnancy" in codes) is warned


@pytest.mark.parametrize(
    ("facts", "hint"),
    [
        ({"height": "150", "sex": "female"}, "Leave weight_basis and weight_policy out for a dose"),
        ({"height": "150"}, "Give height and sex, or leave weight_basis"),
        ({"sex": "female"}, "Give height and sex, or leave weight_basis"),
    ],
)
def test_without_an_ideal_weight_it_says_what_helps(entered, facts, hint):
    with pytest.raises(PatientError, match="the ideal weight is not known") as refused:
        entered(drugs=["ivig"], weight="60", weight_basis="ideal", **facts)
    assert refused.value.hint.startswith(hint)


def test_a_dosing_weight_cites_the_formula_of_the_weight_and_not_of_the_index(entered):
    facts = {"weight": "100", "height": "175", "sex": "male", "weight_policy": "ontario"}
    sources = entered(drugs=["ivig"], **facts).dosing.sources
    assert "nba-dose" in sources
    assert "nhs-ig-form" not in sources
