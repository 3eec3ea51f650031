"""The JSON Schema of documents and lines, from the classes that describe them.

A property is the type of a field and its sentence. What is None where nothing is known may be null.
"""

from __future__ import annotations

import ast
import datetime
import inspect
import re
import sys
import types
import typing
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

from dmcalc.documents import common
from dmcalc.documents.fields import PERHAPS, ROWS
from dmcalc.results.codes import Codes
from dmcalc.results.field_types import OneOf, Pattern
from dmcalc.schemas.kinds import KINDS, LINES, Kind, Lines

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    Decimal: {"type": "number"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime.date: {
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    },
    Any: {"type": ["string", "number", "boolean", "null", "array", "object"]},
}


#: The classes that stand among the definitions, by their names there.
_DEFINED: dict[str, type] = {}


def kinds() -> list[str]:
    """List the kinds of documents."""
    return sorted((*KINDS, *LINES))


def has_lines(kind: str) -> bool:
    """Tell whether a kind of document has rows, which can be lines."""
    return kind in LINES or KINDS[kind].row is not None


def fields(kind: str) -> list[str]:
    """List the names of the values of a row: those of ``--field``."""
    return list(_columns(KINDS[kind]))


def document(kind: str, *, strict: bool = False) -> Schema:
    """Return the schema of a kind of document; of a kind of lines, that of a line.

    A reader must pass over keys that it does not know. With ``strict`` those are faults: so the
    tests find a key that nobody described.
    """
    if kind in LINES:
        return _any_line(kind)
    known = KINDS[kind]
    if known.whole:
        return _whole({**_head(kind, known), **_object(known.document)}, {}, strict=strict)
    head = {**_named(kind, common.Header), **_guide(kind, known, common.GuideHeader)}
    body = _body(known)
    properties = {**head, **body, **_properties(common.Tail)}
    shape = {**_head(kind, known), "type": "object", "properties": properties}
    row: Schema = {"row": _object(known.row)} if known.each or body.keys() & set(ROWS) else {}
    if known.each:
        row = {**row, "drug": {"type": "object", "properties": _body(KINDS[known.each])}}
    return _whole(shape, row, strict=strict)


def line(kind: str, *, strict: bool = False, sheet: bool = False) -> Schema:
    """Return the schema of a row as a line: of JSON lines, and the columns of CSV and TSV.

    Of a kind that has no rows it is that of the document. With ``sheet`` it is that of CSV and TSV,
    where those have rows of their own.
    """
    if kind in LINES:
        return _any_line(kind)
    known = KINDS[kind]
    if sheet and known.sheet is not None:
        known = known._replace(row=known.sheet)
    if known.row is None:
        return document(kind, strict=strict)
    guide = _guide(kind, known, common.LineGuide)
    origin = _named(kind, common.LineOrigin)
    end = {**_properties(common.LineNotes), **origin}
    end = {**guide, **end} if kind in PERHAPS else {**end, **guide}
    head = _head(f"{kind}:line", known._replace(title=f"{known.title}: one row"))
    shape = {**head, "type": "object", "properties": {**_columns(known), **end}}
    return _whole(shape, {}, strict=strict)


def _columns(kind: Kind) -> Schema:
    """Return the keys of a row as a line has them, without those of its origin."""
    return _with_codes({**_properties(kind.context), **_properties(kind.row)})


def _body(kind: Kind) -> Schema:
    """Return the keys of a document between its header and its tail."""
    if kind.each:
        text = "One for each drug, in the order in which they were named."
        return {"drugs": {"type": "array", "description": text, "items": {"$ref": "#/$defs/drug"}}}
    body = _properties(kind.document)
    if kind.rows is not None:
        body[ROWS[0]] = {"type": "array", "description": kind.rows}
    if "row" in body:  # the document is its one row
        del body["row"]
        body = {**_with_codes(_properties(kind.row)), **body}
    for name in ROWS:
        if name in body:
            text = body[name]["description"]
            body[name] = {"type": "array", "description": text, "items": {"$ref": "#/$defs/row"}}
    return _with_codes(body)


def _any_line(kind: str) -> Schema:
    """Return the schema of a line of any of some kinds: what is passed on may have any name."""
    lines = [line(of) for of in LINES[kind].kinds]
    for each in lines:
        for key in ("$schema", "$id", "description"):
            del each[key]
    definitions = {name: shape for each in lines for name, shape in each.pop("$defs").items()}
    return {**_head(kind, LINES[kind]), "anyOf": lines, "$defs": definitions}


def _head(kind: str, described_kind: Kind | Lines) -> Schema:
    identity = {"$schema": DRAFT, "$id": f"urn:dmcalc:{kind}:1"}
    return {**identity, "title": described_kind.title, "description": described_kind.description}


def _guide(kind: str, described_kind: Kind, described: type) -> Schema:
    """Return the keys that name the guide; null where it need not have been used."""
    if kind in PERHAPS:
        return {key: _nullable(shape) for key, shape in _properties(described).items()}
    return _properties(described) if described_kind.guide else {}


