"""The page of ``dmcalc taper`` without a drug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, References, TableBlock
from dmcalc.pages.sections import explained_sections, local_mark, usual_sections

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.catalogue.rows import ProtocolRow
    from dmcalc.results.base import TableResult


def page(result: TableResult[None, ProtocolRow], references: References) -> Page:
    """Lay out the protocols with their sources."""
    columns: dict[str, Callable[[ProtocolRow], str]] = {
        "Drug and protocol": lambda row: (
            f"{row.drug} {row.protocol}{' (default)' if row.default else ''}"
        ),
        "For": lambda row: "\n".join(filter(None, (row.population, local_mark(row.local)))),
    }
    usual = TableBlock.of(None, result.rows, columns, wraps=("For",), least=20)
    columns |= {
        "Name": lambda row: row.name,
        "How it ends": lambda row: row.ends,
        "Source": lambda row: references.cite(row.sources),
    }
    wraps = ("Name", "For", "How it ends")
    full = TableBlock.of("Each in full", result.rows, columns, wraps=wraps, least=20, spaced=True)
    title = "Tapers: dmcalc taper DRUG --protocol ID"
    local = (value for row in result.rows for value in row.local)
    explained = (full, *explained_sections(result, references))
    return Page(title, (usual, *usual_sections(result, local=local)), explained=explained)
