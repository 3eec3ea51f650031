"""The page of ``dmcalc dispense``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import deviation_text, packs_text, units_text
from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import local_mark, standard_sections
from dmcalc.text.numbers import format_number

if TYPE_CHECKING:
    from dmcalc.supply.dispense import DispenseResult


def page(result: DispenseResult) -> Page:
    """Lay out what is handed out, then how far it is from the amount, then sources."""
    table = result.loaded.table
    references = References.of(result)
    unit = result.unit
    units = units_text(result.products, result.form)
    daily = f"{format_number(result.daily)} {unit}"
    weekly = table.drugs[result.drug].once_weekly
    label = "each day:" if result.days > 1 else "once a week:" if weekly else "dose:"
    lines = [(label, f"{daily}: {units}")]
    if result.days > 1:
        total = f"{format_number(result.dispensed)} {unit}"
        units = units_text(result.total_products, result.form)
        lines.append((f"over {result.days} days:", f"{total}: {units}"))
    if result.form == "vial":
        lines.append(("left in opened vials:", f"{format_number(result.waste)} {unit}"))
    if result.packs is not None:
        lines.append(("packs:", packs_text(result.packs, result.total_products, result.form)))
    far = deviation_text(result.deviation, result.deviation_percent, unit)
    met = "none; the amount is met exactly"
    lines.append(("rounding:", f"{far[0]} than asked for, {far[1]}" if far else met))
    lines.append(("from:", f"{result.label} {references.cite(result.sources)}".strip()))
    lines += [("", local_mark(result.local))] if result.local else []
    amount = f"{format_number(result.amount)} {unit}"
    handed_out = ListBlock("Handed out", tuple(lines))
    sections = standard_sections(result, references, local=result.local)
    return Page(f"{table.drugs[result.drug].name}, {amount}", (handed_out, *sections))
