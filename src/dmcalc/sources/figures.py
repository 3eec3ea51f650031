"""The parts of the drug table or the guideline in order: what cites, and what it cites for.

Both are records (named tuples), mappings and lists in one another. A part that cites has a field
``cite``; its citations are for its content, down to the next part with its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeGuard

from dmcalc.records import Record
from dmcalc.sources.cite import Cite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Order = Mapping[type, tuple[str, ...]]

#: The way to a part: keys, fields and positions, from the outside in.
Path = tuple[str | int, ...]
#: What is wrong, and where.
Problem = tuple[Path, str]
_AS_DEFINED: Order = {}


class Citing(Protocol):
    """A part that cites; None where what may have sources has none."""

    @property
    def cite(self) -> tuple[Cite, ...] | None:
        """The sources of its content."""


class Entry(Record):
    """A part that cites, and the plain values that it cites for, each with its path."""

    path: Path
    part: Citing
    cites: tuple[Cite, ...]
    values: list[tuple[Path, object]]


def parts_of(
    value: object,
    path: Path = (),
    *,
    stop: Callable[[object], bool] = lambda part: False,
    order: Order = _AS_DEFINED,
) -> Iterator[tuple[Path, object]]:
    """List a value and all its parts, each with its path, from the outside in.

    A part for which ``stop`` holds is not entered, nor is a citation. ``order`` names, by type of
    record, fields that come before the others.
    """
    yield path, value
    if not (isinstance(value, Cite) or stop(value)):
        for key, item in _items(value, order):
            yield from parts_of(item, (*path, key), stop=stop, order=order)


def entries(value: object, path: Path = (), *, order: Order = _AS_DEFINED) -> Iterable[Entry]:
    """List the parts of a value that cite, from the outside in."""
    listed: list[Entry] = []
    _list_entries(value, path, order, [], listed)
    return listed


def _list_entries(
    part: object, path: Path, order: Order, values: list[tuple[Path, object]], listed: list[Entry]
) -> None:
    """List a part where it cites, and those in it; ``values`` are of the part around it."""
    if not isinstance(part, dict | tuple):
        values.append((path, part))
    elif not isinstance(part, Cite):
        if cites := _cites(part):
            listed.append(Entry(path, part, part.cite or (), values := []))
        for key, item in _items(part, order):
            if not (cites and key == "cite"):
                _list_entries(item, (*path, key), order, values, listed)


def citations(value: object, path: Path = ()) -> Iterator[tuple[Path, Cite]]:
    """List every citation in a value with its path."""
    return ((here, part) for here, part in parts_of(value, path) if isinstance(part, Cite))


def _cites(part: object) -> TypeGuard[Citing]:
    return "cite" in getattr(part, "_fields", ())


def _items(value: object, order: Order) -> Iterable[tuple[str | int, object]]:
    """List what a mapping, a record or a list holds; a plain value holds nothing."""
    if isinstance(value, dict):
        return value.items()
    if not isinstance(value, tuple):
        return ()
    if (fields := getattr(value, "_fields", None)) is None:
        return enumerate(value)
    if first := order.get(type(value)):
        return [(field, getattr(value, field)) for field in dict.fromkeys((*first, *fields))]
    return zip(fields, value, strict=True)
