"""TSV: a header, tabs, one line a row; a tab or line end inside a value becomes a space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.formats.rows import bare, columns, traced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result


def render(result: Result, style: Style) -> str:
    """Return a header and one line a row."""
    names = tuple(columns(result))
    rows = [line(names, list(map(cell, row.values()))) for row in traced(result, sheet=True)]
    return header(names) + "".join(rows)


def cell(value: object) -> str:
    """Return a value on one line, without a tab."""
    return " ".join(bare(value).split())


def header(names: Sequence[str]) -> str:
    """Return the line of the names."""
    return line(names, list(map(cell, names)))


def line(names: Sequence[str], cells: Sequence[str]) -> str:
    """Return one row."""
    return "\t".join(cells) + "\n"


def joined(before: str, row: str) -> str:
    """Return two lines as one row."""
    return f"{before[:-1]}\t{row}"
