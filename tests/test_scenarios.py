"""Scenarios: a command and what it must answer, written in YAML by and for pharmacists.

``scenarios/README.md`` says how one is written. Values are compared as they are written: 70 is not
70.0, and 52.5 is not 52.50.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parent / "scenarios"
SCENARIO = {"name", "command", "expect", "table", "overlay"}
EXPECT = {
    *("exit", "regimens", "rows", "steps", "totals", "verdict", "warnings"),
    *("stdout", "says", "never_says", "stderr", "plan", "doses", "marks", "before", "landmarks"),
}
#: What only an answer has. A check is answered whatever its exit code, 4 and 5 too.
ANSWER = {"regimens", "rows", "steps", "totals", "verdict", "warnings"} | {
    *("plan", "doses", "marks", "before", "landmarks")
}
TABLE = {"replace", "with", "text", "hex", "repeat", "times", "megabytes"}
#: A page with its reasons, notes in full and sources, and commands that print none.
WHOLE = ("--explain", "--width", "500")
NO_PAGE = {"batch", "completion", "man", "schema", "sql"}
#: A refusal is short enough to read.
LONGEST_REFUSAL = 1500


class Text(yaml.CBaseLoader):
    """YAML in which every value is text, and a key that is there twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        keys = [key.value for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"line {node.start_mark.line + 1}: {sorted(twice)} twice")
        return super().construct_mapping(node, deep)


def keys(found: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := found.keys() - known:
        raise ValueError(f"{where}: unknown {sorted(unknown)}")


def load(folder: Path) -> list[dict[str, Any]]:
    """Read all scenarios of a folder; raise ValueError for one that would test nothing."""
    scenarios: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.yaml")):
        for scenario in yaml.load(file.read_text(encoding="utf-8"), Text) or []:
            where = f"{file.name}: {scenario.get('name', 'a scenario without a name')}"
            keys(scenario, SCENARIO, where)
            if missing := SCENARIO - {"table", "overlay"} - scenario.keys():
                raise ValueError(f"{where}: no {sorted(missing)}")
            if not isinstance(scenario["expect"], dict) or not scenario["expect"]:
                raise ValueError(f"{where}: expects nothing")
            keys(scenario["expect"], EXPECT, where)
            if empty := [key for key, value in scenario["expect"].items() if not value]:
                raise ValueError(f"{where}: {empty} expects nothing")
            keys(scenario.get("table", {}), TABLE, where)
            scenarios.append(scenario | {"file": file.stem})
    names = [scenario["name"] for scenario in scenarios]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"names that stand twice: {sorted(twice)}")
    if not scenarios:
        raise ValueError(f"no scenarios in {folder.name}")
    return scenarios


def write_table(change: dict[str, str], bundled: Path, target: Path) -> None:
    """Write the table of a scenario: the bundled one with one change, or something quite else."""
    if "megabytes" in change:
        with target.open("wb") as file:
            file.truncate(int(change["megabytes"]) * 1_000_000)
    elif "hex" in change:
        target.write_bytes(bytes.fromhex(change["hex"]))
    elif "repeat" in change:
        target.write_text(change["repeat"] * int(change["times"]), encoding="utf-8")
    elif "text" in change:
        target.write_text(change["text"], encoding="utf-8")
    else:
        original = bundled.read_text(encoding="utf-8")
        assert change["replace"] in original, "the text to replace is not in the table"
        changed = original.replace(change["replace"], change["with"], 1)
        target.write_text(changed, encoding="utf-8")


def written(value: Any) -> str:
    """Write a JSON value as a scenario does; its numbers are text already."""
    return value if isinstance(value, str) else json.dumps(value)


