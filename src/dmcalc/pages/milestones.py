"""The page of ``dmcalc taper DRUG`` for a child."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    ADULTS_ALONE,
    describe_patient,
    explained_sections,
    local_mark,
    number_notes,
    plain_list,
    rounding_block,
    usual_sections,
)
from dmcalc.schedules.step_text import milestone_dose
from dmcalc.text.numbers import (
    PageNumbers,
    format_exact,
    format_per_size,
    format_range,
    ranges_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.schedules.milestones import MilestoneDose, MilestoneResult

#: How the months of a milestone become a date.
CALENDAR = "Months are counted on the calendar; in a shorter month it is the last day."


def page(result: MilestoneResult, references: References) -> Page:
    """Lay out the milestones, then what holds between them, notes and sources."""
    table = result.loaded.table
    numbers = PageNumbers()
    cited = references.cite(result.sources)
    notes = list(dict.fromkeys(row.condition for row in result.rows if row.condition))
    dates = CALENDAR if result.rows[0].date else ""
    blocks = (
        _milestones(result.rows, notes, numbers),
        ListBlock(None, number_notes(map(ranges_in_words, notes))),
        plain_list("Start dose", (f"{_start(result)}. {cited}",)),
        plain_list("Between and after", (result.between, dates, f"{result.ends} {cited}")),
        plain_list("Local", (local_mark(result.rows[0].local),)),
        *usual_sections(result, local=result.rows[0].local),
    )
    explained = explained_sections(result, references, rounding=(rounding_block(numbers),))
    drug = table.drugs[result.drug]
    title = f"{drug.name}: {result.protocol}, milestones for {describe_patient(result.patient)}"
    whom = f"{result.name}. For: {result.population}.\n{ADULTS_ALONE}"
    return Page(title, blocks, whom, tuple(explained))


def _start(result: MilestoneResult) -> str:
    """Write the start dose: ``56 mg daily: 2 mg/kg/day, max 60-80 mg/day``."""
    first = result.start
    dose = f"{format_range(first.low, first.high, first.unit)} daily"
    posology = ranges_in_words(first.posology)
    if first.given:
        return f"{dose}, as it was given; the source starts from {posology}"
    if first.high_before is None:
        return f"{dose}: {posology}"
    return f"{dose}: {posology}, capped from {format_exact(first.high_before)} {first.unit}"


def _dose(row: MilestoneDose, numbers: PageNumbers) -> str:
    numbers.range(row.low, row.high, row.unit, f"milestone {row.landmark}:")
    return milestone_dose(row)


def _milestones(
    rows: tuple[MilestoneDose, ...], notes: list[str], numbers: PageNumbers
) -> TableBlock:
    columns: dict[str, Callable[[MilestoneDose], str]] = {
        "No.": lambda row: str(row.landmark),
        "Month": lambda row: str(row.month),
    }
    if rows[0].date:
        columns["Date"] = lambda row: row.date.isoformat() if row.date else ""
    columns |= {
        "Dose": lambda row: _dose(row, numbers),
        "Per kg": _per_kg,
        "% of start dose": _share,
    }
    if notes:
        columns["Condition"] = lambda row: (
            f"({notes.index(row.condition) + 1})" if row.condition else ""
        )
    if rows[0].local:
        columns["Local"] = lambda row: "yes" if row.local else ""
    return TableBlock.of(None, rows, columns, figures=("No.", "Month"))


def _share(row: MilestoneDose) -> str:
    percent = row.percent_of_start
    return "" if not percent else format_exact(percent)


def _per_kg(row: MilestoneDose) -> str:
    if row.per_kg_low is None or row.per_kg_high is None or row.high == 0:
        return ""
    return format_per_size(row.per_kg_low, row.per_kg_high, f"{row.unit}/kg")
