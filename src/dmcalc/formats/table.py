"""The human table: uncut in a pipe, and as wide as the terminal in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.formats import plain
from dmcalc.pages.model import build_page, footer

if TYPE_CHECKING:
    from dmcalc.formats.registry import Style
    from dmcalc.pages.model import Page
    from dmcalc.results.base import Result


def render(result: Result, style: Style) -> str:
    """Return the page laid out for a width, with or without colour."""
    return lay_out(build_page(result), footer(result), style)


def lay_out(page: Page, last_lines: tuple[str, str], style: Style) -> str:
    """Return a page with the two lines that it ends with."""
    if style.width is None and not style.color:
        return plain.lay_out(page, last_lines)
    from dmcalc.formats import terminal  # start-up: rich is half of it

    return terminal.lay_out(page, last_lines, style)
