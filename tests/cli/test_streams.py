"""A stdout or stderr that is full or closed: the documented code, of every command."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.test_files import ANSWERS, argv
from tests.test_files import folder as folder

from ..conftest import environment

#: Runs each list of arguments with a stdout, or a stderr, that is full or closed; prints the codes.
FORKED = """
import gc, importlib, json, os, sys
from dmcalc import guideline, table
from dmcalc.cli import COMMANDS, main
for command in COMMANDS:
    importlib.import_module(f"dmcalc.cli.{command}")
table.load(), guideline.load()
gc.freeze()  # a child does not look through what all of them share
number, name = int(sys.argv[1]), sys.argv[2]
codes = []
for words in json.load(sys.stdin):
    pid = os.fork()
    if not pid:
        os.dup2(os.open(os.devnull, os.O_RDWR), 3 - number)
        if name:
            os.dup2(os.open(name, os.O_WRONLY), number)
        else:
            os.close(number)
            stream = "stdout" if number == 1 else "stderr"
            setattr(sys, stream, None)
            setattr(sys, f"__{stream}__", None)
        sys.argv = ["dmcalc", *words]
        main()
    codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
os.write(3, json.dumps(codes).encode())
"""


@pytest.fixture
def forked(folder):
    """Run many commands with a stream that takes nothing, and return their codes."""

    def forked(commands, number, name):
        reading, writing = os.pipe()
        script = [sys.executable, "-c", f"import os; os.dup2({writing}, 3)\n{FORKED}"]
        done = subprocess.run(
            [*script, str(number), name],
            input=json.dumps(commands).encode(),
            pass_fds=[writing],
            cwd=folder,
            env=environment(None),
            capture_output=True,
            check=False,
        )
        os.close(writing)
        with os.fdopen(reading, "rb") as codes:
            return json.loads(codes.read() or repr(done.stderr.decode()))

    return forked


@pytest.mark.parametrize("name", ["/dev/full", ""])
def test_a_stdout_that_takes_nothing(forked, name):
    asked = [argv(command) for command in ANSWERS]
    asked += [[*command.split(), "--help"] for command in ANSWERS] + [["--help"], ["--version"]]
    codes = forked(asked, 1, name)
    assert [words for words, code in zip(asked, codes, strict=True) if code != 7] == []


@pytest.mark.parametrize("name", ["/dev/full", ""])
def test_a_stderr_that_takes_nothing_changes_no_code(forked, name):
    asked = {
        "dose --wei": 2,
        "foo": 2,
        "dose foo -w 70": 3,
        "dose prednisone": 4,
        "dose prednisone -w 70 --table no": 7,
        "dose prednisone -w 70": 0,
        "--version": 0,
        "batch in.csv --drug prednisone": 4,
        "check prednisone 200mg/day -w 70": 5,
    }
    codes = forked([line.split() for line in asked], 2, name)
    assert dict(zip(asked, codes, strict=True)) == asked
