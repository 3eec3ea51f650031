"""All that a receipt lists for a command: the figures it rests on, and what was rounded."""

from __future__ import annotations

import json
import shlex
from itertools import groupby
from pathlib import Path

import pytest
import yaml

FILE = Path(__file__).parent.parent / "receipts.yaml"
CASES = yaml.load(FILE.read_text(encoding="utf-8"), yaml.BaseLoader)


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
