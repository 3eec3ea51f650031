"""A child has a body surface area, and nothing that formulas of adults compute."""

from __future__ import annotations

from decimal import Decimal

import pytest

import dmcalc
from dmcalc.errors import PatientError

CHILD = ("body", "--age", "2", "--weight", "12kg", "--height", "86cm")


# the square root of 86 x 12 / 3600 = 0.28667
def test_a_child_of_2_has_a_body_surface(call):
    done = call(*CHILD, "--format", "json")
    assert (done.code, done.json["bsa_m2"]) == (0, Decimal("0.535412613473634"))
    assert {done.json[name] for name in ("bmi", "ideal_weight_kg", "egfr_ml_min_173m2")} == {None}


def test_it_is_that_of_a_dose(call):
    dose = call("dose", "methotrexate", *CHILD[1:], "--format", "json").json
    assert dose["patient"]["bsa_m2"] == call(*CHILD, "--format", "json").json["bsa_m2"]


def test_what_is_of_adults_is_said_and_not_computed(call):
    facts = ("--sex", "male", "--creatinine", "0.4mg/dL")
    done = call(*CHILD, *facts, "--format", "json")
    assert [missing["measure"] for missing in done.json["missing"]] == [
        "bmi",
        "ideal_weight_kg",
        "adjusted_weight_kg",
        "crcl_ml_min",
        "egfr_ml_min_173m2",
    ]
    assert {m["reason"].partition(" is ")[2] for m in done.json["missing"]} == {
        "for adults, and this is a child aged 2 years"
    }
    page = call(*CHILD, *facts).stdout
    assert "of a child aged 2 years" in page
    assert "creatinine clearance is for adults" in page


# limits.juvenile_height of the table: 40-210 cm
@pytest.mark.parametrize("height", ["39.9", "210.1"])
def test_a_height_beyond_the_limits_of_children_is_refused(call, height):
    done = call("body", "--age", "2", "--weight", "12", "--height", height)
    assert done.code == 4
    assert f"a height of {height} cm is not plausible for a child" in done.stderr


def test_without_a_height_it_says_what_is_missing():
    with pytest.raises(PatientError, match="body surface area needs"):
        dmcalc.body(age=2, weight=12)


def test_a_formula_may_be_named():
    result = dmcalc.body(age="18 months", weight="10.5", height=80, formula="haycock")
    assert list(result.values) == ["bsa_m2"]
    assert result.formulas[0].formula == "haycock"
