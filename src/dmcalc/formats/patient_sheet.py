"""The patient's sheet: what to take on which days, in words that cannot be read in two ways.

It is for what patients take themselves, and for steps that whole units make: anything else is
refused. A page is filled here and not by the browser, so that it can say which of how many it is.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.wording import counts_text, single_dose, units_text
from dmcalc.errors import RefusedError
from dmcalc.quantities.time import WEEKDAYS
from dmcalc.schedules import step_text
from dmcalc.schedules.step_text import companion_text
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact, format_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.dispensing.stock import DispensedUnits
    from dmcalc.schedules.milestones import MilestoneDose, MilestoneResult
    from dmcalc.schedules.model import Step, TaperResult
    from dmcalc.table.model.drug import Drug

#: A step up to this many days has a box a day, and a longer one a box a week.
SHORT = 14
#: More units than this at a time are counted and not drawn.
DRAWN = 4
#: Boxes in a row: weeks, days, and days that name their dose.
WEEKS, DAYS, DOSES = 4, 7, 2
#: Lines of text that fit on a page of A4 and of Letter, on the first and on the others.
FIRST_PAGE, PAGE = 38, 39
#: Characters in a line of a page, and of a drug's name in the line of its heading.
LINE, HEADING = 70, 30


class SheetStep(NamedTuple):
    """A step as the patient reads it, ``lines`` high on the paper."""

    number: int
    dose: str
    when: tuple[str, ...]
    take: str
    #: The units to draw: a strength, and whether it is half of one.
    pills: tuple[tuple[str, bool], ...]
    #: What a box means, before the rows of boxes; nothing where there are none.
    tick: str
    boxes: tuple[tuple[str, ...], ...]
    lines: int


class PatientSheet(NamedTuple):
    """The content of the sheet of a schedule, its steps page by page."""

    drug: str
    notes: tuple[str, ...]
    companion: str | None
    pages: tuple[tuple[SheetStep, ...], ...]
    #: What holds after the last step, in parts that are not broken over lines.
    after: tuple[str, ...]
    #: Whether the steps have dates; where they have not, there is a line for that of the start.
    dated: bool


class ParentsStep(NamedTuple):
    """A dose of a child's taper as the parents read it."""

    when: str
    dose: str
    #: Whether it is the start, which needs no new word of the prescriber, or the end.
    first: bool = False
    last: bool = False


def refuse_other_than_own(drug: Drug) -> None:
    """Raise RefusedError for a drug that patients do not give themselves."""
    if drug.route != "oral":
        raise RefusedError(
            f"there is no patient's sheet of {drug.name}: patients do not give it themselves",
            "Print the answer for those who do: ‹format markdown› or table.",
        )


def sheet(result: TaperResult) -> PatientSheet:
    """Return the sheet of a schedule.

    Raise RefusedError for a drug that patients do not give themselves, for a step that whole units
    do not make, and for one that is a range of doses: on a sheet it would read as a choice.
    """
    drug = result.loaded.table.drugs[result.drug]
    refuse_other_than_own(drug)
    for step in result.steps:
        _refuse_unclear(step)
    steps = [_step(step, result, drug) for step in result.steps]
    notes = tuple(note.text for note in drug.patient_notes)
    dated = result.steps[0].start is not None
    pages = _paged(steps, drug.name, notes, first=FIRST_PAGE - (not dated))
    return PatientSheet(drug.name, notes, _companion(result, drug), pages, _after(result), dated)


def _refuse_unclear(step: Step) -> None:
    if step.alternate is None and step.low != step.high:
        raise RefusedError(
            f"step {step.step} is {step_text.dose(step)}, and on a patient's sheet a range would "
            "read as a choice"
        )
    if not step.products or (step.alternate and not step.products_alternate):
        raise RefusedError(
            f"there is no patient's sheet: whole units do not make step {step.step}, "
            f"{step_text.dose(step)}",
            "Choose another dose, ‹round down›, or the strengths that there are with ‹stock›.",
        )


