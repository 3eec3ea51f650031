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
    return (_as_built() if name is None else None) or read_checked(name)


def read_checked(name: str | None) -> LoadedTable:
    """Read and check a table in full, the bundled one for None; raise FileError or TableError."""
    from dmcalc.table import validate  # start-up: it imports pydantic and YAML

    return validate.read(str(bundled_path()) if name is None else name, name or BUNDLED)


def read_bundled(path: Path, what: str) -> bytes:
    """Return the bytes of a bundled YAML file; raise FileError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(
            f"the bundled {what} {path} cannot be read: {error.strerror}", "Install dmcalc again."
        ) from None


def _as_built() -> LoadedTable | None:
    try:
        from dmcalc.table import _bundled  # start-up: help needs no table. It may not be there
    except ImportError:  # a checkout that nothing was built in
        return None
    same = read_bundled(bundled_path(), "table") == _bundled.BUNDLED_BYTES
    return _bundled.loaded() if same else None
