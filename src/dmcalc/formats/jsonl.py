"""JSON lines: one row a line, each with what computed it and from which table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.documents.json import encode, visible
from dmcalc.formats.rows import traced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result


def cell(value: object) -> str:
    """Return a value as JSON."""
    return visible(encode(value))


raw_cell = cell


def render(result: Result, style: Style) -> str:
    """Return one JSON object a line."""
    return "".join(line(tuple(row), list(map(cell, row.values()))) for row in traced(result))


def header(names: Sequence[str], *, raw: bool = False) -> str:
    """Return nothing: each line names its values."""
    return ""


def line(names: Sequence[str], cells: Sequence[str]) -> str:
    """Return one row."""
    named = [f"{cell(name)}: {text}" for name, text in zip(names, cells, strict=True)]
    return "{" + ", ".join(named) + "}\n"


def joined(before: str, rows: Sequence[str]) -> str:
    """Return lines, each as one row with the line that stands before it."""
    return "".join([f"{before[:-2]}, {row[1:]}" for row in rows])
