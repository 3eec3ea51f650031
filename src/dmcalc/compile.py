"""Build the two ``_bundled.py``: drug table and guideline, checked in full, as Python source.

``python -m dmcalc.compile`` writes them; building a wheel does so too. Each also holds the bytes of
the YAML that it was built from, and serves no others (see ``dmcalc.table.load``), so the two cannot
drift apart. Comparing bytes is cheaper than hashing.

The values are made at the first call of ``loaded``: the page of a dose needs of the guideline no
more than the facts that its rules ask about, which are written besides.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc import guideline, table
from dmcalc.errors import DmcalcError
from dmcalc.patient.not_entered import facts_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable

PACKAGE = Path(__file__).parent


def write() -> tuple[Path, ...]:
    """Check table and guideline and write their Python form; raise TableError, writing neither."""
    texts = sources()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return tuple(texts)


def sources() -> dict[Path, str]:
    """Check table and guideline and return the source of each module; raise TableError."""
    loaded = table.read_checked(None)
    guide = guideline.read_checked(None, loaded.table)
    rules = guide.guideline.rules
    facts = facts_asked(rules, (*loaded.table.drugs, *rules.taken))
    return {
        PACKAGE / "table" / "_bundled.py": _source(loaded, table.bundled_path().read_bytes()),
        PACKAGE / "guideline" / "_bundled.py": _source(
            guide, guideline.bundled_path().read_bytes(), f"FACTS_ASKED = {facts!r}\n"
        ),
    }


def _source(loaded: LoadedTable | LoadedGuideline, content: bytes, further: str = "") -> str:
    """Return the Python source of what was checked, and of the bytes that it was read from.

    ``further`` is what stands in it besides.

    Each value prints as the call that makes it, which each start runs: as short as it can be.
    """
    shapes: dict[str, set[str]] = {}
    for shape in _shapes(loaded):
        shapes.setdefault(shape.__module__, set()).add(shape.__name__)
    imports = "".join(
        f"    from {module} import {', '.join(sorted(names))}\n"
        for module, names in sorted(shapes.items())
    )
    value = _call(loaded)
    # only where there is one: its import would slow down each start on the drug table
    fractions = "    from fractions import Fraction\n" if "Fraction(" in value else ""
    head = f'"""{loaded.path.capitalize()}: built by dmcalc.compile, not edited."""\n\n'
    head += f"from functools import cache\n\nBUNDLED_BYTES = {content!r}\n{further}"
    imports = f"    import datetime\n    from decimal import Decimal\n{fractions}{imports}"
    return f"{head}\n\n@cache\ndef loaded():\n{imports}\n    return {value}\n"


def _call(value: object) -> str:
    """Write a value as the call that makes it: by position, without what its end has by default."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_call(item)}' for key, item in value.items())}}}"
    if not isinstance(value, tuple):
        return repr(value)
    parts = list(map(_call, value))
    if (fields := getattr(value, "_fields", None)) is None:
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    defaults = {field: repr(item) for field, item in value._field_defaults.items()}  # type: ignore[attr-defined]
    while parts and parts[-1] == defaults.get(fields[len(parts) - 1]):
        parts.pop()
    return f"{type(value).__name__}({', '.join(parts)})"


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
