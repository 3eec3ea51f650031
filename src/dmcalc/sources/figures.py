"""One walk over the drug table or the guideline: their parts, what cites, and what it cites for.

Both are records (named tuples), mappings and lists in one another. A part that cites has a field
``cite``; its citations are for what stands in it, down to the next part with its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeGuard

from dmcalc.sources.cite import Cite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Order = Mapping[type, tuple[str, ...]]

#: Where a part stands: keys, fields and positions, from the outside in.
Path = tuple[str | int, ...]
#: What is wrong, and where.
Problem = tuple[Path, str]
_AS_DEFINED: Order = {}


class Citing(Protocol):
    """A part that cites; None where what may have sources has none."""

    @property
    def cite(self) -> tuple[Cite, ...] | None:
        """Where what stands in it comes from."""


class Entry(NamedTuple):
    """A part that cites, and the plain values that it cites for, each with its place."""

    path: Path
    part: Citing
    cites: tuple[Cite, ...]
    values: tuple[tuple[Path, object], ...]


def walk(
    value: object,
    path: Path = (),
    *,
    stop: Callable[[object], bool] = lambda part: False,
    order: Order = _AS_DEFINED,
) -> Iterator[tuple[Path, object]]:
    """List a value and all its parts, each with its place, from the outside in.

    A part for which ``stop`` holds is not entered, nor is a citation. ``order`` names, by type of
    record, fields that come before the others.
    """
    yield path, value
    if not (isinstance(value, Cite) or stop(value)):
        for key, item in _items(value, order):
            yield from walk(item, (*path, key), stop=stop, order=order)


def entries(value: object, path: Path = (), *, order: Order = _AS_DEFINED) -> Iterator[Entry]:
    """List the parts of a value that cite, from the outside in."""
    for here, part in walk(value, path, order=order):
        if _cites(part):
            values = (
                (place, item)
                for key, field in _items(part, order)
                if key != "cite"
                for place, item in walk(field, (*here, key), stop=_cites, order=order)
                if not isinstance(item, dict | tuple)
            )
            yield Entry(here, part, part.cite or (), tuple(values))


def citations(value: object, path: Path = ()) -> Iterator[tuple[Path, Cite]]:
    """List every citation in a value with its place."""
    return ((here, part) for here, part in walk(value, path) if isinstance(part, Cite))


def _cites(part: object) -> TypeGuard[Citing]:
    return "cite" in getattr(part, "_fields", ())


def _items(value: object, order: Order) -> Iterator[tuple[str | int, object]]:
    """List what a mapping, a record or a list holds; a plain value holds nothing."""
    if isinstance(value, dict):
        yield from value.items()
    elif hasattr(value, "_fields"):
        for field in dict.fromkeys((*order.get(type(value), ()), *value._fields)):
            yield field, getattr(value, field)
    elif isinstance(value, tuple):
        yield from enumerate(value)
