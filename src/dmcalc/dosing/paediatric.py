"""Children: which drugs have a posology for them, and what every answer for one says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import PatientError
from dmcalc.results.base import ClinicalNote, split_notes

if TYPE_CHECKING:
    from dmcalc.table.model.table import Table


def drugs_with_posology(
    table: Table, named: tuple[str, ...], all_drugs: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the named drugs, or those that have a posology for children where none is named.

    Raise PatientError for a named one that has none: an adult dose is never scaled down.
    """
    having = tuple(key for key in all_drugs if table.drugs[key].juvenile)
    lacking = [key for key in named if key not in having]
    if lacking or not having:
        raise PatientError(
            f"the table has no posology for children for {', '.join(lacking) or 'any drug'}",
            "An adult dose is never scaled down. It has one for children for: "
            f"{', '.join(having) or 'none'}.",
        )
    return named or having


def paediatric_notes(table: Table, *, all_drugs: bool, alternatives: bool) -> list[ClinicalNote]:
    """Return what an answer for a child says besides its doses."""
    cautions = list(split_notes(table.juvenile_notes, None)[1])
    lacking = [key for key, drug in table.drugs.items() if not drug.juvenile]
    if all_drugs and lacking:
        message = (
            f"The table has no posology for children for {', '.join(lacking)}. No dose is given: "
            "an adult dose is never scaled down."
        )
        cautions.append(ClinicalNote("no-juvenile-posology", "caution", None, message, ()))
    message = "The table's notes on adults are left out here; dmcalc show DRUG has them all."
    cautions.append(ClinicalNote("adult-notes", "reading", None, message, ()))
    if alternatives:
        message = "The alternatives of the table are for adults: none is shown for a child."
        cautions.append(ClinicalNote("adult-alternatives", "caution", None, message, ()))
    return cautions
