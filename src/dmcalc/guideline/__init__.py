"""Load the guide: what is known of the treatment beside the posology of its drugs.

The guide stands in ``data/guide.yaml`` beside the drug table, and cites the table's sources and its
own. It is a file apart because the dose of a drug needs none of it, and would start slower with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc.table import bundled_path as bundled_table
from dmcalc.table import load as load_table
from dmcalc.table import strict_yaml

if TYPE_CHECKING:
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import Table

#: What the bundled guide is called in messages.
BUNDLED = "the bundled guide"


def bundled_path() -> Path:
    """Return the path of the bundled guide, beside the bundled drug table."""
    return bundled_table().with_name("guide.yaml")


def load(name: str | None = None) -> LoadedGuideline:
    """Load the guide from a file, or the bundled one where ``name`` is None.

    As with the drug table, what was built is used only while the YAML has the very bytes that it
    was built from. Raise FileError or TableError.
    """
    if name is not None:
        return read_checked(name)
    content = strict_yaml.read_bytes(str(bundled_path()), "guide")
    return _as_built(content) or _read(content, BUNDLED)


def read_checked(name: str | None, table: Table | None = None) -> LoadedGuideline:
    """Read and check a guide in full, the bundled one for None; raise FileError or TableError.

    It is checked against ``table``, the bundled one for None.
    """
    path = str(bundled_path()) if name is None else name
    return _read(strict_yaml.read_bytes(path, "guide"), BUNDLED if name is None else name, table)


def _as_built(content: bytes) -> LoadedGuideline | None:
    try:
        from dmcalc.guideline import _bundled  # it may not be there
    except ImportError:  # a checkout that nothing was built in
        return None
    from dmcalc.guideline.model import LoadedGuideline  # start-up: help needs no model

    if content != _bundled.BUNDLED_BYTES:
        return None
    return LoadedGuideline(_bundled.BUNDLED_GUIDELINE, _bundled.SHA256, BUNDLED, _bundled.SOURCES)


def _read(content: bytes, name: str, table: Table | None = None) -> LoadedGuideline:
    from dmcalc.guideline import validate  # start-up: it imports pydantic

    return validate.loaded(content, name, table or load_table().table)
