"""The page of ``dmcalc body``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    describe_patient,
    explained_sections,
    local_mark,
    plain_list,
    usual_sections,
)
from dmcalc.quantities.base import format_plain
from dmcalc.text.numbers import capitalised, format_measured

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.patient.body import BodyResult

#: How each measure is called, its unit, and the decimals that people see of it.
SHOWN = {
    "bmi": ("Body mass index", "kg/m2", 1),
    "bsa_m2": ("Body surface area (BSA)", "m2", 2),
    "ideal_weight_kg": ("Ideal weight", "kg", 1),
    "adjusted_weight_kg": ("Adjusted weight", "kg", 1),
    "crcl_ml_min": ("Creatinine clearance", "mL/min", 1),
    "egfr_ml_min_173m2": ("eGFR", "mL/min/1.73 m2", 1),
}


def page(result: BodyResult, references: References) -> Page:
    """Lay out each measure with its formula, what is missing, notes and sources."""
    shown = (
        "Shown rounded half up to one decimal, a body surface area to two; with more where it "
        "would become a whole number that it is not."
    )
    readings = tuple((f"{used.name}:", used.reading) for used in result.formulas if used.reading)
    blocks = (
        _measures(result),
        plain_list(
            "Not computed", (f"{capitalised(measure.reason)}." for measure in result.missing)
        ),
        *usual_sections(result, local=result.local),
    )
    explained = explained_sections(
        result,
        references,
        rounding=(
            _formulas(result, references),
            plain_list("Rounded", (shown, *result.rounded)),
            ListBlock("How the table reads its sources", readings),
        ),
    )
    title = f"Body size and kidneys of {describe_patient(result.patient)}"
    return Page(title, blocks, _entered(result), tuple(explained))


def _entered(result: BodyResult) -> str:
    physique, years = result.physique, result.patient.age_years
    parts = []
    if (cm := physique.height_cm) is not None:
        written = f" (given as {physique.given_height})" if physique.given_height else ""
        parts.append(f"height {format_plain(cm)} cm{written}")
    parts += [physique.sex] if physique.sex else []
    parts += [f"{years} years"] if years is not None else []
    if physique.creatinine is not None:
        row = result.row
        mg, micromol = row.creatinine_mg_dl, row.creatinine_umol_l
        assert mg is not None and micromol is not None
        parts.append(f"creatinine {_shown(mg, 2)} mg/dL ({_shown(micromol)} micromol/L)")
    text = ", ".join(parts)
    return ". ".join(filter(None, (capitalised(text), local_mark(result.local))))


def _shown(value: Decimal, places: int = 1) -> str:
    return format_measured(Fraction(value), places=places)


def _formulas(result: BodyResult, references: References) -> ListBlock:
    """Return the formulas in words."""
    items = ((f"{u.name}:", f"{u.text} {references.cite(u.sources)}") for u in result.formulas)
    return ListBlock("Formulas", tuple(items))


def _measures(result: BodyResult) -> TableBlock:
    """Return the measures, each with the name of its formula."""
    rows = []
    for used in result.formulas:
        (name, unit, places), weight = SHOWN[used.measure], ""
        if used.measure == "crcl_ml_min" and result.crcl_weight_kg is not None:
            weight = f", {result.crcl_weight} weight of {_shown(result.crcl_weight_kg)} kg"
        value = f"{_shown(result.values[used.measure], places)} {unit}"
        formula = used.text if used.name == name else used.name
        rows.append((name, value, formula + weight))
    return TableBlock(None, ("Measure", "Value", "Formula"), tuple(rows), frozenset({2}))
