"""The usual answer of each command stands on one screen, and in no width is a line too long."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import yaml

from ..conftest import ROOT
from .test_page_rules import NO_PAGE

SCREENS = yaml.load(
    (Path(__file__).parent / "screens.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
ASKED = [(shlex.split(entry["ask"]), entry["lines"]) for entry in SCREENS]
ORDER = str(ROOT / "tests" / "fhir" / "faults" / "c01-gap-of-two-days.json")
#: Lines of one screen.
SCREEN = 36
IDS = [entry["ask"] for entry in SCREENS]


@pytest.fixture
def shown(call, files):
    """Return the lines of a usual answer at a width."""

    def shown(asked, width):
        named = {**files, "ORDER": ORDER}
        args = [named.get(arg, arg) for arg in asked]
        done = call(*args, "--width", str(width))
        assert done.code in (0, 4, 5), done.stderr
        return done.stdout.splitlines()

    return shown


def test_every_command_with_a_page_has_its_screen():
    files = {path.stem for path in (ROOT / "src" / "dmcalc" / "cli").glob("[!_]*.py")}
    assert {asked[0] for asked, _ in ASKED} == files - NO_PAGE


@pytest.mark.parametrize(("asked", "most"), ASKED, ids=IDS)
def test_it_fits(shown, asked, most):
    for width in (60, 80, 120, 200):
        lines = shown(asked, width)
        assert max(map(len, lines)) <= width, width
        if width >= 80 and most != "rows":
            assert len(lines) <= most, (width, len(lines))


@pytest.mark.parametrize(
    "entry", [e for e in SCREENS if e["lines"] == "rows"], ids=lambda e: e["ask"]
)
def test_the_first_screen_answers_where_rows_are_many(shown, entry):
    first = " ".join(" ".join(shown(shlex.split(entry["ask"]), 80)[:SCREEN]).split())
    assert [words for words in entry["answers"] if words not in first] == []


@pytest.mark.parametrize(("asked", "most"), ASKED, ids=IDS)
def test_it_ends_with_whose_opinion_it_is_and_the_versions(shown, asked, most):
    end = " ".join(" ".join(shown(asked, 80)[-3:]).split())
    assert "Opinion of the cited authors, not approved everywhere; the prescriber decides" in end
    assert "dmcalc 0." in end
    assert ", table 20" in end
