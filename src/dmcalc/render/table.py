"""The human table, through rich: coloured in a terminal, plain and uncut in a pipe."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dmcalc.render.page import Grid, Page, Points, page_of
from dmcalc.wording import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dmcalc.core.result import Result
    from dmcalc.render import Style

#: Wide enough for every line of a pipe: nothing is wrapped there, and nothing cut.
UNLIMITED = 100_000
HEADING = "bold"
LABEL = "cyan"
QUIET = "dim"


def render(result: Result, style: Style) -> str:
    """Return the page laid out for a width, with or without colour."""
    width = style.width or UNLIMITED
    text = io.StringIO()
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
    console.print(_page(page_of(result), width))
    # rich fills lines up to their cell's width; in a pipe that is noise
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())


def _page(page: Page, width: int) -> RenderableType:
    parts: list[RenderableType] = [Text(visible(page.title), style=HEADING)]
    if page.subtitle:
        parts.append(Text(visible(page.subtitle), style=QUIET))
    for block in page.blocks:
        if block.title:
            parts += [Text(), Text(visible(block.title), style=HEADING)]
        elif isinstance(block, Grid) and block.min_width > width:
            parts.append(Text())
        if isinstance(block, Points):
            parts.append(_points(block))
        elif block.min_width > width:
            parts.append(_stacked(block))
        else:
            parts.append(_grid(block))
    parts += [Text(), Text(visible(page.footer))]
    return Group(*parts)


def _points(block: Points) -> RenderableType:
    """Set each paragraph under its label, indented, so that no column squeezes another."""
    parts = []
    for label, text in block.items:
        line = Text("- ")
        if label:
            line.append(visible(label), style=LABEL).append(" ")
        parts.append(Padding(line.append(visible(text)), (0, 0, 0, 2)))
    return Group(*parts)


def _grid(block: Grid) -> RenderableType:
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1),
        header_style=LABEL,
        leading=1 if block.spaced else 0,
    )
    for number, name in enumerate(block.columns):
        justify = "right" if number in block.figures else "left"
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in block.rows:
        table.add_row(*(Text(visible(cell), overflow="fold") for cell in row))
    return table


def _stacked(block: Grid) -> RenderableType:
    """Set each row as a heading with a line a cell, where a terminal is too narrow for columns."""
    parts: list[RenderableType] = []
    for row in block.rows:
        parts.append(Text(visible(row[0].replace("\n", ", ")), style="bold"))
        for name, cell in zip(block.columns[1:], row[1:], strict=True):
            if cell:
                line = Text().append(name, style=LABEL).append(": ")
                parts.append(Padding(line.append(visible(cell.replace("\n", "; "))), (0, 0, 0, 2)))
    return Group(*parts)
