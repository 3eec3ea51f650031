"""Markdown, for a note or an issue: headings, lists and tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, TableBlock, build_page
from dmcalc.text.numbers import escape_control

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result


def render(result: Result, style: Style) -> str:
    """Return the page as Markdown."""
    page = build_page(result, style.detail)
    parts = [f"# {_escaped(page.title)}"]
    if page.subtitle:
        parts.append(_escaped(page.subtitle))
    for block in page.blocks:
        if block.title:
            parts.append(f"## {_escaped(block.title)}")
        parts.append(_points(block) if isinstance(block, ListBlock) else _grid(block))
    parts += map(_escaped, page.ending)
    return "\n\n".join(parts) + "\n"


def _points(block: ListBlock) -> str:
    lines = []
    for label, text in block.items:
        lead = f"**{_escaped(label)}** " if label else ""
        lines.append(f"- {lead}{_escaped(text)}")
    return "\n".join(lines)


def _grid(block: TableBlock) -> str:
    rule = ["---:" if number in block.figures else "---" for number in range(len(block.columns))]
    rows = [row if len(row) > 1 else _heading(row[0], len(rule)) for row in block.rows if any(row)]
    return "\n".join(_row(cells) for cells in (block.columns, rule, *rows))


def _heading(text: str, columns: int) -> tuple[str, ...]:
    """Return a heading over rows as a row of its own."""
    return (text, *("" for _ in range(columns - 1)))


def _row(cells: Sequence[str]) -> str:
    escaped = (cell if set(cell) <= {"-", ":"} else _escaped(cell) for cell in cells)
    return "| " + " | ".join(cell.replace("\n", "<br>") for cell in escaped) + " |"


def _escaped(text: str) -> str:
    """Escape what Markdown or HTML would take for its own."""
    return re.sub(r"([\\`*_|<>\[\]#~&])", r"\\\1", escape_control(text))
