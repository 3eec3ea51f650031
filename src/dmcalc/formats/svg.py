"""SVG: the doses of a schedule over time, as a chart of steps with axes and units.

What the picture shows is also in its description, step by step, for those who cannot see it.
"""

from __future__ import annotations

import textwrap
from decimal import ROUND_CEILING, Decimal
from html import escape
from typing import TYPE_CHECKING, NamedTuple, cast

from dmcalc.pages.model import footer
from dmcalc.pages.sections import local_text
from dmcalc.schedules import step_text
from dmcalc.text import timing
from dmcalc.text.numbers import escape_control, format_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result
    from dmcalc.schedules.model import Step, TaperResult

WIDTH, PLOT_HEIGHT = 960, 340
LEFT, RIGHT = 84, 24
LINE = 18
#: Width of a bar, at least.
BAR = 6
#: Characters in a line of the heading and of the small print.
HEADING, SMALL = 76, 140
#: What a tick may stand for, in weeks.
WEEKS = (1, 2, 4, 8, 13, 26, 52, 104, 208, 520, 1040)
TICKS = 12

STYLE = """
text { font: 14px Verdana, "DejaVu Sans", Arial, sans-serif; fill: #000; }
.heading { font-size: 18px; font-weight: bold; } .small { font-size: 11px; }
.middle { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: #ccc; } .axis { stroke: #000; } .range { fill: #bbb; } .bar { fill: #000; }
.dose { stroke: #000; stroke-width: 3; } .open { stroke-dasharray: 8 5; }
"""


class Frame(NamedTuple):
    """The position of the chart: its top, and how much a pixel is."""

    top: int
    days: int
    most: Decimal

    def x(self, day: int) -> Decimal:
        """Return the position of a day, counted from 0."""
        return LEFT + Decimal((WIDTH - LEFT - RIGHT) * day) / self.days

    def y(self, dose: Decimal) -> Decimal:
        """Return the position of a dose."""
        return self.top + PLOT_HEIGHT * (1 - dose / self.most)


