"""The page of ``dmcalc why``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from dmcalc.pages.model import HOW_READ, ListBlock, Page, References
from dmcalc.pages.sections import explained_sections, local_text, usual_sections
from dmcalc.table.model.drug import SYSTEMS
from dmcalc.text.numbers import with_thousands

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import WhyHead, WhyRow
    from dmcalc.results.base import TableResult
    from dmcalc.sources.cite import Read


def page(result: TableResult[WhyHead, WhyRow], references: References) -> Page:
    """Lay out each figure with its quotes, the works, and how and when they were read."""
    figures = (
        list(rows) for _, rows in groupby(result.rows, key=lambda row: (row.figure, row.value))
    )
    blocks = tuple(
        ListBlock(
            f"{rows[0].figure}: {_value(rows[0])}", tuple(x for row in rows for x in _words(row))
        )
        for rows in figures
    )
    title = f"{result.head.name}: where each figure comes from"
    explained = tuple(explained_sections(result, references))
    return Page(title, (*blocks, *usual_sections(result)), explained=explained)


def _value(row: WhyRow) -> str:
    """Write a figure's value for people; a code and a statement, which has no name, stay."""
    text: str = row.value
    is_figure = row.id is not None and not row.figure.endswith(tuple(SYSTEMS.values()))
    return with_thousands(text) if is_figure else text


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


def _work(key: str | None, title: str | None, doi: str | None, read: Read | None) -> str:
    how = f" ({HOW_READ[read]})" if read else ""
    return f"{key}: {title}.{f' doi:{doi}' if doi else ''}{how}"
