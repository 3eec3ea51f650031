"""A page in a pipe is laid out without rich, and reads as rich would print it."""

from __future__ import annotations

import pytest

from dmcalc.formats import plain, terminal
from dmcalc.formats.registry import Style
from dmcalc.pages.model import ListBlock, Page, TableBlock, build_page, footer

WIDE = Page(
    "Überschrift 日本語 of a page",
    (
        TableBlock(
            "Table",
            ("Name", "Words"),
            (("日本語の薬", "25 mg once a week and so on"), ("e\u0301", "x" * 70)),
            wraps=frozenset({1}),
            figures=frozenset({0}),
            spaced=True,
        ),
        ListBlock("List", (("(1)", "日本語" * 40), ("label:", "two\nlines"), ("", ""))),
    ),
)


@pytest.mark.parametrize(("width", "every"), [(None, 1), (80, 1), (40, 5), (120, 5)])
def test_plain_equals_rich_without_colour(results, width, every):
    for command, result in list(results.items())[::every]:
        page, last_lines = build_page(result), footer(result)
        by_rich = terminal.lay_out(page, last_lines, Style(width))
        assert plain.lay_out(page, last_lines, width) == by_rich, command


@pytest.mark.parametrize("width", [20, 30, 60, 80])
def test_wide_characters_and_long_words(width):
    last_lines = ("computed by a test", "no advice")
    assert plain.lay_out(WIDE, last_lines, width) == terminal.lay_out(
        WIDE, last_lines, Style(width)
    )


def test_an_amount_is_not_broken_over_lines():
    page = Page("Take 100 mg daily or 2 to 50 times, for 4 h 15 min", ())
    lines = plain.lay_out(page, ("", ""), 11).splitlines()
    assert lines[:5] == ["Take 100 mg", "daily or", "2 to 50", "times, for", "4 h 15 min"]
