"""What each part of a table is called: ``prednisone.induction.max`` and not its path.

A name does not change when a record is moved or another one is put before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc.sources.cite import Note
from dmcalc.table.model.drug import POSOLOGIES, Product, Regimen
from dmcalc.table.model.infusion import Ramp

if TYPE_CHECKING:
    from dmcalc.sources.figures import Path
    from dmcalc.table.model.table import Table

#: Second part of a name where it is not a regimen; a regimen cannot be called so.
PARTS = (
    *("atc", "divided", "infusion", "product", "rounded", "rounding", "rxnorm"),
    *("taper", "titration"),
)
_SCHEDULES = {
    "daily_tapers": "taper",
    "course_tapers": "taper",
    "landmark_tapers": "taper",
    "titrations": "titration",
}
_PLURAL = {"products": "product", "ramps": None, **dict.fromkeys(POSOLOGIES)}


def figure_name(table: Table, path: Path) -> str:
    """Return what the part of a table at a path is called.

    A figure of a regimen is DRUG.REGIMEN.KEY, one of a taper DRUG.taper.PROTOCOL.KEY.
    """
    first, *rest = path
    value: Any = getattr(table, str(first))
    parts: list[str] = []
    if first in _SCHEDULES and rest:
        key, *rest = rest
        value = value[key]
        parts = [value.drug, _SCHEDULES[str(first)], str(key)]
    elif first == "drugs" and rest:
        key, *rest = rest
        value = value[key]
        parts = [str(key)]
    else:
        parts = [str(first)]
    for step in rest:
        value = step_into(value, step)
        part = _called(value, step) if isinstance(step, int) else _PLURAL.get(step, step)
        parts += [part] if part else []
    return ".".join(parts)


def step_into(value: object, key: str | int) -> object:
    """Return a part of a table's part: by key, by position or by field."""
    if isinstance(value, dict):
        return value[key]
    if isinstance(value, tuple) and isinstance(key, int):
        return value[key]
    return getattr(value, str(key))


def value_at(table: Table, path: Path) -> object:
    """Return the part at a path."""
    value: object = table
    for key in path:
        value = step_into(value, key)
    return value


def _called(item: object, position: int) -> str | None:
    """Return what an entry of a list is called: by its own name, or by its position from 1 on."""
    if isinstance(item, Regimen):
        return item.name
    if isinstance(item, Product):
        return item.id
    if isinstance(item, Note):
        return item.code
    if isinstance(item, Ramp):
        return None if item.when == "any" else item.when
    return str(position + 1)
