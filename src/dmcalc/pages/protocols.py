"""The page of ``dmcalc taper`` without a drug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, References, TableBlock
from dmcalc.pages.sections import local_mark, standard_sections

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import ProtocolRow
    from dmcalc.results.base import TableResult


def page(result: TableResult[None, ProtocolRow]) -> Page:
    """Lay out the protocols with their sources."""
    references = References.of(result)
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
    return Page(title, (table, *standard_sections(result, references, local=local)))
