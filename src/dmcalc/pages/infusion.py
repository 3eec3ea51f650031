"""The page of ``dmcalc infusion``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.infusions.wording import ramp_text
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    describe_patient,
    dosing_weight_blocks,
    explained_sections,
    known_of_patient,
    local_mark,
    patient_rules_block,
    plain_list,
    rounding_block,
    size_unit,
    usual_sections,
)
from dmcalc.quantities.base import format_plain
from dmcalc.text import timing
from dmcalc.text.numbers import PageNumbers, format_number, format_per_size, ranges_in_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from dmcalc.infusions.rate_steps import InfusionStep
    from dmcalc.infusions.result import InfusionResult


def page(result: InfusionResult, references: References) -> Page:
    """Lay out the steps, then the infusion as a whole, choices, notes and sources."""
    numbers = PageNumbers()
    weight = dosing_weight_blocks(result, (result.drug,), references, _by_actual(result))
    name = result.loaded.table.drugs[result.drug].name
    # What is given in all stands first in the list of what is rounded, and below the steps.
    in_all = (*_in_all(result, numbers), *_how(result, references.cite(result.sources)))
    blocks = (
        _steps(result, numbers),
        *weight,
        plain_list("In all", in_all),
        _choices(result),
        patient_rules_block(((name, rule) for rule in result.rules), references),
        *usual_sections(result, local=result.steps[0].local),
    )
    rounding = (rounding_block(numbers, result.rounded),)
    explained = tuple(explained_sections(result, references, rounding=rounding))
    turn = "" if result.ramp.when == "any" else f"{result.ramp.when} "
    title = f"{name}: {turn}infusion for {describe_patient(result.patient)}"
    subtitle = f"{_product(result)}For: {result.plan.population}."
    known = known_of_patient(result.advice)
    return Page(title, blocks, f"{subtitle}\n{known}".strip(), explained)


def _by_actual(result: InfusionResult) -> list[tuple[str, str]]:
    """Say what the actual weight would give."""
    weight, course, amount = result.patient.dosing, result.course_actual, result.amount_actual
    if weight is None or weight.basis == "actual":
        return []
    items = []
    if course is not None and result.course is not None:
        items.append(("the course:", _in_place_of(result.course, course, result.unit)))
    if amount is not None:
        items.append(("this infusion:", _in_place_of(result.amount, amount, result.unit)))
    return items


def _in_place_of(amount: Decimal, actual: Decimal, unit: str) -> str:
    used, by_actual = f"{format_number(amount)} {unit}", f"{format_number(actual)} {unit}"
    less = f"{format_number(actual - amount)} {unit}"
    return f"{used} in place of {by_actual} by the actual weight: {less} less."


def _product(result: InfusionResult) -> str:
    product = result.infused
    return f"{product.name or product.id}, {product.concentration}. " if product else ""


def _steps(result: InfusionResult, numbers: PageNumbers) -> TableBlock:
    by_volume = result.volume_ml is not None
    columns: dict[str, Callable[[InfusionStep], str]] = {"No.": lambda step: str(step.step)}
    if result.starts is not None:
        columns["Clock"] = lambda step: _clock(step.clock, step.clock_day)
    columns |= {
        "After": lambda step: timing.hours(step.minute),
        "For": lambda step: timing.hours(step.whole_minutes),
        "Rate": lambda step: _rate(step, numbers),
    }
    if by_volume:
        weight = result.steps[0].weight_basis
        columns[f"Per kg of {weight} weight" if weight else "Per kg"] = lambda step: (
            f"{format_plain(step.rate_ml_kg_min or 0)} mL/kg/min"
        )
    columns["Gives"] = lambda step: _amount(step, step.amount, step.volume_ml, numbers)
    columns["In all"] = lambda step: _amount(step, step.total_amount, step.total_volume_ml, numbers)
    return TableBlock.of(None, result.steps, columns, figures=("No.", "After", "For"))


def _clock(time: str | None, day: int | None) -> str:
    later = {0: "", 1: " next day"}.get(day or 0, f" {day} days later")
    return f"{time}{later}"


def _rate(step: InfusionStep, numbers: PageNumbers) -> str:
    rate, unit = (step.rate_mg_h, "mg/h") if step.rate_ml_h is None else (step.rate_ml_h, "mL/h")
    return numbers.number(rate, unit, f"step {step.step}:")


def _amount(
    step: InfusionStep, amount: Decimal, volume_ml: Decimal | None, numbers: PageNumbers
) -> str:
    """Write how much runs in: a volume where there is one, else the amount of the drug."""
    value, unit = (amount, step.unit) if volume_ml is None else (volume_ml, "mL")
    return numbers.number(value, unit, f"step {step.step}:")


def _in_all(result: InfusionResult, numbers: PageNumbers) -> list[str]:
    """Say how much, over how long, from when to when, and of which course."""
    text = f"{numbers.number(result.amount, result.unit)} intravenously"
    if result.amount_per_kg is not None:
        unit = size_unit(result.unit, "kg", result.steps[0].weight_basis)
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


def _how(result: InfusionResult, cited: str) -> list[str]:
    """Say how the rate rises, what of it is a reading, and why there is no volume."""
    lines = [f"Rates: {ramp_text(result.ramp)} {cited}"]
    texts = (result.ramp.reading, result.plan.no_volume, local_mark(result.steps[0].local))
    return lines + [text for text in texts if text]


def _choices(result: InfusionResult) -> ListBlock:
    origin = "the sources" + (" and the local figures" if result.steps[0].local else "")
    items = tuple(
        (
            f"{c.name}:",
            f"{c.chosen}; {origin} give {ranges_in_words(c.allowed or 'none')}. "
            f"The option: {c.option}.",
        )
        for c in result.choices
    )
    return ListBlock("Chosen, within what the sources leave open", items)
