"""``drugs``: the drugs of the table, and its tapers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from dmcalc.catalogue.rows import DrugRow, ProtocolRow
from dmcalc.dosing.wording import posology_text
from dmcalc.results.base import TableResult, local_value_warnings, local_values_for, source_keys
from dmcalc.schedules.published import default_protocol, protocols, regimens
from dmcalc.table.names import figure_name

if TYPE_CHECKING:
    from dmcalc.table.model.table import LoadedTable


Listed = TypeVar("Listed", DrugRow, ProtocolRow)


def list_drugs(loaded: LoadedTable) -> TableResult[None, DrugRow]:
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
            posology=tuple(f"{r.phase}: {posology_text(r)}" for r in drug.leading),
            alternatives=len(drug.alternatives),
            tapers=tuple(protocols(table, key)),
            reviewed=drug.reviewed,
            local=local_values_for(loaded, *regimens(table, key)),
        )
        for key, drug in table.drugs.items()
    )
    return _result("drugs", loaded, rows)


def list_protocols(loaded: LoadedTable) -> TableResult[None, ProtocolRow]:
    """List every taper of the table with its drug, population and sources."""
    table = loaded.table
    rows = tuple(
        ProtocolRow(
            drug=drug,
            protocol=key,
            default=key == default_protocol(published, drug),
            name=taper.name,
            population=taper.population,
            ends=taper.ends,
            sources=source_keys(taper.cite),
            local=local_values_for(loaded, figure_name(table, (part, key))),
        )
        for part, published in (
            ("daily_tapers", table.tapers),
            ("course_tapers", table.tapers),
            ("landmark_tapers", table.landmark_tapers),
        )
        for key, taper in getattr(table, part).items()
        for drug in taper.drugs
    )
    return _result("protocols", loaded, rows)


def _result(kind: str, loaded: LoadedTable, rows: tuple[Listed, ...]) -> TableResult[None, Listed]:
    """Return a listing with the warnings of the local figures that apply to its rows."""
    warnings = local_value_warnings(local for row in rows for local in row.local)
    return TableResult(kind, loaded, rows, None, warnings)
