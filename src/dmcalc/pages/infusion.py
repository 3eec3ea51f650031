"""The page of ``dmcalc infusion``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.infusions.wording import ramp_text
from dmcalc.pages.dose import by_weight, describe, per_kg, unsaid
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
from dmcalc.quantities.amount import format_plain
from dmcalc.text import timing
from dmcalc.text.numbers import format_number, format_per_size, ranges_in_words, roundings

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from dmcalc.infusions.infusion import InfusionResult
    from dmcalc.infusions.rate_steps import InfusionStep


def page(result: InfusionResult) -> Page:
    """Lay out the steps, then the infusion as a whole, choices, notes and sources."""
    table, guide = result.loaded.table, result.guide
    references = References({**table.sources, **(guide.guideline.sources if guide else {})})
    mark = references.mark(result.sources)
    told, said = result.warnings, ""
    rules: tuple[Points, ...] = ()
    name = table.drugs[result.drug].name
    if result.advice is not None:
        from dmcalc.pages import patient_rules_section

        found = ((name, rule) for rule in result.rules)
        told, said, rules = patient_rules_section.laid_out(result.advice, found, told, references)
    blocks: list[Block] = [
        _grid(result),
        *by_weight(result, (result.drug,), references, _by_actual(result)),
        Points("In all", tuple(("", text) for text in (*_in_all(result), *_how(result, mark)))),
        *([_choices(result)] if result.choices else []),
        *rules,
        *localised(result.steps[0].local),
        *warned(told, references),
        *_rounded(result),
        *cautioned(unsaid(result.cautions), references),
        references.block(),
    ]
    turn = "" if result.ramp.when == "any" else f"{result.ramp.when} "
    title = f"{name}: {turn}infusion for {describe(result.patient)}"
    subtitle = f"{_product(result)}For: {result.plan.population}."
    return Page(title, tuple(blocks), f"{subtitle}\n{said}".strip())


def _by_actual(result: InfusionResult) -> list[tuple[str, str]]:
    """Say what the actual weight would give."""
    weight, course, amount = result.patient.dosing, result.course_actual, result.amount_actual
    if weight is None or weight.basis == "actual":
        return []
    items = []
    if course is not None and result.course is not None:
        items.append(("the course:", _instead(result.course, course, result.unit)))
    if amount is not None:
        items.append(("this infusion:", _instead(result.amount, amount, result.unit)))
    return items


def _instead(amount: Decimal, actual: Decimal, unit: str) -> str:
    given, by_actual = f"{format_number(amount)} {unit}", f"{format_number(actual)} {unit}"
    less = f"{format_number(actual - amount)} {unit}"
    return f"{given} in place of {by_actual} by the actual weight: {less} less."


def _product(result: InfusionResult) -> str:
    product = result.infused
    return f"{product.name or product.id}, {product.concentration}. " if product else ""


def _grid(result: InfusionResult) -> Grid:
    by_volume = result.volume_ml is not None
    columns: dict[str, Callable[[InfusionStep], str]] = {"No.": lambda step: str(step.step)}
    if result.starts is not None:
        columns["Clock"] = lambda step: _clock(step.clock, step.clock_day)
    columns |= {
        "After": lambda step: timing.hours(step.minute),
        "For": lambda step: timing.hours(step.whole_minutes),
        "Rate": _rate,
    }
    if by_volume:
        weight = result.steps[0].weight_basis
        columns[f"Per kg of {weight} weight" if weight else "Per kg"] = _rate_per_kg
    columns["Gives"] = _gives
    columns["In all"] = _in_total
    rows = tuple(tuple(cell(step) for cell in columns.values()) for step in result.steps)
    figures = frozenset(n for n, name in enumerate(columns) if name in ("No.", "After", "For"))
    return Grid(None, tuple(columns), rows, figures=figures)


def _clock(time: str | None, day: int | None) -> str:
    later = {0: "", 1: " next day"}.get(day or 0, f" {day} days later")
    return f"{time}{later}"


def _rate(step: InfusionStep) -> str:
    if step.rate_ml_h is None:
        return f"{format_number(step.rate_mg_h)} mg/h"
    return f"{format_number(step.rate_ml_h)} mL/h"


def _rate_per_kg(step: InfusionStep) -> str:
    return f"{format_plain(step.rate_ml_kg_min or 0)} mL/kg/min"


def _gives(step: InfusionStep) -> str:
    if step.volume_ml is None:
        return f"{format_number(step.amount)} {step.unit}"
    return f"{format_number(step.volume_ml)} mL"


def _in_total(step: InfusionStep) -> str:
    if step.total_volume_ml is None:
        return f"{format_number(step.total_amount)} {step.unit}"
    return f"{format_number(step.total_volume_ml)} mL"


def _in_all(result: InfusionResult) -> list[str]:
    """Say how much, over how long, from when to when, and of which course."""
    text = f"{format_number(result.amount)} {result.unit} intravenously"
    if result.amount_per_kg is not None:
        unit = per_kg(result.unit, "kg", result.steps[0].weight_basis)
        text += f" ({format_per_size(result.amount_per_kg, result.amount_per_kg, unit)})"
    if result.volume_ml is not None:
        text += f", {format_number(result.volume_ml)} mL,"
    text += f" in {timing.hours(result.whole_minutes)}"
    if result.starts is not None:
        text += f", from {result.starts} to {_clock(result.ends, result.ends_day)}"
    lines = [f"{text}."]
    if result.course is not None:
        course = f"{format_number(result.course)} {result.unit}"
        over = f" over {result.days} days" if result.days else ""
        lines.append(f"One day of a course of {course}{over}.")
    return lines


def _how(result: InfusionResult, mark: str) -> list[str]:
    """Say how the rate rises, what of it is a reading, and why there is no volume."""
    lines = [f"Rates: {ramp_text(result.ramp)} {mark}"]
    texts = (result.ramp.reading, result.plan.no_volume, local_mark(result.steps[0].local))
    return lines + [text for text in texts if text]


def _choices(result: InfusionResult) -> Points:
    items = tuple(
        (
            f"{c.name}:",
            f"{c.chosen}; the sources{_with_local(result)} give "
            f"{ranges_in_words(c.allowed or 'none')}. "
            f"The option: {c.option}.",
        )
        for c in result.choices
    )
    return Points("Chosen, within what the sources leave open", items)


def _with_local(result: InfusionResult) -> str:
    return " and the local figures" if result.steps[0].local else ""


def _rounded(result: InfusionResult) -> tuple[Points, ...]:
    """Say what was rounded, and which figures are shown with fewer decimals than they have."""
    items = [("", text) for text in result.rounded]
    items += [("", text) for text in roundings(result.unit, (result.amount, False))]
    for step in result.steps:
        pace, total, unit = step.rate_ml_h, step.total_volume_ml, "mL"
        if total is None:
            pace, total, unit = step.rate_mg_h, step.total_amount, step.unit
        given = step.amount if step.volume_ml is None else step.volume_ml
        label = f"step {step.step}:"
        items += [(label, text) for text in roundings(f"{unit}/h", (pace, False))]
        items += [
            (label, text)
            for value in dict.fromkeys((given, total))
            for text in roundings(unit, (value, False))
        ]
    return (Points("Rounded", tuple(items)),) if items else ()
