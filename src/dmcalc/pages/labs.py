"""The page of ``dmcalc labs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import explained_sections, result_limit_text, usual_sections
from dmcalc.text.numbers import format_number, plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.guideline.monitoring import Lab, LabTest
    from dmcalc.monitoring.document import LabRow
    from dmcalc.monitoring.labs import LabsResult

VERDICTS = {
    "crossed": "reached",
    "not-crossed": "not reached",
    "not-compared": "not compared",
    "no-result": "not entered",
}


def page(result: LabsResult, references: References) -> Page:
    """Lay out the thresholds reached and those left open, then each with its result."""
    tests = result.guide.guideline.lab_tests
    crossed, open_ = (
        tuple(
            (f"{row.name}:", f"{_finding(row, tests)} {row.text} {references.cite(row.sources)}")
            for row in result.rows
            if row.verdict == verdict
        )
        for verdict in ("crossed", "not-compared")
    )
    count = f"{result.compared} {plural(result.compared, 'threshold')}"
    none_reached = (
        f"No threshold is reached: {count} compared with a result."
        if result.compared
        else "Nothing was compared: the guideline has no threshold"
        f"{', and a rule without a number,' if open_ else ''} for what was entered."
    )
    reached = (
        ListBlock("Threshold reached", crossed)
        if crossed
        else ListBlock("Comparison", (("", none_reached),))  # no heading may say what is not so
    )
    columns: dict[str, Callable[[LabRow], str]] = {
        "Drug": lambda row: row.name,
        "Test": lambda row: tests[row.lab].name if row.lab else "-",
        "Result": _result,
        "Threshold": _limit,
        "Verdict": lambda row: VERDICTS[row.verdict],
    }
    if references.marked:
        columns["From"] = lambda row: references.cite(row.sources)
    limits = TableBlock.of(
        "Thresholds", result.rows, columns, wraps=("Drug", "Result", "Threshold")
    )
    blocks = (
        reached,
        ListBlock("Not compared: the rule has no number", open_),
        limits,
        *usual_sections(result),
    )
    subtitle = "A result within limits is not clearance to give the drug."
    explained = tuple(explained_sections(result, references))
    return Page("Blood results against action thresholds", blocks, subtitle, explained)


def _finding(row: LabRow, tests: dict[Lab, LabTest]) -> str:
    """Name the result with its threshold, or the rule that applies."""
    parts = [f"{tests[row.lab].name} {_result(row)}"] if row.lab else []
    if row.limit:
        parts.append(f"the threshold is {result_limit_text(row.limit)}")
    if row.rule is not None:
        parts.append(f"rule {row.rule}")
    return f"{', '.join(parts)}."


def _limit(row: LabRow) -> str:
    return result_limit_text(row.limit) if row.limit else f"rule {row.rule}"


def _result(row: LabRow) -> str:
    if row.result is None or row.unit is None:
        return "-"
    if row.unit.startswith("%"):
        word = "above" if row.result >= 0 else "below"
        return f"{format_number(abs(row.result))} per cent {word} baseline"
    sign = {"<": "below ", ">": "above ", None: ""}[row.result_sign]
    return f"{sign}{format_number(row.result)} {row.unit}"
