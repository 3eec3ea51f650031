"""A patient's size and age in words, and what is asked of a woman."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from dmcalc.errors import PatientError
from dmcalc.patient import anthropometry
from dmcalc.patient import patient as patients
from dmcalc.patient.age import Age
from dmcalc.patient.body import _limits
from dmcalc.patient.growth import growth_bounds, with_plausible_growth
from dmcalc.patient.inputs import PatientInput
from dmcalc.patient.reader import PatientRequest


@pytest.fixture
def entered(loaded):
    def entered(command="dose", drugs=(), **facts):
        return PatientRequest(loaded, PatientInput(**facts)).read(command, drugs)

    return entered


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
    assert patients.aged(patients.read(loaded.table.limits, age=age)) == words


def test_a_weight_that_was_not_entered_is_not_unusual(entered):
    assert not entered().unusual_weight
    assert not entered("dose", age="9").unusual_weight


def test_the_sizes_of_a_child_unasked(loaded):
    # 9 years are the bands from 108 to 120 months
    weights, surfaces = growth_bounds(loaded.table, Age(9))
    assert [str(end) for end in weights] == ["18.1", "59.2"]
    # the square roots of 114.1 x 18.1 / 3600 and of 157.9 x 59.2 / 3600, to 3 decimals
    assert [str(end) for end in surfaces] == ["0.757", "1.611"]
    none = loaded.table._replace(growth=None)
    assert growth_bounds(none, Age(9)) == (None, None)
    assert growth_bounds(loaded.table, Age(40)) == (None, None)


def test_on_the_day_that_a_band_begins_its_sizes_count(loaded):
    """Else no weight of an infant of just that many months would be unusual."""
    first, second = loaded.table.growth.bands[:2]
    assert first.to_months == second.from_months
    for months, band in ((second.from_months - 1, first), (second.from_months, second)):
        weights, _ = growth_bounds(loaded.table, Age(months // 12, months))
        assert weights == (band.weight.low, band.weight.high)


def test_of_the_bands_of_an_age_the_oldest_names_the_source(loaded):
    bands = [
        band._replace(weights_of=f"weights-{number}", heights_of=f"heights-{number}")
        for number, band in enumerate(loaded.table.growth.bands)
    ]
    table = loaded.table._replace(growth=loaded.table.growth._replace(bands=tuple(bands)))
    child = patients.read(table.limits, age="0", weight="30kg")
    unusual = with_plausible_growth(table, child, Decimal(140), confirmed=True)
    last = max(number for number, band in enumerate(bands) if band.from_months < 12)
    assert [warning.source for warning in unusual.fact_warnings] == [
        f"weights-{last}",
        f"heights-{last}",
    ]


def test_a_weight_that_no_child_of_the_height_has_is_refused_with_its_index(loaded):
    """Each alone is of the age, and 59 kg / (1.141 m)^2 = 45.32 kg/m2 is not."""
    child = patients.read(loaded.table.limits, age="9", weight="59kg")
    says = "a body mass index of 45.3 kg/m2 is unusual for a child aged 9 years: 10 to 40 kg/m2"
    with pytest.raises(PatientError, match=re.escape(says)):
        with_plausible_growth(loaded.table, child, Decimal("114.1"), confirmed=False)


def test_a_weight_that_may_be_in_pounds_is_shown_in_kilograms(loaded):
    child = patients.read(loaded.table.limits, age="9", weight="80")
    with pytest.raises(PatientError) as refused:
        with_plausible_growth(loaded.table, child, None, confirmed=False)
    assert " 80 lb are 36.3 kg." in refused.value.hint  # 80 x 0.45359237 = 36.287


def test_an_adult_is_not_compared_with_children(loaded):
    adult = patients.read(loaded.table.limits, age="18", weight="200kg")
    assert with_plausible_growth(loaded.table, adult, None, confirmed=False) == adult


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


def test_the_limits_that_a_size_was_held_against(entered, loaded):
    limits = loaded.table.limits
    for facts, child, names in (
        ({"age": "9", "weight": "28"}, True, ["juvenile_weight", "confirmed_weight"]),
        ({"weight": "70"}, False, ["weight", "confirmed_weight"]),
    ):
        who = entered("body", **facts)
        alone = anthropometry.read(limits, child=child)
        assert list(_limits(who, alone)) == [f"limits.{name}" for name in names]
        tall = anthropometry.read(limits, height="132", creatinine="1mg/dL", child=child)
        own = ["juvenile_height" if child else "height", "creatinine"]
        assert list(_limits(who, tall)) == [f"limits.{name}" for name in (*names, *own)]


def test_a_height_below_that_of_the_formula_names_the_source_that_says_so(call):
    done = call("body", "-w", "45", "--height", "150", "--sex", "female", "-f", "json")
    (warning,) = [w for w in done.json["warnings"] if w["code"] == "height-below-formula"]
    assert warning["source"] == "orbcon-dose"


def test_a_weight_with_a_comma_is_told_apart(loaded):
    with pytest.raises(PatientError) as refused:
        patients.read(loaded.table.limits, weight="70,5")
    assert refused.value.hint.endswith("Write a point for decimals.")
    with pytest.raises(PatientError) as refused:
        patients.read(loaded.table.limits, weight="seventy")
    assert refused.value.hint.endswith("11st 6lb.")


@pytest.mark.parametrize(
    ("facts", "unusual"),
    [
        # of 9 years: 18.1 to 59.2 kg, 114.1 to 157.9 cm, 10 to 40 kg/m2
        ({"weight": "18.1"}, []),
        ({"weight": "18"}, ["unusual-weight"]),
        ({"weight": "59.2"}, []),
        ({"weight": "59.3"}, ["unusual-weight"]),
        ({"weight": "28", "height": "114.1"}, []),
        ({"weight": "28", "height": "114"}, ["unusual-height"]),
        ({"weight": "28", "height": "157.9"}, []),
        ({"weight": "28", "height": "158"}, ["unusual-height"]),
        ({"weight": "19.6", "height": "140"}, []),
        ({"weight": "19.5", "height": "140"}, ["unusual-bmi"]),
        ({"weight": "57.6", "height": "120"}, []),
        ({"weight": "57.7", "height": "120"}, ["unusual-bmi"]),
        ({"bsa": "0.757"}, []),
        ({"bsa": "0.756"}, ["unusual-body-surface"]),
        ({"bsa": "1.611"}, []),
        ({"bsa": "1.612"}, ["unusual-body-surface"]),
    ],
)
def test_the_ends_of_what_a_child_has_belong_to_it(entered, facts, unusual):
    who = entered(age="9", confirm_weight=True, **facts)
    assert [warning.code for warning in who.fact_warnings] == unusual
    if unusual:
        with pytest.raises(PatientError, match="is unusual for a child aged 9 years"):
            entered(age="9", **facts)


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


@pytest.mark.parametrize(("height", "comma"), [("1,75m", True), ("tall", False)])
def test_a_height_with_a_comma_is_told_apart(loaded, height, comma):
    with pytest.raises(PatientError, match="cannot be read") as refused:
        anthropometry.read(loaded.table.limits, height=height)
    assert refused.value.hint.endswith("Write a point for decimals.") is comma


def test_a_creatinine_is_answered_in_both_units(call):
    words = ("-w", "70", "--age", "40", "--sex", "male", "--creatinine", "1mg/dL")
    row = call("body", *words, "-f", "json").json
    assert (row["creatinine_mg_dl"], row["creatinine_umol_l"]) == (1, Decimal("88.4"))


def test_a_dosing_weight_cites_the_formula_of_the_weight_and_not_of_the_index(entered):
    facts = {"weight": "100", "height": "175", "sex": "male", "weight_policy": "ontario"}
    sources = entered(drugs=["ivig"], **facts).dosing.sources
    assert "nba-dose" in sources
    assert "nhs-ig-form" not in sources
