"""The page of ``dmcalc dose``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import units_text
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
from dmcalc.patient.patient import aged
from dmcalc.quantities.amount import format_plain
from dmcalc.text import timing
from dmcalc.text.numbers import (
    format_exact,
    format_number,
    format_per_size,
    format_range,
    roundings,
    with_thousands,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.dosing.dose import DoseResult
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.patient import Patient
    from dmcalc.results.base import ClinicalNote, Result
    from dmcalc.schedules.model import Step


def page(result: DoseResult) -> Page:
    """Lay out doses, then warnings, cautions and side effects, then sources."""
    table = result.loaded.table
    guide = result.guide
    references = References({**table.sources, **(guide.guideline.sources if guide else {})})
    grid = Grid(
        title=None,
        columns=("Drug", "Dose for this patient", "Indicated", "As the source gives it"),
        rows=tuple(_row(row, references, child=result.patient.child) for row in result.rows),
        wraps=frozenset({0, 1, 3}),
        least=24,
        spaced=True,
    )
    drugs = tuple(row.drug for row in result.rows)
    told, said = result.warnings, ""
    rules: tuple[Points, ...] = ()
    if result.advice is not None:  # imported where there is any: most answers have none
        from dmcalc.pages import patient_rules_section

        found = ((row.name, rule) for row in result.rows for rule in row.rules)
        told, said, rules = patient_rules_section.laid_out(result.advice, found, told, references)
    blocks: list[Block] = [
        grid,
        *by_weight(result, drugs, references, _others(result)),
        *rules,
        *_indications(result.rows),
        *localised(local for row in result.rows for local in row.local),
        *warned(told, references),
        *_rounded(result.rows),
        *cautioned(unsaid(result.cautions), references),
        Points("Side effects", together({r.drug: "; ".join(r.side_effects) for r in result.rows})),
        references.block(),
    ]
    title = f"Doses for {describe(result.patient)}"
    return Page(title, tuple(blocks), said)


def _others(result: DoseResult) -> list[tuple[str, str]]:
    """Say that all other doses per kg go by the actual weight, where there are any."""
    weight = result.patient.dosing
    if weight is None or all(r.weight_basis or r.basis != "kg" for r in result.rows):
        return []
    return [("all other doses:", f"the actual weight, {format_exact(weight.actual_kg)} kg.")]


def by_weight(
    result: Result,
    drugs: Iterable[str],
    references: References,
    beside: Iterable[tuple[str, str]] = (),
) -> tuple[Points, ...]:
    """Return the block on the weight that doses go by, if one was asked for.

    ``beside`` are further lines of it.
    """
    weight = result.patient.dosing  # type: ignore[attr-defined]  # of each kind with this block
    if weight is None:
        return ()
    from dmcalc.pages import weights

    return (weights.block(weight, result.loaded.table, drugs, references, beside),)


def unsaid(cautions: Iterable[ClinicalNote]) -> tuple[ClinicalNote, ...]:
    """Return the cautions but for that which says in data formats what is in the block."""
    return tuple(caution for caution in cautions if caution.code != "dosing-weight")


def per_kg(unit: str, basis: str | None, weight: str | None) -> str:
    """Write the unit of a dose per kg or m2, and of which weight: ``g/kg of adjusted weight``."""
    return f"{unit}/{basis}" + (f" of {weight} weight" if weight else "")


def instead(row: DoseRow | Step) -> str | None:
    """Say what the actual weight would give: ``in place of 200 g ...: 35.442 g less``."""
    low, high, least, most = row.low_actual, row.high_actual, row.saved_low, row.saved_high
    if low is None or high is None or least is None or most is None or not most:
        return None
    by_actual = format_range(low, high, row.unit or "")
    less = format_range(least, most, row.unit or "")
    return f"in place of {by_actual} by the actual weight: {less} less"


def together(texts: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Join the names that have one text: ``prednisone, methylprednisolone: Weight gain; ...``."""
    names: dict[str, list[str]] = {}
    for name, text in texts.items():
        names.setdefault(text, []).append(name)
    return tuple((f"{', '.join(those)}:", text) for text, those in names.items())


