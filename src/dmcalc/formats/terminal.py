"""The human table, through rich: coloured in a terminal, plain and uncut in a pipe."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dmcalc.pages.model import ListBlock, Page, TableBlock, build_page, footer
from dmcalc.text.numbers import escape_control

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dmcalc.formats import Style
    from dmcalc.results.base import Result

HEADING = "bold"
LABEL = "cyan"
QUIET = "dim"
GAP = 2

# A line must not break inside "10 mg", "2 to 5" or "once a week". rich breaks at every kind of
# space, so a character for private use stands in for these until the text is laid out.
_GLUE = "\ue000"
_UNBROKEN = re.compile(
    r"(?<=[0-9]) (?=(?:mcg|mg|g|kg|mL|m2|h|min)\b|to [0-9])|(?<=[0-9] to) (?=[0-9])"
    r"|(?<=[0-9]) (?=of [0-9])|(?<=[0-9] of) (?=[0-9])|(?<=half of) (?=[0-9])"
    r"|(?<=[0-9] h) (?=[0-9]+ min)"
    r"|(?<=once) (?=a week)|(?<=once a) (?=week)|(?<=[0-9],) (?=[0-9]+[],])"
)


def render(result: Result, style: Style) -> str:
    """Return the page laid out for a width, with or without colour."""
    return laid_out(build_page(result), footer(result), style)


def laid_out(page: Page, last: tuple[str, str], style: Style) -> str:
    """Return a page with the lines that it ends with."""
    text = io.StringIO()
    width = style.width or _natural_width(page, last)
    console = Console(
        file=text,
        width=width,
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(_page(page, last, console))
    # rich fills lines up to their cell's width; in a pipe that is noise
    lines = text.getvalue().replace(_GLUE, " ").splitlines()
    return "".join(line.rstrip() + "\n" for line in lines)


def _natural_width(page: Page, last: tuple[str, str]) -> int:
    """Return the width at which nothing of a page is wrapped: that of a pipe."""
    widths = [len(line) for line in (page.title, page.subtitle, *last)]
    for block in page.blocks:
        widths.append(len(block.title or ""))
        if isinstance(block, ListBlock):
            widths += [len(label) + len(text) + 8 for label, text in block.items]
        else:
            widths.append(_grid_width(block))
    return max(widths)


def _grid_width(block: TableBlock, *, narrowed: bool = False) -> int:
    """Return the width of a table in which nothing is wrapped, or as little as can be."""
    columns = zip(block.columns, *block.rows, strict=True)
    widths = [max(len(line) for cell in c for line in cell.split("\n")) for c in columns]
    if narrowed:
        widths = [min(w, block.least) if n in block.wraps else w for n, w in enumerate(widths)]
    return sum(widths) + GAP * (len(widths) - 1)


def _page(page: Page, last: tuple[str, str], console: Console) -> RenderableType:
    parts: list[RenderableType] = [_text(page.title, HEADING)]
    if page.subtitle:
        parts.append(_text(page.subtitle, QUIET))
    for block in page.blocks:
        parts.append(Text())
        if block.title:
            parts.append(_text(block.title, HEADING))
        if isinstance(block, ListBlock):
            parts.append(_points(block, console))
        elif _grid_width(block, narrowed=True) <= console.width:
            parts.append(_grid(block))
        else:
            parts.append(_stacked(block))
    return Group(*parts, Text(), _text(last[0], QUIET), _text(last[1]))


def _text(text: str, style: str = "") -> Text:
    return Text(_UNBROKEN.sub(_GLUE, escape_control(text)), style=style, overflow="fold")


def _points(block: ListBlock, console: Console) -> RenderableType:
    """Set each paragraph after its mark, so that its further lines hang below its first.

    By hand: as cells of a table, long lists take rich half of the time of a run.
    """
    marks = [label for label, _ in block.items if label.startswith(("(", "["))]
    lead = 3 + max(map(len, marks), default=1)
    room = max(console.width - lead, 1)
    lines: list[Text] = []
    for label, text in block.items:
        marked = label in marks
        body = _text("" if marked or not label else f"{label} ", LABEL).append_text(_text(text))
        mark = f"  {label if marked else '-'}".ljust(lead)
        for line in body.wrap(console, room) if len(body) > room else [body]:
            lines.append(Text(mark).append_text(line))
            mark = " " * lead
    return Text("\n", no_wrap=True, overflow="ignore").join(lines)


def _grid(block: TableBlock) -> RenderableType:
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
        header_style=LABEL,
        leading=1 if block.spaced else 0,
    )
    for number, name in enumerate(block.columns):
        table.add_column(
            name,
            justify="right" if number in block.figures else "left",
            no_wrap=number not in block.wraps,
        )
    for row in block.rows:
        table.add_row(*map(_text, row))
    return table


def _stacked(block: TableBlock) -> RenderableType:
    """Set each row as lines below its first cell, where a terminal is too narrow for columns."""
    parts: list[RenderableType] = []
    for row in block.rows:
        parts += [Text()] if parts else []
        cells = [(name, cell) for name, cell in zip(block.columns, row, strict=True) if cell]
        if not block.spaced:  # short cells: a paragraph a row
            line = "; ".join(f"{name.lower()} {cell}" for name, cell in cells[1:])
            parts += [_text(f"{block.columns[0]} {row[0]}", HEADING), Padding(_text(line), (0, 2))]
            continue
        parts.append(_text(row[0].replace("\n", ", "), HEADING))
        for name, cell in cells[1:]:
            label = _text(f"{name}: ", LABEL)
            parts.append(Padding(label.append_text(_text(cell)), (0, 0, 0, 2)))
    return Group(*parts)
