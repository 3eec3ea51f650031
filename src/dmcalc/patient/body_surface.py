"""A patient's body surface area from height and weight, by the table's default formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import PatientError, UsageError
from dmcalc.patient import anthropometry, formulas
from dmcalc.patient.measures import default_formulas
from dmcalc.results.base import ClinicalNote, source_keys
from dmcalc.results.trace import FORMULA, noting
from dmcalc.text.numbers import format_exact, format_number

if TYPE_CHECKING:
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import Table


def with_body_surface(table: Table, patient: Patient, height: str) -> Patient:
    """Return a patient with the height that is written and the surface that follows from it.

    Raise UsageError where the surface is given too, and PatientError for a height that cannot be
    read or is not plausible, or without a weight.
    """
    if patient.bsa_m2 is not None:
        both = "‹height› and ‹bsa› both give the body surface area"
        raise UsageError(both, "Leave one of them out.")
    build = anthropometry.read(table.limits, height=height, child=patient.child)
    if patient.weight_kg is None:
        raise PatientError(
            "the weight is missing: a body surface area needs weight and height",
            "Give it in kg or lb, e.g. ‹weight 28›, or the surface itself with ‹bsa›.",
        )
    assert build.height_cm is not None
    key = default_formulas(table, None).get("bsa_m2")
    if key is None:
        raise PatientError("the table has no formula of body surface area", "Give ‹bsa›.")
    surface = formulas.surface(table.formulas[key], patient.weight_kg, build.height_cm)
    taken = formulas.significant(surface)
    if trace := noting():
        trace.used(FORMULA, "formulas", key)
        how = formulas.SIGNIFICANT
        trace.rounded("patient.bsa_m2", "body surface area", surface, taken, "m2", how, root=True)
    return patient._replace(height_cm=build.height_cm, bsa_m2=taken, bsa_formula=key)


def body_surface_note(table: Table, patient: Patient) -> ClinicalNote:
    """Say by which formula a body surface area was computed, and how it was rounded."""
    assert patient.bsa_formula is not None and patient.bsa_m2 is not None
    assert patient.height_cm is not None and patient.weight_kg is not None
    formula = table.formulas[patient.bsa_formula]
    message = (
        f"The body surface area is {format_number(patient.bsa_m2)} m2 by {formula.name}, from "
        f"{format_exact(patient.height_cm)} cm and {format_exact(patient.weight_kg)} kg. It is "
        "computed with "
        f"{format_exact(patient.bsa_m2)} m2, rounded half up to {formulas.DIGITS} significant "
        "digits."
    )
    return ClinicalNote("body-surface", "reading", None, message, source_keys(formula.cite))
