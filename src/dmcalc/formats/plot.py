"""The table for people, and below it the doses as bars, for a terminal."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, cast

from dmcalc.formats.plain import GAP
from dmcalc.formats.table import lay_out
from dmcalc.pages.model import TableBlock, build_page
from dmcalc.schedules import step_text
from dmcalc.text.numbers import format_number

if TYPE_CHECKING:
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result
    from dmcalc.schedules.model import Step, TaperResult

NARROWEST_BAR, WIDEST_BAR = 8, 100


class Ink(NamedTuple):
    """What a bar is drawn with: whole columns, parts of one, and the span of a range."""

    full: str
    parts: str
    span: str


BLOCKS = Ink("█", "▏▎▍▌▋▊▉", "░")
PLAIN = Ink("#", "", "-")


def render(result: Result, style: Style) -> str:
    """Return the page with the chart, as wide as the terminal."""
    taper = cast("TaperResult", result)
    steps = taper.steps
    rows = [_cells(step) for step in steps]
    titles = ("No.", "First day" if steps[0].start else "Day", "Days", "Dose")
    wide = sum(max(map(len, column)) + GAP for column in zip(titles, *rows, strict=True))
    room = min(max(style.width - wide, NARROWEST_BAR), WIDEST_BAR)
    most = max(step.high for step in steps)
    end = f"{format_number(most)} {step_text.axis(steps[0])}"
    fits = len(end) < room - 1
    scale = f"0{end:>{room - 1}}" if fits else ""
    ink = PLAIN if style.ascii else BLOCKS
    doses = TableBlock(
        "Doses" if fits else f"Doses, bars from 0 to {end}",
        (*titles, scale),
        tuple((*row, _bar(step, most, room, ink)) for row, step in zip(rows, steps, strict=True)),
        figures=frozenset((0, 2)),
    )
    page = build_page(result, style.detail)
    blocks = (page.blocks[0], doses, *page.blocks[1:])
    text = lay_out(page._replace(blocks=blocks), style)
    return text.replace("─", "-") if style.ascii else text


def _cells(step: Step) -> tuple[str, ...]:
    day = step.start.isoformat() if step.start else str(step.day)
    return str(step.step), day, str(step.days or "open"), step_text.amount(step)


def _bar(step: Step, most: Decimal, room: int, ink: Ink) -> str:
    """Draw a dose, and lighter what lies between the ends of a range."""
    parts = len(ink.parts) + 1
    whole, rest = divmod(int(step.low * room * parts / most), parts)
    bar = ink.full * whole + (ink.parts[rest - 1] if rest else "")
    high = int(step.high * room / most)
    return bar + ink.span * (high - len(bar))
