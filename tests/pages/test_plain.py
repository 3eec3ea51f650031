"""A page in a pipe reads as in a terminal of that width, without the colour."""

from __future__ import annotations

import re
import shlex
import unicodedata

import pytest

from dmcalc.formats import plain, terminal
from dmcalc.pages.model import ListBlock, Page, TableBlock, build_page

WIDE = Page(
    "Überschrift 日本語 of a page",
    (
        TableBlock(
            "Table",
            ("Name", "Words"),
            (
                ("A heading over the rows that follow it",),
                ("日本語の薬", "25 mg once a week and so on"),
                ("e\u0301", "x" * 70),
            ),
            wraps=frozenset({1}),
            figures=frozenset({0}),
            spaced=True,
            strong=frozenset({1}),
        ),
        ListBlock("List", (("(1)", "日本語" * 40), ("label:", "two\nlines"), ("", ""))),
        ListBlock(None, (("Dose", "80 mg, REDUCED"), ("!", "never daily")), aligned=True),
    ),
    ending=("computed by a test", "no advice"),
)


def uncoloured(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize(("width", "every"), [(80, 1), (40, 5), (120, 5)])
@pytest.mark.parametrize("detail", ["usual", "explained"])
def test_plain_equals_a_terminal_without_colour(results, width, every, detail):
    for command, result in list(results.items())[::every]:
        page = build_page(result, detail)
        assert plain.lay_out(page, width) == uncoloured(terminal.lay_out(page, width)), command


@pytest.mark.parametrize("width", [20, 30, 60, 80])
def test_wide_characters_and_long_words(width):
    text = plain.lay_out(WIDE, width)
    assert text == uncoloured(terminal.lay_out(WIDE, width))
    lines = unicodedata.normalize("NFC", text).splitlines()
    # a wide character takes two columns
    assert all(len(line) + len(re.findall("[日本語の薬]", line)) <= width for line in lines)
    shown = "".join(text.split())
    for words in ("日本語" * 40, "x" * 70, "Aheadingovertherowsthatfollowit", "two", "REDUCED"):
        assert words in shown.replace("│", "")


def test_colour_stands_on_words_that_say_it():
    text = terminal.lay_out(WIDE, 80)
    assert "\x1b[1;31mnever daily\x1b[0m" in text
    assert "\x1b[33mREDUCED\x1b[0m" in text
    assert "\x1b[1mÜberschrift 日本語 of a page\x1b[0m" in text


def test_an_amount_is_not_broken_over_lines():
    page = Page("Take 100 mg daily or 2 to 50 times, for 4 h 15 min", ())
    lines = plain.lay_out(page, 11).splitlines()
    assert lines[:5] == ["Take 100 mg", "daily or", "2 to 50", "times, for", "4 h 15 min"]


def test_a_column_that_is_narrowed_keeps_each_amount_whole():
    rows = (("below 60 mL/min/1.73 m2", "not entered"),)
    table = TableBlock(None, ("Threshold", "Verdict"), rows, wraps=frozenset({0}))
    for width in (34, 30, 29):  # 17 of an amount, 2 between, 11 of a verdict
        lines = plain.lay_out(Page("x", (table,)), width).splitlines()
        assert any("60 mL/min/1.73 m2" in line for line in lines), width


#: Codes of a terminal as words.
TAGS = {"1": "<bold>", "1;31": "<red>", "33": "<yellow>", "2": "<dim>", "0": "</>"}
EMPHASIS = {
    "dose prednisone -w 82 -s severe": [
        "<bold>60 to 80 mg by mouth daily, <yellow>CAPPED</>",
        "<dim>and consults the package insert.",
    ],
    'check prednisone "90 mg daily" -w 82': ["<red>OVER THE CAP</>", "<bold>90 mg daily"],
    'check methotrexate "10 mg daily"': ["<red>REFUSED</>", "<red>never daily</>"],
    "dose methotrexate azathioprine -w 75 --egfr 20": [
        "<red>REFUSED</><bold> for this patient",
        "<yellow>REDUCED</><bold> from 50 mg",
    ],
    "dose azathioprine -w 75 --taking allopurinol": ["<red>CANNOT BE MADE UP</>"],
    "dispense prednisone 62.5mg --stock 20mg --round nearest": [
        "<bold>60 mg: 3 tablets of 20 mg</>",
        "<yellow>ROUNDED</>: 2.5 mg less",
    ],
    "taper prednisone -w 82 -s severe": ["<bold>80 mg</>"],
    "infusion ivig -w 82": ["<bold>49.2 mL/h</>", "<bold>32.8 g IV", "<red>never a daily dose</>"],
    "labs azathioprine --wcc 3.1": ["<bold>reached</>"],
}


@pytest.mark.parametrize("command", EMPHASIS)
def test_doses_and_verdicts_are_bold_stops_red_changes_yellow_and_the_rest_plain(call, command):
    text = call(*shlex.split(command), columns=80).stdout
    tagged = re.sub(r"\x1b\[([0-9;]*)m", lambda code: TAGS[code[1]], text)
    assert [words for words in EMPHASIS[command] if words not in tagged] == []


@pytest.mark.parametrize("plainly", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, None])
def test_no_colour_says_the_same(call, plainly):
    command = ("check", "prednisone", "90 mg daily", "-w", "82")
    coloured = call(*command, columns=80).stdout
    bare = call(*command, columns=80 if plainly else None, env=plainly).stdout
    assert "\x1b" not in bare
    assert bare == uncoloured(coloured)
