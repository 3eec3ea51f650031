"""All that a receipt lists for a command: the figures it rests on, and what was rounded."""

from __future__ import annotations

import json
import shlex
from itertools import groupby
from pathlib import Path

import pytest
import yaml

FILE = Path(__file__).parent.parent / "receipts.yaml"
CASES = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CBaseLoader)


def cases(part):
    found = [pytest.param(c["command"], c[part], id=c["command"]) for c in CASES if part in c]
    assert found
    return found


@pytest.fixture
def listed(call, tmp_path):
    """Return a part of the receipt of a command, every value as text."""

    def read(command, part):
        file = tmp_path / "receipt.json"
        call(*shlex.split(command), "--receipt", str(file))
        return json.loads(file.read_text("utf-8"), parse_float=str, parse_int=str)[part]

    return read


def test_each_case_lists_one_part():
    assert [case.keys() for case in CASES if len(case) != 2 or not {"command"} < case.keys()] == []
    assert {part for case in CASES for part in case} == {"command", "rules", "roundings"}


@pytest.mark.parametrize(("command", "expected"), cases("rules"))
def test_a_receipt_lists_every_figure_that_an_answer_rests_on_and_no_other(
    listed, command, expected
):
    rules = []
    for drug, of_drug in groupby(listed(command, "rules"), lambda rule: rule["drug"]):
        counts = [(len(list(same)), name) for name, same in groupby(r["figure"] for r in of_drug)]
        rules.append([drug, *(f"{n} x {name}" if n > 1 else name for n, name in counts)])
    assert rules == expected


@pytest.mark.parametrize(("command", "expected"), cases("roundings"))
def test_a_receipt_lists_every_figure_that_was_rounded_and_no_other(listed, command, expected):
    keys = ("where", "what", "before", "unit")
    found = [[one[key] or "null" for key in keys] for one in listed(command, "roundings")]
    assert found == expected


BASE_PAGE = {
    "source": "managedermatomyositis",
    "title": "Treatment & Disease Management of Dermatomyositis",
    "doi": None,
    "read": "primary",
    "primary": "goyal-2019",
    "primary_title": "Immune-Mediated Myopathies",
    "primary_doi": "10.1212/con.0000000000000789",
    "primary_read": "secondary",
}
REVIEW = {
    "source": "hhe-2018",
    "title": (
        "A proposed prednisone taper, page 24 (also Hospital Healthcare Europe 2018, page 196)"
    ),
    "doi": None,
    "read": "secondary",
    "primary": None,
    "primary_title": None,
    "primary_doi": None,
    "primary_read": None,
}


@pytest.mark.parametrize(
    ("command", "figure", "where", "value", "source", "quote"),
    [
        (
            *("dose methotrexate", "start dose", "drugs.methotrexate.regimens.0.dose"),
            *("10 mg/week", BASE_PAGE, "Start 10 mg/week; up to 20–25 mg/week"),
        ),
        # the note that says so is cited, not the posology
        (
            *("dose prednisone -w 70 -s severe", "induction by severity"),
            *("drugs.prednisone.regimens.0.by_severity", "mild low, moderate high, severe high"),
            BASE_PAGE,
            "The degree of muscle weakness (mild or moderate/severe) helps to guide the dose of "
            "prednisone.",
        ),
        # a work that was read itself has no other behind it
        (
            *("taper prednisone --from 60mg", "taper hhe-2018 hold default"),
            *("daily_tapers.hhe-2018.hold_default", "4 weeks", REVIEW),
            "A slow prednisone taper is recommended after 3–4 weeks of high-dose prednisone in "
            "patients showing clinical improvement",
        ),
    ],
)
def test_a_rule_names_its_place_the_work_that_was_read_and_the_one_behind_it(
    listed, command, figure, where, value, source, quote
):
    (rule,) = [rule for rule in listed(command, "rules") if rule["figure"] == figure]
    assert (rule["where"], rule["value"]) == (where, value)
    assert rule["sources"] == [{**source, "quote": quote}]


@pytest.mark.parametrize(
    "words",
    [
        "-w 70 -s severe --with methotrexate --start 2026-12-01",
        "-w 70 -s severe --with methotrexate",
        "-w 30 -s mild --weeks 4",
        "-w 70 -s moderate --not-tolerated prednisone",
        "--age 9 -w 30 --height 132 --with prednisone",
    ],
)
def test_a_plan_rests_on_the_tests_and_dates_that_stand_on_its_calendar(listed, words):
    rows = listed(f"plan {words}", "answer")["rows"]
    rules = listed(f"plan {words}", "rules")
    figures = [rule["figure"] for rule in rules]
    marks = {name.removeprefix("mark ") for name in figures if name.startswith("mark ")}
    assert marks == {row["step"] for row in rows if row["kind"] == "mark"}
    tests = {rule["drug"] for rule in rules if rule["figure"] in ("baseline tests", "monitoring")}
    assert tests == {row["drug"] for row in rows if row["kind"] == "test"}


def test_how_long_a_risk_lasts_is_part_of_its_rule_where_the_source_says_it(listed):
    rules = listed("plan -w 70 -s severe", "rules")
    values = {rule["figure"]: rule["value"] for rule in rules}
    assert values["mark bone"] == ">= 2.5 mg daily for > 3 months"
    # a trigger says when its source looks, where it gives a time
    assert values["adult step reduce, trigger 2"].endswith(" (British guideline); after 6 weeks")
    assert values["adult step skin, trigger 1"] == "if the skin is involved"
    assert values["mark adrenal"] == "> 4-6 mg daily for >= 3-4 weeks; persists 12 months"


@pytest.mark.parametrize(
    ("words", "repeats"),
    [
        (
            "--age 9 -w 30 --height 132 --with methylprednisolone",
            ["repeat methylprednisolone.hinze-2018"],
        ),
        ("--age 9 -w 30 --height 132 --with prednisone", []),
        ("-w 70 -s severe", []),
    ],
)
def test_pulses_that_come_again_are_a_rule_of_the_plan_that_has_them(listed, words, repeats):
    figures = [rule["figure"] for rule in listed(f"plan {words}", "rules")]
    assert [name for name in figures if name.startswith("repeat ")] == repeats
