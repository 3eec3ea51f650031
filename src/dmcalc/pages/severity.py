"""The page of ``dmcalc severity``."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, Points, References, warned

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import SeverityHead, SeverityRow
    from dmcalc.results.base import TableResult


def page(result: TableResult[SeverityHead, SeverityRow]) -> Page:
    """Lay out the scales with their grades and the features of high risk, in the rows' order."""
    guide = result.guide
    assert guide is not None  # severity always reads it
    references = References({**result.loaded.table.sources, **guide.guideline.sources})
    scales = {scale.id: scale for scale in guide.guideline.severity.scales}
    blocks = []
    for key, rows in itertools.groupby(result.rows, key=lambda row: row.scale):
        listed = list(rows)
        mark = references.mark(listed[0].sources)
        if key is None:
            whose = "children" if listed[0].population == "juvenile" else "adults"
            items = [("", row.text) for row in listed]
            blocks.append(Points(f"Features of high risk in {whose} {mark}", tuple(items)))
            continue
        scale = scales[key]
        items = [(f"{row.severity or 'further'}:", row.text) for row in listed]
        items.insert(0, ("graded:", f"{scale.measures} {mark}"))
        items += [("note:", scale.reading)] if scale.reading else []
        blocks.append(Points(scale.name, tuple(items)))
    told = (*blocks, *warned(result.warnings, references), references.block())
    return Page("How weakness is graded", told, guide.guideline.severity.text)
