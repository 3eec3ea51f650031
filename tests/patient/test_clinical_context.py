"""What rules ask about: when a condition holds, what it lacks, and which facts were not entered."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dmcalc import guideline
from dmcalc.errors import PatientError, UnknownNameError
from dmcalc.guideline.patient_rules import RuleCondition
from dmcalc.patient.clinical_context import ClinicalContext, with_context
from dmcalc.patient.inputs import PatientInput
from dmcalc.patient.not_entered import _facts_of, not_entered
from dmcalc.patient.reader import PatientRequest
from dmcalc.quantities.thresholds import MeasureBand


def bands(*texts):
    return tuple(map(MeasureBand.parse, texts))


def known(**facts):
    for measure in ("egfr", "crcl"):
        if measure in facts:
            facts[measure] = Fraction(facts[measure])
    return ClinicalContext(**facts)


@pytest.mark.parametrize(
    ("when", "facts", "holds", "lacking"),
    [
        ({"aged": True}, {}, False, ["age"]),
        ({"aged": True}, {"age": 40}, True, []),
        ({"bands": bands("age > 70")}, {}, False, ["age"]),
        ({"bands": bands("age > 70")}, {"age": 71}, True, []),
        ({"bands": bands("age > 70")}, {"age": 70}, False, []),
        # who says nothing of the kidneys need not give each measure of them
        ({"bands": bands("egfr < 30")}, {}, False, []),
        ({"bands": bands("egfr < 30")}, {"crcl": 20}, False, ["egfr"]),
        ({"bands": bands("crcl < 30")}, {"egfr": 20}, False, ["crcl"]),
        ({"bands": bands("egfr < 30")}, {"egfr": 29}, True, []),
        ({"kidneys": True}, {"egfr": 90}, True, []),
        ({"kidneys": True}, {"crcl": 90}, True, []),
        ({"kidneys": True}, {}, False, []),
        # what cannot hold any more lacks nothing
        ({"bands": bands("age > 70", "crcl < 30")}, {"egfr": 20, "age": 40}, False, []),
        ({"bands": bands("age > 70", "crcl < 30")}, {"egfr": 20, "age": 80}, False, ["crcl"]),
        ({"tpmt": ("poor",), "bands": bands("age > 70")}, {"tpmt": "normal"}, False, []),
        ({"tpmt": ("poor",), "bands": bands("age > 70")}, {"tpmt": "poor"}, False, ["age"]),
        ({"nudt15": ("poor",)}, {"nudt15": "poor"}, True, []),
        ({"conditions": ("ild",)}, {"conditions": ("ild",)}, True, []),
        ({"conditions": ("ild",)}, {"conditions": ("pregnancy",)}, False, []),
        ({"unless": ("ild",)}, {"conditions": ("ild",)}, False, []),
        ({"taking": ("a",)}, {"taking": ("a",)}, True, []),
        ({"taking": ("a",)}, {"taking": ("b",), "classes": (("b", ("a",)),)}, True, []),
        ({"taking": ("a",)}, {"taking": ("b",)}, False, []),
    ],
)
def test_when_a_rule_holds_and_what_it_lacks(when, facts, holds, lacking):
    condition, context = RuleCondition(**when), known(**facts)
    assert context.holds(condition) is holds
    assert list(context.missing_measures(condition)) == lacking


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        ({"aged": True}, {"age"}),
        ({"bands": bands("age > 70")}, {"age"}),
        ({"bands": bands("egfr < 30")}, {"kidneys"}),
        ({"bands": bands("crcl < 30")}, {"kidneys"}),
        ({"kidneys": True}, {"kidneys"}),
        ({"conditions": ("pregnancy",)}, {"pregnancy"}),
        ({"conditions": ("ild",)}, {"conditions"}),
        ({"conditions": ("pregnancy", "ild")}, {"pregnancy", "conditions"}),
        ({"taking": ("allopurinol",)}, {"medicines"}),
        ({"tpmt": ("poor",)}, {"TPMT and NUDT15"}),
        ({"nudt15": ("poor",)}, {"TPMT and NUDT15"}),
        ({}, set()),
    ],
)
def test_the_facts_that_a_rule_asks_about(when, facts):
    assert _facts_of(RuleCondition(**when)) == facts


@pytest.mark.parametrize(
    ("entered", "open_facts"),
    [
        ({}, "age kidneys pregnancy medicines conditions TPMT and NUDT15"),
        ({"age": "40"}, "kidneys pregnancy medicines conditions TPMT and NUDT15"),
        ({"crcl": "90"}, "age pregnancy medicines conditions TPMT and NUDT15"),
        ({"sex": "male"}, "age kidneys medicines conditions TPMT and NUDT15"),
        ({"condition": ("not-pregnant",)}, "age kidneys medicines conditions TPMT and NUDT15"),
        ({"condition": ("ild",)}, "age kidneys pregnancy medicines TPMT and NUDT15"),
        ({"taking": ("allopurinol",)}, "age kidneys pregnancy conditions TPMT and NUDT15"),
        ({"unchecked": ("herbs",)}, "age kidneys pregnancy conditions TPMT and NUDT15"),
        ({"tpmt": "normal"}, "age kidneys pregnancy medicines conditions"),
        ({"nudt15": "normal"}, "age kidneys pregnancy medicines conditions"),
    ],
)
def test_what_was_not_entered_of_azathioprine(loaded, entered, open_facts):
    who = PatientRequest(loaded, PatientInput(weight="70", **entered)).read("dose")
    assert " ".join(not_entered(who, ["azathioprine"])) == open_facts
    without = open_facts.replace(" TPMT and NUDT15", "")
    assert " ".join(not_entered(who, ["azathioprine"], genotype=False)) == without


def test_what_was_not_entered_is_the_same_where_nothing_was_built(loaded, monkeypatch):
    who = PatientRequest(loaded, PatientInput(weight="70")).read("dose")
    drugs = loaded.table.drugs
    of_each = {drug: not_entered(who, [drug]) for drug in drugs}
    monkeypatch.setattr(guideline, "facts_as_built", lambda: None)
    assert {drug: not_entered(who, [drug]) for drug in drugs} == of_each


def test_what_was_not_entered_is_what_the_guide_of_the_answer_asks(loaded):
    """A hospital's guide that asks about kidneys alone: of all else nothing is unchecked."""
    who = PatientRequest(loaded, PatientInput(weight="70", taking=("allopurinol",))).read("dose")
    own = who.rules_guideline
    rules = own.guideline.rules
    kidneys = tuple(rule for rule in rules.rules if _facts_of(rule.when) == {"kidneys"})
    of_kidneys = rules._replace(rules=kidneys)
    own = own._replace(guideline=own.guideline._replace(rules=of_kidneys))
    of_own = not_entered(who._replace(rules_guideline=own), ["methotrexate"])
    assert set(of_own) < set(not_entered(who, ["methotrexate"]))
    assert of_own == ("age", "kidneys")


