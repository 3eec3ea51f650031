"""As much of a JSON Schema validator as the table's schema needs; it knows no other keyword."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "null": type(None),
}
SILENT = {"$schema", "$defs", "title", "description", "default", "examples", "format", "type"}
KNOWN = SILENT | {
    "$ref",
    "anyOf",
    "enum",
    "const",
    "pattern",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
}


def plain(value: Any) -> Any:
    """Return YAML values as JSON has them: dates as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def faults(value: Any, schema: Any, root: Any, path: str = "") -> Iterator[str]:
    """List what does not fit a schema, each with its path."""
    if schema is True:
        return
    if schema is False:
        yield f"{path}: not allowed"
        return
    assert set(schema) <= KNOWN, f"keywords that this validator does not know: {schema.keys()}"
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, path)
    if "anyOf" in schema:
        tried = [list(faults(value, option, root, path)) for option in schema["anyOf"]]
        if all(tried):
            yield min(tried, key=len)[0]
    kind = schema.get("type")
    if kind and (
        not isinstance(value, TYPES[kind]) or (kind == "integer" and isinstance(value, bool))
    ):
        yield f"{path}: not of type {kind}"
        return
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{path}: not one of the words"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: not of the pattern"
    if isinstance(value, dict):
        yield from _object(value, schema, root, path)
    if isinstance(value, list):
        yield from _array(value, schema, root, path)


def _object(value: Any, schema: Any, root: Any, path: str) -> Iterator[str]:
    for key in schema.get("required", []):
        if key not in value:
            yield f"{path}.{key}: missing"
    known = schema.get("properties", {})
    for key, item in value.items():
        yield from faults(
            item, known.get(key, schema.get("additionalProperties", True)), root, f"{path}.{key}"
        )


def _array(value: Any, schema: Any, root: Any, path: str) -> Iterator[str]:
    first = schema.get("prefixItems", [])
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{path}: too few or too many"
    for number, item in enumerate(value):
        rule = first[number] if number < len(first) else schema.get("items", True)
        yield from faults(item, rule, root, f"{path}.{number}")
