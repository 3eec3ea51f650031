"""What the table holds: its drugs, the monograph of one, and where each figure comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from dmcalc.catalogue.monograph_rows import (
    Indication,
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
from dmcalc.catalogue.rows import DrugRow, ProtocolRow, WhyHead, WhyRow
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
from dmcalc.results.codes import codes, explained, statements
from dmcalc.results.names import find_drug
from dmcalc.schedules.model import protocols, regimens
from dmcalc.table import figures_of_table, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.cite import Cite
    from dmcalc.table.figures_of_table import SourcedFigure
    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.infusion import Infusion
    from dmcalc.table.model.local_values import LocalValue
    from dmcalc.table.model.table import LoadedTable, Table


Listed = TypeVar("Listed", DrugRow, ProtocolRow)


def drugs(loaded: LoadedTable) -> TableResult[None, DrugRow]:
    """List the drugs of the table in its order, with class, line, route and base posology."""
    table = loaded.table
    rows = tuple(
        DrugRow(
            drug=key,
            name=drug.name,
            aliases=drug.aliases,
            class_=table.groups[drug.group].singular,
            line=drug.line,
            route=drug.route,
            posology=tuple(f"{r.phase}: {posology_text(r)}" for r in drug.regimens),
            alternatives=len(drug.alternatives),
            tapers=tuple(protocols(table, key)),
            reviewed=drug.reviewed,
            local=local_values_for(loaded, *regimens(table, key)),
        )
        for key, drug in table.drugs.items()
    )
    return listing("drugs", loaded, rows)


def list_protocols(loaded: LoadedTable) -> TableResult[None, ProtocolRow]:
    """List every taper of the table with its drug, population and sources."""
    rows = tuple(
        ProtocolRow(
            drug=taper.drug,
            protocol=key,
            default=taper.default,
            name=taper.name,
            population=taper.population,
            ends=taper.ends,
            sources=source_keys(taper.cite),
            local=local_values_for(loaded, f"{taper.drug}.taper.{key}"),
        )
        for key, taper in (
            *loaded.table.tapers.items(),
            *loaded.table.landmark_tapers.items(),
        )
    )
    return listing("protocols", loaded, rows)


def listing(kind: str, loaded: LoadedTable, rows: tuple[Listed, ...]) -> TableResult[None, Listed]:
    """Return a listing with the warnings of the local figures that bear on its rows."""
    warnings = local_value_warnings(local for row in rows for local in row.local)
    return TableResult(kind, loaded, rows, None, warnings)


def show(loaded: LoadedTable, name: str) -> TableResult[ShowHead, PosologyRow]:
    """Return the monograph of a drug, its regimens as rows; raise UnknownNameError."""
    table = loaded.table
    key = find_drug(table, name)
    drug = table.drugs[key]
    group = table.groups[drug.group]
    place = table.indications[drug.indication]
    rows = tuple(
        _posology_row(loaded, key, regimen, part)
        for part in figures_of_table.POSOLOGIES
        for regimen in getattr(drug, part)
    )
    local = local_values_for(loaded, key)
    warnings, cautions = split_notes(drug.notes, key)
    warnings = (*local_value_warnings(local), *warnings)
    _, readings = split_notes(table.readings, None)
    cited: list[Cite] = [*drug.cite, *group.cite]
    posologies = (*drug.regimens, *drug.alternatives, *drug.juvenile)
    cited += [c for r in posologies for c in r.cite]
    cited += [c for level in place for c in level.cite]
    cited += [c for note in (*drug.notes, *table.readings) for c in note.cite]
    cited += [c for step_note in drug.step_notes for c in step_note.cite]
    cited += [c for told in drug.patient_notes for c in told.cite]
    cited += [c for product in drug.products for c in product.cite]
    cited += [c for code in (drug.atc, drug.rxnorm) if code for c in code.cites]
    if drug.infusion is not None:
        cited += [*drug.infusion.cite, *(c for ramp in drug.infusion.ramps for c in ramp.cite)]
        cited += [c for note in drug.infusion.notes for c in note.cite]
    head = ShowHead(
        drug=key,
        name=drug.name,
        aliases=drug.aliases,
        class_=group.singular,
        line=drug.line,
        route=drug.route,
        once_weekly=drug.once_weekly,
        reviewed=drug.reviewed,
        indication=Indication(*(Place(level.indicated, level.reason) for level in place)),
        effects=group.effects,
        side_effects=(*group.side_effects, *drug.side_effects),
        tapers=tuple(protocols(table, key)),
        landmark_tapers=landmark_tapers(table, key),
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
            )
            for product in drug.products
        ),
        patient_notes=tuple(
            PatientNoteRow(note.text, source_keys(note.cite)) for note in drug.patient_notes
        ),
        infusion=_infusion(key, drug.infusion),
        sources=tuple(
            SourceRow(source, **table.sources[source]._asdict()) for source in source_keys(cited)
        ),
        local=local,
        **codes(table, key)._asdict(),
        codes=explained(drug),
    )
    return TableResult("show", loaded, rows, head, warnings, (*cautions, *readings))


def landmark_tapers(table: Table, drug: str) -> tuple[str, ...]:
    """List the keys of a drug's tapers for children."""
    return tuple(key for key, taper in table.landmark_tapers.items() if taper.drug == drug)


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
    """Return a posology of a drug; ``part`` is where in the drug it stands."""
    name = f"{key}.{figures_of_table.regimen_id(regimen)}"
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


