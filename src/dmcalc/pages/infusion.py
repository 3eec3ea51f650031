"""The page of ``dmcalc infusion``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.dispensing.stock import multiply_units
from dmcalc.dispensing.wording import counts_text
from dmcalc.infusions.wording import ramp_text
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    describe_patient,
    dosing_weight_blocks,
    entered_and_not,
    explained_sections,
    local_mark,
    patient_rules_block,
    plain_list,
    rounding_block,
    size_unit,
    usual_sections,
)
from dmcalc.quantities.arithmetic import round_half_up
from dmcalc.quantities.base import format_plain
from dmcalc.text import timing
from dmcalc.text.numbers import (
    PageNumbers,
    format_number,
    format_per_size,
    plural,
    ranges_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from dmcalc.infusions.rate_steps import InfusionStep
    from dmcalc.infusions.result import InfusionResult


def page(result: InfusionResult, references: References) -> Page:
    """Lay out the steps, the infusion as a whole and what was chosen, then notes and sources."""
    numbers = PageNumbers()
    weight = dosing_weight_blocks(result, (result.drug,), references, _by_actual(result))
    name = result.loaded.table.drugs[result.drug].listed
    blocks = (
        _steps(result, numbers),
        ListBlock(
            None,
            (*_in_all(result, numbers), *_choices(result)),
            aligned=True,
            strong=frozenset({"Total"}),
        ),
        *weight,
        patient_rules_block(((name, rule) for rule in result.rules), references),
        *usual_sections(result, local=result.steps[0].local),
    )
    rounding = (rounding_block(numbers, result.rounded),)
    explained = (
        plain_list("Rates", _how(result, references.cite(result.sources))),
        *explained_sections(result, references, rounding=rounding),
    )
    turn = "" if result.ramp.when == "any" else f"{result.ramp.when} "
    product = f" ({result.infused.name or result.infused.id})" if result.infused else ""
    title = f"{name}{product}: {turn}infusion for {describe_patient(result.patient)}"
    whom = f"Rates for: {result.plan.population}."
    parts = (whom, entered_and_not(result, (result.drug,)), _assumed(result))
    return Page(title, blocks, "\n".join(filter(None, parts)), explained)


def _assumed(result: InfusionResult) -> str:
    """Say that the patient is taken not to be at risk, where the rates for such a one differ."""
    if result.at_risk or result.ramp.max_at_risk is None:
        return ""
    return "Assumed NOT at risk of thrombosis or renal dysfunction; if at risk: --at-risk."


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


def _steps(result: InfusionResult, numbers: PageNumbers) -> TableBlock:
    by_volume = result.volume_ml is not None
    columns: dict[str, Callable[[InfusionStep], str]] = {"Step": lambda step: str(step.step)}
    if result.starts is not None:
        columns["Clock"] = lambda step: _clock(step.clock, step.clock_day)
    columns |= {
        "After": lambda step: timing.hours(step.minute),
        "For": lambda step: timing.hours(step.whole_minutes),
        "Pump rate": lambda step: _rate(step, numbers),
    }
    if by_volume:
        weight = result.steps[0].weight_basis
        columns[f"Per kg of {weight} weight" if weight else "Per kg"] = lambda step: (
            f"{format_plain(step.rate_ml_kg_min or 0)} mL/kg/min"
        )
    columns["Gives"] = lambda step: _amount(step, step.amount, step.volume_ml, numbers)
    columns["Total so far"] = lambda step: _amount(
        step, step.total_amount, step.total_volume_ml, numbers
    )
    table = TableBlock.of(None, result.steps, columns, figures=("Step", "After", "For"))
    optional = () if result.starts is None else ([*columns].index("After"),)
    return table._replace(optional=optional)


def _clock(time: str | None, day: int | None) -> str:
    later = {0: "", 1: " next day"}.get(day or 0, f" {day} days later")
    return f"{time}{later}"


def _rate(step: InfusionStep, numbers: PageNumbers) -> str:
    rate, unit = (step.rate_mg_h, "mg/h") if step.rate_ml_h is None else (step.rate_ml_h, "mL/h")
    return numbers.setting(rate, unit, f"step {step.step}:")


def _amount(
    step: InfusionStep, amount: Decimal, volume_ml: Decimal | None, numbers: PageNumbers
) -> str:
    """Write how much runs in: a volume where there is one, else the amount of the drug."""
    value, unit = (amount, step.unit) if volume_ml is None else (volume_ml, "mL")
    return numbers.setting(value, unit, f"step {step.step}:")


def _in_all(result: InfusionResult, numbers: PageNumbers) -> list[tuple[str, str]]:
    """Say how much, over how long, from when to when, and of which course."""
    text = f"{numbers.number(result.amount, result.unit)} IV"
    if result.amount_per_kg is not None:
        unit = size_unit(result.unit, "kg", result.steps[0].weight_basis)
        text += f" ({format_per_size(result.amount_per_kg, result.amount_per_kg, unit)})"
    if result.volume_ml is not None:
        text += f", {numbers.setting(result.volume_ml, 'mL')},"
    text += f" in {timing.hours(result.whole_minutes)}"
    if result.starts is not None:
        text += f", from {result.starts} to {_clock(result.ends, result.ends_day)}"
    items = [("Total", text), *_vials(result)]
    if result.pump_step is not None:
        step = format_plain(result.pump_step)
        items.append(("Rates", f"rounded down to a multiple of {step} mL/h"))
    if result.course is not None:
        over = f" over {result.days} {plural(result.days, 'day')}" if result.days else ""
        course = f"{numbers.number(result.course, result.unit)}{over}"
        items.append(("Course", f"one day of a course of {course}{_sum_of_days(result)}"))
    if result.plan.no_volume:
        items.append(("Volume", result.plan.no_volume))
    return items


def _sum_of_days(result: InfusionResult) -> str:
    """Write what the days come to where that is not the course: another dose was chosen."""
    if result.days is None or result.course is None:
        return ""
    # an amount that does not come out even was rounded down by less than this
    total = round_half_up(Fraction(result.amount) * result.days, 3)
    if total == round_half_up(Fraction(result.course), 3):
        return ""
    return f"; {result.days} such days are {format_number(total)} {result.unit}"


def _vials(result: InfusionResult) -> Iterator[tuple[str, str]]:
    """Say which whole vials to dispense, for this infusion and for all days of the course."""
    made = result.vials
    if made is None or not made.products:
        return
    text = counts_text(made.products)
    if made.waste:
        text += f" (waste {format_number(made.waste)} {result.unit})"
    if result.days and result.days > 1:
        course = counts_text(multiply_units(made.products, result.days))
        text += f"; for {result.days} days {course}"
    yield "Vials", text


def _how(result: InfusionResult, cited: str) -> list[str]:
    """Say how the rate rises, what of it is a reading, and why there is no volume."""
    lines = [f"Rates: {ramp_text(result.ramp)} {cited}"]
    texts = (result.ramp.reading, local_mark(result.steps[0].local))
    return lines + [text for text in texts if text]


def _choices(result: InfusionResult) -> Iterator[tuple[str, str]]:
    for choice in result.choices:
        allowed = ranges_in_words(choice.allowed or "none")
        label = {"maximum rate": "Maximum", "days of the course": "Days"}.get(choice.name, "Chosen")
        name = "" if label != "Chosen" else f"{choice.name}: "
        yield label, f"{name}{choice.chosen}; published {allowed} ({choice.option})"
