"""An answer as a document and as flat rows: from what its classes describe, and nothing else.

A value is read by its fields. Where machines read other names than its fields, it has a ``shape``:
a class whose annotated names they are, each an attribute of the value. A name that is a word of
Python has an underscore after it there: ``class_``. A class may be ``flattened``: the fields of one
of its parts stand between its own.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from dmcalc._version import __version__
from dmcalc.results.base import SeveralDrugs, TableResult
from dmcalc.results.codes import Codes, codes

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.results.base import Result
    from dmcalc.table.model.table import LoadedTable, Table

#: What a document calls its rows.
ROWS = ("rows", "steps", "orders")
#: The kinds of answers that the guide may have changed.
PERHAPS = ("dose", "check", "infusion", "taper", "titrate", "dispense", "dispense-days")


@cache
def _attributes(described: Any) -> dict[str, str]:
    """Return the keys of a class, each with the attribute that has its value."""
    shape = getattr(described, "shape", None)
    own = tuple(shape.__annotations__ if shape else described._fields)
    names: tuple[str, ...] = getattr(described, "flat_keys", own)
    return {
        name.rstrip("_"): name if hasattr(described, name) else f"{described.part}.{name}"
        for name in names
    }


def keys(described: type) -> tuple[str, ...]:
    """List the keys of a class in their order."""
    return tuple(_attributes(described))


@cache
def reader_of(
    described: type, picked: frozenset[str] | None = None
) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Return keys of a class, all or those that are picked, and what reads their values."""
    attributes = _attributes(described)
    names = tuple(key for key in attributes if picked is None or key in picked)
    if not names:
        return (), lambda value: ()
    chosen = tuple(attributes[key] for key in names)
    if chosen == getattr(described, "_fields", None):
        return names, tuple
    read = attrgetter(*chosen)
    return names, read if len(names) > 1 else lambda value: (read(value),)


def record(value: Any) -> dict[str, Any]:
    """Return the described fields of a value by their keys."""
    described: type = type(value)
    names, read = reader_of(described)
    return dict(zip(names, read(value), strict=True))


def document_row(table: Table, row: Any) -> dict[str, Any]:
    """Return a row by its keys; one that names a drug ends with the codes of the drug."""
    return _with_codes(table, record(row))


def rows(result: Result) -> list[dict[str, Any]]:
    """Return the rows of an answer, flat: each begins with what holds for all of them."""
    table = result.loaded.table
    context = getattr(result, "context", None)
    before = {} if context is None else record(context)
    return [_with_codes(table, {**before, **record(row)}) for row in result.rows]


def sheet_rows(result: Result) -> list[dict[str, Any]]:
    """Return the rows of a spreadsheet: those of the answer, but where it has others for that."""
    sheet = getattr(result, "sheet", None)
    if sheet is None:
        return rows(result)
    return [_with_codes(result.loaded.table, record(row)) for row in sheet]


def line_keys(*described: type) -> tuple[str, ...]:
    """List the keys of a line: what each begins with, its row, and the codes of its drug."""
    names = tuple(key for kind in described for key in keys(kind))
    return (*names, *Codes._fields) if "drug" in names else names


def columns(result: Result) -> tuple[str, ...]:
    """List the keys of a row of a spreadsheet, of an answer without rows too."""
    if result.rows:
        return tuple(sheet_rows(result)[0])
    row = result.row if isinstance(result, TableResult) else None
    return () if row is None else line_keys(row)


def document(result: Result) -> dict[str, Any]:
    """Return a whole answer: what computed it, what it says, and what holds for all of it."""
    return {
        **header(result.kind, result.loaded, getattr(result, "guide", None)),
        **_body(result),
        "warnings": result.warnings,
        "cautions": result.cautions,
        "disclaimer": result.loaded.table.disclaimer,
    }


def header(kind: str, loaded: LoadedTable, guide: LoadedGuideline | None = None) -> dict[str, Any]:
    """Return what each document begins with; null for a guide that did not change the answer."""
    head = {"schema": f"dmcalc.{kind}/1", "dmcalc": __version__, "table": table_version(loaded)}
    if guide is not None:
        version = {"version": guide.guideline.version, "sha256": guide.sha256}
        return {**head, "guide": version}
    return {**head, "guide": None} if kind in PERHAPS else head


def table_version(loaded: LoadedTable) -> dict[str, Any]:
    """Return what identifies a table and the overlays over it, as each document has it."""
    overlays = [{"name": overlay.name, "sha256": overlay.sha256} for overlay in loaded.overlays]
    return {"version": loaded.table.version, "sha256": loaded.sha256, "overlays": overlays}


def _body(result: Result) -> dict[str, Any]:
    """Return what a document says between its header and its tail."""
    table = result.loaded.table
    if isinstance(result, SeveralDrugs):
        return {"drugs": [_body(drug) for drug in result.drugs]}
    if isinstance(result, TableResult):
        body = {} if result.head is None else record(result.head)
        body["rows"] = result.rows
    else:
        body = record(result)
    if "row" in body:  # the document is its one row
        body = {**document_row(table, body.pop("row")), **body}
    for name in ROWS:
        if name in body:
            body[name] = [document_row(table, row) for row in body[name]]
    return _with_codes(table, body)


def _with_codes(table: Table, named: dict[str, Any]) -> dict[str, Any]:
    """Put the codes of the drug that a row or a document names at its end."""
    if "drug" not in named or "atc" in named:
        return named
    return {**named, **codes(table, named["drug"])._asdict()}
