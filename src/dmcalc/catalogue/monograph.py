"""``show``: the monograph of a drug."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc.dosing.wording import posology_text
from dmcalc.infusions.wording import ramp_text
from dmcalc.results.base import (
    ClinicalNote,
    TableResult,
    local_value_warnings,
    local_values_for,
    source_keys,
    split_notes,
)
from dmcalc.results.codes import codes, explained
from dmcalc.results.names import find_drug
from dmcalc.schedules.model import protocols
from dmcalc.sources.figures import citations
from dmcalc.table.model.drug import POSOLOGIES

if TYPE_CHECKING:
    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.infusion import Infusion
    from dmcalc.table.model.table import LoadedTable


def show(loaded: LoadedTable, name: str) -> TableResult:
    """Return the monograph of a drug, its regimens as rows; raise UnknownNameError."""
    table = loaded.table
    key = find_drug(table, name)
    drug = table.drugs[key]
    group = table.groups[drug.group]
    indication = table.indications[drug.indication]
    rows = tuple(
        {
            **_regimen_row(key, regimen, base=part == "regimens"),
            "local": local_values_for(loaded, f"{key}.{regimen.name}"),
            "juvenile": part == "juvenile",
            **codes(table, key),
        }
        for part in POSOLOGIES
        for regimen in getattr(drug, part)
    )
    local = local_values_for(loaded, key)
    warnings, cautions = split_notes(drug.notes, key)
    warnings = (*local_value_warnings(local), *warnings)
    _, readings = split_notes(table.readings, None)
    # the page numbers them in this order; what is left of the drug comes last
    parts = (
        *(drug.cite, group.cite, drug.regimens, drug.alternatives, drug.juvenile, indication),
        *(drug.notes, table.readings, drug.step_notes, drug.patient_notes, drug.products),
        *(drug.atc, drug.rxnorm, drug),
    )
    cites = [cite for _, cite in citations(parts)]
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
            for severity, level in indication._asdict().items()
        },
        "effects": group.effects,
        "side_effects": (*group.side_effects, *drug.side_effects),
        "tapers": tuple(protocols(table, key)),
        "landmark_tapers": tuple(
            name for name, taper in table.landmark_tapers.items() if taper.drug == key
        ),
        "step_notes": tuple(
            {
                "at_or_below": str(note.at_or_below),
                "at_or_above": None if note.at_or_above is None else str(note.at_or_above),
                "text": note.text,
            }
            for note in drug.step_notes
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
            {"source": source, **table.sources[source]._asdict()} for source in source_keys(cites)
        ),
        "local": local,
        **explained(table, key),
    }
    return TableResult("show", loaded, rows, head, warnings, (*cautions, *readings))


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
                "text": ramp_text(ramp),
                "reading": ramp.reading,
                "sources": source_keys((*infusion.cite, *ramp.cite)),
            }
            for ramp in infusion.ramps
        ],
        "notes": [
            ClinicalNote(note.code, note.kind, key, note.text, source_keys(note.cite))
            for note in infusion.notes
        ],
    }


def _regimen_row(key: str, regimen: Regimen, *, base: bool) -> dict[str, Any]:
    return {
        "drug": key,
        "regimen": f"{key}.{regimen.name}",
        "phase": regimen.phase,
        "base": base,
        "posology": posology_text(regimen),
        "population": regimen.population,
        "reading": regimen.reading,
        "no_dose": regimen.no_dose,
        "sources": source_keys(regimen.cite),
    }