def _indications(rows: tuple[DoseRow, ...]) -> tuple[Points, ...]:
    """Say why each drug is indicated at this severity, or why the severity does not point to it."""
    reasons = {r.drug: f"{_indicated(r)}. {r.reason}" for r in rows if r.base and r.reason}
    return (Points("Indicated, and why", together(reasons)),) if reasons else ()


def describe(patient: Patient) -> str:
    """Describe a patient: ``an adult of 70 kg with severe weakness``."""
    text = f"a child aged {aged(patient)}" if patient.child else "an adult"
    if patient.weight_kg is not None:
        kg = f"{format_plain(patient.weight_kg)} kg"
        text += ", " if patient.child else " of "
        text += f"{patient.given_weight} ({kg})" if patient.given_weight else kg
    if patient.bsa_m2 is not None:
        text += f" and {format_number(patient.bsa_m2)} m2"
    if patient.severity is not None:
        text += f" with {patient.severity} weakness"
    return text


def _kind(row: DoseRow, *, child: bool) -> str:
    """Say whose posology a row is, where it is not the base page's."""
    if row.base:
        return ""
    return "children, " if child else "alternative, "


def _row(row: DoseRow, references: References, *, child: bool) -> tuple[str, ...]:
    return (
        f"{row.name}\n{_kind(row, child=child)}{row.phase}",
        "\n".join([row.text, *_beside(row)]),
        _indicated(row),
        f"{with_thousands(row.posology)} {references.mark(row.sources)}\n"
        f"{local_mark(row.local)}".strip(),
    )


def _beside(row: DoseRow) -> list[str]:
    """Return the lines below a dose: per kg, what the cap did, and what is suggested."""
    lines = []
    if row.per_basis_low is not None and row.per_basis_high is not None:
        each = timing.suffix(row.per) or f" per {row.per}"
        unit = per_kg(row.unit or "", row.basis, row.weight_basis)
        per_size = format_per_size(row.per_basis_low, row.per_basis_high, unit)
        lines.append(f"that is {per_size}{each}" + (", capped" if row.capped else ""))
    if other := instead(row):
        lines.append(other)
    if row.low_before is not None and row.high_before is not None:
        before = format_range(row.low_before, row.high_before, row.unit or "")
        counting = ", ".join(rule.id for rule in row.rules if rule.decides)
        lines.append(f"reduced from {before} by {counting}")
    if row.suggested is not None:
        dose = f"{format_number(row.suggested, up=row.suggested == row.low)} {row.unit}"
        lines.append(f"suggested: {dose} (this table's reading of the severity)")
    if row.reading is not None and row.per != "course":  # the words of a course say its reading
        lines.append(row.reading)
    if row.population is not None:
        lines.append(f"for: {row.population}")
    return lines + _handed(row)


def _handed(row: DoseRow) -> list[str]:
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
        given = units_text(products, row.form or "unit")
        lines.append(f"{format_number(dose)} {row.unit}{off}: {given}")
    if row.form is not None and row.low is not None and not lines:
        lines.append(f"no whole {row.form}s make it")
    return lines


def _indicated(row: DoseRow) -> str:
    if row.refused:
        return "refused"
    if row.indicated is None:
        return "-"
    return "yes" if row.indicated else "not by severity"


def _rounded(rows: tuple[DoseRow, ...]) -> tuple[Points, ...]:
    """Say which figures are shown with fewer decimals than they have."""
    items = tuple(
        (f"{row.regimen}:", text)
        for row in rows
        for text in roundings(
            row.unit or "",
            *([] if row.low == row.high else [(row.low, True)]),
            (row.high, False),
            (row.daily_low, True),
            (row.daily_high, False),
            *([] if row.saved_low == row.saved_high else [(row.saved_low, True)]),
            (row.saved_high, False),
        )
    )
    return (Points("Rounded for this page (exact in the data formats)", items),) if items else ()
