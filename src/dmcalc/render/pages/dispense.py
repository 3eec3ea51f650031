"""The page of ``dmcalc dispense``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc import wording
from dmcalc.render.page import Block, Page, Points, References, local_mark, localised, warned

if TYPE_CHECKING:
    from dmcalc.core.dispense import DispenseResult


def page(result: DispenseResult) -> Page:
    """Lay out what is handed out, then how far it is from the amount, then sources."""
    table = result.loaded.table
    references = References(table.sources)
    unit = result.unit
    given = wording.handed(result.products, result.form)
    daily = f"{wording.number(result.daily)} {unit}"
    weekly = table.drugs[result.drug].once_weekly
    label = "each day:" if result.days > 1 else "once a week:" if weekly else "dose:"
    lines = [(label, f"{daily}: {given}")]
    if result.days > 1:
        total = f"{wording.number(result.dispensed)} {unit}"
        units = wording.handed(result.total_products, result.form)
        lines.append((f"over {result.days} days:", f"{total}: {units}"))
    if result.form == "vial":
        lines.append(("left in opened vials:", f"{wording.number(result.waste)} {unit}"))
    lines.append(("rounding:", _deviation(result)))
    lines.append(("from:", f"{result.label} {references.mark(result.sources)}".strip()))
    if result.local:
        lines.append(("", local_mark(result.local)))
    asked = f"{wording.number(result.amount)} {unit}"
    blocks: list[Block] = [Points("Handed out", tuple(lines))]
    blocks += [*localised(result.local), *warned(result.warnings, references)]
    if result.sources:
        blocks.append(references.block())
    return Page(f"{table.drugs[result.drug].name}, {asked}", tuple(blocks))


def _deviation(result: DispenseResult) -> str:
    if not result.deviation:
        return "none; the amount is met exactly"
    word = "more" if result.deviation > 0 else "less"
    amount = wording.exact(abs(result.deviation))
    share = wording.exact(abs(result.deviation_percent))
    return f"{amount} {result.unit} {word} than asked for, {share} per cent"
