"""Build the two ``_bundled.py``: drug table and guideline, checked in full, as Python source.

``python -m dmcalc.compile`` writes them; building a wheel does so too. Each also holds the bytes of
the YAML that it was built from, and serves no others (see ``dmcalc.table.load``), so the two cannot
drift apart. Comparing bytes is cheaper than hashing.

The values are made at the first call of ``loaded``: the page of a dose needs of the guideline no
more than the facts that its rules ask about, which are written besides.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import NoneType
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

    ``further`` is what stands in it besides. Each value prints as the call that makes it, which
    each start runs: as short as it can be, and once for values that are equal.
    """
    values = list(_values(loaded))
    shapes: dict[str, set[str]] = {}
    for shape in map(type, values):
        if shape.__module__.startswith("dmcalc."):
            shapes.setdefault(shape.__module__, set()).add(shape.__name__)
    imports = "".join(
        f"    from {module} import {', '.join(sorted(names))}\n"
        for module, names in sorted(shapes.items())
    )
    repeated = {text for text, times in Counter(map(repr, values)).items() if times > 1}
    names: dict[str, str] = {}
    value = _call(loaded, repeated, names)
    shared = "".join(f"    {name} = {call}\n" for call, name in names.items())
    # only where there is one: its import would slow down each start on the drug table
    fractions = "    from fractions import Fraction\n" if "Fraction(" in shared + value else ""
    head = f'"""{loaded.path.capitalize()}: built by dmcalc.compile, not edited."""\n\n'
    head += f"from functools import cache\n\nBUNDLED_BYTES = {content!r}\n{further}"
    imports = f"    import datetime\n    from decimal import Decimal\n{fractions}{imports}"
    return f"{head}\n\n@cache\ndef loaded():\n{imports}\n{shared}    return {value}\n"


def _call(value: object, repeated: set[str], names: dict[str, str]) -> str:
    """Write a value as the call that makes it: by position, without what its end has by default.

    One that is ``repeated`` is written by a name, which ``names`` has by its call.
    """
    if isinstance(value, dict):
        items = (f"{key!r}: {_call(item, repeated, names)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    call = _record(value, repeated, names) if isinstance(value, tuple) else repr(value)
    return names.setdefault(call, f"v{len(names)}") if repr(value) in repeated else call


def _record(value: tuple[object, ...], repeated: set[str], names: dict[str, str]) -> str:
    parts = [_call(item, repeated, names) for item in value]
    if (fields := getattr(value, "_fields", None)) is None:
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    defaults = {field: repr(item) for field, item in value._field_defaults.items()}  # type: ignore[attr-defined]
    while parts and parts[-1] == defaults.get(fields[len(parts) - 1]):
        parts.pop()
    return f"{type(value).__name__}({', '.join(parts)})"


def _values(value: object) -> Iterator[object]:
    """List the records, quantities, numbers and dates in a value, and the value itself."""
    if type(value) not in (str, int, bool, NoneType, tuple, dict):
        yield value
    if isinstance(value, dict):
        value = tuple(value.values())
    for item in value if isinstance(value, tuple) else ():
        yield from _values(item)


if __name__ == "__main__":
    try:
        write()
    except DmcalcError as error:
        sys.exit(error.message)
