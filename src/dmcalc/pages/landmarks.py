"""The page of ``dmcalc taper DRUG`` for a child."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.dose import describe
from dmcalc.pages.model import (
    Block,
    Grid,
    Page,
    Points,
    References,
    cautioned,
    local_mark,
    localised,
    warned,
)
from dmcalc.text.numbers import (
    format_exact,
    format_per_size,
    format_range,
    ranges_in_words,
    roundings,
)

if TYPE_CHECKING:
    from dmcalc.schedules.milestones import LandmarkResult, LandmarkRow

#: How the months of a landmark become a date.
CALENDAR = "Months are counted on the calendar; in a shorter month it is the last day."


def page(result: LandmarkResult) -> Page:
    """Lay out the landmarks, then what holds between them, notes and sources."""
    table = result.loaded.table
    references = References(table.sources)
    mark = references.mark(result.sources)
    dates = [("", CALENDAR)] if result.rows[0].date else []
    local = local_mark(result.rows[0].local)
    blocks: list[Block] = [
        _grid(result.rows),
        Points("Start dose", (("", f"{start(result)}. {mark}"),)),
        Points("Between and after", (("", result.between), *dates, ("", f"{result.ends} {mark}"))),
        *([Points("Local", (("", local),))] if local else []),
        *localised(result.rows[0].local),
        *warned(result.warnings, references),
        *_rounded(result.rows),
        *cautioned(result.cautions, references),
        references.block(),
    ]
    drug = table.drugs[result.drug]
    title = f"{drug.name}: {result.protocol}, landmarks for {describe(result.patient)}"
    return Page(title, tuple(blocks), f"{result.name}. For: {result.population}.")


def start(result: LandmarkResult) -> str:
    """Write the start dose: ``56 mg daily: 2 mg/kg/day, max 60-80 mg/day``."""
    first = result.start
    dose = f"{format_range(first.low, first.high, first.unit)} daily"
    posology = ranges_in_words(first.posology)
    if first.given:
        return f"{dose}, as it was given; the source starts from {posology}"
    return f"{dose}: {posology}" + (", capped" if first.capped else "")


def dose(row: LandmarkRow) -> str:
    """Write the dose of a landmark: ``28 mg daily``, or that the drug is discontinued."""
    if row.high == 0:
        return "discontinued"
    return f"{format_range(row.low, row.high, row.unit)} daily"


def _grid(rows: tuple[LandmarkRow, ...]) -> Grid:
    columns = ["No.", "Month", "Dose", "Per kg", "Of the start dose", "On what it depends"]
    if rows[0].date:
        columns.insert(2, "Date")
    if rows[0].local:
        columns.append("Local")
    cells = tuple(
        (
            str(row.landmark),
            str(row.month),
            *([row.date.isoformat()] if row.date else []),
            dose(row),
            _per_kg(row),
            _share(row),
            ranges_in_words(row.condition or ""),
            *(["yes"] if row.local else []),
        )
        for row in rows
    )
    depends = len(columns) - 1 - bool(rows[0].local)
    return Grid(None, tuple(columns), cells, frozenset({depends}), figures=frozenset({0, 1}))


def _share(row: LandmarkRow) -> str:
    percent = row.percent_of_start
    return "" if not percent else f"{format_exact(percent)} per cent"


def _per_kg(row: LandmarkRow) -> str:
    if row.per_kg_low is None or row.per_kg_high is None or row.high == 0:
        return ""
    return format_per_size(row.per_kg_low, row.per_kg_high, f"{row.unit}/kg")


def _rounded(rows: tuple[LandmarkRow, ...]) -> tuple[Points, ...]:
    """Say which figures are shown with fewer decimals than they have."""
    items = tuple(
        (f"landmark {row.landmark}:", text)
        for row in rows
        for text in roundings(
            row.unit, *([] if row.low == row.high else [(row.low, True)]), (row.high, False)
        )
    )
    return (Points("Rounded for this page (exact in the data formats)", items),) if items else ()
