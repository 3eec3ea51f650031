"""What a replay says: of another table, of a broken receipt, of a request that no receipt holds."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

import dmcalc
from dmcalc.audit import receipt_file

SEVERE = ("--weight", "70", "--severity", "severe")


def resealed(file, change):
    """Change a receipt as one who knows how its hashes are made."""
    document = json.loads(file.read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    change(document)
    document["answer_sha256"] = receipt_file.answer_hash(document["answer"])
    document["receipt_sha256"] = receipt_file.receipt_hash(document)
    file.write_text(receipt_file.encode(document), encoding="utf-8")


CAP = (
    ("max: 60-80 mg/day\n        by_", "max: 50-65 mg/day\n        by_"),
    ("60–80 mg/day)", "50–65 mg/day)"),
    ("at most 60 to 80 mg/day", "at most 50 to 65 mg/day"),
)


# 70 kg: 52.5 to 70 mg; under the cap of 50 to 65 mg it is 50 to 65 mg
def test_a_replay_names_the_figure_that_changed(call, kept, changed):
    file = kept("dose", "prednisone", *SEVERE)
    done = call("replay", str(file), "--table", changed(*CAP), "--format", "json")
    assert done.code == 5
    document = done.json
    assert document["same"] is False
    assert document["figures"] == [
        {
            "drug": "prednisone",
            "figure": "induction max",
            "then": "60-80 mg/day",
            "now": "50-65 mg/day",
            "sources_then": ["managedermatomyositis"],
            "sources": ["managedermatomyositis"],
        }
    ]
    found = {d["where"]: (d["then"], d["now"]) for d in document["differences"]}
    assert found["rows.0.low"] == (Decimal("52.5"), 50)
    assert found["rows.0.high"] == (70, 65)
    assert found["rows.0.capped"] == (False, True)
    assert found["rows.0.cap_high"] == (80, 65)
    assert "rows.0.drug" not in found
    versions = document["versions"]["table"]
    assert versions["then"]["sha256"] != versions["now"]["sha256"]


@pytest.mark.parametrize("command", [("dose", "prednisone"), ("plan",)], ids=" ".join)
def test_a_receipt_of_local_figures_names_them_and_replays_with_them(call, kept, root, command):
    overlay = str(root / "examples" / "hospital.yaml")
    file = kept(*command, *SEVERE, "--overlay", overlay)
    document = json.loads(file.read_text("utf-8"))
    (cap,) = [one for one in document["local"] if one["figure"] == "prednisone.induction.max"]
    assert (cap["base"], cap["value"]) == ("60-80 mg/day", "60 mg/day")
    assert cap["author"] == "Medicines committee"
    assert call("replay", str(file), "--overlay", overlay).code == 0
    done = call("replay", str(file), "--format", "json")
    assert done.code == 5
    assert "prednisone" in {changed["drug"] for changed in done.json["figures"]}
    text = " ".join(call("replay", str(file)).stdout.split())
    assert "with Example hospital, SHA-256 " in text
    assert "--overlay FILE" in text


def test_the_same_in_words_and_in_rows(call, kept, changed):
    file, table = kept("dose", "prednisone", *SEVERE), changed(*CAP)
    text = " ".join(call("replay", str(file), "--table", table, "--explain").stdout.split())
    assert "Receipt of dmcalc dose: another answer" in text
    assert "prednisone induction max: 60-80 mg/day; now 50-65 mg/day [1]" in text
    assert "rows.0.high: 70; now 65" in text
    rows = call("replay", str(file), "--table", table, "-f", "csv").stdout.splitlines()
    assert rows[0].startswith("same,what,where,then,now,sources,")
    assert rows[1].startswith(
        "false,figure,prednisone induction max,60-80 mg/day,50-65 mg/day,managedermatomyositis,"
    )
    assert any(row.startswith("false,answer,rows.0.high,70,65,") for row in rows)
    assert call("replay", str(file), "--table", table, "--field", "where").code == 5


def test_another_table_may_give_the_same_answer(call, kept, changed):
    file = kept("dose", "rituximab")
    done = call("replay", str(file), "--table", changed(*CAP), "-f", "json")
    assert (done.code, done.json["same"], done.json["figures"]) == (0, True, [])
    versions = done.json["versions"]["table"]
    assert versions["then"]["sha256"] != versions["now"]["sha256"]


def test_a_reading_that_changed_is_named(call, kept, changed):
    file = kept("dose", "prednisone", "--weight", "70", "--severity", "moderate")
    reading = "by_severity: {mild: low, moderate: high", "by_severity: {mild: low, moderate: low"
    document = call("replay", str(file), "--table", changed(reading), "-f", "json").json
    assert [(f["figure"], f["then"], f["now"]) for f in document["figures"]] == [
        (
            "induction by severity",
            "mild low, moderate high, severe high",
            "mild low, moderate low, severe high",
        )
    ]
    found = {d["where"]: (d["then"], d["now"]) for d in document["differences"]}
    assert found == {"rows.0.suggested": (70, Decimal("52.5"))}


# a start of 90 mg is taken while one source's cap is 100 mg, and refused where the highest is 80 mg
def test_a_request_that_is_refused_now_is_not_the_same(call, kept, changed):
    file = kept("taper", "prednisone", "--from", "90mg")
    table = changed(
        ("max: 100 mg/day", "max: 70 mg/day"),
        ("up to 100 mg per day", "up to 70 mg per day"),
        ("at most 100 mg/day", "at most 70 mg/day"),
    )
    done = call("replay", str(file), "--table", table, "-f", "json")
    assert done.code == 5
    assert done.json["same"] is False
    assert done.json["refused"]["code"] == 5
    assert "more than any source" in done.json["refused"]["message"]
    assert [f["figure"] for f in done.json["figures"]] == ["alternative yang-2019 max"]
    text = " ".join(call("replay", str(file), "--table", table, "--explain").stdout.split())
    assert "refused now" in text


@pytest.mark.parametrize("command", [("dose", "prednisone"), ("plan",)], ids=" ".join)
def test_the_table_of_the_receipt_makes_it_the_same_again(call, tmp_path, changed, command):
    file, table = str(tmp_path / "r.json"), changed(*CAP)
    call(*command, *SEVERE, "--table", table, "--receipt", file)
    assert call("replay", file).code == 5
    assert "--table FILE" in call("replay", file).stdout
    assert call("replay", file, "--table", table).code == 0


def test_a_table_that_is_invalid_is_7(call, kept, tmp_path):
    (tmp_path / "bad.yaml").write_text("drugs: {}\n", encoding="utf-8")
    file = kept("dose", "rituximab")
    for table in (tmp_path / "bad.yaml", tmp_path / "none.yaml"):
        done = call("replay", str(file), "--table", str(table))
        assert (done.code, done.stdout) == (7, "")
    assert call("replay", str(file), "--table", "-").code == 2


# a review that became overdue between the two changes the warnings, and not the answer
def test_the_day_of_the_run_makes_no_difference(call, bundled, tmp_path):
    text = re.sub(r"(?m)reviewed: \d{4}", "reviewed: 2019", bundled.read_text("utf-8"))
    old = str(tmp_path / "old.yaml")
    Path(old).write_text(re.sub(r"(?m)^review_by: \d{4}", "review_by: 2020", text), "utf-8")
    file = tmp_path / "r.json"
    assert call("dose", "rituximab", "--table", old, "--receipt", str(file)).code == 0
    assert "table-overdue" in [
        w["code"] for w in json.loads(file.read_text("utf-8"))["answer"]["warnings"]
    ]
    assert call("replay", str(file)).code == 0
    done = call("replay", str(file), "--table", old)
    assert done.code == 0
    assert "was to be reviewed" in done.stdout


def cut(text):
    return text[: len(text) // 2]


def rows_high(text):
    return text.replace('"high": 70,', '"high": 700,', 1)


BROKEN = [
    (cut, "line "),
    (lambda text: "", "line 1"),
    (lambda text: "[]", "not a JSON object"),
    (lambda text: "{}", "'schema' is missing"),
    (lambda text: "[" * 100_000, "nested too deeply"),
    (lambda text: '{"a":' * 60 + "1" + "}" * 60, "nested too deeply"),
    (lambda text: text.replace('"high": 70,', '"high": 1e999999999,', 1), "1e999999999"),
    (lambda text: text.replace('"high": 70,', f'"high": {"7" * 5000},', 1), "777"),
    (lambda text: text.replace('"high": 70,', '"high": NaN,', 1), "NaN"),
    (lambda text: text.replace('"high": 70,', '"high": 70, "high": 70,', 1), "is there twice"),
    (rows_high, "answer_sha256"),
    (lambda text: text.replace("52.5 to 70 mg", "52.5 to 7 mg", 1), "answer_sha256"),
    (lambda text: text.replace("answer_sha256", "answer_sha512", 1), "is missing"),
    (lambda text: text.replace('"weight": "70"', '"weight": "71"', 1), "receipt_sha256"),
    (lambda text: text.replace("0.75-1 mg/kg/day", "0.75-2 mg/kg/day", 1), "receipt_sha256"),
    (lambda text: text.replace('"for": null', '"for": 17', 1), "'for' is not text or null"),
    (lambda text: text.replace('"for": null', '"for": "\\ud800"', 1), "not Unicode"),
    (lambda text: text.replace('"for": null', '"by": 1, "for": null', 1), "unknown key 'by'"),
    (lambda text: text.replace('"created": "2', '"created": "x', 1), "'created'"),
    (lambda text: text.replace("dmcalc.receipt/1", "dmcalc.receipt/2", 1), "its schema"),
    (lambda text: text.replace('"arguments": {', '"arguments": null, "was": {', 1), "an object"),
    (lambda text: text.replace('"rules": [', '"rules": [7, ', 1), "rules"),
    (lambda text: text.replace('"warnings": []', '"warnings": [7]', 1), "warnings"),
]


@pytest.mark.parametrize(("change", "says"), BROKEN)
def test_a_broken_receipt_is_7(call, kept, change, says):
    file = kept("dose", "prednisone", *SEVERE)
    text = file.read_text("utf-8")
    assert change(text) != text
    file.write_text(change(text), encoding="utf-8")
    done = call("replay", str(file))
    assert (done.code, done.stdout) == (7, "")
    assert says in done.stderr
    assert "is not a receipt as it was written" in done.stderr
    assert "Traceback" not in done.stderr


def test_other_bytes_are_7(call, tmp_path):
    file = tmp_path / "r.json"
    for content, says in ((b"\xff\xfe", "UTF-8"), (b" " * 10_000_001, "10 MB")):
        file.write_bytes(content)
        done = call("replay", str(file))
        assert (done.code, done.stdout) == (7, "")
        assert says in done.stderr
    for missing in (tmp_path, tmp_path / "none.json"):
        assert call("replay", str(missing)).code == 7


def set_to(**arguments):
    return lambda document: document["request"]["arguments"].update(arguments)


def command(name):
    return lambda document: document["request"].update(command=name)


# One who makes the hashes anew still gets nothing but a command that computes for a patient.
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (set_to(output="/dev/full"), "'output'"),
        (set_to(table="other.yaml"), "'table'"),
        (set_to(receipt="other.json"), "'receipt'"),
        (set_to(format="csv"), "'format'"),
        (set_to(help=True), "'help'"),
        (set_to(weight=["70"]), "'weight'"),
        (set_to(weight={"kg": "70"}), "'weight'"),
        (set_to(weight=None), "'weight'"),
        (set_to(drugs="prednisone"), "'drugs'"),
        (set_to(drugs=[["prednisone"]]), "'drugs'"),
        (set_to(alternatives=False), "'alternatives'"),
        (set_to(alternatives="--output=x"), "'alternatives'"),
        (set_to(severity="very"), "very"),
        (command("replay"), "'replay'"),
        (command("batch"), "'input'"),
        (command("table"), "'table'"),
        (command("_receipt"), "'_receipt'"),
        (command("../dose"), "'../dose'"),
        (command("check"), "cannot be repeated"),
        (command("dispense"), "cannot be repeated"),
    ],
)
def test_a_request_that_no_receipt_holds_is_7(call, kept, tmp_path, change, says):
    file = kept("dose", "prednisone", *SEVERE)
    resealed(file, change)
    done = call("replay", str(file))
    assert (done.code, done.stdout) == (7, ""), done.stdout
    assert says in done.stderr
    assert [found.name for found in tmp_path.iterdir()] == ["receipt.json"]


# an option in the place of a value stays a value
def test_a_value_is_never_taken_for_an_option(call, kept, tmp_path):
    file = kept("dose", "prednisone", *SEVERE)
    for change in (set_to(drugs=[f"--output={tmp_path}/x"]), set_to(weight=f"-o{tmp_path}/x")):
        resealed(file, change)
        done = call("replay", str(file), "-f", "json")
        assert (done.code, done.json["same"]) == (5, False)
        assert done.json["refused"]["code"] in (3, 4)
    assert [found.name for found in tmp_path.iterdir()] == ["receipt.json"]


def test_a_resealed_answer_is_found_by_the_replay(call, kept):
    file = kept("dose", "prednisone", *SEVERE)
    resealed(file, lambda document: document["answer"]["rows"][0].update(high=Decimal(140)))
    done = call("replay", str(file), "-f", "json")
    assert done.code == 5
    assert done.json["differences"] == [{"where": "rows.0.high", "then": 140, "now": 70}]
    assert done.json["figures"] == []


def test_the_python_api_says_the_same(call, kept, changed):
    file = str(kept("dose", "prednisone", *SEVERE))
    result = dmcalc.replay(file)
    assert (result.same, result.exit_code) == (True, 0)
    other = dmcalc.replay(file, table=changed(*CAP))
    assert (other.same, other.exit_code) == (False, 5)
    assert [found.figure for found in other.figures] == ["induction max"]
    assert other.versions["dmcalc"] == {"then": dmcalc.__version__, "now": dmcalc.__version__}


def test_a_replay_writes_as_it_is_asked_and_not_as_the_receipt_was(call, tmp_path):
    out, file = tmp_path / "out.csv", str(tmp_path / "r.json")
    options = ("--output", str(out), "--format", "csv", "--receipt", file)
    assert call("dose", "rituximab", *options).stdout == ""
    out.unlink()
    assert call("replay", file, "--field", "same").stdout == "true\n"
    assert not out.exists()
