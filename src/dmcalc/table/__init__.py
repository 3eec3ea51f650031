"""Load the drug table: the bundled one, checked when it was built, or a file, checked now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc.errors import FileError

if TYPE_CHECKING:
    from dmcalc.table.model.table import LoadedTable

#: What the bundled table is called in messages: its path says nothing to a user.
BUNDLED = "the bundled table"

_PACKAGE = Path(__file__).parent.parent


def bundled_path() -> Path:
    """Return the path of the bundled YAML: in the package, or at the top of a checkout."""
    installed = _PACKAGE / "data" / "drugs.yaml"
    return installed if installed.exists() else _PACKAGE.parent.parent / "data" / "drugs.yaml"


def load(name: str | None = None) -> LoadedTable:
    """Load the table from a file, or the bundled one where ``name`` is None.

    The bundled table is used as it was built only while its YAML has the very bytes that it was
    built from; with one byte changed it is read and checked in full, like any other file.
    Raise FileError or TableError.
    """
    if name is not None:
        return read_checked(name)
    path = bundled_path()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(
            f"the bundled table {path} cannot be read: {error.strerror}", "Install dmcalc again."
        ) from None
    return _as_built(content) or _read(content, BUNDLED)


def read_checked(name: str | None) -> LoadedTable:
    """Read and check a table in full, the bundled one for None; raise FileError or TableError."""
    from dmcalc.table import strict_yaml  # start-up: the bundled table is not read

    path = str(bundled_path()) if name is None else name
    return _read(strict_yaml.read_bytes(path), BUNDLED if name is None else name)


def _as_built(content: bytes) -> LoadedTable | None:
    try:
        from dmcalc.table import _bundled  # it may not be there
    except ImportError:  # a checkout that nothing was built in
        return None
    from dmcalc.table.model.table import LoadedTable  # start-up: help needs no model

    if content != _bundled.BUNDLED_BYTES:
        return None
    return LoadedTable(_bundled.BUNDLED_TABLE, _bundled.SHA256, BUNDLED)


def _read(content: bytes, name: str) -> LoadedTable:
    from dmcalc.table import validate  # start-up: it imports pydantic

    return validate.loaded(content, name)
