"""The page of ``dmcalc dose``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import day_text, units_text
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    actual_weight_text,
    cited_posology,
    describe_patient,
    dosing_weight_blocks,
    explained_sections,
    known_of_patient,
    merge_equal_texts,
    patient_rules_block,
    rounding_block,
    size_unit,
    usual_sections,
)
from dmcalc.text import timing
from dmcalc.text.numbers import (
    PageNumbers,
    format_exact,
    format_number,
    format_per_size,
    format_range,
)

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import CourseDays
    from dmcalc.dosing.dose import DoseResult
    from dmcalc.dosing.dose_row import DoseRow


def page(result: DoseResult, references: References) -> Page:
    """Lay out the doses, then warnings, cautions and side effects, then sources."""
    numbers = PageNumbers()
    child = result.patient.child
    doses = TableBlock.of(
        None,
        result.rows,
        {
            "Drug": lambda row: f"{row.name}\n{_kind(row, child=child)}{row.phase}",
            "Dose for this patient": lambda row: "\n".join([row.sentence, *_below(row, numbers)]),
            "Indicated": _indicated,
            "As the source gives it": lambda row: cited_posology(row, references),
        },
        wraps=("Drug", "Dose for this patient", "As the source gives it"),
        least=24,
        spaced=True,
    )
    drugs = [row.drug for row in result.rows]
    reasons = {
        row.drug: f"{_indicated(row)}. {row.reason}"
        for row in result.rows
        if row.base and row.reason
    }
    effects = {row.drug: "; ".join(row.side_effects) for row in result.rows}
    rules = ((row.name, rule) for row in result.rows for rule in row.rules)
    blocks = (
        doses,
        *dosing_weight_blocks(result, drugs, references, _other_doses(result)),
        patient_rules_block(rules, references),
        *usual_sections(result, local=(local for row in result.rows for local in row.local)),
    )
    explained = (
        ListBlock("Indicated, and why", merge_equal_texts(reasons)),
        *explained_sections(
            result,
            references,
            rounding=(rounding_block(numbers),),
            further=(ListBlock("Side effects", merge_equal_texts(effects)),),
        ),
    )
    title = f"Doses for {describe_patient(result.patient)}"
    return Page(title, blocks, known_of_patient(result.advice), explained)


def _other_doses(result: DoseResult) -> list[tuple[str, str]]:
    """Say that all other doses per kg go by the actual weight, where there are any."""
    weight = result.patient.dosing
    if weight is None or all(r.weight_basis or r.basis != "kg" for r in result.rows):
        return []
    return [("all other doses:", f"the actual weight, {format_exact(weight.actual_kg)} kg.")]


def _kind(row: DoseRow, *, child: bool) -> str:
    """Say whose posology a row is, where it is not the base page's."""
    if row.base:
        return ""
    return "children, " if child else "alternative, "


def _below(row: DoseRow, numbers: PageNumbers) -> list[str]:
    """Return the lines below a dose: per kg, what the cap did, and what is suggested."""
    unit, label = row.unit or "", f"{row.regimen}:"
    # The sentence above is made with the dose: its amounts are collected here.
    ends = ((row.low, row.high), (row.daily_low, row.daily_high), (row.saved_low, row.saved_high))
    for low, high in ends:
        if low is not None and high is not None:
            numbers.range(low, high, unit, label)
    lines = []
    if row.per_basis_low is not None and row.per_basis_high is not None:
        each = timing.suffix(row.per) or f" per {row.per}"
        per = size_unit(unit, row.basis, row.weight_basis)
        per_size = format_per_size(row.per_basis_low, row.per_basis_high, per)
        lines.append(f"that is {per_size}{each}" + (", capped" if row.capped else ""))
    if other := actual_weight_text(row):
        lines.append(other)
    if row.low_before is not None and row.high_before is not None:
        before = format_range(row.low_before, row.high_before, row.unit or "")
        lines.append(f"reduced from {before} by {', '.join(row.lowered_by)}")
    if row.suggested is not None:
        dose = f"{format_number(row.suggested, up=row.suggested == row.low)} {row.unit}"
        lines.append(f"suggested: {dose} (this table's reading of the severity)")
    if row.reading is not None and row.per != "course":  # the words of a course say its reading
        lines.append(row.reading)
    if row.population is not None:
        lines.append(f"for: {row.population}")
    return lines + _dispensed(row)


def _dispensed(row: DoseRow) -> list[str]:
    """Return what is handed out for the ends of a dose, and how far that is from them."""
    ends = [
        (row.dispensed_low, row.deviation_low_percent, row.products_low),
        (row.dispensed_high, row.deviation_high_percent, row.products_high),
    ]
    lines = []
    for dose, deviation, products in dict.fromkeys(ends):
        if dose is None or products is None:
            continue
        off = f" ({format_exact(deviation)} per cent)" if deviation else ""
        units = day_text(products, row.form or "unit", row.times_daily or 1)
        lines.append(f"{format_number(dose)} {row.unit}{off}: {units}")
    if row.products_by_days is not None:
        return [_course_day(part, row) for part in row.products_by_days]
    if row.form is not None and row.low is not None and not lines:
        lines.append(f"no whole {row.form}s make it")
    return lines


def _course_day(part: CourseDays, row: DoseRow) -> str:
    """Write the vials of one day of a course, for a number of days."""
    units = units_text(part.products, row.form or "unit")
    return f"over {part.days} days: {format_number(part.daily)} {row.unit} a day: {units}"


def _indicated(row: DoseRow) -> str:
    if row.refused:
        return "refused"
    if row.indicated is None:
        return "-"
    return "yes" if row.indicated else "not by severity"
