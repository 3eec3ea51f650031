"""CSV as in RFC 4180: a header, commas, quotes where needed, CRLF.

A cell is quoted by itself, and not by the library that writes whole rows: a batch renders a cell
that many rows share only once. A test holds the two to the same bytes.
"""

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
    """Return a value, in quotes where it holds what parts cells or lines."""
    text = bare(value)
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def header(names: Sequence[str]) -> str:
    """Return the line of the names."""
    return line(names, list(map(cell, names)))


def line(names: Sequence[str], cells: Sequence[str]) -> str:
    """Return one row."""
    return ",".join(cells) + "\r\n"


def joined(before: str, row: str) -> str:
    """Return two lines as one row."""
    return f"{before[:-2]},{row}"
