"""The page of ``dmcalc taper DRUG``."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import counts_text, packs_text, units_text
from dmcalc.pages.dose import by_weight, describe, unsaid
from dmcalc.pages.model import (
    Block,
    Grid,
    Page,
    Points,
    References,
    cautioned,
    local_mark,
    localised,
    warned,
)
from dmcalc.schedules.step_text import companion_text
from dmcalc.text.numbers import (
    format_exact,
    format_number,
    format_per_size,
    format_range,
    ranges_in_words,
    roundings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.schedules.model import Step, TaperResult


def page(result: TaperResult) -> Page:
    """Lay out the steps, then totals, choices, notes and sources."""
    table, guide = result.loaded.table, result.guide
    references = References({**table.sources, **(guide.guideline.sources if guide else {})})
    mark = references.mark(result.sources)
    notes = list(dict.fromkeys(step.note for step in result.steps if step.note))
    blocks: list[Block] = [
        _grid(result.steps, notes, result.totals.form or "vial"),
        *_by_weight(result, references),
        *_vials(result),
        *([Points("Notes on the steps", _numbered(notes))] if notes else []),
        Points("In all", _in_all(result, mark)),
        *_day_after(result, references),
        *([_choices(result)] if result.choices else []),
        *localised(result.steps[0].local),
        *warned(result.warnings, references),
        *_rounded(result.steps),
        *cautioned(unsaid(result.cautions), references),
        references.block(),
    ]
    drug = table.drugs[result.drug]
    title = f"{drug.name}: {result.protocol} for {describe(result.patient)}"
    subtitle = f"{result.name}. For: {result.population}."
    if drug.once_weekly:
        on = f", on {result.day.capitalize()}" if result.day else ""
        subtitle += f" Once a week{on}, and never daily."
    return Page(title, tuple(blocks), subtitle)


def _grid(steps: tuple[Step, ...], notes: list[str], form: str) -> Grid:
    courses = steps[0].per == "course"
    columns: dict[str, Callable[[Step], str]] = {
        "No.": lambda step: str(step.step),
        "Week": lambda step: str(step.week),
    }
    if courses:
        columns |= {"Dose": _dose, "Over": _infusion_days, "Daily": _daily}
    else:
        columns |= {"Days": lambda step: str(step.days or "open"), _dose_column(steps[0]): _dose}
    if steps[0].per_kg_low is not None and not steps[0].unit.endswith("/kg"):
        weight = steps[0].weight_basis
        columns[f"Per kg of {weight} weight" if weight else "Per kg"] = _per_kg
    columns["Total"] = _running
    if steps[0].start is not None:
        columns["First day"] = lambda step: step.start.isoformat() if step.start else ""
        columns |= {"Next course": _next_course} if courses else {"Last day": _last_day}
    if not courses and any(step.products for step in steps):
        columns[f"{form.capitalize()}s a {steps[0].per}"] = _handed
    if any(step.rounded_from for step in steps):
        columns["Rounded from"] = _rounded_from
    if steps[0].local:
        columns["Local"] = lambda step: "yes" if step.local else ""
    if notes:
        columns["Note"] = lambda step: f"({notes.index(step.note) + 1})" if step.note else ""
    rows = tuple(tuple(cell(step) for cell in columns.values()) for step in steps)
    figures = frozenset(n for n, name in enumerate(columns) if name in ("No.", "Week", "Days"))
    wraps = frozenset(n for n, name in enumerate(columns) if name.startswith(form.capitalize()))
    return Grid(None, tuple(columns), rows, wraps, figures=figures)


def _handed(step: Step) -> str:
    if step.products is None or (step.alternate is not None and step.products_alternate is None):
        return "cannot be made"
    second = f"; next day {counts_text(step.products_alternate)}" if step.products_alternate else ""
    return counts_text(step.products) + second


def _rounded_from(step: Step) -> str:
    return f"{format_number(step.rounded_from)} {step.unit}" if step.rounded_from else ""


def _dose_column(step: Step) -> str:
    return "Daily dose" if step.per == "day" else "Once a week"


def _in_all(result: TaperResult, mark: str) -> tuple[tuple[str, str], ...]:
    local = local_mark(result.steps[0].local)
    ending = (("", f"{result.ends} {mark}"), *((("", local),) if local else ()))
    return (("", _total(result)), *_packs(result), *ending)


def _by_weight(result: TaperResult, references: References) -> tuple[Points, ...]:
    """Return the block on the weight that courses go by, if one was asked for."""
    if result.patient.dosing is None:
        return ()
    from dmcalc.pages.weights import courses

    return by_weight(result, (result.drug,), references, courses(result))


def _vials(result: TaperResult) -> list[Points]:
    """Say which vials make a course, once for each dose that there is."""
    courses = {s.high: s.products for s in result.steps if s.per == "course" and s.products}
    items = tuple(
        (f"{format_number(dose)} {result.totals.unit}:", units_text(products, "vial"))
        for dose, products in courses.items()
    )
    return [Points("Vials for a course", items)] if items else []


def _last_day(step: Step) -> str:
    return step.end.isoformat() if step.end else "open"


def _next_course(step: Step) -> str:
    """Return the day after a step: its last day would read as the end of an infusion."""
    return (step.end + datetime.timedelta(days=1)).isoformat() if step.end else "open"


def _dose(step: Step) -> str:
    if step.alternate is not None:
        first, second = format_exact(step.first), format_exact(step.alternate)
        return f"{first} {step.unit}, next day {second} {step.unit}"
    if step.low == step.high:
        return f"{format_exact(step.high)} {step.unit}"  # rounded it could leave its range
    return format_range(step.low, step.high, step.unit)


def _infusion_days(step: Step) -> str:
    assert step.days_low is not None and step.days_high is not None
    return f"{format_range(step.days_low, step.days_high)} days"


def _daily(step: Step) -> str:
    assert step.daily_low is not None and step.daily_high is not None
    return format_range(step.daily_low, step.daily_high, step.unit)


def _per_kg(step: Step) -> str:
    if step.per_kg_low is None or step.per_kg_high is None:
        return ""
    return format_per_size(step.per_kg_low, step.per_kg_high, f"{step.unit}/kg")


def _running(step: Step) -> str:
    if step.total_low is None or step.total_high is None:
        return "open"
    return format_range(step.total_low, step.total_high, step.unit)


def _total(result: TaperResult) -> str:
    totals = result.totals
    amount = format_range(totals.amount_low, totals.amount_high, totals.unit)
    steps = "1 step" if len(result.steps) == 1 else f"{len(result.steps)} steps"
    text = f"{steps}, {format_number(totals.days)} days, {amount} in total"
    if totals.products and totals.form:
        text += f": {units_text(totals.products, totals.form)}"
    if totals.needed is not None and totals.form:
        text += f"; with what is left, still needed: {units_text(totals.needed, totals.form)}"
    return text + ("; the open step is not counted." if result.steps[-1].days is None else ".")


def _day_after(result: TaperResult, references: References) -> list[Points]:
    other = result.day_after
    if other is None:
        return []
    text = companion_text(other, result.loaded.table.drugs[result.drug].name)
    return [
        Points("On another day", ((f"{other.name}:", f"{text} {references.mark(other.sources)}"),))
    ]


def _packs(result: TaperResult) -> tuple[tuple[str, str], ...]:
    """Say how many packs hold what is handed out, of the sizes that the user gave."""
    totals = result.totals
    if totals.packs is None or totals.form is None:
        return ()
    out = totals.products if totals.needed is None else totals.needed
    return (("packs:", packs_text(totals.packs, out or (), totals.form)),)


def _choices(result: TaperResult) -> Points:
    items = tuple(
        (
            f"{c.name}:",
            f"{c.chosen}; {c.source or 'the source'}{_with_local(result)} "
            f"{ranges_in_words(c.allowed or 'none')}. "
            f"Change it with {c.option}.",
        )
        for c in result.choices
    )
    return Points("Chosen, within what the sources leave open", items)


def _with_local(result: TaperResult) -> str:
    return ", with the local figures, gives" if result.steps[0].local else " gives"


def _numbered(notes: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((f"({number})", note) for number, note in enumerate(notes, start=1))


def _rounded(steps: tuple[Step, ...]) -> tuple[Points, ...]:
    """Say which figures are shown with fewer decimals than they have."""
    items = tuple(
        (f"step {step.step}:", text)
        for step in steps
        for text in roundings(
            step.unit,
            *dict.fromkeys(
                [
                    (step.low, step.low != step.high),
                    (step.high, False),
                    (step.daily_low, True),
                    (step.daily_high, False),
                ]
                if step.per == "course"
                else []
            ),
            (step.total_low, step.total_low != step.total_high),
            (step.total_high, False),
        )
    )
    items = tuple(dict.fromkeys(items))
    return (Points("Rounded for this page (exact in the data formats)", items),) if items else ()
