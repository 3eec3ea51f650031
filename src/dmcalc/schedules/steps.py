"""The steps of a schedule: doses one after the other, made of whole units, with their totals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.packs import counts_by_strength, packs_needed
from dmcalc.dispensing.stock import minus_on_hand, multiply_units, sum_units
from dmcalc.quantities.arithmetic import EXACT, multiply, per_size
from dmcalc.quantities.time import days_later
from dmcalc.results.base import local_value_warnings, local_values_for
from dmcalc.results.trace import DOWN, INWARD, RATIO, noting, quotient
from dmcalc.schedules.model import Step, TaperResult, Totals

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable

    from dmcalc.dispensing.stock import DispensedUnits, HandedUnits, Stock
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass, Per
    from dmcalc.schedules.custom_steps import DoseLevel
    from dmcalc.schedules.model import Supply


class MadeDose(NamedTuple):
    """A dose as it is given, and the units that make it; None where none do."""

    dose: Decimal
    products: HandedUnits | None = None


def build_steps(
    levels: list[DoseLevel],
    unit: Mass,
    per: Per,
    patient: Patient,
    stock: Stock | None,
    make: Callable[[Decimal], MadeDose],
    note: Callable[[Decimal, int | None], str | None],
    times_daily: int | None = None,
) -> tuple[Step, ...]:
    """Put doses with their days one after the other, with running totals.

    ``make`` turns a dose of the schedule into the one that is given, and ``note`` says what there
    is to know of a dose that is kept for some days. The amount of a day may be divided into equal
    doses.
    """
    steps: list[Step] = []
    day, total = 1, Decimal(0)
    for level in levels:
        made = make(level.dose)
        other = None if level.alternate is None else make(level.alternate)
        second = None if other is None else other.dose
        ends = (made.dose, made.dose if second is None else second)
        through = None
        if level.days is not None:
            through = total = EXACT.add(total, _amount_of(made.dose, second, level.days, per))
        ratio = None if patient.weight_kg is None else per_size(made.dose, patient.weight_kg)
        step = Step(
            step=len(steps) + 1,
            day=day,
            days=level.days,
            week=(day - 1) // 7,
            low=min(ends),
            high=max(ends),
            unit=unit,
            per=per,
            per_kg_low=ratio,
            per_kg_high=ratio,
            total_low=through,
            total_high=through,
            note=note(made.dose, level.days),
            products=made.products,
            rounded_from=level.dose if made.dose != level.dose else None,
            alternate=second,
            products_alternate=None if other is None else other.products,
            alternate_rounded_from=level.alternate if level.alternate != second else None,
            times_daily=times_daily,
        )
        if level.unrounded is not None and (trace := noting()):
            what = f"step {step.step}: what the percentage leaves"
            where = f"steps.{step.step - 1}.low"
            trace.rounded(where, what, level.unrounded, level.dose, unit, DOWN)
        note_roundings(step, patient.weight_kg, stock.form if stock else None)
        steps.append(step)
        day += level.days or 0
    return tuple(steps)


def _amount_of(dose: Decimal, second: Decimal | None, days: int, per: Per) -> Decimal:
    """Return what is given over some days: daily, once a week, or on alternate days."""
    count = days if per == "day" else -(-days // 7)
    if second is None:
        return multiply(dose, Decimal(count))
    first = -(-days // 2)
    return EXACT.add(multiply(dose, Decimal(first)), multiply(second, Decimal(days - first)))


def _units_for_step(step: Step) -> tuple[DispensedUnits, ...] | None:
    """Return what is dispensed for all days of a step of known length; None where it cannot be."""
    if step.products is None:
        return None
    assert step.days is not None
    if step.alternate is None:
        return multiply_units(step.products, step.days if step.per == "day" else -(-step.days // 7))
    if step.products_alternate is None:
        return None
    first = -(-step.days // 2)
    return sum_units(
        (
            multiply_units(step.products, first),
            multiply_units(step.products_alternate, step.days - first),
        )
    )


def note_roundings(step: Step, kg: Decimal | None, form: str | None) -> None:
    """Note what was rounded in a step; ``kg`` is the weight, and ``form`` what whole units are."""
    trace = noting()
    if trace is None:
        return
    where, what, unit = f"steps.{step.step - 1}", f"step {step.step}", step.unit
    for end, ratio, amount, daily, days in (
        ("low", step.per_kg_low, step.low, step.daily_low, step.days_high),
        ("high", step.per_kg_high, step.high, step.daily_high, step.days_low),
    ):
        if step.per == "course":
            assert daily is not None and days is not None
            exact, label = quotient(amount, days), f"{what}, {end} end: daily"
            trace.rounded(f"{where}.daily_{end}", label, exact, daily, unit, INWARD)
        elif ratio is not None:
            assert kg is not None
            exact, label = quotient(step.first, kg), f"{what}, {end} end: ratio"
            trace.rounded(f"{where}.per_kg_{end}", label, exact, ratio, f"{unit}/kg", RATIO)
    how = f"to whole {form}s"
    if step.rounded_from is not None:
        end = f"{where}.{'high' if step.first == step.high else 'low'}"
        trace.rounded(end, f"{what}: dose", step.rounded_from, step.first, unit, how)
    if step.alternate_rounded_from is not None:
        assert step.alternate is not None
        label, before = f"{what}: dose of the second day", step.alternate_rounded_from
        trace.rounded(f"{where}.alternate", label, before, step.alternate, unit, how)


def totals_of(steps: tuple[Step, ...], unit: str, stock: Stock | None, supply: Supply) -> Totals:
    """Add up the steps of known length, take off what is left from before, and count packs."""
    known = [step for step in steps if step.days is not None]
    total = known[-1].total_high if known else Decimal(0)
    assert total is not None
    products = [part for step in known if (part := _units_for_step(step)) is not None]
    handed = sum_units(products) if len(products) == len(known) else None
    form = stock.form if stock else None
    left = counts_by_strength("left", supply.left, stock)
    sizes = counts_by_strength("pack", supply.packs, stock)
    needed = minus_on_hand(handed, left) if handed is not None and left else None
    out = handed if needed is None else needed
    packs = packs_needed(out, sizes, "totals.") if out is not None and sizes else None
    return Totals(known_days(steps), total, total, total, unit, handed, form, needed, packs)


def known_days(steps: Iterable[Step]) -> int:
    """Return the days of all steps that have a length."""
    return sum(step.days for step in steps if step.days is not None)


def with_dates(steps: tuple[Step, ...], start: datetime.date) -> tuple[Step, ...]:
    """Put dates on the steps; ``end`` is the last day of a step, not the day after."""
    return tuple(
        step._replace(
            start=days_later(start, step.day - 1),
            end=None if step.days is None else days_later(start, step.day + step.days - 2),
        )
        for step in steps
    )


def with_local_values(
    result: TaperResult, names: Iterable[str], stock: Stock | None
) -> TaperResult:
    """Mark each step with the local figures that apply to the schedule, and warn of them.

    ``names`` are the parts of the table that it was computed from, besides the limits of a weight
    and what is dispensed.
    """
    limits = ["limits"] if result.patient.weight_kg is not None else []
    local = local_values_for(result.loaded, *names, *limits, *(stock.names if stock else ()))
    if not local:
        return result
    steps = tuple(step._replace(local=local) for step in result.steps)
    return result._replace(steps=steps, warnings=(*local_value_warnings(local), *result.warnings))
