"""What people type before they have read the help, and what they are told: ``guesses.yaml``."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import yaml

GUESSES = yaml.load(
    Path(__file__).with_name("guesses.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)


@pytest.mark.parametrize("guess", GUESSES, ids=lambda guess: guess["types"] or "nothing")
def test_a_guess(call, tmp_path, guess):
    done = call(*shlex.split(guess["types"]), cwd=tmp_path)
    assert done.code == guess["exit"], done.stderr
    if "writes" in guess:
        (file,) = tmp_path.iterdir()
        assert guess["writes"].lower() in file.read_text(encoding="utf-8").lower()
        assert done.stdout == ""
    elif done.stdout:
        assert guess["says"] in done.stdout
    else:  # an error, which says what to write
        assert guess["says"] in done.stderr
        assert done.stderr.startswith("dmcalc: ")


def test_no_guess_stands_twice():
    typed = [guess["types"] for guess in GUESSES]
    assert len(set(typed)) == len(typed)
    assert len(typed) > 200
