"""Build ``_bundled.py``: the bundled table, checked in full, as Python source.

``python -m dmcalc.table.compile`` writes it beside this file; building a wheel does so too. It
also holds the bytes of the YAML that it was built from, and serves no others (see
``dmcalc.table.load``), so the two cannot drift apart. Comparing bytes is cheaper than hashing.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc import table
from dmcalc.errors import DmcalcError
from dmcalc.table import model

if TYPE_CHECKING:
    from dmcalc.table.model import LoadedTable

TARGET = Path(__file__).with_name("_bundled.py")


def source(loaded: LoadedTable, content: bytes) -> str:
    """Return the Python source of a checked table: named tuples print as what makes them."""
    shapes = [
        name
        for name, value in vars(model).items()
        if isinstance(value, type) and issubclass(value, tuple) and value.__module__ != "typing"
    ]
    return (
        '"""The bundled table: built by dmcalc.table.compile, not edited."""\n\n'
        "import datetime\n"
        "from decimal import Decimal\n\n"
        f"from dmcalc.table.model import {', '.join(sorted(shapes))}\n\n"
        f"CONTENT = {content!r}\n"
        f"SHA256 = {loaded.sha256!r}\n"
        f"TABLE = {loaded.table!r}\n"
    )


def write() -> Path:
    """Check the bundled YAML and write its Python form; raise TableError if it is not valid."""
    path = table.bundled_path()
    TARGET.write_text(source(table.read(None), path.read_bytes()), encoding="utf-8")
    return TARGET


if __name__ == "__main__":
    try:
        write()
    except DmcalcError as error:
        sys.exit(error.message)
