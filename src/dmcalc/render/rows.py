"""What the row formats share: each row with its provenance, each value as bare text."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import dmcalc
from dmcalc.core.dispense import Handed
from dmcalc.quantity import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.core.result import Result


def traced(result: Result) -> Iterator[dict[str, Any]]:
    """Yield each row with its warnings, the schema and the versions that it comes from."""
    for row in result.records():
        yield _with_origin(result, row)


def header(result: Result) -> list[str]:
    """Return the names of the columns, of a listing without rows too."""
    rows = result.records() or [dict.fromkeys(getattr(result, "columns", ()))]
    return list(_with_origin(result, rows[0]))


def _with_origin(result: Result, row: dict[str, Any]) -> dict[str, Any]:
    about = (None, row.get("drug"))
    return {
        **row,
        "warnings": tuple(w.code for w in result.warnings if w.drug in about),
        "cautions": tuple(c.code for c in result.cautions if c.drug in about),
        "overlays": tuple(map(str, result.loaded.overlays)),
        "schema": f"dmcalc.{result.kind}/1",
        "dmcalc": dmcalc.__version__,
        "table_version": result.loaded.table.version,
        "table_sha256": result.loaded.sha256,
    }


def bare(value: object) -> str:
    """Write a value without quotes or unit: what is unknown is empty, a list is joined by "; "."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return plain(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Handed):
        return f"{plain(value.count)} x {plain(value.strength)} {value.unit}"
    if hasattr(value, "_fields"):  # a local figure: what it is called
        return str(value)
    if isinstance(value, list | tuple):
        return "; ".join(bare(item) for item in value)
    return str(value)
