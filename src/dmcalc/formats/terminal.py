"""The human table in a terminal, through rich."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dmcalc.formats.plain import GAP, GLUE, glued, list_items, natural_width, table_width
from dmcalc.pages.model import ListBlock, Page, TableBlock

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dmcalc.formats.registry import Style

HEADING = "bold"
LABEL = "cyan"
QUIET = "dim"


def lay_out(page: Page, footer: tuple[str, str], style: Style) -> str:
    """Return a page with its footer, wrapped to the width of a terminal, with or without colour."""
    text = io.StringIO()
    width = style.width or natural_width(page, footer)
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
    console.print(_page(page, footer, console))
    # rich fills lines up to their cell's width; in a pipe that is noise
    lines = text.getvalue().replace(GLUE, " ").splitlines()
    return "".join(line.rstrip() + "\n" for line in lines)


def _page(page: Page, footer: tuple[str, str], console: Console) -> RenderableType:
    parts: list[RenderableType] = [_text(page.title, HEADING)]
    if page.subtitle:
        parts.append(_text(page.subtitle, QUIET))
    for block in page.blocks:
        parts.append(Text())
        if block.title:
            parts.append(_text(block.title, HEADING))
        if isinstance(block, ListBlock):
            parts.append(_list(block, console.width))
        elif table_width(block, narrowed=True) <= console.width:
            parts.append(_table(block))
        else:
            parts.append(_stacked(block))
    return Group(*parts, Text(), _text(footer[0], QUIET), _text(footer[1]))


def _text(text: str, style: str = "") -> Text:
    return Text(glued(text), style=style, overflow="fold")


def _list(block: ListBlock, width: int) -> RenderableType:
    """Set each paragraph as plain text has it, with its label in colour.

    As cells of a table, long lists take rich half of the time of a run.
    """
    lines: list[Text] = []
    for (label, _), (mark, wrapped) in zip(block.items, list_items(block, width), strict=True):
        left = 0 if not label or mark.strip() == label else len(label) + 1
        for number, line in enumerate(wrapped):
            text = Text(f"{' ' * len(mark) if number else mark}{line}")
            if left > 0:
                text.stylize(LABEL, len(mark), len(mark) + min(left, len(line)))
            lines.append(text)
            left -= len(line) + 1
    return Text("\n", no_wrap=True, overflow="ignore").join(lines)


def _table(block: TableBlock) -> RenderableType:
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
