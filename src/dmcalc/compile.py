"""Build the two ``_bundled.py``: drug table and guideline, checked in full, as Python source.

``python -m dmcalc.compile`` writes them; building a wheel does so too. Each also holds the bytes of
the YAML that it was built from, and serves no others (see ``dmcalc.table.load``), so the two cannot
drift apart. Comparing bytes is cheaper than hashing.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc import guideline, table
from dmcalc.errors import DmcalcError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable

PACKAGE = Path(__file__).parent


def table_source(loaded: LoadedTable, content: bytes) -> str:
    """Return the Python source of a checked table and of the bytes that it was read from."""
    return _source(
        "drug table",
        {"BUNDLED_BYTES": content, "SHA256": loaded.sha256, "BUNDLED_TABLE": loaded.table},
    )


def guideline_source(loaded: LoadedGuideline, content: bytes) -> str:
    """Return the Python source of a checked guideline and of the bytes that it was read from."""
    return _source(
        "guideline",
        {
            "BUNDLED_BYTES": content,
            "SHA256": loaded.sha256,
            "BUNDLED_GUIDELINE": loaded.guideline,
            "SOURCES": loaded.sources,
        },
    )


def write() -> tuple[Path, ...]:
    """Check table and guideline and write their Python form; raise TableError, writing neither."""
    loaded = table.read_checked(None)
    sources = {
        PACKAGE / "table" / "_bundled.py": table_source(loaded, table.bundled_path().read_bytes()),
        PACKAGE / "guideline" / "_bundled.py": guideline_source(
            guideline.read_checked(None, loaded.table), guideline.bundled_path().read_bytes()
        ),
    }
    for path, source in sources.items():
        path.write_text(source, encoding="utf-8")
    return tuple(sources)


def _source(title: str, values: dict[str, object]) -> str:
    """Return the source of a module of values: each prints as the call that makes it."""
    shapes: dict[str, set[str]] = {}
    for value in values.values():
        for shape in _shapes(value):
            shapes.setdefault(shape.__module__, set()).add(shape.__name__)
    imports = "".join(
        f"from {module} import {', '.join(sorted(names))}\n"
        for module, names in sorted(shapes.items())
    )
    assignments = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    # only where there is one: its import would slow down each start on the drug table
    fractions = "from fractions import Fraction\n" if "Fraction(" in assignments else ""
    head = f'"""The bundled {title}: built by dmcalc.compile, not edited."""\n\nimport datetime\n'
    return f"{head}from decimal import Decimal\n{fractions}\n{imports}\n{assignments}"


def _shapes(value: object) -> Iterator[type]:
    """List the types of the records and quantities in a value."""
    if type(value).__module__.startswith("dmcalc."):
        yield type(value)
    if isinstance(value, dict):
        value = tuple(value.values())
    for item in value if isinstance(value, tuple) else ():
        yield from _shapes(item)


if __name__ == "__main__":
    try:
        write()
    except DmcalcError as error:
        sys.exit(error.message)
