"""What the table holds: its drugs, the monograph of one, and where each figure comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc import wording
from dmcalc.core.names import find_drug
from dmcalc.core.result import Caution, Listing, noted, source_keys
from dmcalc.core.schedule import protocols
from dmcalc.table import figures

if TYPE_CHECKING:
    from dmcalc.table.model import Cite, Infusion, LoadedTable, Regimen


def drugs(loaded: LoadedTable) -> Listing:
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
    return Listing("drugs", loaded, rows)


def list_protocols(loaded: LoadedTable) -> Listing:
    """List every taper of the table with its drug, population and sources."""
    rows = tuple(
        {
            "drug": taper.drug,
            "protocol": key,
            "default": taper.default,
            "name": taper.name,
            "population": taper.population,
            "ends": taper.ends,
            "sources": source_keys(taper.cite),
        }
        for key, taper in loaded.table.tapers.items()
    )
    return Listing("protocols", loaded, rows)


def show(loaded: LoadedTable, name: str) -> Listing:
    """Return the monograph of a drug, its regimens as rows; raise UnknownNameError."""
    table = loaded.table
    key = find_drug(table, name)
    drug = table.drugs[key]
    group = table.groups[drug.group]
    place = table.indications[drug.indication]
    rows = tuple(
        _regimen_row(key, regimen, base=base)
        for regimens, base in ((drug.regimens, True), (drug.alternatives, False))
        for regimen in regimens
    )
    warnings, cautions = noted(drug.notes, key)
    _, readings = noted(table.readings, None)
    cited: list[Cite] = [*drug.cite, *group.cite]
    cited += [c for r in (*drug.regimens, *drug.alternatives) for c in r.cite]
    cited += [c for level in place for c in level.cite]
    cited += [c for note in (*drug.notes, *table.readings) for c in note.cite]
    cited += [c for step_note in drug.step_notes for c in step_note.cite]
    cited += [c for told in drug.patient_notes for c in told.cite]
    cited += [c for product in drug.products for c in product.cite]
    if drug.infusion is not None:
        cited += [*drug.infusion.cite, *(c for ramp in drug.infusion.ramps for c in ramp.cite)]
        cited += [c for note in drug.infusion.notes for c in note.cite]
    head = {
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
        "step_notes": tuple(
            {"at_or_below": str(note.at_or_below), "text": note.text} for note in drug.step_notes
        ),
        "products": tuple(
            {
                "product": product.id,
                "name": product.name,
                "form": product.form,
                "markets": product.markets,
                "strengths": tuple(map(str, product.strengths)),
                "scored": tuple(map(str, product.scored)),
            }
            for product in drug.products
        ),
        "patient_notes": tuple(
            {"text": note.text, "sources": source_keys(note.cite)} for note in drug.patient_notes
        ),
        "infusion": _infusion(key, drug.infusion),
        "sources": tuple(
            {"source": source, **table.sources[source]._asdict()} for source in source_keys(cited)
        ),
    }
    return Listing("show", loaded, rows, head, warnings, (*cautions, *readings))


def _infusion(key: str, infusion: Infusion | None) -> dict[str, Any] | None:
    """Return how a drug is run in, as the sources give it."""
    if infusion is None:
        return None
    return {
        "population": infusion.population,
        "within": str(infusion.within) if infusion.within else None,
        "no_volume": infusion.no_volume,
        "rates": [
            {
                "when": ramp.when,
                "text": wording.ramp(ramp),
                "reading": ramp.reading,
                "sources": source_keys((*infusion.cite, *ramp.cite)),
            }
            for ramp in infusion.ramps
        ],
        "notes": [
            Caution(note.code, note.kind, key, note.text, source_keys(note.cite))
            for note in infusion.notes
        ],
    }


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


def why(loaded: LoadedTable, name: str) -> Listing:
    """Return where each figure and statement of a drug comes from, a row a quote.

    Raise UnknownNameError.
    """
    table = loaded.table
    key = find_drug(table, name)
    drug = table.drugs[key]
    found = list(figures.of_drug(key, drug))
    for taper in protocols(table, key):
        found += figures.of_taper(taper, table.tapers[taper])
    rows = [
        _provenance(loaded, key, figure.label, str(figure.value), cite)
        for figure in found
        for cite in figure.cites
        if figures.supports(figure, cite)
    ]
    statements = [
        (f"indicated in {severity} weakness", level.reason, level.cite)
        for severity, level in table.indications[drug.indication]._asdict().items()
    ]
    statements += [(f"{note.kind} {note.code}", note.text, note.cite) for note in drug.notes]
    statements += [("note on a taper step", note.text, note.cite) for note in drug.step_notes]
    rows += [
        _provenance(loaded, key, label, text, cite)
        for label, text, cites in statements
        for cite in cites
        if cite.quote is not None
    ]
    return Listing("why", loaded, tuple(rows), {"drug": key, "name": drug.name})


def _provenance(
    loaded: LoadedTable, key: str, label: str, value: str, cite: Cite
) -> dict[str, Any]:
    table = loaded.table
    source = table.sources[cite.source]
    primary = table.sources[cite.primary] if cite.primary else None
    return {
        "drug": key,
        "figure": label,
        "value": value,
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


def checked(loaded: LoadedTable) -> Listing:
    """Count what the loader checked in a table that it found valid."""
    table = loaded.table
    cites = list(figures.cites(table))
    entries = table.drugs.values()
    notes = [len(d.notes) + len(d.step_notes) + len(d.patient_notes) for d in entries]
    notes += [len(taper.notes) for taper in table.tapers.values()]
    notes += [len(drug.infusion.notes) for drug in entries if drug.infusion]
    counts = {
        "drugs": len(table.drugs),
        "regimens": sum(len(drug.regimens) for drug in entries),
        "alternatives": sum(len(drug.alternatives) for drug in entries),
        "products": sum(len(drug.products) for drug in entries),
        "tapers": len(table.tapers),
        "figures": len(list(figures.of_table(table))),
        "quotes": sum(cite.quote is not None for _, cite in cites),
        "citations": len(cites),
        "sources": len(table.sources),
        "notes": sum(notes) + len(table.readings),
    }
    row = {
        "file": loaded.path,
        "valid": True,
        **counts,
        "reviewed": table.reviewed,
        "review_by": table.review_by,
    }
    return Listing("table-check", loaded, (row,), {"counts": counts})
