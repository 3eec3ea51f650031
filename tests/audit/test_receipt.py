"""How two answers differ, and which rules of the table an answer rests on."""

from __future__ import annotations

import pytest

import dmcalc
from dmcalc.audit.receipt import comparable_answer, diff_answers, guideline_of
from dmcalc.audit.replay import refused_now
from dmcalc.audit.rules import FORMULA, rules_of_table, rules_used
from dmcalc.dispensing.stock import StockOptions
from dmcalc.errors import PatientError
from dmcalc.patient.inputs import PatientInput
from dmcalc.patient.reader import PatientRequest
from dmcalc.quantities.amount import Amount
from dmcalc.results.trace import recording
from dmcalc.supply.dispense import compute_dispensing
from dmcalc.supply.request import DispenseInput


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({"a": None}, {"a": 0}, [("a", None, 0)]),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": "1"}, {"a": 1}, [("a", "1", 1)]),
        # within a version of the schema keys are only ever added
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({"a": 1, "b": 2}, {"a": 1}, [("b", 2, None)]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [("a.1", 2, 3)]),
        ({"a": [1]}, {"a": [1, 3]}, [("a.1", None, 3)]),
        ({"a": [1, 2]}, {"a": [1]}, [("a.1", 2, None)]),
        ({"a": {"b": [{"c": 1}]}}, {"a": {"b": [{"c": 2}]}}, [("a.b.0.c", 1, 2)]),
        ({"a": {"b": 1}}, {"a": [1]}, [("a", {"b": 1}, [1])]),
    ],
)
def test_differences(then, now, found):
    assert [tuple(one) for one in diff_answers(then, now)] == found


def row(regimen, high):
    return {"regimen": regimen, "high": high}


def test_a_row_that_was_added_shifts_no_other():
    then = {"rows": [row("a", 1), row("c", 3)]}
    now = {"rows": [row("a", 1), row("b", 2), row("c", 4)]}
    found = [tuple(one) for one in diff_answers(then, now)]
    assert found == [("rows.1.high", 3, 4), ("rows.1", None, row("b", 2))]


def test_rows_of_one_name_are_paired_by_their_place():
    then = {"rows": [row("a", 1), row("a", 2)]}
    now = {"rows": [row("a", 1), row("a", 3)]}
    assert [tuple(one) for one in diff_answers(then, now)] == [("rows.1.high", 2, 3)]


def test_notes_are_paired_by_their_code_and_drug():
    a, b, other = (
        {"code": code, "drug": drug, "message": "as before"}
        for code, drug in (("a", None), ("b", None), ("a", "ivig"))
    )
    changed = b | {"message": "changed"}
    found = [tuple(each) for each in diff_answers([a, b, other], [changed, other, a])]
    assert found == [("1.message", "as before", "changed")]
    found = [tuple(each) for each in diff_answers([a], [a, other])]
    assert found == [("1", None, other)]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            PatientError("the weight is missing", "Give ‹weight›"),
            "the weight is missing. Give --weight",
        ),
        (PatientError("the weight is missing"), "the weight is missing."),
    ],
)
def test_why_a_request_is_refused_now(error, says):
    assert tuple(refused_now(error)) == (4, says)


def test_every_part_of_the_table_is_listed(loaded):
    parts = {rule.path[0] for rule in rules_of_table(loaded.table)}
    assert parts == {
        *("drugs", "indications", "formulas", "equivalence", "titrations"),
        *("daily_tapers", "course_tapers", "landmark_tapers"),
    }
    titrated = {rule.path[1] for rule in rules_of_table(loaded.table) if "titrations" in rule.path}
    assert titrated == set(loaded.table.titrations)
    equal = {rule.drug for rule in rules_of_table(loaded.table) if "equivalence" in rule.path}
    assert {"prednisone", "methylprednisolone"} < equal


def test_the_essence_leaves_out_versions_and_the_day():
    warnings = [{"code": "table-overdue"}, {"code": "flare"}]
    answer = {"schema": "s", "dmcalc": "1", "table": {}, "rows": [], "warnings": warnings}
    assert comparable_answer(answer) == {"schema": "s", "rows": [], "warnings": [{"code": "flare"}]}


