"""The page of ``dmcalc severity``."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import explained_sections, plain_list, usual_sections

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import SeverityHead, SeverityRow
    from dmcalc.results.base import TableResult


def page(result: TableResult[SeverityHead, SeverityRow], references: References) -> Page:
    """Lay out the scales with their grades and the features of high risk, in the rows' order."""
    guide = result.guide
    assert guide is not None  # severity always reads it
    scales = {scale.id: scale for scale in guide.guideline.severity.scales}
    blocks, readings = [], []
    for key, rows in itertools.groupby(result.rows, key=lambda row: row.scale):
        grades = list(rows)
        cited = references.cite(grades[0].sources)
        if key is None:
            whose = "children" if grades[0].population == "juvenile" else "adults"
            title = f"Features of high risk in {whose} {cited}"
            blocks.append(plain_list(title, ["; ".join(row.text for row in grades)]))
            continue
        scale = scales[key]
        items = [("graded:", f"{scale.measures} {cited}")]
        items += [(f"{row.severity or 'further'}:", row.text) for row in grades]
        readings += [(f"{scale.name}:", scale.reading)] if scale.reading else []
        blocks.append(ListBlock(scale.name, tuple(items)))
    explained = (
        ListBlock("How the scales are read", tuple(readings)),
        *explained_sections(result, references),
    )
    shown = (*blocks, *usual_sections(result))
    return Page("How weakness is graded", shown, guide.guideline.severity.text, explained)
