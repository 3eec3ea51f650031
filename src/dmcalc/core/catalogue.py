"""What the table holds: its drugs, the monograph of one, and where each figure comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc import wording
from dmcalc.core.names import find_drug
from dmcalc.core.result import Caution, Warned, envelope, source_keys
from dmcalc.core.schedule import protocols
from dmcalc.table import figures

if TYPE_CHECKING:
    from dmcalc.table.model import Cite, LoadedTable, Regimen


class DrugList(NamedTuple):
    """The answer of ``dmcalc drugs``."""

    loaded: LoadedTable
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[Warned, ...] = ()
    kind: str = "drugs"

    def document(self) -> dict[str, Any]:
        """Return the whole result for JSON."""
        return {
            **envelope(self.kind, self.loaded),
            "rows": self.records(),
            "warnings": [],
            "disclaimer": self.loaded.table.disclaimer,
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the drugs, flat."""
        return list(self.rows)


def drugs(loaded: LoadedTable) -> DrugList:
    """List the drugs of the table in its order, with class, line, route and base posology."""
    table = loaded.table
    rows = tuple(
        {
            "drug": key,
            "name": drug.name,
            "aliases": drug.aliases,
            "class": table.groups[drug.group].singular,
            "line": drug.line,
            "route": drug.route,
            "posology": tuple(f"{r.phase}: {wording.posology(r)}" for r in drug.regimens),
            "alternatives": len(drug.alternatives),
            "tapers": tuple(protocols(table, key)),
            "reviewed": drug.reviewed,
        }
        for key, drug in table.drugs.items()
    )
    return DrugList(loaded, rows)


