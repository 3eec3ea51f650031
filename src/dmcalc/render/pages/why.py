"""The page of ``dmcalc why``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc.render.page import Page, Points

if TYPE_CHECKING:
    from dmcalc.core.catalogue import Provenance


def page(result: Provenance) -> Page:
    """Lay out each figure with its quote, the work, and how and when it was read."""
    table = result.loaded.table
    blocks = tuple(
        Points(f"{row['figure']}: {row['value']}", tuple(_words(row))) for row in result.records()
    )
    title = f"{table.drugs[result.drug].name}: where each figure comes from"
    return Page(title, blocks)


def _words(row: dict[str, Any]) -> list[tuple[str, str]]:
    lines = [("quote:", f"“{row['quote']}”")]
    lines.append(("source:", _work(row["source"], row["title"], row["doi"], row["read"])))
    if row["remark"]:
        lines.append(("remark:", row["remark"]))
    if row["primary"]:
        cited = _work(row["primary"], row["primary_title"], row["primary_doi"], row["primary_read"])
        lines.append(("which cites:", cited))
    lines.append(("reviewed:", row["reviewed"].isoformat()))
    return lines


def _work(key: str, title: str, doi: str | None, read: str) -> str:
    return f"{key}: {title}.{f' doi:{doi}' if doi else ''} (read: {read})"
