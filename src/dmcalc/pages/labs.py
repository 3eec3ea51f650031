"""The page of ``dmcalc labs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Block, ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import result_limit_text, standard_sections
from dmcalc.text.numbers import format_number, plural

if TYPE_CHECKING:
    from dmcalc.monitoring.labs import LabRow, LabsResult


def page(result: LabsResult) -> Page:
    """Lay out what is crossed, then each limit with its result, notes and sources."""
    references = References.of(result)
    tests = result.guide.guideline.lab_tests
    crossed = [row for row in result.rows if row.crossed]
    items = tuple(
        (
            f"{row.name}:",
            f"{tests[row.lab].name} {_result(row)}, the limit is {result_limit_text(row.limit)}. "
            f"{row.text} {references.cite(row.sources)}",
        )
        for row in crossed
    )
    count = f"{result.compared} {plural(result.compared, 'limit')}"
    compared = (
        f"No limit is crossed: {count} compared with a result."
        if result.compared
        else "Nothing was compared: the guide has no limit for what was given."
    )
    none = (("", compared),)
    blocks: list[Block] = [ListBlock("Crossed", items or none)]
    if result.rows:
        cells = tuple(
            (
                row.name,
                tests[row.lab].name,
                _result(row),
                result_limit_text(row.limit),
                {True: "crossed", False: "not crossed", None: "no result"}[row.crossed],
                references.cite(row.sources),
            )
            for row in result.rows
        )
        columns = ("Drug", "Test", "Result", "Limit", "Verdict", "From")
        blocks.append(TableBlock("Limits", columns, cells, frozenset({0, 3})))
    blocks += standard_sections(result, references)
    subtitle = "A limit that is not crossed says nothing of whether a drug may be given."
    return Page("Results against the limits of the guide", tuple(blocks), subtitle)


def _result(row: LabRow) -> str:
    if row.result is None:
        return "-"
    if row.unit.startswith("%"):
        word = "above" if row.result >= 0 else "below"
        return f"{format_number(abs(row.result))} per cent {word} baseline"
    return f"{format_number(row.result)} {row.unit}"
