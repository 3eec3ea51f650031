"""The weight that a dose goes by: vectors worked out in fractions, policies at their edges."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmcalc import guide, patient, physique, table
from dmcalc.core.dosing_weight import dosing_weight
from dmcalc.errors import PatientError, UnknownNameError, UsageError

TABLE = table.load().table
GUIDE = guide.load().guide


def weight(kg, cm, sex, basis, policy=None):
    who = patient.read(TABLE.limits, weight=kg)
    body = physique.read(TABLE.limits, height=cm, sex=sex)
    return dosing_weight(TABLE, GUIDE, who, body, basis, policy)


def ideal(cm, sex):
    """Devine, in fractions: 50 or 45.5 kg and 2.3 kg for each inch of 2.54 cm above 60."""
    inches = Fraction(cm) / Fraction("2.54")
    return Fraction(50 if sex == "male" else "45.5") + Fraction("2.3") * (inches - 60)


def test_a_man_of_100_kg_and_175_cm():
    found = weight("100", "175", "male", "adjusted")
    # (175 / 2.54 - 60) x 2.3 + 50 = 70.4645..., and 0.4 of the rest on top: 82.2787...
    assert found.ideal_kg == Decimal("70.464566")
    assert found.kg == found.adjusted_kg == Decimal("82.278740")
    assert (found.basis, found.policy) == ("adjusted", None)
    assert weight("100", "175", "male", "ideal").kg == Decimal("70.464566")
    assert weight("100", "175", "male", "actual").kg == 100


@pytest.mark.parametrize(
    ("kg", "cm", "policy", "basis", "says"),
    [
        # body mass index at 200 cm is a quarter of the weight
        ("120", "200", "ontario", "actual", "a body mass index above 30"),
        ("120.1", "200", "ontario", "adjusted", "a body mass index above 30"),
        ("100", "152.4", "ontario", "adjusted", "a body mass index above 30"),
        ("100", "152.3", "ontario", "actual", "a height from 152.4 cm"),
        ("60", "175", "australia", "actual", "the adjusted weight is not below it"),
        ("80", "175", "australia", "adjusted", "leaves it to the clinician"),
        ("120", "200", "nhs-form", "adjusted", "20 per cent above the ideal one"),
        ("90", "200", "nhs-form", "actual", "20 per cent above the ideal one"),
    ],
)
def test_a_policy_at_its_edges(kg, cm, policy, basis, says):
    found = weight(kg, cm, "male", "policy", policy)
    assert found.basis == basis
    assert says in found.reason
    assert found.policy == policy


def test_below_its_least_height_there_is_no_ideal_weight():
    with pytest.raises(PatientError, match="ideal weight is not known"):
        weight("100", "150", "female", "ideal")


@pytest.mark.parametrize(("cm", "sex"), [(None, "male"), ("175", None), (None, None)])
def test_what_is_missing_is_asked_for(cm, sex):
    with pytest.raises(PatientError):
        weight("100", cm, sex, "adjusted")


def test_a_policy_is_named():
    with pytest.raises(UsageError):
        weight("100", "175", "male", "policy")
    with pytest.raises(UnknownNameError, match="ontario"):
        weight("100", "175", "male", "policy", "ontaria")
    with pytest.raises(UsageError):
        weight("100", "175", "male", "ideal", "ontario")


@given(
    st.decimals("30", "250", places=1),
    st.decimals("152.4", "220", places=1),
    st.sampled_from(["male", "female"]),
    st.sampled_from([("ideal", None), ("adjusted", None), ("policy", "ontario")]),
)
def test_it_is_never_above_the_actual_weight(kg, cm, sex, how):
    found = weight(str(kg), str(cm), sex, *how)
    assert found.kg <= kg
    exact = {"ideal": ideal(cm, sex), "actual": Fraction(kg)}
    exact["adjusted"] = exact["ideal"] + Fraction("0.4") * (Fraction(kg) - exact["ideal"])
    assert 0 <= exact[found.basis] - Fraction(found.kg) < Fraction(1, 10**6)
    if found.basis == "actual":
        assert found.kg == kg
