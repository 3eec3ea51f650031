"""The page of ``dmcalc dispense --days 2..5``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import counts_text, deviation_text
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import local_mark, standard_sections
from dmcalc.text.numbers import format_number

if TYPE_CHECKING:
    from dmcalc.results.base import TableResult
    from dmcalc.supply.dispense import DispenseResult
    from dmcalc.supply.document import DispenseDaysHead


def page(result: TableResult[DispenseDaysHead, DispenseResult]) -> Page:
    """Lay out a row for each number of days, then where the units come from, then sources."""
    table = result.loaded.table
    references = References.of(result)
    first, unit = result.rows[0], result.head.unit
    form = first.form.capitalize()
    columns = ["Days", "Each day", f"{form}s a day", f"{form}s in all", "In all", "Rounded by"]
    rows = [_row(row, unit) for row in result.rows]
    if first.form == "vial":
        columns.append("Left in vials")
    else:
        rows = [row[:-1] for row in rows]
    days = TableBlock(
        None, tuple(columns), tuple(rows), frozenset({2, 3, 5}), figures=frozenset({0})
    )
    origin = f"{first.label} {references.cite(first.sources)}".strip()
    local = first.local
    lines = [("from:", origin), *([("", local_mark(local))] if local else [])]
    blocks = (days, ListBlock("Handed out", tuple(lines)))
    sections = standard_sections(result, references, local=local)
    amount = f"{format_number(result.head.amount)} {unit}"
    title = f"{table.drugs[result.head.drug].name}, {amount} in equal daily doses"
    return Page(title, (*blocks, *sections))


def _row(row: DispenseResult, unit: str) -> tuple[str, ...]:
    return (
        str(row.days),
        f"{format_number(row.daily)} {unit}",
        counts_text(row.products),
        counts_text(row.total_products),
        f"{format_number(row.dispensed)} {unit}",
        ", ".join(deviation_text(row.deviation, row.deviation_percent, unit) or ("nothing",)),
        f"{format_number(row.waste)} {unit}",
    )