def _step(step: Step, result: TaperResult, drug: Drug) -> SheetStep:
    form = result.totals.form or "tablet"
    when = drug.time_of_day.text if drug.time_of_day else None
    take = _take(step, form, when, result.day)
    pills = () if step.alternate is not None else tuple(_pills(step))
    tick, boxes = _boxes(step)
    # its dose and the space between steps, what to take, the word of the prescriber, the boxes
    lines = 2 + -(-len(take) // LINE) + (step.step > 1 or bool(pills)) + len(boxes)
    return SheetStep(step.step, _dose(step), _when(step), take, pills, tick, boxes, lines)


def _dose(step: Step) -> str:
    """Write the dose in the unit of what makes it: ``500 mg``, never 0.5 g next to 500 mg."""
    made = _made(step.products or (), step.times)
    if step.alternate is not None:
        return f"{made}, next day {_made(step.products_alternate or (), 1)}"
    if step.times > 1:
        return f"{made}{timing.times_daily(step.times)}"
    return f"{made} {'every day' if step.per == 'day' else 'ONCE A WEEK'}"


def _made(products: Iterable[DispensedUnits], times: int) -> str:
    parts = tuple(products)
    amount = sum((part.strength * part.count for part in parts), Decimal(0)) / times
    return f"{format_exact(amount)} {parts[0].unit}"


def _when(step: Step) -> tuple[str, ...]:
    if step.start is not None and step.end is None:
        return (f"from {timing.date(step.start)}",)
    if step.days is None:
        return (f"from day {format_number(step.day)}",)
    return step_text.dates(step)


def _take(step: Step, form: str, time_of_day: str | None, day: str | None) -> str:
    """Write what to do as a sentence: ``Take 1 tablet of 50 mg, every day, in the morning.``."""
    one = _units(single_dose(step.products or (), step.times), form)
    if step.alternate is not None:
        other = _units(step.products_alternate or (), form)
        at = f" {time_of_day}" if time_of_day else ""
        return f"Take {one}{at} on the first day, {other}{at} on the next, and so on in turn."
    if step.per == "week":
        return f"Take {one} ONCE A WEEK, on {_weekday(step, day)}, never daily."
    if step.times == 2:
        return f"Take {one} in the morning and {one} in the evening, every day."
    if step.times > 2:
        return f"Take {one}{timing.times_daily(step.times)}, every day."
    return f"Take {one}, every day{f', {time_of_day}' if time_of_day else ''}."


def _units(products: Iterable[DispensedUnits], form: str) -> str:
    """Write units with their form once: ``1 tablet of 50 mg, 1 of 20 mg and half of 5 mg``."""
    first, *others = products
    parts = [units_text((first,), form), *(counts_text((other,)) for other in others)]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _weekday(step: Step, day: str | None) -> str:
    """Name the day of a weekly dose in full, or leave a line to write it on."""
    if day is not None:
        return day.capitalize()
    if step.start is not None:
        return WEEKDAYS[step.start.weekday()].capitalize()
    return "____________ (day)"


def _pills(step: Step) -> list[tuple[str, bool]]:
    """List the units of one time to draw, each with its strength and whether it is half of one."""
    pills = []
    for handed in single_dose(step.products or (), step.times):
        whole, half = divmod(handed.count, 1)
        strength = format_number(handed.strength)
        pills += [(strength, False)] * int(whole) + [(strength, True)] * bool(half)
    return pills if len(pills) <= DRAWN else []


def _boxes(step: Step) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """Name the boxes to tick, in rows, and say what a box means."""
    if step.days is None:
        return "", ()
    if step.alternate is not None:
        doses = (_made(step.products or (), 1), _made(step.products_alternate or (), 1))
        names = [f"{name}: {doses[n % 2]}" for n, name in enumerate(_days(step, 1, 1))]
        return "Tick each DAY:", _in_rows(names, DOSES)
    if step.per == "week":
        day = WEEKDAYS[step.start.weekday()].upper() if step.start else "WEEK"
        return f"Tick each {day}:", _in_rows(_days(step, 7, WEEKS), WEEKS)
    if step.days <= SHORT:
        return "Tick each DAY:", _in_rows(_days(step, 1, DAYS), DAYS)
    return "Tick each WEEK:", _in_rows(_weeks(step), WEEKS)


def _in_rows(names: list[str], length: int) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(names[at : at + length]) for at in range(0, len(names), length))


