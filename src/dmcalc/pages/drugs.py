"""The page of ``dmcalc drugs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, References, TableBlock
from dmcalc.pages.sections import explained_sections, local_mark, usual_sections
from dmcalc.results.codes import codes
from dmcalc.text.numbers import plural

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
            "Line": lambda row: row.line,
            "Posology": lambda row: "\n".join(filter(None, (*row.posology, local_mark(row.local)))),
        },
        wraps=("Posology",),
    )
    coded = tuple(
        (
            *(row.drug, row.class_, row.route, ", ".join(row.tapers)),
            *(code or "" for code in codes(result.loaded.table, row.drug)),
        )
        for row in result.rows
    )
    columns = ("Drug", "Class", "Route", "Tapers", "ATC code", "RxNorm ingredient")
    known_as = TableBlock("Class, route, tapers and codes", columns, coded, frozenset({1, 3}))
    local = (value for row in result.rows for value in row.local)
    sections = usual_sections(result, local=local)
    explained = (known_as, *explained_sections(result, references))
    title = f"{len(result.rows)} {plural(len(result.rows), 'drug')} in the table"
    return Page(title, (table, *sections), explained=explained)
