"""``why``: where each figure and statement of a drug comes from, quote by quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.catalogue.rows import WhyHead, WhyRow
from dmcalc.errors import UnknownNameError
from dmcalc.results.base import (
    SeveralDrugs,
    TableResult,
    joined,
    local_value_warnings,
    local_values_for,
)
from dmcalc.results.codes import codes
from dmcalc.results.codes import statements as code_statements
from dmcalc.results.names import find_drug
from dmcalc.table import names
from dmcalc.table.figures import figures_of, supporting
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.sources.cite import Cite
    from dmcalc.table.figures import SourcedFigure
    from dmcalc.table.model.local_values import LocalValue
    from dmcalc.table.model.table import LoadedTable


def why_several(
    loaded: LoadedTable, names: Iterable[str]
) -> TableResult[WhyHead, WhyRow] | SeveralDrugs[WhyHead, WhyRow]:
    """Return where figures of some drugs come from, those of one drug together.

    Raise UnknownNameError.
    """
    by_drug: dict[str, TableResult[WhyHead, WhyRow]] = {}
    for name in names:
        result = why(loaded, name)
        before = by_drug.get(result.head.drug, result)
        rows = dict.fromkeys((*before.rows, *result.rows))
        by_drug[result.head.drug] = result._replace(rows=tuple(rows))
    return joined(tuple(by_drug.values()))


def why(loaded: LoadedTable, name: str) -> TableResult[WhyHead, WhyRow]:
    """Return where each figure and statement of a drug comes from, a row a quote.

    A name like ``prednisone.induction.max`` is that of a figure, ``prednisone.induction`` that of a
    group of them. Raise UnknownNameError.
    """
    table = loaded.base or loaded.table
    drug_name, dot, _ = name.partition(".")
    key = find_drug(table, drug_name)
    drug = table.drugs[key]
    figures = list(figures_of(table, "drugs", key))
    for part in ("daily_tapers", "course_tapers", "landmark_tapers"):
        for protocol, taper in getattr(table, part).items():
            figures += figures_of(table, part, protocol) if key in taper.drugs else ()
    rows = [row for figure in figures for row in _origins(loaded, key, figure)]
    statements = [
        (f"indicated in {severity} weakness", level.reason, level.cite)
        for severity, level in table.indications[drug.indication]._asdict().items()
    ]
    statements += [(f"{note.kind} {note.code}", note.text, note.cite) for note in drug.notes]
    statements += [("note on a taper step", note.text, note.cite) for note in drug.step_notes]
    statements += code_statements(drug)
    rows += [
        _row(loaded, key, label, text, cite)
        for label, text, cites in statements
        for cite in cites
        if cite.quote is not None
    ]
    local = local_values_for(loaded, key)
    named = {figure.figure for row in rows for figure in row.local}
    rows += [_local_origin(loaded, key, value) for value in local if value.figure not in named]
    if dot:
        rows = _of_figure(rows, name)
    head = WhyHead(key, drug.name, *codes(table, key))
    return TableResult("why", loaded, tuple(rows), head, local_value_warnings(local))


def _of_figure(rows: list[WhyRow], name: str) -> list[WhyRow]:
    """Return the rows of the figures of a name; raise UnknownNameError for none."""
    wanted = name.strip().lower()
    ids = list(dict.fromkeys(row.id for row in rows if row.id))
    chosen = [row for row in rows if row.id and f"{row.id}.".startswith(f"{wanted}.")]
    if not chosen:
        drug = wanted.partition(".")[0]
        raise UnknownNameError(
            f"no figure is called {name!r}{near(wanted, ids)}",
            f"List the figures of {drug} with: dmcalc why {drug}",
        )
    return chosen


def _origins(loaded: LoadedTable, key: str, figure: SourcedFigure) -> Iterator[WhyRow]:
    """Return where a figure comes from, a row a quote.

    A local figure comes from who set it; below it is the figure of the table that it replaces.
    """
    name = names.figure_name(loaded.base or loaded.table, figure.path)
    label, local = figure.label, next((v for v in loaded.local if v.figure == name), None)
    if local is not None:
        yield _local_origin(loaded, key, local, label)
        label = f"{label}, in the table"
    for cite in supporting(figure):
        row = _row(loaded, key, label, str(figure.value), cite)
        yield row._replace(id=name, local=() if local is None else (local,))


def _local_origin(
    loaded: LoadedTable, key: str, local: LocalValue, label: str | None = None
) -> WhyRow:
    """Return a row for a local figure: it has an author, a day and a reason, and no quote."""
    row = _row(loaded, key, label or local.figure, local.value)
    return row._replace(id=local.figure, local=(local,))


def _row(loaded: LoadedTable, key: str, label: str, value: str, cite: Cite | None = None) -> WhyRow:
    """Return a row for a figure or a statement, and for the quote that contains it, if any."""
    sources = loaded.table.sources
    source = sources[cite.source] if cite else None
    primary = sources[cite.primary] if cite and cite.primary else None
    return WhyRow(
        drug=key,
        figure=label,
        value=value,
        quote=cite.quote if cite else None,
        source=cite.source if cite else None,
        title=source.title if source else None,
        doi=source.doi if source else None,
        read=source.read if source else None,
        remark=source.remark if source else None,
        primary=cite.primary if cite else None,
        primary_title=primary.title if primary else None,
        primary_doi=primary.doi if primary else None,
        primary_read=primary.read if primary else None,
        reviewed=loaded.table.drugs[key].reviewed,
        id=None,
        local=(),
    )
