"""``batch -`` between two pipes: each question is answered before the next one is asked."""

from __future__ import annotations

import json
import os
import select
import subprocess
from time import perf_counter

import pytest

from ..conftest import DMCALC, environment

#: Seconds that an answer may take on a busy machine.
PATIENCE = 30


@pytest.fixture
def talk():
    """Start a batch between two pipes; lines go in and come out."""
    started = []

    def talk(*args):
        free = {k: v for k, v in environment(None).items() if k != "PYTHONUNBUFFERED"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen([DMCALC, "batch", "-", *args], env=free, **pipes)
        started.append(process)
        return process

    yield talk
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def ask(process, text):
    os.write(process.stdin.fileno(), text.encode())


def line(stream):
    """Read a line as it comes, without asking for more."""
    read = b""
    while not read.endswith(b"\n"):
        assert select.select([stream], [], [], PATIENCE)[0], f"no answer after {read!r}"
        byte = os.read(stream.fileno(), 1)
        assert byte, read
        read += byte
    return read.decode()


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
def test_a_question_is_answered_before_the_next_is_asked(talk, form):
    process = talk("--drug", "prednisone", "--input-format", form, "-f", "jsonl")
    mark = "\t" if form == "tsv" else ","
    if form != "jsonl":
        ask(process, f"id{mark}weight\n")
    for number, weight in enumerate((70, 80, 52)):
        row = (
            f'{{"id": "{number}", "weight": {weight}}}'
            if form == "jsonl"
            else f"{number}{mark}{weight}"
        )
        ask(process, f"{row}\n")
        answer = json.loads(line(process.stdout))
        assert (answer["id"], answer["weight_kg"]) == (str(number), weight)
    process.stdin.close()
    assert process.wait(PATIENCE) == 0


def test_the_names_of_the_columns_come_at_once(talk):
    process = talk("--drug", "prednisone")
    ask(process, "id,weight\n")
    assert line(process.stdout).startswith("id,weight_kg,")


def test_a_question_without_answer_is_told_at_once(talk):
    process = talk("--drug", "prednisone", "-f", "jsonl")
    ask(process, "id,weight\n1,700\n")
    assert line(process.stderr).startswith("dmcalc: weight from 'weight'")
    assert line(process.stderr).startswith("dmcalc: line 2: a weight of 700 kg is not plausible")
    ask(process, "2,70\n")
    assert json.loads(line(process.stdout))["id"] == "2"
    process.stdin.close()
    assert process.wait(PATIENCE) == 4


def test_a_question_without_answer_is_told_at_once_where_a_file_takes_it_too(talk, tmp_path):
    talking = talk("--drug", "prednisone", "--rejects", str(tmp_path / "rejects.csv"), "-q")
    ask(talking, "weight\n700\n")
    assert line(talking.stderr).startswith("dmcalc: line 2: a weight of 700 kg is not plausible")
    assert "700 kg" in (tmp_path / ".rejects.csv.dmcalc-draft").read_text()
    talking.stdin.close()
    assert talking.wait(PATIENCE) == 4
    assert talking.stderr.read() == b""


def test_a_question_costs_far_less_than_a_start(talk):
    """On a quiet machine it is 0.5 ms, a two-hundredth of a start."""
    began = perf_counter()
    process = talk("--drug", "prednisone", "-f", "jsonl")
    ask(process, "weight\n70\n")
    line(process.stdout)
    started = perf_counter()
    for number in range(100):
        ask(process, f"{50 + number}.5\n")
        line(process.stdout)
    assert (perf_counter() - started) / 100 < (started - began) / 4


def test_a_shell_asks_as_a_coprocess(shell):
    done = shell(
        """
        coproc DM { dmcalc batch - --drug prednisone --columns low,high -f jsonl -q; }
        exec 4>&${DM[1]} 3<&${DM[0]}
        echo weight >&4
        for weight in 70 85; do echo $weight >&4; read -r answer <&3; echo "$answer"; done
        exec 4>&- {DM[1]}>&-
        wait
        """
    )
    assert done.code == 0, done.stderr
    found = [json.loads(answer) for answer in done.stdout.splitlines()]
    assert [(row["low"], row["high"]) for row in found] == [(52.5, 70), (60, 80)]