def compare(expected: Any, actual: Any, where: str) -> None:
    """Compare the keys that a scenario names, and lists as a whole."""
    if isinstance(expected, dict):
        assert isinstance(actual, dict), f"{where}: nothing there"
        for key, value in expected.items():
            assert key in actual, f"{where}: no {key}"
            compare(value, actual[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(actual) == len(expected), f"{where}: {len(actual)} and not {len(expected)}"
        for number, (one, other) in enumerate(zip(expected, actual, strict=True), start=1):
            compare(one, other, f"{where} {number}")
    else:
        assert written(actual) == expected, where


def event(row: dict[str, Any]) -> str:
    """Write an event of a plan's calendar as a scenario does."""
    if row["date"] is None:
        when = f"day {row['day']}" + (f", {row['days']} days" if row["days"] else "")
    else:
        first, last = row["date"], row["end"]
        when = first if last == first else f"{first} to {last}" if last else f"from {first}"
    if row["kind"] in ("mark", "landmark") or (row["kind"] == "review" and row["day"] != "1"):
        return f"{row['date'] or row['day']}: {row['title']}"
    if row["kind"] == "review":
        return f"{when}: {row['title']}"
    if row["kind"] == "test":
        return f"{row['before'] or 'day 1'}: {row['title']}"
    ends = dict.fromkeys((row["total_low"], row["total_high"]))
    total = "" if row["total_low"] is None else f", total {' to '.join(ends)}"
    return f"{when}: {row['title']}{total}"


def of_plan(document: dict[str, Any]) -> dict[str, Any]:
    """Return what a scenario may expect of a plan: its steps, and what is on its calendar.

    ``before`` are the tests that are due before a first dose.
    """
    rows = [row for row in document.get("rows", []) if "part" in row]
    kinds = {
        "doses": ("dose", "course"),
        "marks": ("mark", "review"),
        "landmarks": ("landmark",),
    }
    due = [row for row in rows if row["title"].startswith("Baseline tests:")]
    return {
        "before": [event(row) for row in due],
        "plan": {row["step"]: row["status"] for row in rows if row["part"] == "plan"},
        **{key: [event(r) for r in rows if r["kind"] in of] for key, of in kinds.items()},
    }


def check_document(expect: dict[str, Any], document: dict[str, Any]) -> None:
    rows = {row.get("regimen"): row for row in document.get("rows", [])}
    if isinstance(expect.get("rows"), list):
        compare(expect["rows"], document.get("rows", [document]), "rows")
    else:
        compare(expect.get("rows", {}), rows, "rows")
    compare(expect.get("totals", {}), document.get("totals", {}), "totals")
    found = {
        "regimens": list(rows),
        "steps": document.get("steps"),
        "verdict": document.get("verdict"),
        "warnings": [warning["code"] for warning in document["warnings"]],
        **of_plan(document),
    }
    if "plan" in expect:
        assert found["plan"].keys() == expect["plan"].keys(), "plan"
    for key in found.keys() & expect.keys():
        compare([] if expect[key] == "none" else expect[key], found[key], key)


def check_refusal(done: Any) -> None:
    """Whatever was wrong: nothing on stdout, and a short error that begins by saying so."""
    assert done.stdout == ""
    assert done.stderr.startswith("dmcalc: ")
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < LONGEST_REFUSAL


def answered(command: str, code: int, expect: dict[str, Any]) -> bool:
    """Tell whether there is an answer; results that cross a limit are one, with exit code 5."""
    checked = command == "check" and bool(expect.keys() & ANSWER)
    return code in (0, 6) or checked or (command == "labs" and code == 5)


@pytest.mark.parametrize("scenario", load(FOLDER), ids=lambda s: f"{s['file']}: {s['name']}")
def test_scenario(
    scenario: dict[str, Any],
    call: Any,
    bundled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    if "table" in scenario:
        write_table(scenario["table"], bundled, tmp_path / "changed.yaml")
    if "overlay" in scenario:
        (tmp_path / "hospital.yaml").write_text(scenario["overlay"], encoding="utf-8")
    expect = scenario["expect"]
    command = shlex.split(scenario["command"])
    of_a_page = expect.keys() & {"says", "never_says"} and command[0] not in NO_PAGE
    done = call(*command, *(WHOLE if of_a_page else ()))
    assert done.code == int(expect.get("exit", 0)), done.stderr
    if not answered(command[0], done.code, expect):
        check_refusal(done)
    if "stdout" in expect:
        assert done.stdout.strip() == expect["stdout"].strip()
    if expect.keys() & ANSWER:
        answer = call(*command, "--format", "json").stdout
        check_document(expect, json.loads(answer, parse_float=str, parse_int=str))
    stdout, stderr = (" ".join(text.split()) for text in (done.stdout, done.stderr))
    for words in expect.get("says", []):
        assert words in stdout
    for words in expect.get("never_says", []):
        assert words not in stdout + stderr
    for words in expect.get("stderr", []):
        assert words in stderr


GOOD = "- {name: a, command: drugs, expect: {exit: 0}}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no scenarios"),
        (GOOD.replace("exit", "exti"), r"unknown \['exti'\]"),
        (GOOD.replace("command", "comand"), r"unknown \['comand'\]"),
        ("- {command: drugs, expect: {exit: 0}}", r"without a name: no \['name'\]"),
        ("- {name: a, command: drugs}", r"no \['expect'\]"),
        ("- {name: a, command: drugs, expect: {}}", "expects nothing"),
        ("- {name: a, command: drugs, expect: {says: []}}", "expects nothing"),
        ("- {name: a, command: drugs, expect: {exit: 0, exit: 2}}", r"\['exit'\] twice"),
        (f"{GOOD}\n{GOOD}", r"stand twice: \['a'\]"),
        ("- {name: a, command: drugs, table: {y: z}, expect: {exit: 0}}", r"unknown \['y'\]"),
    ],
)
def test_a_scenario_that_would_test_nothing_is_refused(
    text: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "some.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=problem):
        load(tmp_path)


def test_a_scenario_compares_numbers_as_written() -> None:
    row = {"regimen": "a.b", "low": "70", "capped": False, "suggested": None}
    document = {"rows": [row], "warnings": []}
    check_document({"rows": {"a.b": {"low": "70", "capped": "false"}}}, document)
    for wrong in ({"low": "70.0"}, {"suggested": "70"}, {"lo": "70"}):
        with pytest.raises(AssertionError):
            check_document({"rows": {"a.b": wrong}}, document)
    with pytest.raises(AssertionError):
        check_document({"rows": {"a.c": {"low": "70"}}}, document)