def _days(step: Step, every: int, row: int) -> list[str]:
    """Name days of a step, with the month at the first of a row and where a new month begins."""
    assert step.days is not None
    if step.start is None:
        numbers = range((step.day - 1) // every + 1, (step.day + step.days - 2) // every + 2)
        word = "day" if every == 1 else "week"
        return [f"{word} {n}" if at % row == 0 else str(n) for at, n in enumerate(numbers)]
    names, month = [], 0
    for count, n in enumerate(range(0, step.days, every)):
        day = step.start + datetime.timedelta(days=n)
        named = count % row == 0 or day.month != month
        names.append(f"{day.day} {timing.MONTHS[day.month - 1]}" if named else str(day.day))
        month = day.month
    return names


def _weeks(step: Step) -> list[str]:
    """Name the weeks of a step by their days: ``1 to 7 December``, ``8 to 14``."""
    assert step.days is not None
    if step.start is None:
        return _days(step, 7, WEEKS)
    names, month = [], 0
    for count, n in enumerate(range(0, step.days, 7)):
        first = step.start + datetime.timedelta(days=n)
        last = step.start + datetime.timedelta(days=min(n + 6, step.days - 1))
        names.append(_span(first, last, named=count % WEEKS == 0 or last.month != month))
        month = last.month
    return names


def _span(first: datetime.date, last: datetime.date, *, named: bool) -> str:
    """Write days in a row: ``29 December to 4 January``, or without the month that was named."""
    month = f" {timing.MONTHS[last.month - 1]}" if named else ""
    if first == last:
        return f"{first.day}{month}"
    begin = f" {timing.MONTHS[first.month - 1]}" if first.month != last.month else ""
    return f"{first.day}{begin} to {last.day}{month}"


def _paged(
    steps: Iterable[SheetStep], name: str, notes: tuple[str, ...], *, first: int
) -> tuple[tuple[SheetStep, ...], ...]:
    """Fill pages with whole steps; each keeps room for what follows the last step."""
    wrapped = 2 * (len(name) // HEADING)
    pages: list[list[SheetStep]] = [[]]
    room = first - wrapped - sum(-(-len(note) // LINE) for note in notes)
    for step in steps:
        if step.lines > room and pages[-1]:
            pages.append([])
            room = PAGE - wrapped
        pages[-1].append(step)
        room -= step.lines
    return tuple(map(tuple, pages))


def _companion(result: TaperResult, drug: Drug) -> str | None:
    """Say what else is taken, on the day after."""
    companion = result.day_after
    if companion is None:
        return None
    return f"{companion.name}: take {companion_text(companion, drug.name)}."


def _after(result: TaperResult) -> tuple[str, ...]:
    """Say what holds after the last step, which is never the end of treatment by itself."""
    last = result.steps[-1]
    if last.days is None:
        weekly = " once a week, never daily" if last.per == "week" else ""
        return (
            f"Keep taking the last dose{weekly}. Your prescriber will tell you when to change.",
        )
    before = timing.date(last.end) if last.end else "it ends"
    return (
        f"After step {last.step}: do not stop unless your prescriber tells you to.",
        f"Call before {before}.",
    )


def parents_steps(result: MilestoneResult) -> tuple[ParentsStep, ...]:
    """Return the doses of a child's taper for the parents, the start dose first.

    Raise RefusedError where a dose is a range: on a sheet it would read as a choice.
    """
    refuse_other_than_own(result.loaded.table.drugs[result.drug])
    if any(row.low != row.high for row in result.rows):
        raise RefusedError(
            "a dose of this taper is a range, and on a patient's sheet it would read as a choice",
            "Choose the start dose: ‹from 60mg›.",
        )
    start = result.start
    dose = f"{format_number(start.low)} {start.unit} every day"
    if start.low != start.high:
        dose = "the dose that the prescriber writes"
    day = timing.date(result.first_day) if result.first_day else "____________ (date)"
    return (ParentsStep(f"Start on {day}", dose, first=True), *map(_parents_step, result.rows))


def _parents_step(row: MilestoneDose) -> ParentsStep:
    when = timing.date(row.date) if row.date else f"Month {row.month}"
    if row.high == 0:
        return ParentsStep(when, "stop, if the prescriber tells you to", last=True)
    return ParentsStep(when, f"{format_number(row.low)} {row.unit} every day")
