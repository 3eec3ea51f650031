"""The schema of each kind of document and line as it is printed: what scripts rely on.

``schemas/KIND.json`` holds it as it was promised. After a key was added on purpose, write it anew
with ``python -m tests.contract.snapshots``; what is promised is never taken out so.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmcalc.schemas import json_schema as schema

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).with_name("schemas")
#: Width of a line of a snapshot.
WIDTH = 200
#: What may change in a schema: words for people, and the list of keys, which are looked at singly.
FREE = ("title", "description", "required")


def promised(kind: str) -> Any:
    """Return what was promised; nothing for a kind that is new."""
    path = FOLDER / f"{kind}.json"
    return json.loads(path.read_bytes()) if path.exists() else {}


def printed(kind: str) -> Any:
    """Return the schema of the document, and of a line where there are lines."""
    lines = {"line": schema.line(kind)} if schema.has_lines(kind) else {}
    return {"document": schema.document(kind), **lines}


def inlined(value: Any, definitions: Any) -> Any:
    """Return a schema with each definition where it is referred to: their names are no promise."""
    if isinstance(value, list):
        return [inlined(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    definitions = value.get("$defs", definitions)
    own = {
        key: inlined(of, definitions) for key, of in value.items() if key not in ("$defs", "$ref")
    }
    if "$ref" not in value:
        return own
    return {**inlined(definitions[value["$ref"].rpartition("/")[2]], definitions), **own}


def lost(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield the path of each key, type and word of a schema that another one has not."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key not in new:
                yield f"{path}/{key}"
            elif key not in FREE or isinstance(value, dict):
                yield from lost(value, new[key], f"{path}/{key}")
    elif isinstance(old, list) and isinstance(new, list):
        if all(isinstance(item, dict) for item in old):
            for number, (before, after) in enumerate(zip(old, new, strict=False)):
                yield from lost(before, after, f"{path}/{number}")
        else:
            yield from (f"{path}/{item}" for item in old if item not in new)
    elif old != new:
        yield path


def main() -> None:
    """Write the snapshots anew where nothing that was promised goes away."""
    FOLDER.mkdir(exist_ok=True)
    for kind in schema.kinds():
        found = printed(kind)
        gone = list(lost(*(inlined(each, {}) for each in (promised(kind), found))))
        if gone:
            sys.exit(f"{kind}: promised, and gone or changed:\n  " + "\n  ".join(gone))
        (FOLDER / f"{kind}.json").write_text(f"{_text(found)}\n", encoding="utf-8")


def _text(value: Any, indent: str = "\n") -> str:
    """Write a value as JSON, what is short on one line."""
    short = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict) or len(short) + len(indent) <= WIDTH:
        return short
    inner = indent + " "
    items = (f"{json.dumps(key)}: {_text(item, inner)}" for key, item in value.items())
    return "{" + inner + f",{inner}".join(items) + indent + "}"


if __name__ == "__main__":
    main()
