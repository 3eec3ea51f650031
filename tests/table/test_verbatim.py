"""Quotes stand word for word in the documents that the table was made from, where those are.

What was looked up after those were collected stands in ``tests/looked-up.yaml``, source by source.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
import yaml

from dmcalc.sources.quotes import MAX_WORDS
from tests.table.editing import TEXT, YAML

SHARED = Path(__file__).parents[3] / "shared"
PAGE = SHARED / "source-page.txt"
FACTS = sorted((SHARED / "facts").glob("*.md"))
LOOKED_UP = yaml.load(
    Path(__file__).parents[1].joinpath("looked-up.yaml").read_text(encoding="utf-8"),
    yaml.CSafeLoader,
)
BASE = "managedermatomyositis"


def quotes_in(value: object) -> list[tuple[str, str]]:
    """List source and quote of every citation."""
    if isinstance(value, dict):
        mine = [(value["source"], value["quote"])] if "quote" in value else []
        return mine + [quote for item in value.values() for quote in quotes_in(item)]
    return [q for item in value for q in quotes_in(item)] if isinstance(value, list) else []


def even(text: str) -> str:
    """Even out blanks, and undo the escapes of a Markdown table; nothing else."""
    return re.sub(r"\s+", " ", re.sub(r"\\([|\"])", r"\1", text))


def was_read(source: str, quote: str) -> bool:
    """Tell whether a quote stands in a collected document, or among the words looked up in it."""
    if source == BASE:
        return even(quote) in even(PAGE.read_text(encoding="utf-8"))
    looked_up = LOOKED_UP.get(source, {}).get("words", ())
    return quote in looked_up or any(
        even(quote) in even(path.read_text(encoding="utf-8")) for path in (PAGE, *FACTS)
    )


CITED = sorted(set(quotes_in(yaml.load(TEXT, yaml.CSafeLoader))))
ON_THE_PAGE = [quote for source, quote in CITED if source == BASE]
ELSEWHERE = [(source, quote) for source, quote in CITED if source != BASE]


@pytest.mark.skipif(not PAGE.exists(), reason="the reference is not beside this checkout")
@pytest.mark.parametrize("quote", ON_THE_PAGE)
def test_quote_stands_on_the_base_page(quote):
    assert even(quote) in even(PAGE.read_text(encoding="utf-8"))


@pytest.mark.skipif(not FACTS, reason="the collected facts are not beside this checkout")
@pytest.mark.parametrize(("source", "quote"), ELSEWHERE)
def test_quote_stands_where_it_was_read(source, quote):
    assert was_read(source, quote)


def test_what_was_looked_up_is_short_dated_and_quoted():
    guide = yaml.load(YAML.with_name("guide.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    quoted = {*CITED, *quotes_in(guide)}
    for source, found in LOOKED_UP.items():
        assert found["address"].startswith("http"), source
        assert isinstance(found["read"], datetime.date), source
        for words in found["words"]:
            assert len(words.split()) <= MAX_WORDS, words
            assert (source, words) in quoted, f"{source}: nothing quotes {words!r}"


def test_there_are_quotes_of_both_kinds():
    assert len(ON_THE_PAGE) >= 15
    assert len(ELSEWHERE) >= 40
