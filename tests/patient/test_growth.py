"""The sizes of a child against its age: what is unusual, and what is refused."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from dmcalc.errors import PatientError
from dmcalc.patient import patient as patients
from dmcalc.patient.age import Age
from dmcalc.patient.growth import growth_bounds, with_plausible_growth


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
