"""Load the guide: what is known of the treatment besides the posology of its drugs.

The guide is ``data/guide.yaml``, next to the drug table, and cites the table's sources and its
own. It is a file apart because the dose of a drug needs none of it, and would start slower with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc.table import bundled_path as bundled_table
from dmcalc.table import load as load_table
from dmcalc.table import read_bundled

if TYPE_CHECKING:
    from types import ModuleType

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import Table

    #: The facts that rules ask about, in words, by drug.
    FactsAsked = dict[str, tuple[str, ...]]

#: What the bundled guide is called in messages.
BUNDLED = "the bundled guide"


def bundled_path() -> Path:
    """Return the path of the bundled guide, next to the bundled drug table."""
    return bundled_table().with_name("guide.yaml")


def load(name: str | None = None) -> LoadedGuideline:
    """Load the guide from a file, or the bundled one where ``name`` is None.

    As with the drug table, what was built is used only while the YAML has the very bytes that it
    was built from. Raise FileError or TableError.
    """
    built = _as_built() if name is None else None
    return read_checked(name) if built is None else built.loaded()


def facts_as_built() -> FactsAsked | None:
    """Return the facts that the rules of the bundled guide ask about, without reading the rules.

    It is None where nothing was built, or not from this YAML.
    """
    built = _as_built()
    return None if built is None else built.FACTS_ASKED


def read_checked(name: str | None, table: Table | None = None) -> LoadedGuideline:
    """Read and check a guide in full, the bundled one for None; raise FileError or TableError.

    It is checked against ``table``, the bundled one for None.
    """
    from dmcalc.guideline import validate  # start-up: it imports pydantic and YAML

    path = str(bundled_path()) if name is None else name
    return validate.read(path, name or BUNDLED, table or load_table().table)


def _as_built() -> ModuleType | None:
    try:
        from dmcalc.guideline import _bundled  # start-up: help needs no guide. It may not be there
    except ImportError:  # a checkout that nothing was built in
        return None
    same = read_bundled(bundled_path(), "guide") == _bundled.BUNDLED_BYTES
    return _bundled if same else None
