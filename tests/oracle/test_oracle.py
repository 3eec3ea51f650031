"""One row in a thousand of ``make oracle``; the oracle is apart, and can see a fault."""

from __future__ import annotations

import ast
from fractions import Fraction
from pathlib import Path

import pytest

from tests import oracle
from tests.chance import SEED
from tests.oracle import __main__ as program
from tests.oracle.asking import Near, Question
from tests.oracle.questions import ASKED, question

ROWS = program.ROWS // 1000
#: The modules that ask dmcalc; the others work the answers out.
ASKING = {"asking.py", "questions.py", "schedule_questions.py", "test_oracle.py"}


def test_dmcalc_answers_as_the_oracle_does():
    differing = []
    for row in range(ROWS):
        found = question(SEED, row)
        if found.expected != found.answered:
            differing.append((f'make oracle ARGS="--seed {SEED} --row {row}"', found))
    assert differing == []


@pytest.mark.parametrize("kind", ASKED, ids=lambda kind: kind.__name__)
def test_a_row_of_each_kind_is_asked(kind):
    assert ASKED[kind] * ROWS // 100 >= 10


def test_what_the_oracle_works_out_knows_nothing_of_dmcalc():
    modules = [p for p in Path(oracle.__file__).parent.glob("*.py") if p.name not in ASKING]
    assert len(modules) >= 4
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "dmcalc"], path.name


@pytest.mark.parametrize(
    ("end", "answer", "same"),
    [
        (Near(Fraction(50, 3), up=False), Fraction("16.666666"), True),
        (Near(Fraction(50, 3), up=False), Fraction("16.666667"), False),
        (Near(Fraction(50, 3), up=True), Fraction("16.666667"), True),
        (Near(Fraction(70), up=False), Fraction(70), True),
        (Near(Fraction(70), up=False), Fraction("69.99999"), False),
        (Near(Fraction(70), up=False), None, False),
    ],
)
def test_an_end_is_rounded_into_its_range_and_no_further_than_a_millionth(end, answer, same):
    assert (end == answer) is same


def test_a_row_that_differs_is_shown_with_the_command_that_asks_it_again(monkeypatch, capsys):
    rows = {1: Question("dmcalc.dose('prednisone')", 70, 71)}
    monkeypatch.setattr(
        program, "question", lambda _seed, row: rows.get(row, Question("dmcalc.dose()", 1, 1))
    )
    monkeypatch.setattr("sys.argv", ["oracle", "--rows", "4", "--seed", "7", "--part", "2/2"])
    assert program.main() == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "seed 7"
    assert 'make oracle ARGS="--seed 7 --row 1"' in shown
    assert shown[-1] == "2 rows, 1 differ"


def test_parts_are_all_rows_and_no_row_twice(monkeypatch, capsys):
    seen = []
    monkeypatch.setattr(
        program, "question", lambda _seed, row: seen.append(row) or Question("", 1, 1)
    )
    for part in ("1/3", "2/3", "3/3"):
        monkeypatch.setattr("sys.argv", ["oracle", "--rows", "10", "--seed", "7", "--part", part])
        assert program.main() == 0
    assert sorted(seen) == list(range(10))
    assert capsys.readouterr().out.count(" rows, 0 differ") == 3
