"""``show``: the monograph of a drug."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.catalogue.monograph_rows import (
    IndicationRow,
    InfusionHead,
    PatientNoteRow,
    Place,
    PosologyRow,
    ProductRow,
    RampRow,
    ShowHead,
    SourceRow,
    StepNoteRow,
)
from dmcalc.dosing.wording import posology_text
from dmcalc.infusions.wording import ramp_text
from dmcalc.results.base import (
    ClinicalNote,
    SeveralDrugs,
    TableResult,
    joined,
    local_value_warnings,
    local_values_for,
    source_keys,
    split_notes,
)
from dmcalc.results.codes import codes, explained
from dmcalc.results.names import find_drug, find_drugs
from dmcalc.schedules.published import protocols, published_for
from dmcalc.sources.figures import citations
from dmcalc.table.model.drug import POSOLOGIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.infusion import Infusion
    from dmcalc.table.model.table import LoadedTable

#: The answer of ``show``.
Monograph = TableResult[ShowHead, PosologyRow]


def show_several(
    loaded: LoadedTable, names: Iterable[str]
) -> Monograph | SeveralDrugs[ShowHead, PosologyRow]:
    """Return the monographs of some drugs, each once; raise UnknownNameError."""
    return joined(tuple(show(loaded, key) for key in find_drugs(loaded.table, names)))


def show(loaded: LoadedTable, name: str) -> Monograph:
    """Return the monograph of a drug, its regimens as rows; raise UnknownNameError."""
    table = loaded.table
    key = find_drug(table, name)
    drug = table.drugs[key]
    group = table.groups[drug.group]
    indication = table.indications[drug.indication]
    rows = tuple(
        _posology_row(loaded, key, regimen, part)
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
    head = ShowHead(
        drug=key,
        name=drug.name,
        aliases=drug.aliases,
        class_=group.singular,
        line=drug.line,
        route=drug.route,
        once_weekly=drug.once_weekly,
        reviewed=drug.reviewed,
        indication=IndicationRow(*(Place(level.indicated, level.reason) for level in indication)),
        effects=group.effects,
        side_effects=(*group.side_effects, *drug.side_effects),
        tapers=tuple(protocols(table, key)),
        landmark_tapers=tuple(published_for(table.landmark_tapers, key)),
        step_notes=tuple(
            StepNoteRow(
                str(note.at_or_below),
                None if note.at_or_above is None else str(note.at_or_above),
                note.text,
            )
            for note in drug.step_notes
        ),
        products=tuple(
            ProductRow(
                product=product.id,
                name=product.name,
                form=product.form,
                markets=product.markets,
                strengths=tuple(map(str, product.strengths)),
                scored=tuple(map(str, product.scored)),
                country=product.country,
                release=product.release,
                whole=product.whole,
                notes=tuple(note.text for note in product.notes),
            )
            for product in drug.products
        ),
        no_product=drug.no_product,
        patient_notes=tuple(
            PatientNoteRow(note.text, source_keys(note.cite)) for note in drug.patient_notes
        ),
        infusion=_infusion(key, drug.infusion),
        sources=tuple(SourceRow(source, table.sources[source]) for source in source_keys(cites)),
        local=local,
        **codes(table, key)._asdict(),
        codes=explained(drug),
    )
    return TableResult("show", loaded, rows, head, warnings, (*cautions, *readings))


def _infusion(key: str, infusion: Infusion | None) -> InfusionHead | None:
    """Return how a drug is run in, as the sources give it."""
    if infusion is None:
        return None
    return InfusionHead(
        population=infusion.population,
        within=str(infusion.within) if infusion.within else None,
        no_volume=infusion.no_volume,
        rates=tuple(
            RampRow(
                when=ramp.when,
                text=ramp_text(ramp),
                reading=ramp.reading,
                sources=source_keys((*infusion.cite, *ramp.cite)),
            )
            for ramp in infusion.ramps
        ),
        notes=tuple(
            ClinicalNote(note.code, note.kind, key, note.text, source_keys(note.cite))
            for note in infusion.notes
        ),
    )


def _posology_row(loaded: LoadedTable, key: str, regimen: Regimen, part: str) -> PosologyRow:
    """Return a posology of a drug; ``part`` is its path in the drug."""
    name = f"{key}.{regimen.name}"
    return PosologyRow(
        drug=key,
        regimen=name,
        phase=regimen.phase,
        base=part == "regimens",
        posology=posology_text(regimen),
        population=regimen.population,
        reading=regimen.reading,
        no_dose=regimen.no_dose,
        sources=source_keys(regimen.cite),
        local=local_values_for(loaded, name),
        juvenile=part == "juvenile",
    )
