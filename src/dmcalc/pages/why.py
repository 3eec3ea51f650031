"""The page of ``dmcalc why``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, Points, References, local_text, warned
from dmcalc.table.figures_of_table import SYSTEMS
from dmcalc.text.numbers import with_thousands

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import WhyHead, WhyRow
    from dmcalc.results.base import TableResult


def page(result: TableResult[WhyHead, WhyRow]) -> Page:
    """Lay out each figure with its quotes, the works, and how and when they were read."""
    blocks = tuple(
        Points(f"{figure}: {_value(figure, value)}", tuple(x for row in rows for x in _words(row)))
        for (figure, value), rows in groupby(result.rows, key=lambda row: (row.figure, row.value))
    )
    warnings = warned(result.warnings, References(result.loaded.table.sources))
    title = f"{result.head.name}: where each figure comes from"
    return Page(title, (*blocks, *warnings))


def _value(figure: str, value: str) -> str:
    """Write a value for people; a code is no number and stays as it is."""
    return value if figure.endswith(tuple(SYSTEMS.values())) else with_thousands(value)


def _words(row: WhyRow) -> list[tuple[str, str]]:
    if row.quote is None:
        return [("local:", local_text(row.local[0])), ("name:", row.id or "")]
    lines = [("quote:", f"“{row.quote}”")]
    lines.append(("source:", _work(row.source, row.title, row.doi, row.read)))
    if row.remark:
        lines.append(("remark:", row.remark))
    if row.primary:
        cited = _work(row.primary, row.primary_title, row.primary_doi, row.primary_read)
        lines.append(("which cites:", cited))
    lines.append(("reviewed:", row.reviewed.isoformat()))
    if row.id:
        lines.append(("name:", row.id))
    return lines


def _work(key: str | None, title: str | None, doi: str | None, read: str | None) -> str:
    return f"{key}: {title}.{f' doi:{doi}' if doi else ''} (read: {read})"
