"""Which of the facts that were entered a command does not use."""

from __future__ import annotations

import pytest

from dmcalc.patient.inputs import USES, PatientInput, unused_facts


@pytest.mark.parametrize(
    ("command", "facts", "child", "unused"),
    [
        ("dose", {"weight": "70", "severity": "mild"}, False, ""),
        ("dose", {"sex": "male"}, False, "sex"),
        ("dose", {"sex": "male", "age": "40"}, False, "sex"),
        ("dose", {"sex": "male", "creatinine": "1mg/dL"}, False, ""),
        # a woman's age asks whether she is pregnant
        ("dose", {"sex": "female", "age": "40"}, False, ""),
        ("dose", {"sex": "female"}, False, "sex"),
        ("dose", {"sex": "male", "height": "175", "weight_basis": "ideal"}, False, ""),
        ("dose", {"height": "175"}, False, ""),  # it gives a body surface area
        ("taper", {"height": "175"}, False, "height"),
        ("taper", {"height": "175", "sex": "male", "weight_policy": "ontario"}, False, ""),
        ("taper", {"severity": "mild"}, False, ""),
        ("taper", {"severity": "mild"}, True, "severity"),
        ("taper", {"bsa": "1.8"}, False, "bsa"),
        ("labs", {"taking": ("allopurinol",)}, True, "taking"),
        ("labs", {"taking": ("allopurinol",)}, False, ""),
        ("labs", {"egfr": "90"}, True, ""),
        ("body", {"severity": "mild", "sex": "male", "height": "175"}, False, "severity"),
        ("dose", {"dob": "1980-01-01", "age": "46", "as_of": "2026-11-29"}, False, ""),
        ("infusion", {"as_of": "2026-11-29", "bsa": "1.8"}, False, "bsa"),
        ("plan", {"condition": ("lung",)}, True, ""),
        ("body", {"condition": ("lung",)}, False, "condition"),
        ("dose", {"confirm_weight": False}, False, ""),
        ("monitor", {"height": "175", "sex": "male"}, False, "height sex"),
    ],
)
def test_what_is_not_used(command, facts, child, unused):
    found = unused_facts(PatientInput(**facts), USES[command], child=child)
    assert " ".join(found) == unused


def test_a_condition_that_says_nothing_is_taken_out():
    facts = PatientInput(condition=("ILD; not pregnant",))
    assert facts.without_condition("not-pregnant").condition == ("ild",)
    assert facts.without_condition("pregnancy") is facts
    assert PatientInput(condition=("not-pregnant",)).without_condition("not-pregnant") == (
        PatientInput()
    )
