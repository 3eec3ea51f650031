"""The page of ``dmcalc dispense --days 2..5``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import counts_text, deviation_text, in_all
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import explained_sections, local_mark, usual_sections
from dmcalc.text.numbers import format_number, page_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.results.base import TableResult
    from dmcalc.supply.document import DispenseDaysHead, DispenseRow


def page(result: TableResult[DispenseDaysHead, DispenseRow], references: References) -> Page:
    """Lay out a row for each number of days, then where the units come from, then sources."""
    first, unit = result.rows[0], result.head.unit
    form = first.form.capitalize()
    columns: dict[str, Callable[[DispenseRow], str]] = {
        "Days": lambda row: str(row.days),
        "Each day": lambda row: f"{page_number(row.daily or Decimal(0))} {unit}",
        f"{form}s a day": lambda row: counts_text(row.products),
        f"{form}s in total": lambda row: counts_text(row.total_products),
        "Total": lambda row: f"{format_number(in_all(row.amount, row.dispensed))} {unit}",
    }
    if any(row.deviation_percent for row in result.rows):
        columns["Rounded by"] = lambda row: ", ".join(
            deviation_text(row.deviation, row.deviation_percent, unit) or ("nothing",)
        )
    if first.form == "vial":
        columns["Waste"] = lambda row: f"{page_number(row.waste)} {unit}"
    wraps = (f"{form}s a day", f"{form}s in total", "Rounded by")
    lines = [("from:", f"{first.label} {references.cite(first.sources)}".strip())]
    lines += [("", local_mark(first.local))] if first.local else []
    blocks = (
        TableBlock.of(None, result.rows, columns, wraps=wraps, figures=("Days",)),
        ListBlock(None, tuple(lines)),
        *usual_sections(result, local=first.local),
    )
    drug = result.loaded.table.drugs[result.head.drug]
    amount = f"{page_number(result.head.amount)} {unit}"
    explained = tuple(explained_sections(result, references))
    return Page(f"{drug.name}, {amount} in equal daily doses", blocks, explained=explained)
