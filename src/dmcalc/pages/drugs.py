"""The page of ``dmcalc drugs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, References, TableBlock
from dmcalc.pages.sections import explained_sections, local_mark, usual_sections
from dmcalc.results.codes import codes

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import DrugRow
    from dmcalc.results.base import TableResult


def page(result: TableResult[None, DrugRow], references: References) -> Page:
    """Lay out the drugs with their base posology."""
    table = TableBlock.of(
        None,
        result.rows,
        {
            "Drug": lambda row: row.drug,
            "Class": lambda row: row.class_,
            "Line": lambda row: row.line,
            "Route": lambda row: row.route,
            "Posology": lambda row: "\n".join(filter(None, (*row.posology, local_mark(row.local)))),
            "Tapers": lambda row: ", ".join(row.tapers),
        },
        wraps=("Class", "Posology", "Tapers"),
        spaced=True,
    )
    coded = tuple(
        (row.drug, *(code or "" for code in codes(result.loaded.table, row.drug)))
        for row in result.rows
    )
    known_as = TableBlock("Codes", ("Drug", "ATC code", "RxNorm ingredient"), coded)
    local = (value for row in result.rows for value in row.local)
    sections = usual_sections(result, local=local)
    explained = (known_as, *explained_sections(result, references))
    title = f"{len(result.rows)} drugs in the table"
    return Page(title, (table, *sections), explained=explained)
