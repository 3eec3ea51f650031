"""Receipts as files: written whole with their hashes, and read strictly."""

from __future__ import annotations

import datetime
import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dmcalc.audit.receipt import SCHEMA, comparable_answer, receipt
from dmcalc.documents.json import encode
from dmcalc.errors import FileError, UsageError
from dmcalc.files import read_at_most

if TYPE_CHECKING:
    from dmcalc.audit.receipt import Request
    from dmcalc.results.base import Result
    from dmcalc.results.trace import Trace

#: Far larger than any receipt; a dose of all drugs has 150 kB.
MOST_BYTES = 10_000_000
MOST_DIGITS = 60
DEEPEST = 20
LONGEST_LABEL = 200
TIME = "%Y-%m-%dT%H:%M:%SZ"

#: The keys of a receipt with what stands in them.
SHAPE: dict[str, tuple[type, ...]] = {
    "schema": (str,),
    "dmcalc": (str,),
    "table": (dict,),
    "created": (str,),
    "for": (str, type(None)),
    "request": (dict,),
    "local": (list,),
    "rules": (list,),
    "roundings": (list,),
    "answer": (dict,),
    "answer_sha256": (str,),
    "receipt_sha256": (str,),
}
#: The same of its parts, which the replay reads.
PARTS: dict[str, dict[str, tuple[type, ...]]] = {
    "table": {"version": (str,), "sha256": (str,)},
    "request": {"command": (str,), "arguments": (dict,)},
    "rules": {"drug": (str,), "figure": (str,), "value": (str,), "sources": (list,)},
    "answer": {"schema": (str,), "warnings": (list,)},
}
_JSON = {str: "text", dict: "an object", list: "a list", type(None): "null"}


class _FaultError(Exception):
    """What is wrong with a receipt."""


def receipt_text(result: Result, request: Request, trace: Trace, label: str | None) -> str:
    """Return the receipt of an answer with its hashes, as JSON; raise UsageError for the label."""
    if label is not None and not (label.isprintable() and len(label) <= LONGEST_LABEL):
        raise UsageError(
            "‹receipt_for› is not one line of plain text",
            f"Give {LONGEST_LABEL} characters at the most, without control characters.",
        )
    created = datetime.datetime.now(datetime.UTC).strftime(TIME)
    document = receipt(result, request, trace, created, label)
    document["answer_sha256"] = answer_hash(as_json(document["answer"]))
    document["receipt_sha256"] = receipt_hash(as_json(document))
    return encode(document, indent="\n") + "\n"


def as_json(value: object) -> Any:
    """Return a value as it is once it was written as JSON and read again."""
    return json.loads(encode(value), parse_float=Decimal, parse_int=Decimal)


def answer_hash(answer: dict[str, Any]) -> str:
    """Return the SHA-256 of an answer without its versions: one answer has one hash."""
    return _sha256(comparable_answer(answer))


def receipt_hash(document: dict[str, Any]) -> str:
    """Return the SHA-256 of all of a receipt but this hash itself."""
    return _sha256({key: value for key, value in document.items() if key != "receipt_sha256"})


def _sha256(value: object) -> str:
    return hashlib.sha256(encode(_sorted(value)).encode()).hexdigest()


def _sorted(value: object) -> object:
    """Put keys in order, so that the same content has the same text."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def read(name: str) -> dict[str, Any]:
    """Read a receipt, ``-`` being stdin; raise FileError where it is none, or was changed."""
    content = read_at_most(MOST_BYTES, name, "receipt", "Check its path.")
    try:
        document = _document(content)
        _fits(document, SHAPE, "")
        for key, shape in PARTS.items():
            parts = document[key] if isinstance(document[key], list) else [document[key]]
            for part in parts:
                _fits(part, shape, f"{key}: ", more=True)
        _check_values(document)
        _check_hashes(document)
    except _FaultError as fault:
        shown = "stdin" if name == "-" else name
        raise FileError(
            f"{shown} is not a receipt as it was written: {fault}",
            "Nothing was computed. Take the receipt from where it is kept.",
        ) from None
    return document


def _document(content: bytes) -> dict[str, Any]:
    """Parse a receipt, its numbers digit by digit."""
    if len(content) > MOST_BYTES:
        raise _FaultError(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        document = json.loads(
            content.decode(),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_number,
            object_pairs_hook=_unique,
        )
    except UnicodeDecodeError as error:
        raise _FaultError(f"it is not UTF-8 at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise _FaultError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise _FaultError("it is nested too deeply") from None
    if not isinstance(document, dict):
        raise _FaultError("it is no JSON object")
    _not_deep(document, DEEPEST)
    return document


def _number(text: str) -> Decimal:
    if len(text) > MOST_DIGITS or not set(text) <= set("-.0123456789"):
        raise _FaultError(f"{text[:20]} is not a number that a receipt holds")
    return Decimal(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _FaultError(f"the key {next(k for k in keys if keys.count(k) > 1)!r} stands twice")
    return found


def _not_deep(value: object, left: int) -> None:
    if not left:
        raise _FaultError("it is nested too deeply")
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _not_deep(item, left - 1)


def _fits(value: Any, shape: dict[str, tuple[type, ...]], at: str, *, more: bool = False) -> None:
    """Check the keys of an object and the types of their values; ``more`` allows other keys."""
    if not isinstance(value, dict):
        raise _FaultError(f"{at}it is no JSON object")
    missing = [key for key in shape if key not in value]
    unknown = [] if more else [key for key in value if key not in shape]
    if missing or unknown:
        fault = f"the key {missing[0]!r} is missing" if missing else f"unknown key {unknown[0]!r}"
        raise _FaultError(f"{at}{fault}")
    for key, kinds in shape.items():
        if not isinstance(value[key], kinds):
            raise _FaultError(f"{at}{key!r} is not {' or '.join(_JSON[kind] for kind in kinds)}")


def _check_values(document: dict[str, Any]) -> None:
    """Check the time, and what stands in lists: sources of rules, warnings of the answer."""
    try:
        datetime.datetime.strptime(document["created"], TIME)
    except ValueError:
        raise _FaultError("'created' is not a time written like 2026-12-01T09:00:00Z") from None
    for rule in document["rules"]:
        for source in rule["sources"]:
            _fits(source, {"source": (str,)}, "rules: sources: ", more=True)
    for warning in document["answer"]["warnings"]:
        _fits(warning, {"code": (str,)}, "answer: warnings: ", more=True)


def _check_hashes(document: dict[str, Any]) -> None:
    if document["schema"] != SCHEMA:
        raise _FaultError(f"its schema is {document['schema'][:40]!r} and not {SCHEMA!r}")
    try:
        answer, whole = answer_hash(document["answer"]), receipt_hash(document)
    except UnicodeEncodeError:
        raise _FaultError("it holds text that is not Unicode") from None
    if document["answer_sha256"] != answer:
        raise _FaultError("the answer in it was changed: its answer_sha256 does not fit")
    if document["receipt_sha256"] != whole:
        raise _FaultError("it was changed: its receipt_sha256 does not fit")
