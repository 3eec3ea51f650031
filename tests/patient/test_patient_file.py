"""A file with what is known of a patient, beside the options or instead of them."""

from __future__ import annotations

import json

import pytest

import dmcalc
from dmcalc.errors import UsageError

YAML = """
weight: 70.5
severity: severe
taking: [allopurinol, febuxostat]
egfr: 85
weight-policy: null
"""


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "patient.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize("text", [YAML, '{"weight": 70.5, "severity": "severe", "egfr": null}'])
def test_its_facts_are_those_of_the_options(call, file, text):
    done = call("dose", "prednisone", "--patient", file(text), "--field", "high")
    assert (done.code, done.stdout) == (0, "70.5\n")


@pytest.mark.parametrize(("answer", "code"), [("true", 0), ("false", 4)])
def test_a_weight_that_is_confirmed_is_taken(call, file, answer, code):
    name = file(f"weight: 20\nconfirm-weight: {answer}")
    assert call("dose", "prednisone", "--patient", name, "--field", "high").code == code


def test_names_in_a_list_are_several(call, file):
    done = call("dose", "--patient", file(YAML), "-f", "json")
    assert done.json["circumstances"]["taking"] == ["allopurinol", "febuxostat"]


def test_severity_and_sex_are_read_in_any_letters(call, file):
    name = file("weight: 70\nseverity: Severe\nsex: Female\ntpmt: NORMAL")
    done = call("dose", "prednisone", "--patient", name, "--field", "suggested")
    assert (done.code, done.stdout) == (0, "70\n")


def test_an_option_beside_it_counts(call, file):
    done = call("dose", "prednisone", "--patient", file(YAML), "-w", "60", "--field", "high")
    assert done.stdout == "60\n"


def test_an_age_beside_it_replaces_its_date_of_birth(call, file):
    name = file("dob: 2017-03-01\nweight: 60")
    done = call("dose", "prednisone", "--patient", name, "--age", "45", "--field", "high")
    assert (done.code, done.stdout) == (0, "60\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("weigth: 70", "'weigth' is not a fact of a patient (like it: weight"),
        ("patient: other.yaml", "'patient' is not a fact"),
        ("weight: [70, 80]", "this fact is one value"),
        ("confirm-weight: 1", "this fact is true or false"),
        ("- 70", "is not a list of facts"),
        ("weight_policy: a\nweight-policy: b", "weight_policy is there twice"),
        ("as_of: 2026-11-29", "--dob"),
        ("age: 12\ndob: 1980-01-01", "--age is 12, and by --dob it is"),
    ],
)
def test_what_is_no_fact_is_exit_2(call, file, text, says):
    done = call("dose", "--patient", file(text))
    assert (done.code, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_file_that_is_not_there_is_exit_7(call, tmp_path):
    assert call("dose", "--patient", str(tmp_path / "none.yaml")).code == 7


def test_a_minus_is_stdin(run):
    done = run("dose", "prednisone", "--patient", "-", "--field", "high", stdin="weight: 61")
    assert (done.code, done.stdout) == (0, "61\n")


@pytest.mark.parametrize(
    "command",
    [
        ("dose", "ivig"),
        ("check", "ivig", "200 g over 2 days"),
        ("taper", "ivig"),
        ("titrate", "azathioprine"),
        ("infusion", "ivig"),
        ("dispense", "ivig", "100g"),
        ("plan", "--severity", "mild"),
        ("monitor", "azathioprine"),
        ("labs", "azathioprine", "--wcc", "4.2"),
        ("body", "--height", "175"),
    ],
)
def test_each_command_takes_it_with_a_date_of_birth(call, file, command):
    name = file("weight: 100\ndob: 1980-03-01")
    done = call(*command, "--patient", name, "--as-of", "2026-11-29", "--format", "json")
    assert done.code in (0, 5), done.stderr
    if "age_years" in (patient := done.json.get("patient") or {}):
        assert patient["age_years"] == 46


def test_a_receipt_holds_the_facts_and_the_days_and_no_name_of_a_file(call, file, tmp_path):
    receipt = tmp_path / "r.json"
    name = file("weight: 70\ndob: 1980-03-01\nseverity: severe")
    done = call(
        "taper", "prednisone", "--patient", name, "--start", "today", "--receipt", str(receipt)
    )
    assert done.code == 0, done.stderr
    asked = json.loads(receipt.read_text())["request"]["arguments"]
    assert asked["weight"] == "70"
    assert asked["dob"] == "1980-03-01"
    assert asked["as-of"] == asked["start"]
    assert len(asked["start"]) == 10
    assert asked.keys() == {"drug", "weight", "severity", "dob", "as-of", "start"}
    assert call("replay", str(receipt)).code == 0


def test_python_takes_it_too(file):
    result = dmcalc.dose("prednisone", patient=file("weight: 70"), dob="1980-03-01")
    assert result.rows[0].high == 70
    with pytest.raises(UsageError, match="not a fact of a patient"):
        dmcalc.dose("prednisone", patient=file("wheight: 70"))
