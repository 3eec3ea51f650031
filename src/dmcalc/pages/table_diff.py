"""The page of ``dmcalc table diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import explained_sections, usual_sections
from dmcalc.text.numbers import ranges_in_words, with_thousands

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import DifferenceHead, DifferenceRow
    from dmcalc.results.base import TableResult

TITLES = {"changed": "Changed", "removed": "Only in the first", "added": "Only in the second"}


def page(result: TableResult[DifferenceHead, DifferenceRow], references: References) -> Page:
    """Lay out what is other, then what only one of the tables holds."""
    rows = result.rows
    blocks = tuple(
        ListBlock(title, tuple((f"{row.name}:", _text(row)) for row in changes))
        for change, title in TITLES.items()
        if (changes := [row for row in rows if row.change == change])
    )
    a, b = result.head.a, result.head.b
    count = {0: "no difference", 1: "1 difference"}.get(len(rows), f"{len(rows):,} differences")
    tables = tuple(
        (f"{which}:", f"{table.file}, version {table.version}, SHA-256 {table.sha256}")
        for which, table in (("first", a), ("second", b))
    )
    local = (value for row in rows for value in row.local)
    sections = usual_sections(result, local=local)
    explained = tuple(explained_sections(result, references))
    title = f"{a.file} and {b.file}: {count}"
    tables_compared = ListBlock("Tables", tables)
    return Page(title, (tables_compared, *blocks, *sections), explained=explained)


def _text(row: DifferenceRow) -> str:
    first = _value(row, row.a, row.sources_a)
    second = f"{_value(row, row.b, ())} (local)" if row.local else _value(row, row.b, row.sources_b)
    if row.change == "changed":
        return f"{first}; in the second: {second}"
    return second if row.a is None else first


def _value(row: DifferenceRow, value: str | None, keys: tuple[str, ...]) -> str:
    """Write a value with the keys of its sources; a local one has none."""
    text = value or ""
    if row.kind in ("figure", "limit", "product"):
        text = ranges_in_words(with_thousands(text))
    return f"{text} ({', '.join(keys)})" if keys else text