@pytest.mark.parametrize(
    ("facts", "warnings"),
    [
        # Cockcroft and Gault: (140 - 40) x 70 / (72 x 2) = 48.6
        (
            {"creatinine": "2mg/dL"},
            [
                "The glomerular filtration rate is computed from creatinine: ",
                "The creatinine clearance is computed from creatinine: 48.6 mL/min by "
                "Cockcroft and Gault, with the actual weight.",
            ],
        ),
        (
            {"creatinine": "2mg/dL", "crcl": "48"},
            ["The glomerular filtration rate is computed from creatinine: "],
        ),
        (
            {"creatinine": "2mg/dL", "crcl": "47"},
            [
                "The creatinine clearance that was given, 47, is below that which follows from "
                "the creatinine, 48.6: the lower one counts.",
                "The glomerular filtration rate is computed from creatinine: ",
            ],
        ),
        (
            {"creatinine": "2mg/dL", "crcl": "49.26"},
            [
                "The creatinine clearance that was given, 49.3, is above that which follows from "
                "the creatinine, 48.6: the lower one counts.",
                "The glomerular filtration rate is computed from creatinine: ",
                "The creatinine clearance is computed from creatinine: ",
            ],
        ),
    ],
)
def test_of_two_kidney_functions_the_lower_counts(loaded, person, facts, warnings):
    who = person("70", age="40")
    said = PatientInput(sex="male", **facts)
    context = with_context(loaded, who, said).context
    messages = [w.message for w in context.warnings]
    for warning in warnings:
        assert any(message.startswith(warning) for message in messages), messages
    told = [m for m in messages if "computed" in m or "was given" in m]
    assert len(told) == len(warnings)
    assert [w.code for w in context.warnings].count("muscle-loss") == 1  # both say the same
    assert all("actual weight" not in m for m in told if "filtration" in m)
    assert context.crcl == min(Fraction(facts.get("crcl", 99)), Fraction(7000, 144))


def test_a_kidney_function_that_the_creatinine_bears_out_is_not_disputed(loaded, person):
    # Cockcroft and Gault: (140 - 40) x 72 / (72 x 1) = 100
    said = PatientInput(sex="male", creatinine="1mg/dL", crcl="100")
    context = with_context(loaded, person("72", age="40"), said).context
    assert (context.crcl, context.computed) == (100, ("egfr",))
    assert "kidneys-disagree" not in [w.code for w in context.warnings]


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        ("egfr", "45", 45),
        ("egfr", "45 mL/min/1.73 m2", 45),
        ("egfr", "45 mL/min/1.73m²", 45),
        ("crcl", "45mL/min", 45),
        ("egfr", "0", 0),
        ("egfr", "300", 300),
        ("egfr", "45 mL/min", None),
        ("crcl", "45 mL/min/1.73m2", None),
        ("egfr", "300.1", None),
        ("crcl", "forty", None),
    ],
)
def test_a_kidney_function_has_its_own_unit(loaded, person, option, text, value):
    facts = PatientInput(**{option: text})
    if value is None:
        with pytest.raises(PatientError):
            with_context(loaded, person("70"), facts)
    else:
        assert getattr(with_context(loaded, person("70"), facts).context, option) == value


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("ckd", "says no kidney function"),
        ("CKD stage 3b", "says no kidney function"),
        ("none", "no rule knows 'none'"),
        ("il", "no rule knows 'il'"),
    ],
)
def test_a_condition_that_no_rule_knows(loaded, person, condition, says):
    with pytest.raises(UnknownNameError, match=says) as refused:
        with_context(loaded, person("70"), PatientInput(condition=(condition,)))
    assert ("where the patient has none" in refused.value.hint) == (condition == "none")
