"""The page of ``dmcalc drugs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Grid, Page, References, local_mark, localised, warned
from dmcalc.results.codes import codes

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import DrugRow
    from dmcalc.results.base import TableResult


def page(result: TableResult[None, DrugRow]) -> Page:
    """Lay out the drugs with their base posology."""
    rows = tuple(
        (
            row.drug,
            row.class_,
            row.line,
            row.route,
            "\n".join(filter(None, (*row.posology, local_mark(row.local)))),
            ", ".join(row.tapers),
        )
        for row in result.rows
    )
    columns = ("Drug", "Class", "Line", "Route", "Posology", "Tapers")
    title = f"{len(rows)} drugs in the table"
    grid = Grid(None, columns, rows, frozenset({1, 4, 5}), spaced=True)
    coded = tuple(
        (row.drug, *(code or "" for code in codes(result.loaded.table, row.drug)))
        for row in result.rows
    )
    known_as = Grid("Codes", ("Drug", "ATC code", "RxNorm ingredient"), coded)
    local = localised(one for row in result.rows for one in row.local)
    references = References(result.loaded.table.sources)
    return Page(title, (grid, known_as, *local, *warned(result.warnings, references)))
