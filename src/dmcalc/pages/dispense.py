"""The page of ``dmcalc dispense``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import (
    counts_text,
    day_text,
    deviation_text,
    in_all,
    packs_text,
    units_text,
)
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    describe_patient,
    dosing_weight_blocks,
    explained_sections,
    facts_entered,
    local_mark,
    patient_rules_block,
    usual_sections,
)
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact, format_number, plural
from dmcalc.text.units import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dmcalc.dispensing.stock import CourseDays
    from dmcalc.supply.dispense import DispenseResult
    from dmcalc.supply.document import DispenseRow
#: What is given at a time, by what an amount is for.
GIVEN = {"day": "Each day", "week": "Once a week", "course": "Each day", "dose": "Dose"}


def page(result: DispenseResult, references: References) -> Page:
    """Lay out what is dispensed, then how far it is from the amount, then sources."""
    row = result.row
    name = result.loaded.table.drugs[row.drug].name
    rules = patient_rules_block(((name, rule) for rule in result.rules), references)
    blocks = (
        ListBlock(
            None,
            tuple(_handed_out(result, references)),
            aligned=True,
            strong=frozenset(GIVEN.values()),
        ),
        *((_course(row.products_by_days, row),) if row.products_by_days else ()),
        *dosing_weight_blocks(result, (row.drug,), references),
        rules,
        *usual_sections(result, local=row.local),
    )
    known = facts_entered(result.advice)
    whom = f" for {describe_patient(result.patient)}" if result.patient.weight_kg else ""
    explained = tuple(explained_sections(result, references))
    return Page(f"{name}, {_what(result)}{whom}", blocks, known, explained)


def _what(result: DispenseResult) -> str:
    giving = result.giving
    if giving.order is None or giving.per == "course":
        course = "a course of " if giving.per == "course" else ""
        return f"{course}{format_number(result.row.amount)} {result.row.unit}"
    if giving.days is None:
        return giving.order
    return f"{giving.order}, for {giving.days} {plural(giving.days, 'day')}"


def _handed_out(result: DispenseResult, references: References) -> Iterator[tuple[str, str]]:
    """Say what is given at a time, what is dispensed in all, and from what."""
    row, giving = result.row, result.giving
    unit = row.unit
    if row.products:
        count, ordered = _givings(row), giving.order is not None
        once = row.dispensed / count
        taken = (
            day_text(row.products, row.form, row.times_daily)
            if row.times_daily
            else units_text(row.products, row.form)
        )
        daily = f"{format_number(once)} {unit}: {taken}"
        yield GIVEN[row.per or "dose"], daily
        if row.per == "course" and row.days:
            days = f"{row.days} {plural(row.days, 'day')}"
            total = f"{format_number(in_all(row.amount, row.dispensed))} {unit}"
            yield days, f"{total}: {units_text(row.total_products, row.form)}"
        elif ordered and count > 1:
            total = f"{format_number(row.dispensed)} {unit}"
            units = count_text(row.units or Decimal(0), row.form)
            parts = counts_text(row.total_products)
            yield f"{giving.days} days", f"{total}: {units}, {parts}"
    if row.form == "vial" and row.products:
        yield "Waste", f"{format_number(row.waste)} {unit}"
    if row.packs is not None:
        yield "Packs", packs_text(row.packs, row.total_products, row.form)
    if row.instructions is not None:
        yield "Label", row.instructions
    if row.products:
        negligible = in_all(row.amount, row.dispensed) == row.amount
        far = None if negligible else deviation_text(row.deviation, row.deviation_percent, unit)
        yield "Rounding", f"ROUNDED: {far[0]} than asked for, {far[1]}" if far else "none"
    if (largest := result.limits.largest) is not None and row.largest is not None:
        most = f"{format_exact(row.largest)} {unit}{timing.suffix(largest.per)}"
        cited = references.cite(largest.sources)
        yield "Largest", f"{most}, {row.largest_regimen} {cited}"
    yield "Product", f"{row.label} {references.cite(row.sources)}".strip()
    if row.local:
        yield "", local_mark(row.local)


def _givings(row: DispenseRow) -> int:
    """Return how many times what ``products`` make is given."""
    return int(row.total_products[0].count / row.products[0].count)


def _course(by_days: tuple[CourseDays, ...], row: DispenseRow) -> TableBlock:
    """Lay out the vials of a course by the number of its days."""
    columns: dict[str, Callable[[CourseDays], str]] = {
        "Days": lambda part: str(part.days),
        "Each day": lambda part: f"{format_number(part.daily)} {row.unit}",
        f"{row.form.capitalize()}s a day": lambda part: counts_text(part.products),
    }
    return TableBlock.of("The course, over equal days", by_days, columns, figures=("Days",))
