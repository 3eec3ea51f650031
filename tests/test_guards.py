"""Every command that prints an amount, and every guard: a guard that one command lacks is none.

The cells stand in ``guards.yaml``; the commands are those of the command line.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from dmcalc import table
from dmcalc.cli import COMMANDS
from dmcalc.cli._command_model import commands
from dmcalc.quantities.amount import Amount

HERE = yaml.load(
    (Path(__file__).parent / "guards.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
GUARDS: dict[str, dict[str, dict[str, Any]]] = HERE["guards"]
CELLS = [(guard, command) for guard, row in GUARDS.items() for command in row]
#: What a person takes or is given, in rows and steps and documents.
AMOUNTS = ("low", "high", "suggested", "amount", "daily", "daily_low", "daily_high")


def guarded() -> set[str]:
    """Return the commands of dmcalc that print an amount for a patient."""
    return set(COMMANDS) - set(HERE["no_amount"])


@pytest.mark.parametrize("guard", GUARDS)
def test_each_command_that_prints_an_amount_has_each_guard(guard):
    assert set(GUARDS[guard]) == guarded()


def test_a_command_that_takes_a_weight_prints_an_amount_or_is_named_otherwise():
    named = {command.name: command for command in commands(table.load())}
    takes = {
        name for name, command in named.items() if "--weight" in {o.long for o in command.options}
    }
    assert takes - {"body"} == guarded() - {"batch"}  # a batch has its patients in columns


def test_the_matrix_is_whole(capsys):
    run = [cell for cell in CELLS if "none" not in GUARDS[cell[0]][cell[1]]]
    assert len(CELLS) == len(GUARDS) * len(guarded())
    with capsys.disabled():
        print(f"\n{len(GUARDS)} guards x {len(guarded())} commands: {len(run)} cells run")


def doses(document: dict[str, Any], drug: str) -> Iterator[Decimal]:
    """List the amounts of a drug in a document, in mg."""
    for record in rows_of(document):
        if record.get("drug", document.get("drug")) != drug or record.get("unit") is None:
            continue
        for key in AMOUNTS:
            if record.get(key) is not None:
                yield Amount.parse(f"{record[key]} {record['unit']}").value_in("mg")


def rows_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a document, or its steps; without them the document itself."""
    return document.get("rows") or document.get("steps") or [document]


@pytest.mark.parametrize(("guard", "command"), CELLS)
def test_a_guard_holds(call, tmp_path, monkeypatch, guard, command):
    cell = GUARDS[guard][command]
    if "none" in cell:
        pytest.skip(cell["none"])
    monkeypatch.chdir(tmp_path)
    if "file" in cell:
        (tmp_path / "rows.csv").write_text(cell["file"], encoding="utf-8")
    line = shlex.split(cell["command"])
    assert line[0] == command
    page = call(*line)
    assert page.code == cell.get("exit", 0), page.stdout + page.stderr
    if page.code not in (0, 6) and not cell.get("answered"):
        assert page.stdout == ""
        assert page.stderr
        return
    said = " ".join(page.stdout.split())
    for words in cell.get("says", ()):
        assert words in said
    for words in cell.get("never_says", ()):
        assert words not in said
    asked = ("--format", "jsonl") if command == "batch" else ("--format", "json")
    data = call(*line, *asked).stdout.splitlines()
    text = data if command == "batch" else ["\n".join(data)]
    documents = [json.loads(each, parse_float=str, parse_int=str) for each in text]
    assert len(documents) == cell.get("rows", len(documents) or 1)
    check_data(cell, documents)


def check_data(cell: dict[str, Any], documents: list[dict[str, Any]]) -> None:
    """Compare what machines read with what a cell expects."""
    for document in documents:
        for drug, most in cell.get("most", {}).items():
            amounts = list(doses(document, drug))
            assert amounts, f"no amount of {drug}"
            assert max(amounts) <= Amount.parse(most).value_in("mg")
        for key, value in cell.get("data", {}).items():
            assert {row[key] for row in rows_of(document)} == {value}
        codes = {w if isinstance(w, str) else w["code"] for w in document["warnings"]}
        assert set(cell.get("warnings", ())) <= codes
