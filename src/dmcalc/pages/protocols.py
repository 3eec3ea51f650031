"""The page of ``dmcalc taper`` without a drug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Grid, Page, References, local_mark, localised, warned

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import ProtocolRow
    from dmcalc.results.base import TableResult


def page(result: TableResult[None, ProtocolRow]) -> Page:
    """Lay out the protocols with their sources."""
    table = result.loaded.table
    references = References(table.sources)
    rows = tuple(
        (
            f"{row.drug} {row.protocol}" + (" (default)" if row.default else ""),
            row.name,
            row.population,
            row.ends,
            f"{references.mark(row.sources)}\n{local_mark(row.local)}".strip(),
        )
        for row in result.rows
    )
    grid = Grid(
        None,
        ("Drug and protocol", "Name", "For", "How it ends", "Source"),
        rows,
        frozenset({1, 2, 3}),
        20,
        spaced=True,
    )
    title = "Tapers: dmcalc taper DRUG --protocol ID"
    local = localised(one for row in result.rows for one in row.local)
    return Page(title, (grid, *local, *warned(result.warnings, references), references.block()))
