"""The page of ``dmcalc about``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page
from dmcalc.pages.sections import usual_sections

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import AboutRow
    from dmcalc.pages.model import References
    from dmcalc.results.base import TableResult

LABELS = {"table": "table (SHA-256 last)", "guide": "guide (SHA-256 last)"}


def page(result: TableResult[None, AboutRow], references: References) -> Page:
    """Lay out what dmcalc is, and the versions."""
    items = tuple((f"{LABELS.get(row.about, row.about)}:", row.text) for row in result.rows)
    return Page("About dmcalc", (ListBlock("What this is", items), *usual_sections(result)))
