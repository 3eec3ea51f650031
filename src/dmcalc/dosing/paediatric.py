"""Children: which drugs have a posology for them, its cap, and what every answer for one says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import PatientError
from dmcalc.quantities.amount import DoseRange
from dmcalc.records import Record
from dmcalc.results.base import ClinicalNote, split_notes

if TYPE_CHECKING:
    from dmcalc.quantities.amount import Per, Rate
    from dmcalc.sources.cite import Cites
    from dmcalc.sources.figures import Path
    from dmcalc.table.model.table import Table


class PaediatricCap(Record):
    """A cap that a source of the table gives for children."""

    rate: Rate
    cite: Cites
    #: What it is a figure of, by name, and its path in the table.
    name: str
    path: Path

    @property
    def dose(self) -> DoseRange:
        """The cap of the low and of the high end."""
        return DoseRange.of(self.rate)


def highest_cap(table: Table, drug: str, per: Per) -> PaediatricCap | None:
    """Return the highest cap of a drug that the table's sources give for children; None if none.

    It holds for each dose of a child whose own source gives no cap: of posology, and of tapers.
    """
    caps = [
        PaediatricCap(taper.max, taper.cite, f"{drug}.taper.{key}", ("landmark_tapers", key, "max"))
        for key, taper in table.landmark_tapers.items()
        if taper.drug == drug and taper.max is not None and taper.max.per == per
    ]
    for number, regimen in enumerate(table.drugs[drug].juvenile):
        if regimen.max is not None and regimen.max.per == per:
            path = ("drugs", drug, "juvenile", number, "max")
            caps.append(PaediatricCap(regimen.max, regimen.cite, f"{drug}.{regimen.name}", path))
    return max(caps, key=lambda cap: cap.dose.in_unit("mg").high, default=None)


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
            f"the table has no paediatric dose of {', '.join(lacking) or 'any drug'}",
            "An adult dose is never scaled down. There are paediatric doses of: "
            f"{', '.join(having) or 'none'}.",
        )
    return named or having


def paediatric_notes(table: Table, *, all_drugs: bool, alternatives: bool) -> list[ClinicalNote]:
    """Return what an answer for a child says besides its doses."""
    cautions = list(split_notes(table.juvenile_notes, None)[1])
    lacking = [key for key, drug in table.drugs.items() if not drug.juvenile]
    if all_drugs and lacking:
        message = (
            f"The table has no paediatric dose of {', '.join(lacking)}. No dose is given: "
            "an adult dose is never scaled down."
        )
        cautions.append(ClinicalNote("no-juvenile-posology", "caution", None, message, ()))
    message = "Notes on adults are left out here; dmcalc show DRUG has them all."
    cautions.append(ClinicalNote("adult-notes", "reading", None, message, ()))
    if alternatives:
        message = (
            "All that the table has for children is listed already; alternatives for adults are "
            "left out."
        )
        cautions.append(ClinicalNote("adult-alternatives", "caution", None, message, ()))
    return cautions