def names(compute, *given, **options):
    with recording() as trace:
        result = compute(*given, **options)
    rules = rules_used(trace, result.loaded.table, guideline_of(result))
    return [f"{rule.drug}: {rule.figure}" for rule in rules]


TABLETS = "prednisone: product tablet-us strength"


def test_a_dose_rests_on_its_posology_its_severity_and_its_tablets(doses):
    assert names(doses, "prednisone", weight="70", severity="mild") == [
        "prednisone: induction dose",
        "prednisone: induction max",
        *[TABLETS] * 6,
        "prednisone: induction by severity",
        "prednisone: indicated in mild weakness",
    ]


def test_a_body_rests_on_the_formulas_that_were_used():
    figures = names(dmcalc.body, weight="70", height="175")
    assert figures == ["body: Mosteller, divisor"]
    figures = names(dmcalc.body, weight="70", height="175", sex="male", formula="du-bois")
    found = {figure.partition(",")[0].removeprefix("body: ") for figure in figures}
    assert len(found) == 3
    assert "Mosteller" not in found


def test_without_severity_its_reading_is_not_used(doses):
    assert names(doses, "prednisone", weight="70") == [
        "prednisone: induction dose",
        "prednisone: induction max",
        *[TABLETS] * 6,
    ]


def test_with_a_stock_of_ones_own_the_tablets_of_the_table_are_not_used(loaded):
    stocked = StockOptions(stock=(Amount.parse("20 mg"), Amount.parse("5 mg")), halves=True)
    request, options = PatientRequest(loaded, PatientInput()), DispenseInput()
    figures = names(compute_dispensing, request, "prednisone", "62.5mg", options, stocked=stocked)
    # what it is held against, and the tablet that a maker of the market scores
    assert figures == [
        "prednisone: alternative yang-2019 dose",
        "prednisone: alternative yang-2019 max",
        "prednisone: alternative yang-2019 lasts",
        "prednisone: product directrx-us scored",
    ]


def test_alternatives_are_rules_only_where_they_are_asked_for(doses):
    found = names(doses, "tacrolimus", alternatives=True, weight="70")
    assert found == [
        "tacrolimus: target dose",
        "tacrolimus: alternative takada-2020 dose",
        "tacrolimus: alternative pmc11646336 dose",
        *["tacrolimus: product prograf-us strength"] * 3,  # capsules of 0.5, 1 and 5 mg
    ]


# a titration that would need an amount which no source gives is not on the calendar
@pytest.mark.parametrize(("tpmt", "titrated"), [("normal", True), ("intermediate", False)])
def test_a_schedule_that_is_refused_leaves_no_figure(tpmt, titrated):
    with recording() as trace:
        result = dmcalc.plan(weight="85", severity="severe", chosen=["azathioprine"], tpmt=tpmt)
    assert titrated != ("no-steps" in [note.code for note in result.cautions])
    assert titrated == any(path[0] == "titrations" for _, path in trace.figures)
    assert titrated == any(made.what.startswith("azathioprine, step") for made in trace.roundings)


def test_a_drug_that_is_not_tolerated_leaves_no_figure():
    with recording() as trace:
        dmcalc.plan(weight="85", severity="mild", not_tolerated=["prednisone", "methotrexate"])
    drugs = {drug for drug, path in trace.figures if path[0] != "rules"}
    assert drugs.isdisjoint({"prednisone", "methotrexate"})
    assert {"azathioprine", "ivig"} < drugs


def test_every_rule_has_a_name_a_value_and_a_quote(loaded):
    rules = list(rules_of_table(loaded.table))
    assert len(rules) > 200
    for rule in rules:
        assert rule.drug in {*loaded.table.drugs, *loaded.table.equivalence.drugs, FORMULA}
        assert rule.figure
        assert rule.value
        assert rule.cites, rule.figure
        assert len(rule.path) >= 3
