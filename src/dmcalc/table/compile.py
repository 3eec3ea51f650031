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
from dmcalc.quantities.base import Quantity
from dmcalc.sources import cite
from dmcalc.table.model import codes, milestones
from dmcalc.table.model import table as model

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from dmcalc.table.model.table import LoadedTable

TARGET = Path(__file__).with_name("_bundled.py")


def source(loaded: LoadedTable, content: bytes) -> str:
    """Return the Python source of a checked table: its parts print as what makes them."""
    return module(
        "The bundled table: built by dmcalc.table.compile, not edited.",
        (cite, codes, milestones, model),
        {"BUNDLED_BYTES": content, "SHA256": loaded.sha256, "BUNDLED_TABLE": loaded.table},
    )


def module(title: str, shapes: Iterable[ModuleType], values: dict[str, object]) -> str:
    """Return the source of a module of values, whose shapes are those of other modules."""
    imports = "".join(f"from {of.__name__} import {', '.join(_shapes(of))}\n" for of in shapes)
    named = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    # only where there is one: its import would slow down each start on the drug table
    fractions = "from fractions import Fraction\n" if "Fraction(" in named else ""
    head = f'"""{title}"""\n\nimport datetime\nfrom decimal import Decimal\n{fractions}\n'
    return f"{head}{imports}\n{named}"


def _shapes(of: ModuleType) -> list[str]:
    """List the named tuples and quantities that a module defines or uses."""
    return sorted(
        name
        for name, value in vars(of).items()
        if isinstance(value, type)
        and issubclass(value, (tuple, Quantity))
        and value.__module__ != "typing"
    )


def write() -> Path:
    """Check the bundled YAML and write its Python form; raise TableError if it is not valid."""
    path = table.bundled_path()
    TARGET.write_text(source(table.read_checked(None), path.read_bytes()), encoding="utf-8")
    return TARGET


if __name__ == "__main__":
    try:
        write()
    except DmcalcError as error:
        sys.exit(error.message)
