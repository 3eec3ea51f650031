"""What scripts rely on in ``check``: keys, exit codes, and an answer whatever the verdict."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest

from .test_contract_json import NONE, NUMBER, PATIENT, WARNING, check

DOCUMENT = {
    "schema": str,
    "dmcalc": str,
    "table": dict,
    "patient": dict,
    "drug": str,
    "order": str,
    "read": dict,
    "verdict": str,
    "rows": list,
    "warnings": list,
    "disclaimer": str,
}
READ = {
    "amount": NUMBER,
    "unit": str,
    "basis": (str, NONE),
    "per": str,
    "times": int,
    "parts": int,
    "days": (int, NONE),
    "every": (str, NONE),
    "doses": (int, NONE),
    "route": (str, NONE),
}
ROW = {
    "drug": str,
    "name": str,
    "order": str,
    "regimen": str,
    "phase": str,
    "base": bool,
    "verdict": str,
    "code": (str, NONE),
    "ordered": (*NUMBER, NONE),
    "low": (*NUMBER, NONE),
    "high": (*NUMBER, NONE),
    "suggested": (*NUMBER, NONE),
    "unit": (str, NONE),
    "per": (str, NONE),
    "cap_low": (*NUMBER, NONE),
    "cap_high": (*NUMBER, NONE),
    "deviation": (*NUMBER, NONE),
    "deviation_percent": (*NUMBER, NONE),
    "days_low": (int, NONE),
    "days_high": (int, NONE),
    "every": (str, NONE),
    "doses": (int, NONE),
    "from_week": (int, NONE),
    "indicated": (bool, NONE),
    "population": (str, NONE),
    "posology": str,
    "message": str,
    "sources": list,
    "dispensable": (bool, NONE),
    "nearest": (dict, NONE),
}
VERDICTS = {"within", "below", "above", "over-cap", "wrong-frequency", "refused"}

CASES = [
    (0, "within", ("prednisone", "60 mg daily", "--weight", "70", "--severity", "severe")),
    (0, "within", ("ivig", "2 g/kg over 2 days every 4 weeks", "--weight", "154lb")),
    (0, "within", ("methotrexate", "20 mg once a week", "--alternatives")),
    (0, "within", ("rituximab", "1 g twice, 2 weeks apart", "--alternatives", "--bsa", "1.85")),
    (5, "within", ("prednisone", "62.3 mg daily", "--weight", "70")),
    (5, "below", ("prednisone", "43 mg daily", "--weight", "70")),
    (5, "above", ("prednisone", "75 mg daily", "--weight", "70")),
    (5, "over-cap", ("prednisone", "90 mg daily", "--weight", "70")),
    (5, "wrong-frequency", ("ivig", "140 g daily", "--weight", "70")),
    (5, "refused", ("methotrexate", "10 mg daily")),
    (4, "refused", ("cyclophosphamide", "1 g IV every 4 weeks", "--alternatives")),
]
each_case = pytest.mark.parametrize(
    ("code", "verdict", "args"), CASES, ids=lambda value: str(value)
)


@each_case
def test_json(call, code, verdict, args):
    done = call("check", *args, "--format", "json")
    document = done.json
    check(document, DOCUMENT)
    check(document["patient"], PATIENT)
    check(document["read"], READ)
    assert (done.code, document["verdict"]) == (code, verdict)
    assert (document["schema"], document["drug"]) == ("dmcalc.check/1", args[0])
    assert document["order"] == args[1]
    for row in document["rows"]:
        check(row, ROW)
        assert list(row) == list(document["rows"][0])
        assert row["verdict"] in VERDICTS
        assert row["order"] == args[1]
        assert row["sources"]
        assert (row["deviation"] is None) == (row["deviation_percent"] is None)
    for warning in document["warnings"]:
        check(warning, WARNING)


def test_every_verdict_stands_above():
    assert {verdict for _, verdict, _ in CASES} == VERDICTS


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "markdown"])
@each_case
def test_an_answer_is_printed_whatever_the_verdict(call, form, code, verdict, args):
    done = call("check", *args, "--format", form)
    assert done.code == code
    assert args[0] in done.stdout.lower()
    assert not re.search(r"\bsafe(ly)?\b", (done.stdout + done.stderr).lower())
    if form in ("table", "markdown"):
        assert done.stderr == ""


def test_rows_hold_what_the_document_holds(call):
    args = ("check", "prednisone", "90 mg daily", "--weight", "70", "--alternatives", "--format")
    rows = call(*args, "json").json["rows"]
    lines = call(*args, "jsonl").stdout.splitlines()
    for row, line in zip(rows, lines, strict=True):
        found = json.loads(line, parse_float=Decimal)
        assert {key: found[key] for key in row} == row
        assert found["weight_kg"] == 70
    table = list(csv.DictReader(io.StringIO(call(*args, "csv").stdout)))
    assert [row["verdict"] for row in table] == [row["verdict"] for row in rows]


@pytest.mark.parametrize(
    ("args", "code", "lines"),
    [
        (("prednisone", "90 mg daily", "-w", "70", "--field", "verdict"), 5, ["over-cap"]),
        (("prednisone", "60 mg daily", "-w", "70", "--field", "verdict"), 0, ["within"]),
        (("prednisone", "90 mg daily", "-w", "70", "--field", "deviation"), 5, ["20"]),
        (("prednisone", "90 mg daily", "-w", "70", "--field", "deviation_percent"), 5, ["28.57"]),
        (("azathioprine", "50 mg daily", "-w", "70", "--field", "verdict"), 0, ["within", "below"]),
        (
            ("prednisone", "62.3 mg daily", "-w", "70", "--field", "nearest", "-q"),
            5,
            ['{"below": 62, "above": 62.5}'],
        ),
        (("cyclophosphamide", "1 g IV every month", "--field", "code", "-q"), 4, ["no-dose"]),
    ],
)  # fmt: skip
def test_bare_values(call, args, code, lines):
    done = call("check", *args)
    assert (done.code, done.stdout.splitlines(), done.stderr) == (code, lines, "")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("methotrexate", "20 mg once a week"), 0),  # once-weekly is a standing warning
        (("methotrexate", "15 mg once a week"), 6),  # a step of a titration, no start dose
        (("methotrexate", "30 mg once a week"), 5),
        (("cyclophosphamide", "1 g IV every month"), 4),
        (("prednisone", "60 mg daily", "--weight", "70"), 0),
        (("prednisone", "62.3 mg daily", "--weight", "70"), 5),
    ],
)
def test_a_verdict_counts_more_than_a_warning(call, args, code):
    done = call("check", *args, "--strict")
    assert done.code == code
    assert done.stdout


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_row_formats_tell_warnings_on_stderr(call, form):
    args = ("check", "prednisone", "62.3 mg daily", "--weight", "70", "--format", form)
    assert call(*args).stderr.startswith("dmcalc: warning: prednisone: No whole tablets of ")
    assert call(*args, "--quiet").stderr == ""


def test_the_verdict_outlives_a_reader_that_has_gone(shell):
    line = "dmcalc check prednisone '90 mg daily' -w 70 | true; echo ${PIPESTATUS[0]}"
    assert shell(line).stdout == "5\n"


def test_an_answer_goes_to_a_file_with_its_exit_code(call, tmp_path):
    target = tmp_path / "check.json"
    args = ("check", "prednisone", "90 mg daily", "-w", "70", "-f", "json")
    done = call(*args, "--output", str(target))
    assert (done.code, done.stdout) == (5, "")
    assert target.read_text() == call(*args).stdout


@pytest.mark.parametrize("form", ["ics", "html", "svg"])
def test_a_check_is_no_schedule(call, form):
    done = call("check", "prednisone", "60 mg daily", "-w", "70", "--format", form)
    assert (done.code, done.stdout) == (2, "")
