"""The page of ``dmcalc care``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import explained_sections, usual_sections

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import CareRow
    from dmcalc.results.base import TableResult

HEADS = {
    "goal": "Goals of therapy",
    "impact": "Impact on the patient",
    "team": "The team",
    "measure": "Non-drug measures and their benefits",
    "statement": "General statements of the reference",
}


def page(result: TableResult[None, CareRow], references: References) -> Page:
    """Lay out the parts one after the other, then the sources."""
    blocks = {
        part: ListBlock(
            head,
            tuple(
                (
                    f"{row.name}:" if row.text else "",
                    f"{row.text or row.name} {references.cite(row.sources)}",
                )
                for row in result.rows
                if row.part == part
            ),
        )
        for part, head in HEADS.items()
    }
    shown = [blocks.pop(part) for part in ("goal", "team", "measure")]
    explained = (*blocks.values(), *explained_sections(result, references))
    return Page("Non-pharmacological care", (*shown, *usual_sections(result)), explained=explained)
