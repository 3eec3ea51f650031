"""The page of ``dmcalc refs``."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, describe_source
from dmcalc.pages.sections import usual_sections
from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import ReferenceRow
    from dmcalc.pages.model import Block, References
    from dmcalc.results.base import TableResult
    from dmcalc.sources.cite import Source


def page(result: TableResult[None, ReferenceRow], references: References) -> Page:
    """Lay out the works, those of the reference with their numbers, each with its uses."""
    groups = itertools.groupby(result.rows, key=lambda row: row.number is not None)
    blocks: list[Block] = []
    for numbered, rows in groups:
        title = "Works that the reference cites" if numbered else "Further works"
        items = tuple(
            (
                f"{row.number}." if numbered else "",
                f"{describe_source(row.key, row.work, full=True)}{_address(row.work)} {_uses(row)}",
            )
            for row in rows
        )
        blocks.append(ListBlock(title, items))
    blocks += usual_sections(result)
    count = len(result.rows)
    return Page(f"{count} {plural(count, 'work')} of the table and the guide", tuple(blocks))


def _address(work: Source) -> str:
    address = f" {work.url}" if work.url and not work.doi else ""
    if work.accessed:
        address += f" Last accessed {work.accessed.isoformat()}."
    return address + (f" {work.remark}" if work.remark else "")


def _uses(row: ReferenceRow) -> str:
    """Say in which entries a work is used, by their first names: drugs and parts of the guide."""
    if not row.used_in:
        return "Not cited for a figure."
    figures = (figure.split(".") for figure in row.used_in)
    counted = Counter(
        parts[2] if parts[1] in ("drugs", "formulas", "monitoring") else parts[1]
        for parts in figures
    )
    return "Used in: " + ", ".join(f"{name.replace('_', ' ')} ({n})" for name, n in counted.items())
