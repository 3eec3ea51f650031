"""The page of ``dmcalc why``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import local_text, standard_sections
from dmcalc.table.figures_of_table import SYSTEMS
from dmcalc.text.numbers import with_thousands

if TYPE_CHECKING:
    from dmcalc.results.base import TableResult


def page(result: TableResult) -> Page:
    """Lay out each figure with its quotes, the works, and how and when they were read."""
    blocks = tuple(
        ListBlock(
            f"{figure}: {_value(figure, value)}", tuple(x for row in rows for x in _words(row))
        )
        for (figure, value), rows in groupby(
            result.records(), key=lambda row: (row["figure"], row["value"])
        )
    )
    title = f"{result.head['name']}: where each figure comes from"
    return Page(title, (*blocks, *standard_sections(result, References.of(result))))


def _value(figure: str, value: str) -> str:
    """Write a value for people; a code is no number and stays as it is."""
    return value if figure.endswith(tuple(SYSTEMS.values())) else with_thousands(value)


def _words(row: dict[str, Any]) -> list[tuple[str, str]]:
    if row["quote"] is None:
        return [("local:", local_text(row["local"][0])), ("name:", row["id"])]
    lines = [("quote:", f"“{row['quote']}”")]
    lines.append(("source:", _work(row["source"], row["title"], row["doi"], row["read"])))
    if row["remark"]:
        lines.append(("remark:", row["remark"]))
    if row["primary"]:
        cited = _work(row["primary"], row["primary_title"], row["primary_doi"], row["primary_read"])
        lines.append(("which cites:", cited))
    lines.append(("reviewed:", row["reviewed"].isoformat()))
    if row["id"]:
        lines.append(("name:", row["id"]))
    return lines


def _work(key: str, title: str, doi: str | None, read: str) -> str:
    return f"{key}: {title}.{f' doi:{doi}' if doi else ''} (read: {read})"