def render(result: Result, style: Style) -> str:
    """Return the chart."""
    taper = cast("TaperResult", result)
    table = result.loaded.table
    heading = f"{table.drugs[taper.drug].name}: {taper.name}"
    head = textwrap.wrap(escape_control(heading), HEADING)
    top = 60 + LINE * len(head)
    most = _most([step.high for step in taper.steps])
    last = _end(taper.steps[-1], _open(taper.steps))
    frame = Frame(top, max(last, 1), most)
    local = [f"Local: {local.figure}: {local_text(local)}" for local in taper.steps[0].local]
    foot = [
        line
        for text in (*local, *footer(result))
        for line in textwrap.wrap(escape_control(text), SMALL)
    ]
    height = top + PLOT_HEIGHT + 5 * LINE + 14 * len(foot)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'lang="en" aria-labelledby="dmcalc-title dmcalc-desc">',
        f'<title id="dmcalc-title">{_text(heading)}</title>',
        f'<desc id="dmcalc-desc">{_text(" ".join(map(_sentence, taper.steps)))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *(_label(line, LEFT, 28 + LINE * n, "heading") for n, line in enumerate(head)),
        *_axes(taper.steps, frame),
        *_drawn(taper.steps, frame),
        *_labels(taper.steps, frame),
        *(
            _label(line, LEFT, top + PLOT_HEIGHT + 5 * LINE + 14 * n, "small")
            for n, line in enumerate(foot)
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _text(text: str) -> str:
    return escape(escape_control(text))


def _label(text: str, x: Decimal | int, y: Decimal | int, kind: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{_text(text)}</text>'


def _line(
    x1: Decimal | int, y1: Decimal | int, x2: Decimal | int, y2: Decimal | int, kind: str
) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _sentence(step: Step) -> str:
    """Say a step in a sentence: dose, dates, units."""
    parts = [step_text.dose(step), " ".join(step_text.dates(step)), *(step_text.taken(step) or ())]
    return f"Step {step.step}: {', '.join(parts)}."


def _end(step: Step, days: int) -> int:
    """Return the day on which a step ends in the picture; an open one gets a piece of its own."""
    return step.day - 1 + (days if step.days is None else step.days)


def _open(steps: tuple[Step, ...]) -> int:
    """Return the days that the picture gives to an open step."""
    return max(14, (steps[-1].day - 1) // 12)


def _most(doses: list[Decimal]) -> Decimal:
    """Return the top of the dose axis: a round number at or above the highest dose."""
    most = max(doses)
    tick = _tick(most)
    return (most / tick).to_integral_value(ROUND_CEILING) * tick


def _tick(most: Decimal) -> Decimal:
    """Return 1, 2 or 5 times a power of 10, so that some 5 to 10 of them make up a dose."""
    power = Decimal(1).scaleb(most.adjusted() - 1)
    return next(power * n for n in (1, 2, 5, 10, 20) if most / (power * n) <= 10)


def _axes(steps: tuple[Step, ...], frame: Frame) -> Iterator[str]:
    bottom, right = frame.top + PLOT_HEIGHT, WIDTH - RIGHT
    first = steps[0]
    yield _label(f"Dose in {step_text.axis(first)}", LEFT - 60, frame.top - 32, "")
    dose, tick = Decimal(0), _tick(frame.most)
    while dose <= frame.most:
        yield _line(LEFT, frame.y(dose), right, frame.y(dose), "grid")
        yield _label(format_number(dose), LEFT - 8, frame.y(dose) + 5, "end")
        dose += tick
    every = next(w for w in (*WEEKS, frame.days) if frame.days // (7 * w) <= TICKS)
    for week in range(0, frame.days // 7 + 1, every):
        x = frame.x(week * 7)
        yield _line(x, bottom, x, bottom + 6, "axis")
        yield _label(format_number(week), x, bottom + LINE + 4, "middle")
    yield _line(LEFT, bottom, right, bottom, "axis")
    yield _line(LEFT, frame.top, LEFT, bottom, "axis")
    start = f" from {timing.date(first.start)}" if first.start else " of the schedule"
    yield _label(f"Weeks{start}", (LEFT + right) // 2, bottom + 2 * LINE + 10, "middle")


def _drawn(steps: tuple[Step, ...], frame: Frame) -> Iterator[str]:
    """Draw each step: a line at its dose, or a band from its lowest to its highest.

    A course is a bar over the days on which it is given: between them nothing is given.
    """
    before: Step | None = None
    for step in steps:
        if step.per == "course":
            yield _course(step, frame)
            continue
        left, right = frame.x(step.day - 1), frame.x(_end(step, _open(steps)))
        low, high = frame.y(step.low), frame.y(step.high)
        kind = "dose open" if step.days is None else "dose"
        yield f"<g><title>{_text(_sentence(step))}</title>"
        if step.low != step.high:
            yield (
                f'<rect x="{left:.1f}" y="{high:.1f}" width="{right - left:.1f}" '
                f'height="{low - high:.1f}" class="range"/>'
            )
            yield _line(left, low, right, low, kind)
        if before is not None:
            ends = [frame.y(d) for d in (before.low, before.high, step.low, step.high)]
            yield _line(left, min(ends), left, max(ends), "axis")
        yield _line(left, high, right, high, kind) + "</g>"
        before = step


def _course(step: Step, frame: Frame) -> str:
    """Draw a course: a bar up to its low end, and lighter from there to its high end."""
    left = frame.x(step.day - 1)
    wide = max(frame.x(step.day - 1 + (step.days_high or 1)) - left, Decimal(BAR))
    bottom, low, high = (frame.y(dose) for dose in (Decimal(0), step.low, step.high))
    span = (
        f'<rect x="{left:.1f}" y="{high:.1f}" width="{wide:.1f}" height="{low - high:.1f}" '
        'class="range"/>'
        if step.low != step.high
        else ""
    )
    return (
        f"<g><title>{_text(_sentence(step))}</title>{span}"
        f'<rect x="{left:.1f}" y="{low:.1f}" width="{wide:.1f}" height="{bottom - low:.1f}" '
        'class="bar"/></g>'
    )


def _labels(steps: tuple[Step, ...], frame: Frame) -> Iterator[str]:
    """Write the dose at each step that has the room for it, on the side where no line is."""
    free = Decimal(LEFT)
    for step, following in zip(steps, (*steps[1:], steps[-1]), strict=True):
        text = step_text.amount(step)
        if step.days is None:
            text += ", open"
        left, right = frame.x(step.day - 1), frame.x(_end(step, _open(steps)))
        wide = Decimal(len(text) * 9)
        x = (left + right - wide) / 2
        if wide > right - left:
            x = right - wide if following.high > step.high else left + 4
        x = min(left if step.per == "course" else x, WIDTH - wide)
        if x >= free:
            yield _label(text, x + wide / 2, frame.y(step.high) - 7, "middle")
            free = x + wide
