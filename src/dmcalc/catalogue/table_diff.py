"""What differs between two drug tables: figure by figure, and all else that they contain."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.catalogue.rows import ComparedTable, DifferenceHead, DifferenceRow
from dmcalc.results.base import TableResult, local_value_warnings, source_keys
from dmcalc.sources.cite import Cite
from dmcalc.sources.figures import parts_of
from dmcalc.table import names
from dmcalc.table.figures import figures_of

if TYPE_CHECKING:
    from dmcalc.sources.figures import Path
    from dmcalc.table.model.table import LoadedTable

#: Fields that say of which kind a value is that is no figure; the last one in its path counts.
_KINDS = {
    "notes": "note",
    "step_notes": "note",
    "patient_notes": "note",
    "readings": "note",
    "juvenile_notes": "note",
    "products": "product",
    "sources": "source",
    "limits": "limit",
    "cite": "citation",
}


class TableValue(NamedTuple):
    """One value of a table: what kind it is of, the value as text, the sources that it cites."""

    kind: str
    text: str | None
    sources: tuple[str, ...] = ()


def diff_tables(a: LoadedTable, b: LoadedTable) -> TableResult[DifferenceHead, DifferenceRow]:
    """List what ``b`` has other than ``a``: a row a value, by name, in the order of the tables.

    A figure whose value is the same and whose sources differ is listed too, as is each quote.
    """
    before, after = values_by_name(a), values_by_name(b)
    rows = tuple(
        _row(name, before.get(name), after.get(name), b, a.sha256)
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )
    head = DifferenceHead(_origin(a), _origin(b))
    warnings = local_value_warnings(local for row in rows for local in row.local)
    return TableResult("table-diff", b, rows, head, warnings, row=DifferenceRow)


def _origin(loaded: LoadedTable) -> ComparedTable:
    return ComparedTable(loaded.path, loaded.table.version, loaded.sha256)


def _row(
    name: str, a: TableValue | None, b: TableValue | None, loaded: LoadedTable, sha256: str
) -> DifferenceRow:
    either = b or a
    assert either is not None
    return DifferenceRow(
        name=name,
        kind=either.kind,
        change="added" if a is None else "removed" if b is None else "changed",
        a=a.text if a else None,
        b=b.text if b else None,
        sources_a=a.sources if a else (),
        sources_b=b.sources if b else (),
        local=tuple(local for local in loaded.local if _same_part(local.figure, name)),
        sha256_a=sha256,
    )


def _same_part(figure: str, name: str) -> bool:
    """Tell whether a local figure is this part, or one of its parts, or holds it."""
    return figure == name or figure.startswith(f"{name}.") or name.startswith(f"{figure}.")


def values_by_name(loaded: LoadedTable) -> dict[str, TableValue]:
    """Return every value of a table by its name, and a hospital's rounding; nothing is left out."""
    table = loaded.table
    known = {figure.path: figure for figure in figures_of(table)}
    values: dict[str, TableValue] = {}
    for path, value in parts_of(table, stop=_is_list_of_values):
        if value in (None, ()) or not (_is_plain(value) or _is_list_of_values(value)):
            continue
        name = names.figure_name(table, path)
        while name in values:  # two notes may have one code
            name += "+"
        figure = known.get(path) or known.get((*path, 0))
        sources = source_keys(figure.cites) if figure else ()
        code = isinstance(value, str)  # it is sourced like a figure, and a text
        kind = "figure" if figure and not code and "products" not in path else _kind(path)
        values[name] = TableValue(kind, _written(value), sources)
    for drug, rule in loaded.rounding.items():
        values[f"{drug}.rounding"] = TableValue("rounding", str(rule))
    return values


def _is_plain(part: object) -> bool:
    return isinstance(part, Cite) or not isinstance(part, dict | tuple)


def _is_list_of_values(part: object) -> bool:
    """Tell whether a part is a list of plain values or of citations, which is one value."""
    return type(part) is tuple and all(map(_is_plain, part))


def _written(value: object) -> str:
    if isinstance(value, Cite):
        keys = " citing ".join(filter(None, (value.source, value.primary)))
        return f"{keys}: “{value.quote}”" if value.quote else keys
    if isinstance(value, bool):
        return "yes" if value else "no"
    if type(value) is tuple:
        separator = " / " if any(isinstance(item, Cite) for item in value) else ", "
        return separator.join(map(_written, value))
    return str(value)


def _kind(path: Path) -> str:
    return next((_KINDS[str(key)] for key in reversed(path) if key in _KINDS), "text")
