"""Quotes stand word for word in the documents that the table was made from, where those are.

What was read after those were collected is in ``pages.md``, beside this file.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.table.editing import TEXT

SHARED = Path(__file__).parents[3] / "shared"
PAGE = SHARED / "source-page.txt"
FACTS = sorted((SHARED / "facts").glob("*.md"))
PAGES = Path(__file__).with_name("pages.md")
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


CITED = sorted(set(quotes_in(yaml.safe_load(TEXT))))
ON_THE_PAGE = [quote for source, quote in CITED if source == BASE]
ELSEWHERE = [quote for source, quote in CITED if source != BASE]


@pytest.mark.skipif(not PAGE.exists(), reason="the base page is not beside this checkout")
@pytest.mark.parametrize("quote", ON_THE_PAGE)
def test_quote_stands_on_the_base_page(quote):
    assert even(quote) in even(PAGE.read_text(encoding="utf-8"))


@pytest.mark.skipif(not FACTS, reason="the collected facts are not beside this checkout")
@pytest.mark.parametrize("quote", ELSEWHERE)
def test_quote_stands_in_the_collected_facts(quote):
    assert any(even(quote) in even(path.read_text(encoding="utf-8")) for path in (*FACTS, PAGES))


def test_there_are_quotes_of_both_kinds():
    assert len(ON_THE_PAGE) >= 15
    assert len(ELSEWHERE) >= 40
