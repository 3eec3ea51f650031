"""The JSON Schema of everything that dmcalc prints for machines: one file a kind.

``KIND.json`` describes one kind of document and its rows; ``common.json`` has what all share. A
file is a schema but for what each kind would repeat, and that is put in here:

- ``document``: the keys of the document, between those that each begins and ends with; where there
  are none the document is its one row.
- ``beside``: keys of such a document beside those of its row.
- ``row``: the keys of a row; ``before`` and ``after``: those that stand before and after them in a
  line.
- ``as``: another kind, which has what this file leaves out.
- ``lines``: kinds, of which this one is a line.
- ``guide``: true where the answer comes from the guide too, and says which; ``perhaps`` where the
  rules of the guide may have changed it.

A file with ``properties`` is a schema of its own and is taken as it is. A new kind is a new file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_FOLDER = Path(__file__).parent
_COMMON = "common"

Schema = dict[str, Any]


def kinds() -> list[str]:
    """List the kinds of documents, from the names of their files."""
    return sorted(path.stem for path in _FOLDER.glob("*.json") if path.stem != _COMMON)


def document(kind: str, *, strict: bool = False) -> Schema:
    """Return the schema of a kind of document; of ``batch``, that of a line.

    A reader must pass over keys that it does not know. With ``strict`` those are faults: so the
    tests find a key that nobody described.
    """
    own = _own(kind)
    if "lines" in own:
        return _batch(kind, own)
    if "properties" in own:
        return _whole(kind, own, own, strict=strict)
    common = _read(_COMMON)
    inner: Schema = own.get("document") or {**own["row"], **own.get("beside", {})}
    head = {**_named(kind, common["head"]), **_guide(own, common, "head")}
    properties = {**head, **inner, **common["tail"]}
    return _whole(kind, own, {"properties": properties}, strict=strict)


def line(kind: str, *, strict: bool = False) -> Schema:
    """Return the schema of a row as a line: of JSON lines, and the columns of CSV and TSV.

    Of a kind that has no rows it is that of the document.
    """
    own = _own(kind)
    if "lines" in own:
        return _batch(kind, own)
    if "row" not in own:
        return document(kind, strict=strict)
    common = _read(_COMMON)
    told, guide = _named(kind, common["line"]), _guide(own, common, "line")
    told = {**guide, **told} if own.get("guide") == "perhaps" else {**told, **guide}
    properties = {**_columns(own), **told}
    own = {**own, "title": f"{own['title']}: one row"}
    return _whole(f"{kind}:line", own, {"properties": properties}, strict=strict)


def fields(kind: str) -> list[str]:
    """List the names of the values of a row: those of ``--field``."""
    return list(_columns(_own(kind)))


def has_lines(kind: str) -> bool:
    """Tell whether a kind of document has rows, which can be lines."""
    return not {"row", "lines"}.isdisjoint(_own(kind))


def _columns(own: Schema) -> Schema:
    """Return the keys of a row as a line has them, without those of its origin."""
    return {**own.get("before", {}), **own.get("row", {}), **own.get("after", {})}


def _batch(kind: str, own: Schema) -> Schema:
    """Return the schema of a line of any of some kinds: what is passed on may have any name."""
    lines = [line(of) for of in own["lines"]]
    definitions = {name: shape for each in lines for name, shape in each.pop("$defs").items()}
    for each in lines:
        for key in ("$schema", "$id", "description"):
            del each[key]
    return {**_head(kind, own), "anyOf": lines, "$defs": definitions}


def _whole(kind: str, own: Schema, body: Schema, *, strict: bool) -> Schema:
    """Return a schema with what it refers to, and with what holds for each of its objects."""
    shapes: Schema = {**_read(_COMMON)["$defs"], **own.get("$defs", {})}
    if "row" in own:
        shapes["row"] = {"type": "object", "properties": own["row"]}
    keys: Schema = {key: body[key] for key in ("properties", "required") if key in body}
    found: Schema = {**_head(kind, own), "type": "object", **keys}
    used = {name: shapes[name] for name in _used(body["properties"], shapes)}
    closed: Schema = _closed({**found, "$defs": used}, strict=strict)
    return closed


def _head(kind: str, own: Schema) -> Schema:
    return {
        "$schema": DRAFT,
        "$id": f"urn:dmcalc:{kind}:1",
        "title": own["title"],
        "description": own["description"],
    }


def _guide(own: Schema, common: Schema, part: str) -> Schema:
    """Return the keys that name the guide; null where it need not have been used."""
    if "guide" not in own:
        return {}
    keys: Schema = common["guide"][part]
    if own["guide"] != "perhaps":
        return keys
    return {
        key: {"anyOf": [shape, {"type": "null"}], "description": shape["description"]}
        for key, shape in keys.items()
    }


def _named(kind: str, properties: Schema) -> Schema:
    """Return the keys of provenance with the name of this kind in them."""
    named = {"const": f"dmcalc.{kind}/1", "description": properties["schema"]["description"]}
    return {**properties, "schema": named}


def _used(value: object, shapes: Schema) -> list[str]:
    """List the shapes that a part of a schema refers to, in the order in which it does."""
    found: dict[str, None] = {}

    def walk(value: object) -> None:
        if isinstance(value, list):
            for item in value:
                walk(item)
        if not isinstance(value, dict):
            return
        for key, item in value.items():
            if key == "$ref" and isinstance(item, str):
                name = item.rpartition("/")[2]
                if name not in found:
                    found[name] = None
                    walk(shapes[name])
            else:
                walk(item)

    walk(value)
    return list(found)


def _closed(value: Any, *, strict: bool) -> Any:
    """Say of each object that it has all its keys, and whether it may have others."""
    if isinstance(value, list):
        return [_closed(item, strict=strict) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _closed(item, strict=strict) for key, item in value.items()}
    if value.get("type") != "object" or "properties" not in value:
        return inner
    required = value.get("required", list(value["properties"]))
    return {**inner, "required": required, "additionalProperties": not strict}


def _own(kind: str) -> Schema:
    own = _read(kind)
    return {**_read(own["as"]), **own} if "as" in own else own


def _read(name: str) -> Schema:
    found: Schema = json.loads((_FOLDER / f"{name}.json").read_bytes())
    return found
