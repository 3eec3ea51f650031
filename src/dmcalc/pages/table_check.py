"""The page of ``dmcalc table check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import explained_sections, plain_list, usual_sections

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import TableCheckHead, TableCheckRow
    from dmcalc.results.base import TableResult

#: What a count is called where its key does not say it.
NAMES = {"juvenile": "paediatric regimens", "landmark_tapers": "paediatric tapers"}


def page(result: TableResult[TableCheckHead, TableCheckRow], references: References) -> Page:
    """Lay out what was checked, and how much of it."""
    table = result.loaded.table
    counts = tuple(
        (f"{NAMES.get(name, name)}:", f"{count:,}")
        for name, count in result.head.counts._asdict().items()
    )
    figures = result.head.counts.figures
    of_guideline = result.head.guide_counts._asdict() if result.head.guide_counts else {}
    guide = tuple((f"{name}:", f"{count:,}") for name, count in of_guideline.items())
    blocks = (
        ListBlock("Checked", counts),
        ListBlock("Checked in the guide", guide),
        plain_list(
            "Found",
            (
                f"{figures:,} of {figures:,} figures are in a quote that they cite.",
                "No unknown key, duplicate name, unlisted source, or gap between bands.",
                f"To be reviewed again by {table.review_by.isoformat()}.",
                f"SHA-256 {result.loaded.sha256}",
            ),
        ),
    )
    sections = usual_sections(result, local=result.loaded.local)
    explained = tuple(explained_sections(result, references))
    title = f"{result.loaded.path}: a valid table"
    return Page(title, (*blocks, *sections), explained=explained)
