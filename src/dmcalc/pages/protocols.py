"""The page of ``dmcalc taper`` without a drug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, References, TableBlock
from dmcalc.pages.sections import explained_sections, local_mark, usual_sections

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import ProtocolRow
    from dmcalc.results.base import TableResult


def page(result: TableResult[None, ProtocolRow], references: References) -> Page:
    """Lay out the protocols with their sources."""
    table = TableBlock.of(
        None,
        result.rows,
        {
            "Drug and protocol": lambda row: (
                f"{row.drug} {row.protocol}{' (default)' if row.default else ''}"
            ),
            "Name": lambda row: row.name,
            "For": lambda row: row.population,
            "How it ends": lambda row: row.ends,
            "Source": lambda row: (
                f"{references.cite(row.sources)}\n{local_mark(row.local)}".strip()
            ),
        },
        wraps=("Name", "For", "How it ends"),
        least=20,
        spaced=True,
    )
    title = "Tapers: dmcalc taper DRUG --protocol ID"
    local = (value for row in result.rows for value in row.local)
    explained = tuple(explained_sections(result, references))
    return Page(title, (table, *usual_sections(result, local=local)), explained=explained)
