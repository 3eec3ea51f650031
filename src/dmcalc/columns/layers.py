"""Named values of a row, a layer on the other: each is made from those of the layers below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dmcalc.columns.tree import NOTHING, Term

#: What stands in a statement as it is, and gets no name.
_PLAIN = ("number", "literal", "nothing", "column", "sure column")


@dataclass
class Layers:
    """The layers of a statement, from the first on."""

    layers: list[tuple[str, dict[str, Term]]] = field(default_factory=list)

    def add(self, name: str, terms: Mapping[str, Term]) -> dict[str, Term]:
        """Add a layer, and return its values as those above it name them."""
        named = {key: term for key, term in terms.items() if term.op not in _PLAIN}
        if named:
            self.layers.append((name, named))
        return {
            key: _column(f"{name}.{key}", term) if key in named else term
            for key, term in terms.items()
        }


def _column(name: str, term: Term) -> Term:
    """Return the column of a value; a truth that is known in every row stays so."""
    return replace(term, op="sure column" if term.sure else "column", parts=(), name=name)


def known_or_nothing(term: Term | None) -> Term:
    """Return a term, NULL for none."""
    return NOTHING if term is None else term
