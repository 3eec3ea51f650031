"""What no page hides, whatever its width: refusals and reductions, once a week, per course, caps.

And the ``brief`` lines of the table: short, with no figure that their note does not have, and there
for each thing that is never hidden.
"""

from __future__ import annotations

import datetime
import re
import shlex
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

import dmcalc
from dmcalc.formats.registry import Style, render
from dmcalc.sources.figures import parts_of

from ..conftest import ROOT

ENTRIES = yaml.load(
    (Path(__file__).parent / "never-hidden.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
HOSPITAL = str(ROOT / "examples" / "hospital.yaml")
#: In a pipe where they are multiples of 80, and in a terminal of colours.
WIDTHS = (40, 60, 80, 120, 160, 200)
LONGEST = 72
#: Notes that the usual page of their drug shows, by drug and code.
WITH_A_LINE = {
    "prednisone": {
        *("cap-disagreement", "contraindications", "pneumocystis", "bone", "adrenal-risk"),
    },
    "prednisolone": {"cap-disagreement", "pneumocystis", "bone", "adrenal-risk"},
    "methylprednisolone": {"contraindications"},
    "azathioprine": {"max-disagreement", "tpmt", "allopurinol"},
    "methotrexate": {"once-weekly", "folic-acid", "pregnancy", "trimethoprim", "kidneys"},
    "ivig": {"course-total", "thrombosis", "contraindications", "at-risk", "rate-ladder"},
    "cyclophosphamide": {"no-dose", "contraindications"},
    "mycophenolate": {"pregnancy", "pregnancy-test"},
    "ciclosporin": {"max-disagreement", "contraindications"},
    "tacrolimus": {"transplant-range", "release"},
    "rituximab": {"boxed-warning", "hepatitis-b"},
}
NOTES = [note for _, note in parts_of(dmcalc.load_table().table) if type(note).__name__ == "Note"]
BRIEF = [note for note in NOTES if note.brief]


@pytest.fixture(scope="module")
def answer(call):
    """Return a function: the result of a command on a day, None if refused, and what is printed."""

    @cache
    def ask(command, day):
        kept = []
        args = [HOSPITAL if arg == "HOSPITAL" else arg for arg in shlex.split(command)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "dmcalc.cli._output.render",
                lambda result, form, style: kept.append(result) or render(result, form, style),
            )
            if day is not None:
                date = SimpleNamespace(today=lambda: day)
                clock = SimpleNamespace(date=date, datetime=datetime.datetime, UTC=datetime.UTC)
                patch.setattr("dmcalc.cli._output.datetime", clock)
            done = call(*args)
        return (kept[0] if kept else None), done

    return ask


@cache
def flat(text):
    """Return the words of a page without what lays them out, cells of a table apart."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


def stands(words, text):
    """Tell whether words stand on a page, in one place or folded inside a column."""
    if words in flat(text):
        return True
    rest = flat(text)
    for word in words.split():
        _, found, rest = rest.partition(word)
        if not found:
            return False
    return True


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["about"] for entry in ENTRIES])
def test_it_stands_on_the_page(answer, entry):
    for ask in entry["ask"]:
        result, done = answer(ask, entry.get("day"))
        texts = (
            [done.stderr]
            if result is None
            else [
                render(result, "table", Style(width, bool(width % 80), detail=detail))
                for width in WIDTHS
                for detail in ("usual", "explained")
            ]
        )
        missing = [
            (ask, words, text)
            for text in texts
            for words in entry["shows"]
            if not stands(words, text)
        ]
        assert missing[:1] == []


def test_a_word_that_is_not_there_is_noticed():
    assert stands("60 to 80 mg", "60 to | 80\nmg")
    assert not stands("60 to 90 mg", "60 to 80 mg")


@pytest.mark.parametrize("note", BRIEF, ids=[f"{n.code} {i}" for i, n in enumerate(BRIEF)])
def test_a_line_is_short_and_has_no_figure_of_its_own(note):
    assert len(note.brief) <= LONGEST
    figures = re.findall(r"\d+(?:\.\d+)?", note.brief)
    of_note = re.findall(r"\d+(?:\.\d+)?", note.text + "".join(c.quote or "" for c in note.cite))
    assert [figure for figure in figures if figure not in of_note] == []
    overview = re.findall(r"\d+(?:\.\d+)?", note.overview or "")
    assert [figure for figure in overview if figure not in of_note] == []
    assert note.overview is None or ": " in note.overview


@pytest.mark.parametrize("drug", WITH_A_LINE)
def test_what_is_never_hidden_has_a_line(drug):
    notes = dmcalc.load_table().table.drugs[drug].notes
    assert {note.code for note in notes if note.brief} >= WITH_A_LINE[drug]


def test_every_drug_of_the_table_is_looked_at():
    assert set(WITH_A_LINE) == set(dmcalc.load_table().table.drugs)


def test_a_warning_is_never_only_counted():
    assert all(note.brief for note in NOTES if note.kind == "warning")


def test_a_page_of_one_drug_shows_each_line(call):
    for name, drug in dmcalc.load_table().table.drugs.items():
        text = flat(call("dose", name, "--weight", "70", "--width", "200").stdout)
        shown = [note.brief for note in drug.notes if note.brief]
        assert [line for line in shown if line not in text] == [], name
