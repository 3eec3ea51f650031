"""How a plan puts doses and the steps of schedules into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import counts_text
from dmcalc.schedules import step_text
from dmcalc.schedules.step_text import companion_text
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact, format_per_size, format_range

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.schedules.model import Step, TaperResult


def dose_title(row: DoseRow) -> str:
    """Write a dose that no schedule has: ``Methotrexate: start, 15 to 20 mg once a week``."""
    dose = row.dose
    if dose is None:
        return f"{row.name}: {row.phase}"
    amount = format_range(dose.low, dose.high, dose.unit)
    return f"{row.name}: {row.phase}, {amount}{_suffix(row.per)}"


def _suffix(per: str | None) -> str:
    return " a course" if per == "course" else timing.suffix(per)


def per_size_text(
    low: Decimal | None, high: Decimal | None, unit: str | None, per: str | None
) -> str:
    """Write a dose for one kg or m2: ``1 mg/kg daily``; nothing where there is none."""
    if low is None:
        return ""
    assert high is not None and unit is not None
    return f"{format_per_size(low, high, unit)}{_suffix(per)}"


def _how_given(step: Step, result: TaperResult) -> list[str]:
    """Say on which day of the week or over how many days, and that no whole units make a step."""
    parts = []
    if step.per == "week":
        parts.append(f"on {result.day.capitalize()}, never daily" if result.day else "never daily")
    if step.per == "course":
        parts.append(step_text.over(step))
    if result.totals.form is not None and step.products is None and step.low == step.high:
        parts.append(no_unit_makes(result.totals.form))
    return parts


def step_details(step: Step, result: TaperResult, name: str) -> str:
    """Say what there is to know of a step: units, days of a course, what goes with it."""
    parts = []
    if result.kind == "taper" and step.per == "day" and step.step > 1:
        parts.append("if the clinical response allows it")
    parts += _how_given(step, result)
    parts += step_text.course_days(step)
    if step.products and step.per != "course":
        parts.append(step_text.units_of_a_day(step, result.totals.form or "unit"))
    if step.rounded_from is not None:
        parts.append(f"rounded from {format_exact(step.rounded_from)} {step.unit}")
    if result.day_after is not None:
        parts.append(f"{result.day_after.name}: {companion_text(result.day_after, name)}")
    parts.append(f"step {step.step} of {result.protocol}")
    return ". ".join(["; ".join(parts), *([step.note] if step.note else [])])


def step_in_brief(step: Step, result: TaperResult) -> str:
    """Say in short what makes a step up, on which day of the week, over how many days."""
    parts = _how_given(step, result)
    if step.products and step.per != "course":
        form = result.totals.form or "unit"
        several = step.times != 1
        parts.append(
            step_text.units_of_a_day(step, form) if several else counts_text(step.products)
        )
    return "; ".join(parts)


def no_unit_makes(form: str) -> str:
    """Say that no whole units make a dose; a larger one is never offered."""
    return f"no {form} makes it; ask the prescriber"


def not_made(row: DoseRow) -> str:
    """Say of a dose without a schedule that no whole units make it; nothing where they do.

    The vials of a course cover each of its days, whatever they leave over.
    """
    if row.form is None or row.products_by_days or (row.products_low and row.products_high):
        return ""
    return no_unit_makes(row.form)


def limits_text(row: DoseRow) -> str:
    """Say what a cap or a rule left of a dose: ``reduced from 20 to 25 mg by RULE``, ``capped``."""
    before = row.dose_before
    if before is None:
        return "capped" if row.capped else ""
    amount = format_range(before.low, before.high, before.unit)
    return f"reduced from {amount} by {', '.join(row.lowered_by)}"
