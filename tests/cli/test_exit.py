"""The program ends at once, and nothing that is due at an exit is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import environment

FULL = Path("/dev/full")
#: A run with an error, and something that is printed at its exit.
REGISTERED = """
import atexit, sys
atexit.register(sys.stdout.write, "at exit")
sys.argv = ["dmcalc", "show", "nodrug"]
from dmcalc.__main__ import main
main()
"""


def python(*args, stdout=subprocess.PIPE):
    return subprocess.run(
        [sys.executable, *args],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=environment({"PYTHONUNBUFFERED": ""}),
        check=False,
    )


def test_what_is_registered_for_the_exit_is_run_and_the_code_stays():
    done = python("-c", REGISTERED)
    assert (done.stdout, done.returncode) == ("at exit", 3)
    assert "nodrug" in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is full")
def test_what_cannot_be_written_at_the_exit_is_not_passed_over():
    with FULL.open("w", encoding="utf-8") as full:
        done = python("-c", REGISTERED, stdout=full)
    assert done.returncode == 120  # Python's own, for a stdout that cannot be flushed
    assert "No space left on device" in done.stderr


def test_a_profiler_has_its_report():
    done = python("-m", "cProfile", "-m", "dmcalc", "--version")
    assert done.stdout.startswith("dmcalc ")
    assert " function calls " in done.stdout


def test_a_pipe_has_every_line():
    done = python("-m", "dmcalc", "show", "prednisone", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["drug"] == "prednisone"
