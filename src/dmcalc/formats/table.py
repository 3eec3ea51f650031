"""The page for people, laid out for a width: as in a pipe, or in colour for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.formats import plain, terminal
from dmcalc.pages.model import build_page

if TYPE_CHECKING:
    from dmcalc.formats.registry import Style
    from dmcalc.pages.model import Page
    from dmcalc.results.base import Result


def render(result: Result, style: Style) -> str:
    """Return the page laid out for a width, with or without colour."""
    return lay_out(build_page(result, style.detail), style)


def lay_out(page: Page, style: Style) -> str:
    """Return a page in lines of a width."""
    layout = terminal.lay_out if style.color else plain.lay_out
    return layout(page, style.width)