def why(loaded: LoadedTable, name: str) -> TableResult[WhyHead, WhyRow]:
    """Return where each figure and statement of a drug comes from, a row a quote.

    Raise UnknownNameError.
    """
    table = loaded.base or loaded.table
    key = find_drug(table, name)
    drug = table.drugs[key]
    found = list(figures_of_table.of_drug(key, drug))
    for taper in protocols(table, key):
        found += figures_of_table.of_taper(taper, table.tapers[taper])
    for taper in landmark_tapers(table, key):
        found += figures_of_table.of_landmarks(taper, table.landmark_tapers[taper])
    rows = [row for figure in found for row in _origins(loaded, key, figure)]
    said = [
        (f"indicated in {severity} weakness", level.reason, level.cite)
        for severity, level in table.indications[drug.indication]._asdict().items()
    ]
    said += [(f"{note.kind} {note.code}", note.text, note.cite) for note in drug.notes]
    said += [("note on a taper step", note.text, note.cite) for note in drug.step_notes]
    said += statements(drug)
    rows += [
        _provenance(loaded, key, label, text, cite)
        for label, text, cites in said
        for cite in cites
        if cite.quote is not None
    ]
    local = local_values_for(loaded, key)
    told = {figure.figure for row in rows for figure in row.local}
    rows += [_local_origin(loaded, key, one) for one in local if one.figure not in told]
    head = WhyHead(key, drug.name, *codes(table, key))
    return TableResult("why", loaded, tuple(rows), head, local_value_warnings(local))


def _origins(loaded: LoadedTable, key: str, figure: SourcedFigure) -> Iterator[WhyRow]:
    """Return where a figure comes from, a row a quote.

    A local figure comes from who set it; below it stands what the table has in its place.
    """
    name = names.figure_name(loaded.base or loaded.table, figure.path)
    local = next((one for one in loaded.local if one.figure == name), None)
    if local is not None:
        yield _local_origin(loaded, key, local, figure.label)
        figure = figure._replace(label=f"{figure.label}, in the table")
    for cite in figure.cites:
        if figures_of_table.supports(figure, cite):
            row = _provenance(loaded, key, figure.label, str(figure.value), cite)
            yield row._replace(id=name, local=() if local is None else (local,))


def _local_origin(
    loaded: LoadedTable, key: str, local: LocalValue, label: str | None = None
) -> WhyRow:
    """Return a row for a local figure: it has an author, a day and a reason, and no quote."""
    return WhyRow(
        drug=key,
        figure=label or local.figure,
        value=local.value,
        quote=None,
        source=None,
        title=None,
        doi=None,
        read=None,
        remark=None,
        primary=None,
        primary_title=None,
        primary_doi=None,
        primary_read=None,
        reviewed=loaded.table.drugs[key].reviewed,
        id=local.figure,
        local=(local,),
    )


def _provenance(loaded: LoadedTable, key: str, label: str, value: str, cite: Cite) -> WhyRow:
    table = loaded.table
    source = table.sources[cite.source]
    primary = table.sources[cite.primary] if cite.primary else None
    return WhyRow(
        drug=key,
        figure=label,
        value=value,
        quote=cite.quote,
        source=cite.source,
        title=source.title,
        doi=source.doi,
        read=source.read,
        remark=source.remark,
        primary=cite.primary,
        primary_title=primary.title if primary else None,
        primary_doi=primary.doi if primary else None,
        primary_read=primary.read if primary else None,
        reviewed=table.drugs[key].reviewed,
        id=None,
        local=(),
    )
