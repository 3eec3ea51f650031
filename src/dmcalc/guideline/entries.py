"""What stands in a guide and cites: its entries, each with its figures, texts and citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.quantities.base import Quantity
from dmcalc.sources.cite import Cite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.guideline.model import Guideline
    from dmcalc.sources.cite import Source
    from dmcalc.table.model.table import Table

Path = tuple[str | int, ...]

#: Texts that are names, not statements: a figure in them needs no quote.
_NAMES = ("id", "code", "key", "name")


class Entry(NamedTuple):
    """Something in the guide that cites: its figures and its texts, each with its place."""

    path: Path
    cites: tuple[Cite, ...]
    figures: tuple[tuple[Path, Any], ...]
    texts: tuple[tuple[Path, str], ...]


def entries(value: object, path: Path = ()) -> Iterator[Entry]:
    """List what cites, with the figures and texts that the citations are for.

    An entry's citations are for what stands in it, down to the next entry with its own.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            yield from entries(item, (*path, key))
    elif isinstance(value, tuple):
        if "cite" in getattr(value, "_fields", ()):
            yield _entry(value, path)
        for key, item in _items(value):
            yield from entries(item, (*path, key))


def _entry(value: Any, path: Path) -> Entry:
    figures: list[tuple[Path, Any]] = []
    texts: list[tuple[Path, str]] = []

    def gather(item: Any, here: Path) -> None:
        if isinstance(item, Quantity):
            figures.append((here, item))
        elif isinstance(item, str) and here[-1] not in _NAMES:
            texts.append((here, item))
        elif isinstance(item, dict):
            for key, one in item.items():
                gather(one, (*here, key))
        elif isinstance(item, tuple) and "cite" not in getattr(item, "_fields", ()):
            for key, one in _items(item):
                gather(one, (*here, key))

    for key, item in _items(value):
        if key != "cite":
            gather(item, (*path, key))
    return Entry(path, value.cite, tuple(figures), tuple(texts))


def _items(value: tuple[Any, ...]) -> Iterator[tuple[str | int, Any]]:
    fields: tuple[str | int, ...] = getattr(value, "_fields", tuple(range(len(value))))
    return zip(fields, value, strict=True)


def cited(guide: Guideline, table: Table) -> dict[str, Source]:
    """Return the works that a guide cites, by key: its own and the table's."""
    known = {**table.sources, **guide.sources}
    keys = [key for entry in entries(guide) for c in entry.cites for key in (c.source, c.primary)]
    return {key: known[key] for key in dict.fromkeys(filter(None, keys))}
