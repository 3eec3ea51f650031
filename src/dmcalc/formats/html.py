"""HTML: one page to print. Of a schedule it is for the patient, with a part for the pharmacist.

It needs nothing beside itself: no script, no font, no picture, no network.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from dmcalc._version import __version__
from dmcalc.formats.registry import SCHEDULES
from dmcalc.pages.model import build_page, describe_source
from dmcalc.quantities.time import WEEKDAYS
from dmcalc.schedules import step_text
from dmcalc.schedules.step_text import companion_text
from dmcalc.text import timing
from dmcalc.text.numbers import escape_control, format_number
from dmcalc.text.units import halves_text

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import DispensedUnits
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result
    from dmcalc.schedules.model import Step, TaperResult

#: A step up to this many days has a box a day, and a longer one a box a week.
SHORT = 14
#: More units than this on a day are counted and not drawn.
DRAWN = 10


class StepRow(NamedTuple):
    """A step as the patient reads it."""

    number: int
    when: tuple[str, ...]
    dose: str
    pills: tuple[tuple[str, bool], ...]
    taken: tuple[str, ...]
    boxes: tuple[str, ...]
    #: What a box stands for: "days", "weeks", or nothing where there is one box only.
    kind: str


def render(result: Result, style: Style) -> str:
    """Return the page: of a schedule the handout, of any other answer what people read of it."""
    return _handout(result) if result.kind in SCHEDULES else _sheet(result)


def _sheet(result: Result) -> str:
    page = build_page(result, "explained")
    text = _template("sheet.html").render(
        page=page,
        ending=page.ending,
        version=__version__,
    )
    return text + "\n"


def _handout(result: Result) -> str:
    taper = cast("TaperResult", result)
    table = result.loaded.table
    drug = table.drugs[taper.drug]
    page = build_page(result, "explained")
    return (
        _template("handout.html").render(
            name=drug.name,
            rows=[_row(step) for step in taper.steps],
            notes=[note.text for note in drug.patient_notes],
            companion=_companion(taper),
            grounds=_grounds(taper),
            supply=_supply(taper),
            page=page,
            table=table,
            reviewed=timing.date(table.reviewed),
            sha256=result.loaded.sha256,
            overlays=result.loaded.overlays,
            local=taper.steps[0].local,
            version=__version__,
        )
        + "\n"
    )


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("dmcalc.formats"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    return environment.get_template(name)


def _visible(value: object) -> object:
    """Show control characters as text: HTML cannot hold them, escaped or not."""
    return escape_control(value) if type(value) is str else value


def _row(step: Step) -> StepRow:
    short = step.days is not None and (step.days <= SHORT or step.alternate is not None)
    daily = step.per == "day" and short
    counted = step.days is not None and step.per != "course"
    return StepRow(
        number=step.step,
        when=step_text.dates(step),
        dose=step_text.dose(step),
        pills=() if step.alternate is not None else tuple(_pills(_drawn(step))),
        taken=step_text.taken(step) or (),
        boxes=tuple(_boxes(step, daily=daily)),
        kind="" if not counted else "days" if daily else "weeks",
    )


def _drawn(step: Step) -> tuple[DispensedUnits, ...]:
    """Return the units that are taken at one time."""
    return () if step.per == "course" else step_text.one_of(step.products or (), step.times)


def _boxes(step: Step, *, daily: bool) -> list[str]:
    """Name the boxes to tick: a box a day, a box a week, or one where there is no length."""
    if step.days is None:
        return ["begun"]
    if step.per == "course":
        return ["given"]
    every = 1 if daily else 7
    return [_box(step, day, daily=daily) for day in range(0, step.days, every)]


def _box(step: Step, day: int, *, daily: bool) -> str:
    if step.start is None:
        return str(step.day + day) if daily else f"week {(step.day + day - 1) // 7 + 1}"
    date = step.start + datetime.timedelta(days=day)
    if daily:
        return str(date.day)
    if step.per == "week":
        return f"{WEEKDAYS[date.weekday()].capitalize()}, {timing.date(date)}"
    return timing.date(date)


def _pills(products: tuple[DispensedUnits, ...]) -> list[tuple[str, bool]]:
    """List the units to draw, each with its strength and whether it is half of one."""
    pills = []
    for handed in products:
        whole, half = divmod(handed.count, 1)
        strength = format_number(handed.strength)
        pills += [(strength, False)] * int(whole) + [(strength, True)] * bool(half)
    return pills if len(pills) <= DRAWN else []


def _companion(result: TaperResult) -> str | None:
    """Say what else is taken, on the day after."""
    companion = result.day_after
    if companion is None:
        return None
    text = companion_text(companion, result.loaded.table.drugs[result.drug].name)
    return f"{companion.name}: {text}."


def _grounds(result: TaperResult) -> list[tuple[str, str]]:
    """List what the notes for the patient stand on: the quote, and the work."""
    table = result.loaded.table
    return [
        (cite.quote or "", describe_source(cite.source, table.sources[cite.source]))
        for note in table.drugs[result.drug].patient_notes
        for cite in note.cite
    ]


def _supply(result: TaperResult) -> list[tuple[str, str]] | None:
    """List what is handed out in all, a strength and its count; None where a step is not made."""
    products = result.totals.products
    if products is None:
        return None
    return [
        (f"{format_number(handed.strength)} {handed.unit}", halves_text(handed.count))
        for handed in products
    ]
