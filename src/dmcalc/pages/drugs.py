"""The page of ``dmcalc drugs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, References, TableBlock
from dmcalc.pages.sections import local_mark, standard_sections
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
    table = TableBlock(None, columns, rows, frozenset({1, 4, 5}), spaced=True)
    coded = tuple(
        (row.drug, *(code or "" for code in codes(result.loaded.table, row.drug)))
        for row in result.rows
    )
    known_as = TableBlock("Codes", ("Drug", "ATC code", "RxNorm ingredient"), coded)
    local = (value for row in result.rows for value in row.local)
    references = References.of(result)
    return Page(title, (table, known_as, *standard_sections(result, references, local=local)))
