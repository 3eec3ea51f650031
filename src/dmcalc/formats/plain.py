"""The human table without colour, as a pipe gets it: what ``terminal`` prints, without rich."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, TableBlock
from dmcalc.text.numbers import escape_control

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Columns between the columns of a table.
GAP = 2
#: Stands for a space that no line breaks at, until the text is laid out: a code point that Unicode
#: has not assigned, so no page has it (``escape_control`` writes it out), and narrow to rich.
GLUE = "\u0378"
# A line must not break inside "10 mg", "2 to 5" or "once a week".
_UNBROKEN = re.compile(
    r"(?<=[0-9]) (?=(?:mcg|mg|g|kg|mL|m2|h|min)\b|to [0-9])|(?<=[0-9] to) (?=[0-9])"
    r"|(?<=[0-9]) (?=of [0-9])|(?<=[0-9] of) (?=[0-9])|(?<=half of) (?=[0-9])"
    r"|(?<=[0-9] h) (?=[0-9]+ min)"
    r"|(?<=once) (?=a week)|(?<=once a) (?=week)|(?<=[0-9],) (?=[0-9]+[],])"
)


def glued(text: str) -> str:
    """Return a text as it is laid out: control characters shown, and no break in an amount."""
    return _UNBROKEN.sub(GLUE, escape_control(text))


def natural_width(page: Page, footer: tuple[str, str]) -> int:
    """Return the width in columns at which nothing of a page is wrapped: that of a pipe."""
    widths = [len(line) for line in (page.title, page.subtitle, *footer)]
    for block in page.blocks:
        widths.append(len(block.title or ""))
        if isinstance(block, ListBlock):
            widths += [len(label) + len(text) + 8 for label, text in block.items]
        else:
            widths.append(table_width(block))
    return max(widths)


def table_width(block: TableBlock, *, narrowed: bool = False) -> int:
    """Return the width of a table in which nothing is wrapped, or as little as can be."""
    columns = zip(block.columns, *block.rows, strict=True)
    widths = [max(len(line) for cell in c for line in cell.split("\n")) for c in columns]
    if narrowed:
        widths = [min(w, block.least) if n in block.wraps else w for n, w in enumerate(widths)]
    return sum(widths) + GAP * (len(widths) - 1)


def lay_out(page: Page, footer: tuple[str, str], width: int | None = None) -> str:
    """Return a page with its footer, wrapped to a width in columns, or not at all for None."""
    width = width or natural_width(page, footer)
    lines = _wrap(page.title, width)
    lines += _wrap(page.subtitle, width) if page.subtitle else []
    for block in page.blocks:
        lines += ["", *(_wrap(block.title, width) if block.title else [])]
        if isinstance(block, ListBlock):
            lines += _list(block, width)
        elif table_width(block, narrowed=True) <= width:
            lines += _table(block, width)
        else:
            lines += _stacked(block, width)
    lines += ["", *(part for line in footer for part in _wrap(line, width))]
    return "".join(line.rstrip() + "\n" for line in "\n".join(lines).replace(GLUE, " ").split("\n"))


def list_items(block: ListBlock, width: int) -> Iterator[tuple[str, list[str]]]:
    """Yield each paragraph of a list, wrapped: its mark, which leads its first line, and its lines.

    A label that is a number, ``(1)`` or ``[1]``, is its mark; another one leads its text.
    """
    marks = [label for label, _ in block.items if label.startswith(("(", "["))]
    lead = 3 + max(map(len, marks), default=1)
    for label, text in block.items:
        marked = label in marks
        body = text if marked or not label else f"{label} {text}"
        mark = f"  {label if marked else '-'}".ljust(lead)
        yield mark, _wrap(body, max(width - lead, 1))


def _list(block: ListBlock, width: int) -> Iterator[str]:
    """Set each paragraph after its mark, so that its further lines hang below its first."""
    for mark, lines in list_items(block, width):
        yield from (f"{' ' * len(mark) if n else mark}{line}" for n, line in enumerate(lines))


def _table(block: TableBlock, width: int) -> Iterator[str]:
    widths = _column_widths(block, width)
    cells = [
        [_wrap(cell, w) for cell, w in zip(row, widths, strict=True)]
        for row in (block.columns, *block.rows)
    ]
    for number, row in enumerate(cells):
        tallest = max(map(len, row))
        if number == 0:  # the head stands at the bottom of its cells
            row = [[""] * (tallest - len(cell)) + cell for cell in row]
        elif number > 1 and block.spaced:
            yield ""
        for parts in zip_longest(*row, fillvalue=""):
            columns = enumerate(zip(parts, widths, strict=True))
            padded = (_pad(part, w, right=n in block.figures) for n, (part, w) in columns)
            yield (" " * GAP).join(padded)
        if number == 0:
            yield "─" * (sum(widths) + GAP * (len(widths) - 1))


def _column_widths(block: TableBlock, width: int) -> list[int]:
    """Return the widths of columns: those that may be wrapped give up what is too much.

    The widest are narrowed first, each with the gap on its right.
    """
    columns = zip(block.columns, *block.rows, strict=True)
    lines = (
        [line for cell in cells for line in escape_control(cell).split("\n")] for cells in columns
    )
    widths = [1 + max(map(_cells, column)) for column in lines]
    excess = sum(widths) + len(widths) - GAP - width
    widths[-1] -= 1
    while excess > 0:
        widest = max(widths[n] for n in block.wraps)
        second = max((widths[n] for n in block.wraps if widths[n] < widest), default=0)
        alike = [n for n in sorted(block.wraps) if widths[n] == widest]
        most = min(excess, widest - second)
        for left, n in zip(range(len(alike), 0, -1), alike, strict=True):
            share = (Decimal(excess) / left).to_integral_value(ROUND_HALF_EVEN)  # as rich does
            cut = min(most, int(share))
            widths[n] -= cut
            excess -= cut
    return [*(w - 1 for w in widths[:-1]), widths[-1]]


def _stacked(block: TableBlock, width: int) -> Iterator[str]:
    """Set each row as lines below its first cell, where a width is too narrow for columns."""
    for number, row in enumerate(block.rows):
        if number:
            yield ""
        cells = [(name, cell) for name, cell in zip(block.columns, row, strict=True) if cell]
        if block.spaced:
            yield from _wrap(row[0].replace("\n", ", "), width)
            parts = [f"{name}: {cell}" for name, cell in cells[1:]]
        else:  # short cells: a paragraph a row
            yield from _wrap(f"{block.columns[0]} {row[0]}", width)
            parts = ["; ".join(f"{name.lower()} {cell}" for name, cell in cells[1:])]
        right = 0 if block.spaced else 2
        for part in parts:
            yield from (f"  {line}" for line in _wrap(part, width - 2 - right))


def _wrap(text: str, width: int) -> list[str]:
    shown = escape_control(text).rstrip()
    if "\n" not in shown and _cells(shown) <= width:
        return [shown]
    return _wrap_glued(glued(text), width)


def _wrap_glued(text: str, width: int) -> list[str]:
    """Break a text at spaces, and inside a word only where it is longer than a line."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in re.findall(r"\s*\S+\s*", paragraph):
            if _cells(line) + _cells(word.rstrip()) <= width:
                line += word
                continue
            lines += [line.rstrip()] if line else []
            line = word
            while _cells(line.rstrip()) > width:
                ends = range(len(line), 1, -1)
                end = next((n for n in ends if _cells(line[:n]) <= width), 1)
                lines.append(line[:end])
                line = line[end:]
        lines.append(line.rstrip())
    return lines


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _cells(text))
    return space + text if right else text + space


def _cells(text: str) -> int:
    """Return how many columns a text takes: some East Asian characters take two."""
    text = text.replace(GLUE, " ")
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
