"""A hospital's own figures, products and rounding rules, put over the drug table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.table.model.table import LoadedTable


def load(name: str | None = None, overlays: Sequence[str] = ()) -> LoadedTable:
    """Load the table from a file, or the bundled one where ``name`` is None, with local values.

    ``overlays`` are files of local values, put over it one after the other. Raise FileError or
    TableError.
    """
    loaded = table.load(name)
    if not overlays:
        return loaded
    from dmcalc.formulary.overlay import put_over  # start-up: it reads YAML, most tables need none

    return put_over(loaded, overlays)
