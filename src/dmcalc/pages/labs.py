"""The page of ``dmcalc labs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import result_limit_text, standard_sections
from dmcalc.text.numbers import format_number, plural

if TYPE_CHECKING:
    from dmcalc.monitoring.labs import LabRow, LabsResult

VERDICTS = {True: "crossed", False: "not crossed", None: "no result"}


def page(result: LabsResult) -> Page:
    """Lay out what is crossed, then each limit with its result, notes and sources."""
    references = References.of(result)
    tests = result.guide.guideline.lab_tests
    crossed = tuple(
        (
            f"{row.name}:",
            f"{tests[row.lab].name} {_result(row)}, the limit is {result_limit_text(row.limit)}. "
            f"{row.text} {references.cite(row.sources)}",
        )
        for row in result.rows
        if row.crossed
    )
    count = f"{result.compared} {plural(result.compared, 'limit')}"
    compared = (
        f"No limit is crossed: {count} compared with a result."
        if result.compared
        else "Nothing was compared: the guide has no limit for what was given."
    )
    limits = TableBlock.of(
        "Limits",
        result.rows,
        {
            "Drug": lambda row: row.name,
            "Test": lambda row: tests[row.lab].name,
            "Result": _result,
            "Limit": lambda row: result_limit_text(row.limit),
            "Verdict": lambda row: VERDICTS[row.crossed],
            "From": lambda row: references.cite(row.sources),
        },
        wraps=("Drug", "Limit"),
    )
    blocks = (
        ListBlock("Crossed", crossed or (("", compared),)),
        limits,
        *standard_sections(result, references),
    )
    subtitle = "A limit that is not crossed says nothing of whether a drug may be given."
    return Page("Results against the limits of the guide", blocks, subtitle)


def _result(row: LabRow) -> str:
    if row.result is None:
        return "-"
    if row.unit.startswith("%"):
        word = "above" if row.result >= 0 else "below"
        return f"{format_number(abs(row.result))} per cent {word} baseline"
    return f"{format_number(row.result)} {row.unit}"
