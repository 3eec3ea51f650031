"""The codes by which other systems know the drug of a row: strings, and never doses."""

from typing import TYPE_CHECKING, Any

from dmcalc.results.base import source_keys
from dmcalc.table.model.drug import SYSTEMS

if TYPE_CHECKING:
    from typing import TypedDict

    from dmcalc.sources.cite import Cite
    from dmcalc.table.model.drug import Code, Drug
    from dmcalc.table.model.table import Table

    class Codes(TypedDict):
        """What every row and document that names a drug says of its codes."""

        atc: str | None
        rxnorm: str | None


def codes(table: "Table", drug: str | None) -> "Codes":
    """Return the codes of a drug by its key; None where the table has none, or no such drug."""
    held = None if drug is None else table.drugs.get(drug)
    if held is None:
        return {"atc": None, "rxnorm": None}
    return {
        "atc": held.atc.code if held.atc else None,
        "rxnorm": held.rxnorm.code if held.rxnorm else None,
    }


def coded(table: "Table", row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the codes of its drug after it."""
    return {**row, **codes(table, row["drug"])}


def explained(table: "Table", drug: str) -> dict[str, Any]:
    """Return the codes of a drug, and what the table says of each: its reading, or why none."""
    said = [
        {
            "system": label,
            "code": entry.code,
            "note": entry.reading or entry.no_code,
            "sources": source_keys(entry.cites),
        }
        for label, entry in _entries(table.drugs[drug])
    ]
    return {**codes(table, drug), "codes": said}


def statements(drug: "Drug") -> "list[tuple[str, str, tuple[Cite, ...]]]":
    """List the sentences on the codes of a drug: what each is called, its text, its citations."""
    return [
        (f"{'reading of the' if entry.code else 'no'} {label}", text, entry.cites)
        for label, entry in _entries(drug)
        if (text := entry.reading or entry.no_code)
    ]


def _entries(drug: "Drug") -> "list[tuple[str, Code]]":
    entries = [(label, getattr(drug, system)) for system, label in SYSTEMS.items()]
    return [(label, entry) for label, entry in entries if entry is not None]
