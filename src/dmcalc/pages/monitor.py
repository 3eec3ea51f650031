"""The page of ``dmcalc monitor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Block, ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    explained_sections,
    repeated_tests,
    result_limit_text,
    usual_sections,
)
from dmcalc.text.numbers import format_number, plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.guideline.monitoring import Lab, LabTest
    from dmcalc.monitoring.document import MonitorRow
    from dmcalc.monitoring.visits import MonitorResult


def page(result: MonitorResult, references: References) -> Page:
    """Lay out the tests before the first dose, the visits by day, limits, notes and sources."""
    rows = result.rows
    baseline = tuple(
        (f"{row.name}:", f"{', '.join(row.tests)} {references.cite(row.sources)}")
        for row in rows
        if row.part == "baseline"
    )
    visits = [row for row in rows if row.part == "visit"]
    blocks = (
        ListBlock("Before the first dose", baseline),
        repeated_tests((r.name, f"{', '.join(r.tests)}; {r.text}", _day(r)) for r in visits),
        _limits(
            [row for row in rows if row.part == "limit"],
            result.guide.guideline.lab_tests,
            references,
        ),
        *usual_sections(result),
    )
    explained = (
        *_visits(visits, references),
        *explained_sections(result, references),
    )
    names = [result.loaded.table.drugs[drug].name for drug in result.drugs]
    weeks = format_number(result.weeks)
    title = f"{' and '.join(names)} monitoring: {weeks} {plural(result.weeks, 'week')}"
    return Page(title, blocks, _assumed(result), explained)


def _assumed(result: MonitorResult) -> str:
    """Say from when the dose is taken to be stable, and what a month is."""
    day = f"day {format_number(result.stable_day)}"
    parts = [
        "No stable-dose date entered, so tests that end once the dose is stable continue to the "
        "end (--stable)."
        if result.stable_assumed
        else f"Stable dose from {day} on (--stable)."
    ]
    if result.start is None:
        parts.append("Without --start a month counts as 28 days.")
    return " ".join(parts)


def _visits(rows: Iterable[MonitorRow], references: References) -> tuple[Block, ...]:
    """Lay out the visits, and below them the populations of their sources."""
    visits = TableBlock.of(
        "Visits",
        rows,
        {
            "When": _day,
            "Drug": lambda row: row.name,
            "Tests": lambda row: ", ".join(row.tests),
            "Interval": lambda row: row.text,
            "From": lambda row: references.cite(row.sources),
        },
        wraps=("Drug", "Tests", "Interval"),
    )
    populations = {f"{row.name}:": row.population for row in rows if row.population}
    return visits, ListBlock("Population of the sources", tuple(populations.items()))


def _day(row: MonitorRow) -> str:
    return row.date.isoformat() if row.date else f"day {format_number(row.day or 0)}"


def _limits(
    rows: Iterable[MonitorRow], tests: dict[Lab, LabTest], references: References
) -> ListBlock:
    """List the action thresholds of each drug, those that ask for one thing together."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        action = (row.name, row.text, references.cite(row.sources))
        grouped.setdefault(action, []).append(
            f"{tests[row.lab].name if row.lab else ''} {result_limit_text(row.limit or '')}"
        )
    items = tuple(
        (f"{name}:", f"{'; '.join(limits)}. {text} {cited}")
        for (name, text, cited), limits in grouped.items()
    )
    return ListBlock("Action thresholds (dmcalc labs checks results against them)", items)