def _named(kind: str, described: type) -> Schema:
    """Return the keys of provenance with the name of this kind in them."""
    properties = _properties(described)
    text = properties["schema"]["description"]
    return {**properties, "schema": {"const": f"dmcalc.{kind}/1", "description": text}}


def _with_codes(properties: Schema) -> Schema:
    """Put the codes of a drug at the end of what names one, as ``documents.fields`` does."""
    if "drug" not in properties or "atc" in properties:
        return properties
    return {**properties, **_properties(Codes)}


def _object(described: type | None) -> Schema:
    return {"type": "object", "properties": _with_codes(_properties(described))}


def _properties(described: type | None) -> Schema:
    """Return the keys of a class with the schema of each; of no class none."""
    if described is None:
        return {}
    shape = getattr(described, "shape", described)
    hints = typing.get_type_hints(shape, _namespace(shape.__module__), include_extras=True)
    if flat_keys := getattr(described, "flat_keys", ()):
        part = hints.pop(getattr(described, "part", ""))
        properties = {**_properties(part), **_schemas(hints)}
        return {key: properties[key] for key in flat_keys}
    return _schemas(hints)


def _schemas(hints: dict[str, object]) -> Schema:
    """Return the keys of some fields with the schema of each."""
    return {name.rstrip("_"): _schema(hint) for name, hint in hints.items()}


def _schema(hint: object) -> Schema:
    """Return the schema of a type; of its sentences the last one counts."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        shape = _schema(args[0])
        for mark in args[1:]:
            if isinstance(mark, str):
                shape = {**shape, "description": mark}
            elif isinstance(mark, Pattern):
                shape = {**shape, "pattern": mark.regex}
            elif isinstance(mark, OneOf):
                shape = {"enum": list(mark.words)}
        return shape
    if origin in (types.UnionType, typing.Union):
        shapes = [_schema(part) for part in args if part is not type(None)]
        shape = shapes[0] if len(shapes) == 1 else {"type": [shape["type"] for shape in shapes]}
        return _nullable(shape) if type(None) in args else shape
    if origin is typing.Literal:
        return {"enum": list(args)} if len(args) > 1 else {"const": args[0]}
    if origin in (tuple, list):
        return {"type": "array", "items": _schema(args[0])}
    if origin is dict:
        return {"type": "object"}
    if hint in _PLAIN:
        return _PLAIN[hint]
    assert isinstance(hint, type)
    return {"$ref": f"#/$defs/{_definition(hint)}"}


def _nullable(shape: Schema) -> Schema:
    """Return a schema of a value that may be null."""
    text = {"description": shape["description"]} if "description" in shape else {}
    bare = {key: value for key, value in shape.items() if key != "description"}
    words = bare.get("enum") or ([bare["const"]] if "const" in bare else None)
    if words is not None:
        return {"enum": [*words, None], **text}
    if isinstance(bare.get("type"), str) and "items" not in bare:
        return {**bare, "type": [bare["type"], "null"], **text}
    return {"anyOf": [bare, {"type": "null"}], **text}


def _whole(shape: Schema, definitions: Schema, *, strict: bool) -> Schema:
    """Return a schema with what it refers to, and with what holds for each of its objects."""
    todo = [*_referred(shape), *_referred(definitions)]
    while todo:
        name = todo.pop(0)
        if name not in definitions:
            described = _DEFINED[name]
            definitions[name] = {"type": "object", "properties": _properties(described)}
            todo += _referred(definitions[name])
    whole = _closed({**shape, "$defs": definitions}, strict=strict)
    assert isinstance(whole, dict)
    return whole


def _referred(value: object) -> list[str]:
    """List the definitions that a part of a schema refers to."""
    if isinstance(value, list):
        return [name for item in value for name in _referred(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"].rpartition("/")[2]] if "$ref" in value else []
    return [name for name in own if name not in ("row", "drug")] + _referred(list(value.values()))


def _definition(described: type) -> str:
    """Return the name of a class among the definitions: ``LocalValue`` is ``local_value``."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", described.__name__).lower().removesuffix("_document")
    if _DEFINED.setdefault(name, described) is not described:
        raise NameError(f"two described classes are called {name}")
    return name


def _closed(value: object, *, strict: bool) -> object:
    """Say of each object that it has all its keys, and whether it may have others."""
    if isinstance(value, list):
        return [_closed(item, strict=strict) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _closed(item, strict=strict) for key, item in value.items()}
    if value.get("type") != "object" or "properties" not in value:
        return inner
    return {**inner, "required": list(value["properties"]), "additionalProperties": not strict}


@cache
def _namespace(module: str) -> dict[str, object]:
    """Return the names of a module with those that it imports for types only.

    Those stand in its source and nowhere else: a start does without them.
    """
    names: dict[str, object] = dict(vars(sys.modules[module]))
    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for inner in node.body:
                names |= _imported(inner)
    return names


def _imported(node: ast.stmt) -> dict[str, object]:
    if isinstance(node, ast.Import):
        return {alias.name: import_module(alias.name) for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        module = import_module(node.module)
        names = ((alias.asname or alias.name, alias.name) for alias in node.names)
        # what another module has for types only is not there, and no field is of it
        return {own: getattr(module, name) for own, name in names if hasattr(module, name)}
    return {}
