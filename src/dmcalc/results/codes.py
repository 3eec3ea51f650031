"""The codes by which other systems know the drug of a row: strings, and never doses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from dmcalc.records import Record
from dmcalc.results.base import source_keys
from dmcalc.table.model.drug import SYSTEMS

if TYPE_CHECKING:
    from dmcalc.results.field_types import Atc, RxNorm, Sources
    from dmcalc.sources.cite import Cite
    from dmcalc.table.model.drug import Code, Drug
    from dmcalc.table.model.table import Table


class Codes(Record):
    """What every row and document that names a drug says of its codes."""

    atc: Atc
    rxnorm: RxNorm


class CodeNote(Record):
    """What the table says of a code of a drug."""

    system: Annotated[str, "Which system of codes, for people."]
    code: Annotated[str | None, "The code in it."]
    note: Annotated[
        str | None, "What the code is of, and others that it has had; where there is none, why."
    ]
    sources: Sources


def codes(table: Table, drug: str | None) -> Codes:
    """Return the codes of a drug by its key; None where the table has none, or no such drug."""
    entry = None if drug is None else table.drugs.get(drug)
    if entry is None:
        return Codes(None, None)
    return Codes(entry.atc.code if entry.atc else None, entry.rxnorm.code if entry.rxnorm else None)


def explained(drug: Drug) -> tuple[CodeNote, ...]:
    """Return what the table says of each code of a drug: its reading, or why there is none."""
    return tuple(
        CodeNote(label, entry.code, entry.reading or entry.no_code, source_keys(entry.cites))
        for label, entry in _entries(drug)
    )


def statements(drug: Drug) -> list[tuple[str, str, tuple[Cite, ...]]]:
    """List the sentences on the codes of a drug: what each is called, its text, its citations."""
    return [
        (f"{'reading of the' if entry.code else 'no'} {label}", text, entry.cites)
        for label, entry in _entries(drug)
        if (text := entry.reading or entry.no_code)
    ]


def _entries(drug: Drug) -> list[tuple[str, Code]]:
    entries = [(label, getattr(drug, system)) for system, label in SYSTEMS.items()]
    return [(label, entry) for label, entry in entries if entry is not None]
