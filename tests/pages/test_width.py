"""Nothing is cut: a narrow terminal shows every word that a pipe gets."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from .conftest import WIDTHS

SEVERE = ("--weight", "70", "--severity", "severe")
REAL = [
    ("dose", *SEVERE, "--explain"),
    ("dose", "--weight", "350", "--confirm-weight", "--alternatives", "--explain"),
    ("taper", "prednisone", *SEVERE, "--start", "2026-12-01"),
    ("why", "prednisone"),
    ("table", "check"),
]


def uncoloured(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def body(text):
    """Return the lines of a page without rules and the headings of columns above them."""
    lines = uncoloured(text).splitlines()
    rules = {number for number, line in enumerate(lines) if re.fullmatch(r"[\s─━═-]+", line)}
    headings = {number - 1 for number in rules}
    return [line for number, line in enumerate(lines) if number not in rules | headings]


def words(text):
    """Count words; what is set in columns in one place may be joined by ; in another."""
    return Counter(word.strip("*,;:.-|") for line in body(text) for word in line.split())


def missing(wide, narrow):
    """Return the words of one text that another has not, not even folded over two lines."""
    joined = "".join("".join(body(narrow)).split())
    lost = words(wide) - words(narrow)
    return {word: count for word, count in lost.items() if word and word not in joined}


def test_a_lost_word_is_noticed():
    assert missing("10 mg daily\nfor 6 weeks", "10 mg daily\nfor 6 wee…") == {"weeks": 1}
    assert missing("10 mg daily", "10 mg d\naily") == {}
    assert missing("5 mg 10 mg", "10 mg") == {"5": 1}


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_word_is_lost(pages, columns):
    for wide, narrow in zip(pages["pipe"], pages[f"{columns} columns"], strict=True):
        assert missing(wide.text, narrow.text) == {}, wide.command
        assert narrow.text.count("…") == wide.text.count("…"), wide.command


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_line_is_wider_than_the_terminal(pages, columns):
    for page in pages[f"{columns} columns"]:
        for line in uncoloured(page.text).splitlines():
            assert len(line) <= columns, (page.command, line)


def test_no_line_of_a_page_ends_in_spaces(pages):
    for page in pages["pipe"]:
        assert not re.search(r" +$", page.text, re.MULTILINE), page.command


@pytest.mark.parametrize("columns", [60, 200])
@pytest.mark.parametrize("args", REAL, ids=" ".join)
def test_a_real_terminal(call, run, args, columns):
    piped = call(*args, "--width", "500")
    shown = run(*args, tty=True, columns=columns)
    assert shown.code == 0
    assert missing(piped.stdout, shown.stdout) == {}
    assert max(len(line) for line in uncoloured(shown.stdout).splitlines()) <= columns


@pytest.mark.parametrize("columns", [1, 20, 40])
def test_an_absurd_width_still_shows_every_dose(run, columns):
    done = run("dose", "prednisone", *SEVERE, tty=True, columns=columns)
    assert done.code == 0
    assert "52.5" in done.stdout
    assert "Traceback" not in done.stderr


def test_help_fits_too(call):
    for args in ((), ("dose",), ("taper",), ("table",), ("table", "check")):
        lines = call(*args, "--help").stdout.splitlines()
        # an example stands on one line, so that it can be copied
        assert max(len(line) for line in lines if not line.startswith("  dmcalc ")) <= 80
