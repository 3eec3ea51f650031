"""One input in a hundred of ``make fuzz``; text of any letters; and that a fault would be seen."""

from __future__ import annotations

import random
import sys

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from dmcalc.errors import DmcalcError
from dmcalc.order.parse import read_order
from dmcalc.patient.patient import read as read_patient
from dmcalc.table import load

from ..chance import SEED, share
from . import __main__ as program
from . import files, run
from .command_lines import commands
from .inputs import make
from .run import MEGABYTES, HangsError, Input, Outcome, fault, limited, memory, wrong

LIMITS = load().table.limits
INPUTS = share(program.INPUTS, 100)


def test_inputs(counts, tmp_path):
    faults = []
    before = memory()
    for number in range(INPUTS):
        found = make(SEED, number)
        said, code = fault(found, tmp_path, before)
        counts.tried[found.kind] += 1
        counts.ended[code] += 1
        if said is not None:
            faults.append(f'{said}: make fuzz ARGS="--seed {SEED} --input {number}"')
    assert faults == []
    assert len(counts.tried) >= 10
    assert {0, 2, 3, 4, 5, 7} <= {*counts.ended}


def test_a_file_is_the_same_whatever_was_made_before_it():
    """Its seed and its number show a fault again."""
    for number in range(300):
        document: dict[str, object] = {"a": [1, {"b": [2]}]}
        for change in range(8):
            files.change_somewhere(document, random.Random(8 * number + change))
    assert files.VALUES_OF_JSON[-4:-1] == ([], {}, [[]])


def test_every_command_is_asked():
    asked = {make(1, number).words[:2] for number in range(5_000)}
    for command in commands():
        words = tuple(command.name.split())
        assert any(line[: len(words)] == words for line in asked), command.name


ANY_WORDS = settings(
    max_examples=share(1_000, 10),
    deadline=None,
    database=None,
    derandomize=False,
    suppress_health_check=list(HealthCheck),
)


def refusal(read, *args, **more) -> DmcalcError | None:
    """Return the error that a person can mend, None where there was an answer."""
    try:
        with limited():
            read(*args, **more)
    except DmcalcError as error:
        return error
    return None


@seed(SEED)
@ANY_WORDS
@given(st.text() | st.text("0123456789.,/ mgkdayonceweklvrIV", max_size=30))
def test_orders_of_any_words(text):
    error = refusal(read_order, text)
    assert error is None or (error.exit_code == 2 and error.message)


@seed(SEED)
@ANY_WORDS
@given(weight=st.text(max_size=20), bsa=st.text(max_size=8), age=st.text(max_size=8))
def test_patients_of_any_words(weight, bsa, age):
    for said in ({"weight": weight}, {"bsa": bsa}, {"age": age}):
        error = refusal(read_patient, LIMITS, **said)
        assert error is None or (error.exit_code == 4 and error.message)


def outcome(stdout="", code=0, stderr=""):
    return Outcome(code, stdout, stderr)


@pytest.mark.parametrize(
    ("words", "done", "says"),
    [
        (("dose",), outcome("70\n"), None),
        (("dose",), outcome(code=1, stderr="an error inside dmcalc"), "exit code 1"),
        (("dose",), outcome("70\n", 5, "refused"), "on stdout"),
        (("check",), outcome("above\n", 5, "refused"), None),
        (("check", "--fhir", "o.json"), outcome("CONSISTENT\n", 3), None),
        (("check", "prednisone"), outcome("above\n", 3, "unknown"), "on stdout"),
        (("dose",), outcome(code=4), "nothing says why"),
        (("dose",), outcome(code=4, stderr="Traceback (most"), "a traceback"),
        (("dose",), outcome("Prednisone nan mg daily"), "nan mg"),
        (("dose",), outcome('{"high": -1}'), "high is -1"),
        (("dose",), outcome('{\n"rows": [{"low": NaN}]}'), "low is NaN"),
        (("check",), outcome('{"deviation": -1}'), None),
        (("batch",), outcome("a\n", 0, "3 rows in = 1 answered + 1 rejected"), "rows are lost"),
        (("batch",), outcome("", 7, "do not add up: 3 rows in = 1 answered + 1 rejected"), None),
        (("batch",), outcome("a\n", 0, "3 rows in = 2 answered + 1 rejected"), None),
        (("sql", "--dialect", "duckdb"), outcome("-- a\nSELECT 1 FROM t\n"), None),
        (("sql", "--dialect", "duckdb"), outcome("-- a\nSELECT 1; DROP TABLE t\n"), "DROP"),
    ],
)
def test_what_must_not_be_is_seen(words, done, says):
    found = wrong(Input("", words), done)
    assert found is None if says is None else says in found


def for_ever():
    while True:
        pass


def test_what_hangs_is_stopped():
    with pytest.raises(HangsError), limited():
        for_ever()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured on Linux")
@pytest.mark.parametrize(("share_of_limit", "seen"), [(1.2, True), (0.5, False)])
def test_memory_is_the_inputs_own(monkeypatch, tmp_path, share_of_limit, seen):
    kept = bytearray(b"1") * (2 * MEGABYTES << 20)
    before = memory()
    size = int(share_of_limit * MEGABYTES) << 20
    monkeypatch.setattr(run, "main", lambda: print(len(bytearray(b"1") * size)))
    said, code = fault(Input("", ("dose",)), tmp_path, before)
    assert len(kept) > size
    assert code == 0
    assert ("MB are added" in said) if seen else said is None


def test_a_fault_is_shown_with_the_command_that_shows_it_again(monkeypatch, capsys):
    monkeypatch.setattr(program, "make", lambda _seed, number: Input("", ("dose", str(number))))
    monkeypatch.setattr(
        program, "fault", lambda given, *_: ("it hangs" if given.words[1] == "1" else None, 0)
    )
    monkeypatch.setattr("sys.argv", ["fuzz", "--inputs", "3", "--seed", "7"])
    assert program.main() == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "seed 7"
    assert 'make fuzz ARGS="--seed 7 --input 1"' in shown
    assert shown[-1] == "3 inputs, 1 faults"
