"""Results against limits: at a limit, just past it, and what cannot be compared."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dmcalc
from dmcalc.cli import labs as command
from dmcalc.errors import ExitCode, PatientError, UsageError
from dmcalc.guideline import load as load_guide
from dmcalc.monitoring.lab_results import LabResult, accepted_results
from dmcalc.monitoring.labs import labs
from dmcalc.patient.inputs import PatientInput
from dmcalc.quantities.thresholds import ResultLimit, ResultUnit


def verdicts(drug, **results):
    found = dmcalc.labs(drug, **results)
    return {row.lab: row.crossed for row in found.rows}, found.exit_code


@pytest.mark.parametrize(
    ("lab", "at", "past"),
    [
        ("wcc", "3.5", "3.499"),
        ("neutrophils", "1.6", "1.599"),
        ("platelets", "140", "139.999"),
        ("alt", "100", "100.001"),
        ("ast", "100", "100.001"),
        ("albumin", "30", "29.999"),
        ("eosinophils", "0.5", "0.501"),
        ("mcv", "105", "105.001"),
    ],
)
@pytest.mark.parametrize("drug", ["azathioprine", "methotrexate", "mycophenolate"])
def test_a_result_at_a_limit_has_not_crossed_it(drug, lab, at, past):
    crossed, code = verdicts(drug, **{lab: at})
    assert (crossed[lab], code) == (False, ExitCode.OK)
    assert {value for key, value in crossed.items() if key != lab} == {None}
    assert verdicts(drug, **{lab: past})[0][lab] is True
    assert verdicts(drug, **{lab: past})[1] is ExitCode.REFUSED


@pytest.mark.parametrize(
    ("now", "before", "crossed"),
    [
        ("104umol/L", "80umol/L", False),  # 30 per cent, exactly
        ("104.1umol/L", "80umol/L", True),
        ("80umol/L", "104umol/L", False),
        ("1.3mg/dL", "1mg/dL", False),
        ("114.92umol/L", "1mg/dL", False),  # 1.3 x 88.4, exactly
        ("114.9201umol/L", "1mg/dL", True),
    ],
)
def test_a_rise_of_creatinine_is_compared_exactly(now, before, crossed):
    found = verdicts("methotrexate", creatinine=now, baseline_creatinine=before)[0]
    assert found["creatinine"] is crossed


@pytest.mark.parametrize(
    ("now", "crossed"),
    [
        ("124.9", [False, False]),
        ("125", [True, False]),
        ("129.9", [True, False]),
        ("130", [True, True]),
    ],
)
def test_the_labels_of_ciclosporin_count_a_rise_that_is_reached(now, crossed):
    found = dmcalc.labs(
        "ciclosporin", creatinine=f"{now}umol/L", baseline_creatinine="100umol/L"
    ).rows
    assert [row.limit for row in found] == [">= 25% above baseline", ">= 30% above baseline"]
    assert [row.crossed for row in found] == crossed


@pytest.mark.parametrize(
    ("bp", "crossed"),
    [("140/90", [False, False]), ("141/90", [True, False]), ("140/91", [False, True])],
)
def test_a_blood_pressure_is_one_result_with_two_limits(bp, crossed):
    found = dmcalc.labs("mycophenolate", bp=bp).rows
    pairs = {row.lab: row.crossed for row in found}
    assert [pairs["systolic"], pairs["diastolic"]] == crossed


@pytest.mark.parametrize(
    ("lab", "result", "crossed"),
    [
        ("platelets", "0", True),
        ("wcc", "0", True),
        ("wcc", "200", False),
        ("wcc", "500 x10^9/L", False),
        ("platelets", "1500", False),
        ("platelets", "3000K/uL", False),
        ("alt", "30000", True),
    ],
)
def test_the_worst_result_that_there_may_be_is_compared(lab, result, crossed):
    assert verdicts("azathioprine", **{lab: result})[0][lab] is crossed


def test_without_a_drug_nothing_is_compared_and_that_is_an_error(loaded):
    with pytest.raises(UsageError, match="no drug is named"):
        labs(loaded, load_guide(), [], {"wcc": LabResult(Fraction(3))})


def test_what_has_no_limit_is_a_warning_and_what_has_no_result_is_said():
    result = dmcalc.labs("ciclosporin", "rituximab", alt="40")
    assert [(w.code, w.drug) for w in result.warnings] == [
        *(("no-limit", "ciclosporin"), ("no-limits", "rituximab"))
    ]
    told = [(c.code, c.drug) for c in result.cautions]
    assert told[1:] == [("no-result", "ciclosporin"), ("further-limits", "ciclosporin")]
    assert result.compared == 0
    assert result.warnings[0].message.endswith("; it was not checked. Nothing was compared.")
    # a result that has a limit was compared
    both = dmcalc.labs("ciclosporin", alt="40", bp="120/80").warnings
    assert [w.message.endswith("it was not checked.") for w in both] == [True]
    assert dmcalc.labs("azathioprine", "rituximab", alt="40").compared == 1


@given(st.decimals("0.01", "500", places=3), st.sampled_from(["< 3.5 x10^9/L", "> 100 units/L"]))
def test_a_limit_parts_results_in_two(value, text):
    limit = ResultLimit.parse(text)
    past = value < Decimal("3.5") if limit.sign == "<" else value > 100
    assert limit.crossed(Fraction(value)) is past


def test_exit_code_5_comes_after_the_answer(call):
    done = call("labs", "azathioprine", "--wcc", "3.1", "--format", "json")
    assert done.code == 5
    assert done.json["crossed"] is True
    # a second result that crosses nothing makes nothing good
    done = call("labs", "azathioprine", "--wcc", "3.1", "--alt", "40", "--format", "json")
    assert (done.code, done.json["crossed"], done.json["compared"]) == (5, True, 2)
    done = call("labs", "azathioprine", "--wcc", "3.5", "--format", "json")
    assert done.code == 0
    assert done.json["crossed"] is False


def test_every_test_of_the_guideline_can_be_given_on_the_command_line():
    tests = load_guide().guideline.lab_tests
    assert {test.unit for test in tests.values()} == set(get_args(ResultUnit))
    given = {*command.ResultOptions._fields, *PatientInput._fields}
    assert {*tests} - {"systolic", "diastolic"} <= given
    assert set(accepted_results(load_guide().guideline)) <= given


@pytest.mark.parametrize(
    ("lab", "typed", "verdict"),
    [
        ("wcc", "<0.1", "crossed"),  # the limit is below 3.5
        ("wcc", "<3.5", "crossed"),  # whatever it is, it is below
        ("wcc", "<3.6", "not-compared"),
        ("wcc", ">3.4", "not-compared"),
        ("wcc", ">3.5", "not-crossed"),
        ("alt", ">200", "crossed"),  # the limit is above 100
        ("alt", ">100", "crossed"),
        ("alt", ">99", "not-compared"),
        ("alt", "<100", "not-crossed"),
        ("alt", "<101", "not-compared"),
        ("egfr", ">90", "not-crossed"),
        ("egfr", "<30", "crossed"),  # the band of the rule is below 30
        ("egfr", "<40", "not-compared"),
        ("egfr", ">29", "not-compared"),
    ],
)
def test_a_result_below_or_above_a_number_is_compared_where_that_decides_it(lab, typed, verdict):
    result = dmcalc.labs("azathioprine", **{lab: typed})
    assert [r.verdict for r in result.rows if r.lab == lab] == [verdict]
    codes = {"crossed": 5, "not-compared": 6, "not-crossed": 0}
    assert result.exit_code == codes[verdict]


@pytest.mark.parametrize(
    ("typed", "verdicts"),
    [
        # the bands of methotrexate are 30 to 59 and below 30
        ("<70", {"30-59": "not-compared", "below-30": "not-compared"}),
        ("<30", {"30-59": "not-crossed", "below-30": "crossed"}),
        (">20", {"30-59": "not-compared", "below-30": "not-compared"}),
        (">40", {"30-59": "not-compared", "below-30": "not-crossed"}),
        (">60", {"30-59": "not-crossed", "below-30": "not-crossed"}),
    ],
)
def test_a_band_that_a_kidney_function_may_lie_in_is_left_open(typed, verdicts):
    rows = dmcalc.labs("methotrexate", egfr=typed).rows
    found = {row.rule.partition("egfr-")[2]: row.verdict for row in rows if row.rule}
    assert {name: found[name] for name in verdicts} == verdicts


@pytest.mark.parametrize(("typed", "verdict"), [("<0.6", "not-compared"), ("<0.5", "not-crossed")])
def test_a_result_below_a_number_may_be_nothing(typed, verdict):
    # the limit is above 0.5
    rows = dmcalc.labs("azathioprine", eosinophils=typed).rows
    assert [row.verdict for row in rows if row.lab == "eosinophils"] == [verdict]


@pytest.mark.parametrize(
    ("results", "lacking"),
    [
        ({"wcc": "5"}, {"eGFR", "creatinine clearance"}),
        # either stands for both
        ({"wcc": "5", "egfr": "90"}, set()),
        ({"wcc": "5", "crcl": "90"}, set()),
    ],
)
def test_a_kidney_function_that_was_given_is_not_asked_for_again(results, lacking):
    notes = dmcalc.labs("methotrexate", **results).cautions
    (said,) = (note.message for note in notes if note.code == "no-result")
    assert {name for name in ("eGFR", "creatinine clearance") if name in said} == lacking


def test_a_quote_of_a_limit_is_the_first_of_its_sources():
    guide = load_guide().guideline
    for drug in guide.monitoring:
        rows = dmcalc.labs(drug, wcc="5", egfr="20", crcl="20").rows
        limits = [t.cite[0] for t in guide.thresholds if drug in t.drugs]
        assert [r.quote for r in rows if not r.rule] == [cite.quote for cite in limits]
        rules = {rule.id: rule.cite[0] for rule in guide.rules.of(drug)}
        assert all(r.quote == rules[r.rule].quote for r in rows if r.rule)


@pytest.mark.parametrize(
    ("egfr", "crossed"),
    [
        ("29.9", {"methotrexate-egfr-below-30"}),
        ("30", {"methotrexate-egfr-30-59"}),
        ("59.9", {"methotrexate-egfr-30-59"}),
        ("60", set()),
    ],
)
def test_a_kidney_function_is_held_against_the_bands_of_rules(egfr, crossed):
    result = dmcalc.labs("methotrexate", egfr=egfr)
    rules = {row.rule for row in result.rows if row.crossed}
    assert rules == crossed
    assert result.exit_code == (ExitCode.REFUSED if crossed else ExitCode.OK)


def test_a_band_of_the_healthy_is_no_limit_and_an_age_that_is_not_known_leaves_one_open():
    assert not [row for row in dmcalc.labs("cyclophosphamide", crcl="90").rows if row.crossed]
    known = dmcalc.labs("cyclophosphamide", crcl="20", age=65).rows
    assert [row.rule for row in known if row.crossed] == ["cyclophosphamide-age-60-70-crcl-30"]
    open_ = dmcalc.labs("cyclophosphamide", crcl="20")
    assert len([row for row in open_.rows if row.verdict == "not-compared"]) == 3
    assert open_.exit_code is ExitCode.WARNINGS


def test_creatinine_of_a_patient_of_known_age_and_sex_needs_no_baseline():
    result = dmcalc.labs("methotrexate", creatinine="4mg/dL", age=50, sex="male", weight=70)
    crossed = {row.rule for row in result.rows if row.crossed}
    assert crossed == {"methotrexate-egfr-below-30", "methotrexate-crcl-below-30"}
    with pytest.raises(PatientError, match="needs both values"):
        dmcalc.labs("methotrexate", creatinine="4mg/dL", age=50)


def test_a_child_has_limits_and_no_rules():
    result = dmcalc.labs("methotrexate", wcc="3", egfr="20", age=9)
    assert [row.lab for row in result.rows if row.crossed] == ["wcc"]
    assert not [row for row in result.rows if row.rule]