class Monograph(NamedTuple):
    """The answer of ``dmcalc show``: all that the table says of one drug."""

    loaded: LoadedTable
    entry: dict[str, Any]
    rows: tuple[dict[str, Any], ...]
    cautions: tuple[Caution, ...]
    sources: tuple[dict[str, Any], ...]
    warnings: tuple[Warned, ...] = ()
    kind: str = "show"

    def document(self) -> dict[str, Any]:
        """Return the whole result for JSON."""
        return {
            **envelope(self.kind, self.loaded),
            **self.entry,
            "rows": self.records(),
            "cautions": [caution._asdict() for caution in self.cautions],
            "sources": self.sources,
            "warnings": [],
            "disclaimer": self.loaded.table.disclaimer,
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the regimens, flat."""
        return list(self.rows)


def show(loaded: LoadedTable, name: str) -> Monograph:
    """Return the monograph of a drug; raise UnknownNameError."""
    table = loaded.table
    key = find_drug(table, name)
    drug = table.drugs[key]
    group = table.groups[drug.group]
    place = table.indications[drug.indication]
    entry = {
        "drug": key,
        "name": drug.name,
        "aliases": drug.aliases,
        "class": group.singular,
        "line": drug.line,
        "route": drug.route,
        "once_weekly": drug.once_weekly,
        "reviewed": drug.reviewed,
        "indication": {
            severity: {"indicated": level.indicated, "reason": level.reason}
            for severity, level in place._asdict().items()
        },
        "effects": group.effects,
        "side_effects": (*group.side_effects, *drug.side_effects),
        "tapers": tuple(protocols(table, key)),
        "patient_notes": tuple(
            {"text": note.text, "sources": source_keys(note.cite)} for note in drug.patient_notes
        ),
    }
    rows = tuple(
        _regimen_row(key, regimen, base=base)
        for regimens, base in ((drug.regimens, True), (drug.alternatives, False))
        for regimen in regimens
    )
    cautions = tuple(
        Caution(note.code, note.kind, key, note.text, source_keys(note.cite)) for note in drug.notes
    )
    cited: list[Cite] = [*drug.cite, *group.cite]
    cited += [c for r in (*drug.regimens, *drug.alternatives) for c in r.cite]
    cited += [c for note in drug.notes for c in note.cite]
    cited += [c for step_note in drug.step_notes for c in step_note.cite]
    cited += [c for told in drug.patient_notes for c in told.cite]
    cited += [c for level in place for c in level.cite]
    sources = tuple(source_record(loaded, key) for key in source_keys(cited))
    return Monograph(loaded, entry, rows, cautions, sources)


def _regimen_row(key: str, regimen: Regimen, *, base: bool) -> dict[str, Any]:
    return {
        "drug": key,
        "regimen": f"{key}.{figures.regimen_id(regimen)}",
        "phase": regimen.phase,
        "base": base,
        "posology": wording.posology(regimen),
        "population": regimen.population,
        "reading": regimen.reading,
        "no_dose": regimen.no_dose,
        "sources": source_keys(regimen.cite),
    }


def source_record(loaded: LoadedTable, key: str) -> dict[str, Any]:
    """Return a source for machines: its key and what the table knows of it."""
    return {"source": key, **loaded.table.sources[key]._asdict()}


class Provenance(NamedTuple):
    """The answer of ``dmcalc why``: each figure of a drug with the words that it stands on."""

    loaded: LoadedTable
    drug: str
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[Warned, ...] = ()
    kind: str = "why"

    def document(self) -> dict[str, Any]:
        """Return the whole result for JSON."""
        return {
            **envelope(self.kind, self.loaded),
            "drug": self.drug,
            "rows": self.records(),
            "warnings": [],
            "disclaimer": self.loaded.table.disclaimer,
        }

    def records(self) -> list[dict[str, Any]]:
        """Return one row per figure and quote, flat."""
        return list(self.rows)


def why(loaded: LoadedTable, name: str) -> Provenance:
    """Return where each figure of a drug and its tapers comes from; raise UnknownNameError."""
    table = loaded.table
    key = find_drug(table, name)
    drug = table.drugs[key]
    found = list(figures.of_drug(key, drug))
    for taper in protocols(table, key):
        if taper in table.daily_tapers:
            found += figures.of_daily_taper(taper, table.daily_tapers[taper])
        else:
            found += figures.of_course_taper(taper, table.course_tapers[taper])
    rows = tuple(
        _provenance(loaded, key, figure, cite)
        for figure in found
        for cite in figure.cites
        if cite.quote is not None and figures.supports(figure, cite)
    )
    return Provenance(loaded, key, rows)


def _provenance(
    loaded: LoadedTable, key: str, figure: figures.SourcedFigure, cite: Cite
) -> dict[str, Any]:
    table = loaded.table
    source = table.sources[cite.source]
    primary = table.sources[cite.primary] if cite.primary else None
    return {
        "drug": key,
        "figure": figure.label,
        "value": str(figure.value),
        "quote": cite.quote,
        "source": cite.source,
        "title": source.title,
        "doi": source.doi,
        "read": source.read,
        "remark": source.remark,
        "primary": cite.primary,
        "primary_title": primary.title if primary else None,
        "primary_doi": primary.doi if primary else None,
        "primary_read": primary.read if primary else None,
        "reviewed": table.drugs[key].reviewed,
    }


class TableCheck(NamedTuple):
    """The answer of ``dmcalc table check``: a valid table, and how much of it was checked."""

    loaded: LoadedTable
    path: str
    counts: dict[str, int]
    warnings: tuple[Warned, ...] = ()
    kind: str = "table-check"

    def document(self) -> dict[str, Any]:
        """Return the whole result for JSON."""
        return {
            **envelope(self.kind, self.loaded),
            "rows": self.records(),
            "warnings": [],
            "disclaimer": self.loaded.table.disclaimer,
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the counts as one row."""
        table = self.loaded.table
        return [
            {
                "file": self.path,
                "valid": True,
                **self.counts,
                "reviewed": table.reviewed,
                "review_by": table.review_by,
            }
        ]


def checked(loaded: LoadedTable) -> TableCheck:
    """Count what the loader checked in a table that it found valid."""
    table = loaded.table
    cites = list(figures.cites(table))
    notes = [len(d.notes) + len(d.step_notes) + len(d.patient_notes) for d in table.drugs.values()]
    tapers = table.tapers.values()
    counts = {
        "drugs": len(table.drugs),
        "regimens": sum(len(drug.regimens) for drug in table.drugs.values()),
        "alternatives": sum(len(drug.alternatives) for drug in table.drugs.values()),
        "tapers": len(tapers),
        "figures": len(list(figures.of_table(table))),
        "quotes": sum(cite.quote is not None for _, cite in cites),
        "citations": len(cites),
        "sources": len(table.sources),
        "notes": sum(notes) + len(table.readings) + sum(len(taper.notes) for taper in tapers),
    }
    return TableCheck(loaded, loaded.path, counts)
