"""The keys of each kind of document, with their types, as lines of text: what scripts rely on.

``keys/KIND.txt`` holds them as they were promised. After a key was added on purpose, write them
anew with ``python -m tests.contract.keys``; a line that is promised is never taken out so.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmcalc import schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).with_name("keys")


def promised(kind: str) -> list[str]:
    """Return the lines that were promised; none for a kind that is new."""
    path = FOLDER / f"{kind}.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def listed(kind: str) -> list[str]:
    """Return a line for each key of a document and of a line: where it stands, and its type."""
    found = []
    if kind != "batch":
        schema = schemas.document(kind)
        found += [f"document: {text}" for text in _keys(schema, schema["$defs"], "")]
    if schemas.has_lines(kind):
        schema = schemas.line(kind)
        for each in schema.get("anyOf", [schema]):
            shapes = schema["$defs"]
            found += [f"line: {name} = {_type(of, shapes)}" for name, of in _properties(each)]
    return list(dict.fromkeys(found))


def _properties(shape: Any) -> Iterator[tuple[str, Any]]:
    yield from shape.get("properties", {}).items()


def _keys(shape: Any, shapes: Any, path: str) -> Iterator[str]:
    """List the keys of an object, and of the objects in it."""
    for name, of in _properties(shape):
        yield f"{path}{name} = {_type(of, shapes)}"
        for part, mark in _inside(of, shapes):
            yield from _keys(part, shapes, f"{path}{name}{mark}.")


def _inside(of: Any, shapes: Any) -> Iterator[tuple[Any, str]]:
    """List the objects in a value: itself, what it may be, and the items of a list."""
    found = _resolved(of, shapes)
    if "properties" in found:
        yield found, ""
    for option in found.get("anyOf", []):
        yield from _inside(option, shapes)
    if "items" in found:
        yield from ((part, f"[]{mark}") for part, mark in _inside(found["items"], shapes))


def _type(of: Any, shapes: Any) -> str:
    found = _resolved(of, shapes)
    if "anyOf" in found:
        return " or ".join(_type(option, shapes) for option in found["anyOf"])
    if "const" in found:
        return str(found["const"]).lower() if found["const"] is True else found["const"]
    if "enum" in found:
        return f"({' | '.join(map(str, found['enum']))})"
    if "items" in found:
        return f"array of {_type(found['items'], shapes)}"
    kinds = found["type"]
    return kinds if isinstance(kinds, str) else " or ".join(kinds)


def _resolved(of: Any, shapes: Any) -> Any:
    return shapes[of["$ref"].rpartition("/")[2]] if "$ref" in of else of


def main() -> None:
    """Write the lists anew where nothing that was promised goes away."""
    for kind in schemas.kinds():
        found = listed(kind)
        gone = [line for line in promised(kind) if line not in found]
        if gone:
            sys.exit(f"{kind}: promised, and gone or changed:\n  " + "\n  ".join(gone))
        (FOLDER / f"{kind}.txt").write_text("\n".join(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
