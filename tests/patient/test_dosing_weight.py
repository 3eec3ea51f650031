"""The weight that a dose goes by: vectors worked out in fractions, policies at their edges."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dmcalc import guideline, table
from dmcalc.errors import PatientError, UnknownNameError, UsageError
from dmcalc.patient import anthropometry, patient
from dmcalc.patient.dosing_weight import dosing_weight, with_dosing_weight
from dmcalc.patient.inputs import PatientInput
from dmcalc.patient.weight_request import weight_shown
from dmcalc.quantities.thresholds import BodyCondition

LOADED, GUIDELINE = table.load(), guideline.load()
TABLE = LOADED.table


def weight(kg, cm, sex, basis, policy=None):
    who = patient.read(TABLE.limits, weight=kg)
    body = anthropometry.read(TABLE.limits, height=cm, sex=sex)
    return dosing_weight(TABLE, GUIDELINE, who, body, basis, policy)


def ideal(cm, sex):
    """Devine, in fractions: 50 or 45.5 kg and 2.3 kg for each inch of 2.54 cm above 60."""
    inches = Fraction(cm) / Fraction("2.54")
    return Fraction(50 if sex == "male" else "45.5") + Fraction("2.3") * (inches - 60)


def test_a_man_of_100_kg_and_175_cm():
    found = weight("100", "175", "male", "adjusted")
    # (175 / 2.54 - 60) x 2.3 + 50 = 70.4645..., and 0.4 of the rest on top: 82.2787...
    assert found.ideal_kg == Decimal("70.464566")
    assert found.kg == found.adjusted_kg == Decimal("82.278740")
    assert (found.basis, found.asked, found.policy) == ("adjusted", "adjusted", None)
    assert weight("100", "175", "male", "ideal").kg == Decimal("70.464566")
    assert weight("100", "175", "male", "actual").kg == 100


def test_the_published_example_rounds_early():
    """Its 70.4 and 82.2 kg are ours cut to one decimal; its index of 32.7 is 32.653 rounded."""
    found = weight("100", "175", "male", "policy", "ontario")
    assert 0 < found.ideal_kg - Decimal("70.4") < Decimal("0.1")
    assert 0 < found.kg - Decimal("82.2") < Decimal("0.1")
    assert abs(found.bmi - Decimal("32.7")) < Decimal("0.05")
    assert found.exact["bmi"] == Fraction(1600, 49)


@pytest.mark.parametrize(
    ("kg", "cm", "sex", "basis", "exact"),
    [
        # 6ft3in are 75 inches: 50 + 2.3 x 15 = 84.5 kg, and 0.4 x (120 - 84.5) = 14.2 kg on top
        ("120", "6ft3in", "male", "ideal", "84.5"),
        ("120", "6ft3in", "male", "adjusted", "98.7"),
        # 60 inches: the base alone, 45.5 kg; 0.4 x (100 - 45.5) = 21.8 kg on top
        ("100", "152.4", "female", "ideal", "45.5"),
        ("100", "152.4", "female", "adjusted", "67.3"),
        # 45.5 + 2.3 x (160/2.54 - 60) = 52.381889..., and 0.4 x 42.618110... on top
        ("95", "160", "female", "adjusted", "69.429133"),
    ],
)
def test_by_hand(kg, cm, sex, basis, exact):
    found = weight(kg, cm, sex, basis)
    assert found.kg == Decimal(exact)
    assert found.basis == basis


@pytest.mark.parametrize(
    ("kg", "cm", "policy", "basis", "says"),
    [
        # body mass index at 200 cm is a quarter of the weight
        ("120", "200", "ontario", "actual", "a body mass index above 30 (here 30)"),
        ("120.1", "200", "ontario", "adjusted", "a body mass index above 30 (here 30.025)"),
        ("120.000001", "200", "ontario", "adjusted", "(here 30.00000025)"),
        ("100", "152.4", "ontario", "adjusted", "a body mass index above 30"),
        ("100", "152.3", "ontario", "actual", "a height from 152.4 cm (here 152.3 cm)"),
        ("60", "175", "australia", "actual", "the adjusted weight is not below it"),
        ("80", "175", "australia", "adjusted", "leaves it to the prescriber"),
        ("120", "200", "nhs-form", "adjusted", "20 per cent above the ideal one (here"),
        ("90", "200", "nhs-form", "actual", "20 per cent above the ideal one (here"),
    ],
)
def test_a_policy_at_its_edges(kg, cm, policy, basis, says):
    found = weight(kg, cm, "male", "policy", policy)
    assert found.basis == basis
    assert says in found.reason
    assert (found.policy, found.asked) == (policy, "policy")


@pytest.mark.parametrize("basis", ["ideal", "adjusted"])
def test_who_weighs_the_ideal_weight_is_dosed_by_the_actual_one(basis):
    """At 60 inches it is the base of 50 kg: nothing is said to be in place of it."""
    found = weight("50", "152.4", "male", basis)
    assert (found.kg, found.basis) == (50, "actual")
    assert found.reason == f"the {basis} weight is not below it"


@pytest.mark.parametrize("sex", ["male", None])
def test_ontario_needs_no_sex_where_it_does_not_hold(sex):
    assert weight("100", "150", sex, "policy", "ontario").basis == "actual"
    assert weight("80", "175", sex, "policy", "ontario").basis == "actual"


@pytest.mark.parametrize(
    ("kg", "cm", "sex", "policy", "says"),
    [
        ("100", "175", None, "ontario", "sex"),  # it holds, and the weight differs by sex
        ("100", None, "male", "ontario", "height is missing"),
        ("100", None, "male", "australia", "height"),
        # index 20, so it turns on the ideal weight, which needs the sex, or is not given
        ("80", "200", None, "nhs-form", "sex"),
        ("40", "140", "male", "nhs-form", "152.4 cm"),
        ("80", "140", "male", "nhs-form", "152.4 cm"),
    ],
)
def test_nothing_is_decided_by_what_is_not_known(kg, cm, sex, policy, says):
    with pytest.raises(PatientError) as refused:
        weight(kg, cm, sex, "policy", policy)
    assert says in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize("basis", ["ideal", "adjusted"])
def test_below_its_least_height_there_is_no_ideal_weight(basis):
    with pytest.raises(PatientError, match=r"not given below a height of 152\.4 cm"):
        weight("100", "152.3", "female", basis)


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


def test_the_actual_weight_needs_nothing_else():
    found = weight("100", None, None, "actual")
    assert (found.kg, found.basis, found.formulas, found.bmi) == (100, "actual", (), None)


def asked(names=(), *, age=None, **wanted):
    who = patient.read(TABLE.limits, weight="100", age=age, confirm_weight=True)
    choice = {f"weight_{name}": value for name, value in wanted.items()}
    said = PatientInput(height="175", sex="male", **choice)
    return with_dosing_weight(LOADED, who, said, names, GUIDELINE)


def test_a_policy_alone_asks_for_its_weight():
    assert asked(policy="Ontario").dosing.policy == "ontario"
    assert not PatientInput(height="175", sex="male").dosing_weight


@pytest.mark.parametrize("names", [("prednisone",), ("rituximab", "tacrolimus")])
def test_a_drug_that_takes_no_other_weight_is_no_reason_to_name_one(names):
    with pytest.raises(UsageError, match=f"doses of ivig, and this is about {names[0]}"):
        asked(names, basis="ideal")


def test_a_patient_is_of_another_weight_for_one_drug_alone():
    who = asked(("prednisone", "ivig"), basis="adjusted")
    assert who.weight_kg == who.of("prednisone").weight_kg == who.actual.of("ivig").weight_kg == 100
    assert who.of("ivig").weight_kg == who.of("ivig").of("ivig").weight_kg == Decimal("82.27874")


def test_formulas_for_adults_are_not_for_a_child():
    with pytest.raises(PatientError, match="for adults, and this is a child aged 9 years"):
        asked(basis="ideal", age="9")
    assert asked(basis="actual", age="9").dosing.kg == 100


def test_a_basis_that_there_is_not():
    with pytest.raises(UsageError, match="'lean' is not known"):
        asked(basis="lean")


def policy_of(**changes):
    """Return the guide with one policy changed, as if it were read from a file."""
    policies = dict(GUIDELINE.guideline.weight_policies)
    policies["ours"] = policies["ontario"]._replace(**changes)
    return GUIDELINE._replace(guideline=GUIDELINE.guideline._replace(weight_policies=policies))


def test_a_policy_of_ones_own():
    guideline = policy_of(name="Ours", basis="ideal", any_of=(BodyCondition.parse("bmi >= 32.7"),))
    who = patient.read(TABLE.limits, weight="100")
    said = PatientInput(height="175", sex="male", weight_policy="ours")
    found = with_dosing_weight(LOADED, who, said, (), guideline).dosing
    assert (found.basis, found.policy_name) == ("actual", "Ours")
    assert found.reason == "the policy is for a body mass index from 32.7 (here 32.653)"
    guideline = policy_of(basis="ideal", drugs=("prednisone", "unlisted"))
    found = with_dosing_weight(LOADED, who, said, (), guideline).dosing
    assert (found.basis, found.drugs) == ("ideal", ("prednisone",))


@pytest.mark.parametrize(
    ("kg", "actual", "seen"),
    [
        ("82.278740", "100", "82.279"),
        ("98.7", "120", "98.7"),
        # half up it would be above the actual weight, or look the same
        ("70.0004", "70.0005", "70"),
        ("70.0006", "70.0007", "70.0006"),
        ("69.9999", "70", "69.9999"),
    ],
)
def test_a_weight_is_seen_below_the_actual_one(kg, actual, seen):
    assert weight_shown(Decimal(kg), Decimal(actual)) == seen


def test_in_words():
    assert weight("100", "175", "male", "policy", "ontario").description == (
        "the adjusted weight, 82.279 kg, in place of 100 kg, by the policy of Ontario: "
        "a body mass index above 30 (here 32.653)"
    )
    assert weight("100", "175", "male", "ideal").description == (
        "the ideal weight, 70.465 kg, in place of 100 kg: chosen by the user"
    )
    assert weight("80", "150", "male", "policy", "ontario").description == (
        "the actual weight, 80 kg, by the policy of Ontario: the policy is for a height from "
        "152.4 cm (here 150 cm)"
    )


@given(
    st.decimals("30", "250", places=3),
    st.decimals("152.4", "220", places=2),
    st.sampled_from(["male", "female"]),
    st.sampled_from(
        [("ideal", None), ("adjusted", None), ("policy", "ontario"), ("policy", "nhs-form")]
    ),
)
@example(Decimal("50"), Decimal("152.4"), "male", ("ideal", None))
@example(Decimal("50.001"), Decimal("152.4"), "male", ("adjusted", None))
def test_it_is_exact_and_never_above_the_actual_weight(kg, cm, sex, how):
    found = weight(str(kg), str(cm), sex, *how)
    assert found.kg <= kg
    exact = {"ideal": ideal(cm, sex), "actual": Fraction(kg)}
    exact["adjusted"] = exact["ideal"] + Fraction("0.4") * (Fraction(kg) - exact["ideal"])
    assert found.exact["kg"] == exact[found.basis]
    assert 0 <= exact[found.basis] - Fraction(found.kg) < Fraction(1, 10**6)
    if found.basis == "actual":
        assert found.kg == kg
        assert found.asked != "ideal" or exact["ideal"] >= kg
