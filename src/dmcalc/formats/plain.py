"""A page laid out in lines for a width, as a pipe gets it; ``terminal`` gives them colour."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from dmcalc.pages.model import ListBlock, Page, TableBlock
from dmcalc.records import Record
from dmcalc.text.numbers import escape_control

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.pages.model import Block

#: Columns between the columns of a table.
GAP = 2
#: What a part of a line is, which a terminal shows by its style.
Role = Literal["text", "strong", "label", "quiet"]
#: Replaces a space that no line breaks at, until the text is laid out: a code point that Unicode
#: has not assigned, so no page has it (``escape_control`` writes it out).
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


class Part(Record):
    """A part of a line that has one style."""

    text: str
    role: Role = "text"


Line = tuple[Part, ...]


def lay_out(page: Page, width: int) -> str:
    """Return a page in lines of at most ``width`` columns."""
    return "".join(f"{''.join(p.text for p in line).rstrip()}\n" for line in lines(page, width))


def lines(page: Page, width: int) -> Iterator[Line]:
    """Yield the lines of a page, each of at most ``width`` columns."""
    for line in _lines(page, width):
        yield tuple(part._replace(text=part.text.replace(GLUE, " ")) for part in line)


def _lines(page: Page, width: int) -> Iterator[Line]:
    yield from _paragraph(page.title, width, "strong")
    if page.subtitle:
        yield from _paragraph(page.subtitle, width)
    for block in page.blocks:
        yield ()
        if block.title:
            yield from _paragraph(block.title, width, "strong")
        yield from _block(block, width)
    yield ()
    for text in page.ending:
        yield from _paragraph(text, width, "quiet")


def _block(block: Block, width: int) -> Iterator[Line]:
    if isinstance(block, ListBlock):
        return _facts(block, width) if block.aligned else _list(block, width)
    while block.optional and table_width(block) > width:
        block = block.without(block.optional[0])
    if table_width(block, narrowed=True) <= width:
        return _table(block, width)
    return _stacked(block, width)


def _paragraph(text: str, width: int, role: Role = "text") -> Iterator[Line]:
    return ((Part(line, role),) for line in _wrap(text, width))


def table_width(block: TableBlock, *, narrowed: bool = False) -> int:
    """Return the width of a table in which nothing is wrapped, or as little as can be."""
    widths = _least_widths(block) if narrowed else _whole_widths(block)
    return sum(widths) + GAP * (len(widths) - 1)


def _whole_widths(block: TableBlock) -> list[int]:
    return [max(map(_cells, lines)) for lines in _columns(block)]


def _least_widths(block: TableBlock) -> list[int]:
    """Return how narrow each column can be: one that may be wrapped keeps each amount whole."""
    widths = _whole_widths(block)
    for n, lines in enumerate(_columns(block)):
        if n in block.wraps and widths[n] > block.least:
            amounts = (word for line in lines for word in glued(line).split() if GLUE in word)
            widths[n] = max(block.least, *map(_cells, amounts), 0)
    return widths


def _columns(block: TableBlock) -> list[list[str]]:
    """Return the lines of each column, headings over rows left out."""
    whole = [row for row in block.rows if len(row) > 1]
    return [
        [line for cell in cells for line in escape_control(cell).split("\n")]
        for cells in zip(block.columns, *whole, strict=True)
    ]


def _list(block: ListBlock, width: int) -> Iterator[Line]:
    """Set each paragraph after its mark, so that its further lines hang below its first.

    A label that is a number, ``(1)`` or ``[1]``, or ``!``, is its mark; another leads its text.
    """
    marks = [label for label, _ in block.items if label.startswith(("(", "[", "!"))]
    lead = 3 + max(map(len, marks), default=1)
    for label, text in block.items:
        marked = label in marks
        body = text if marked or not label else f"{label} {text}"
        labelled = 0 if marked or not label else len(label)
        mark = f"  {label if marked else '-'}".ljust(lead)
        for number, line in enumerate(_wrap(body, max(width - lead, 1))):
            first = line[: max(labelled, 0)]
            labelled -= len(line) + 1
            rest = Part(line[len(first) :], "strong" if label in block.strong else "text")
            before = Part(" " * lead if number else mark, "strong" if marked else "text")
            yield before, Part(first, "label"), rest


def _facts(block: ListBlock, width: int) -> Iterator[Line]:
    """Set labels in a column, and each text next to its label."""
    wide = 2 + max(_cells(label) for label, _ in block.items) + GAP
    for label, text in block.items:
        marked = label == "!"
        role: Role = "strong" if label in block.strong else "text"
        before = f"  {label} " if marked else f"  {label}".ljust(wide)
        for number, line in enumerate(_wrap(text, max(width - len(before), 1))):
            lead = " " * len(before) if number else before
            yield Part(lead, "strong" if marked else "label"), Part(line, role)


def _table(block: TableBlock, width: int) -> Iterator[Line]:
    widths = _column_widths(block, width)
    roles: list[Role] = ["strong" if n in block.strong else "text" for n in range(len(widths))]
    heads = [_wrap(cell, w) for cell, w in zip(block.columns, widths, strict=True)]
    tallest = max(map(len, heads))
    bottom = [[""] * (tallest - len(cell)) + cell for cell in heads]
    yield from _row(block, bottom, widths, ["label"] * len(widths))
    yield (Part("─" * (sum(widths) + GAP * (len(widths) - 1)), "quiet"),)
    for number, row in enumerate(block.rows):
        if number and block.spaced:
            yield ()
        if len(row) == 1:
            yield from _paragraph(row[0], width, "strong")
        else:
            cells = [_wrap(cell, w) for cell, w in zip(row, widths, strict=True)]
            yield from _row(block, cells, widths, roles)


def _row(
    block: TableBlock, cells: Iterable[list[str]], widths: list[int], roles: list[Role]
) -> Iterator[Line]:
    for parts in zip_longest(*cells, fillvalue=""):
        last = len(parts) - 1
        yield tuple(
            Part(_pad(part, w, right=n in block.figures) + ("" if n == last else " " * GAP), role)
            for n, (part, w, role) in enumerate(zip(parts, widths, roles, strict=True))
        )


def _column_widths(block: TableBlock, width: int) -> list[int]:
    """Return the widths of columns: those that may be wrapped give up what is too much.

    The widest are narrowed first.
    """
    widths, least = _whole_widths(block), _least_widths(block)
    excess = sum(widths) + GAP * (len(widths) - 1) - width
    while excess > 0:
        widest = max((n for n in block.wraps if widths[n] > least[n]), key=lambda n: widths[n])
        widths[widest] -= 1
        excess -= 1
    return widths


def _stacked(block: TableBlock, width: int) -> Iterator[Line]:
    """Set each row as lines below its first cell, where a width is too narrow for columns."""
    for number, row in enumerate(block.rows):
        if number:
            yield ()
        if len(row) == 1:
            yield from _paragraph(row[0], width, "strong")
            continue
        cells = [
            (name, cell, n in block.strong)
            for n, (name, cell) in enumerate(zip(block.columns, row, strict=True))
            if cell and n
        ]
        if not block.spaced:  # short cells: a paragraph a row
            yield from _paragraph(f"{block.columns[0]} {row[0]}", width, "strong")
            text = "; ".join(f"{_within(name)} {cell}" for name, cell, _ in cells)
            yield from ((Part(f"  {line}"),) for line in _wrap(text, width - 2))
            continue
        yield from _paragraph(row[0].replace("\n", ", "), width, "strong")
        for name, cell, strong in cells:
            for line in _wrap(f"{name}: {cell}", width - 2):
                yield (Part(f"  {line}", "strong" if strong else "text"),)


def _within(name: str) -> str:
    """Write the name of a column within a sentence: ATC and RxNorm keep their capitals."""
    return name.lower() if name[1:].islower() else name


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
