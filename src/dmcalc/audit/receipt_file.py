"""Receipts as files: written whole with their hashes, and read strictly."""

from __future__ import annotations

import datetime
import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from dmcalc.audit.document import ReceiptDocument
from dmcalc.audit.receipt import SCHEMA, StoredRequest, comparable_answer, receipt
from dmcalc.documents.json import encode
from dmcalc.errors import FileError, UsageError
from dmcalc.files import read_at_most

if TYPE_CHECKING:
    from dmcalc.results.base import Result
    from dmcalc.results.trace import Trace

#: Far larger than any receipt; a dose of all drugs has 150 kB.
MOST_BYTES = 10_000_000
MOST_DIGITS = 60
DEEPEST = 20
LONGEST_LABEL = 200
TIME = "%Y-%m-%dT%H:%M:%SZ"

KEYS = tuple(name.rstrip("_") for name in ReceiptDocument.__annotations__)
_JSON: dict[type, str] = {str: "text", dict: "an object", list: "a list"}
T = TypeVar("T")


class KeptRule(NamedTuple):
    """A figure or reading that an answer rested on: its value, the keys of its sources."""

    drug: str
    figure: str
    value: str
    sources: tuple[str, ...]


class KeptReceipt(NamedTuple):
    """A receipt as it was read, as far as a replay needs it."""

    dmcalc: str
    table: dict[str, object]
    #: The guide that the answer rested on, None where on none.
    guide: dict[str, object] | None
    created: str
    label: str | None
    request: StoredRequest
    rules: tuple[KeptRule, ...]
    answer: dict[str, object]


class _FaultError(Exception):
    """What is wrong with a receipt."""


class _Part:
    """An object in a receipt, whose values are read by key and type; other keys may be there."""

    def __init__(self, value: object, prefix: str) -> None:
        """``prefix`` begins each message on it: ``rules: ``."""
        if not isinstance(value, dict):
            raise _FaultError(f"{prefix}it is not a JSON object")
        self._value: dict[str, object] = value
        self._prefix = prefix

    def of(self, key: str, kind: type[T]) -> T:
        """Return the value of a key, of a type."""
        if key not in self._value:
            raise _FaultError(f"{self._prefix}the key {key!r} is missing")
        value = self._value[key]
        if not isinstance(value, kind):
            raise _FaultError(f"{self._prefix}{key!r} is not {_JSON[kind]}")
        return value

    def part(self, key: str) -> _Part:
        """Return the object that a key holds."""
        return _Part(self.of(key, dict), f"{self._prefix}{key}: ")

    def parts(self, key: str) -> list[_Part]:
        """Return the objects of a list."""
        return [_Part(item, f"{self._prefix}{key}: ") for item in self.of(key, list)]


def receipt_text(result: Result, request: StoredRequest, trace: Trace, label: str | None) -> str:
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


def as_json(value: object) -> dict[str, object]:
    """Return a document as it is once it was written as JSON and read again."""
    document: dict[str, object] = json.loads(encode(value), parse_float=Decimal, parse_int=Decimal)
    return document


def answer_hash(answer: dict[str, object]) -> str:
    """Return the SHA-256 of an answer without its versions: one answer has one hash."""
    return _sha256(comparable_answer(answer))


def receipt_hash(document: dict[str, object]) -> str:
    """Return the SHA-256 of all of a receipt but this hash itself."""
    return _sha256({key: value for key, value in document.items() if key != "receipt_sha256"})


def _sha256(value: object) -> str:
    return hashlib.sha256(encode(_sorted(value)).encode()).hexdigest()


def _sorted(value: object) -> object:
    """Put keys in order, so that the same content has the same text."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def read(name: str) -> KeptReceipt:
    """Read a receipt, ``-`` being stdin; raise FileError where it is none, or was changed."""
    content = read_at_most(MOST_BYTES, name, "receipt", "Check its path.")
    try:
        document = _document(content)
        receipt = _receipt(document)
        _check_hashes(document, receipt)
    except _FaultError as fault:
        shown = "stdin" if name == "-" else name
        raise FileError(
            f"{shown} is not a receipt as it was written: {fault}",
            "Nothing was computed. Take the receipt from where it is kept.",
        ) from None
    return receipt


def _document(content: bytes) -> dict[str, object]:
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
        raise _FaultError("it is not a JSON object")
    _not_deep(document, DEEPEST)
    return document


def _number(text: str) -> Decimal:
    if len(text) > MOST_DIGITS or not set(text) <= set("-.0123456789"):
        raise _FaultError(f"{text[:20]} is not a number that a receipt holds")
    return Decimal(text)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _FaultError(f"the key {next(k for k in keys if keys.count(k) > 1)!r} is there twice")
    return entries


def _not_deep(value: object, left: int) -> None:
    if not left:
        raise _FaultError("it is nested too deeply")
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _not_deep(item, left - 1)


def _receipt(document: dict[str, object]) -> KeptReceipt:
    """Check the keys of a receipt and the types of what a replay reads."""
    missing = [key for key in KEYS if key not in document]
    unknown = [key for key in document if key not in KEYS]
    if missing or unknown:
        fault = f"the key {missing[0]!r} is missing" if missing else f"unknown key {unknown[0]!r}"
        raise _FaultError(fault)
    whole = _Part(document, "")
    label, created = document["for"], whole.of("created", str)
    if not (label is None or isinstance(label, str)):
        raise _FaultError("'for' is not text or null")
    try:
        datetime.datetime.strptime(created, TIME)
    except ValueError:
        raise _FaultError("'created' is not a time written like 2026-12-01T09:00:00Z") from None
    _check_version(whole.part("table"))
    overlaid = whole.of("table", dict)
    for overlay in whole.part("table").parts("overlays") if "overlays" in overlaid else ():
        overlay.of("name", str)
        overlay.of("sha256", str)
    for key in ("local", "roundings"):
        whole.of(key, list)
    request, answer, kept = whole.part("request"), whole.part("answer"), whole.of("answer", dict)
    answer.of("schema", str)
    for warning in answer.parts("warnings"):
        warning.of("code", str)
    if kept.get("guide") is not None:
        _check_version(answer.part("guide"))
    rules = (
        KeptRule(
            rule.of("drug", str),
            rule.of("figure", str),
            rule.of("value", str),
            tuple(source.of("source", str) for source in rule.parts("sources")),
        )
        for rule in whole.parts("rules")
    )
    return KeptReceipt(
        dmcalc=whole.of("dmcalc", str),
        table=whole.of("table", dict),
        guide=None if kept.get("guide") is None else answer.of("guide", dict),
        created=created,
        label=label,
        request=StoredRequest(request.of("command", str), request.of("arguments", dict)),
        rules=tuple(rules),
        answer=kept,
    )


def _check_version(part: _Part) -> None:
    """Check what a receipt says of a file: its version and its hash."""
    for key in ("version", "sha256"):
        part.of(key, str)


def _check_hashes(document: dict[str, object], receipt: KeptReceipt) -> None:
    whole = _Part(document, "")
    if (schema := whole.of("schema", str)) != SCHEMA:
        raise _FaultError(f"its schema is {schema[:40]!r} and not {SCHEMA!r}")
    try:
        hashes = answer_hash(receipt.answer), receipt_hash(document)
    except UnicodeEncodeError:
        raise _FaultError("it holds text that is not Unicode") from None
    if whole.of("answer_sha256", str) != hashes[0]:
        raise _FaultError("the answer in it was changed: its answer_sha256 does not fit")
    if whole.of("receipt_sha256", str) != hashes[1]:
        raise _FaultError("it was changed: its receipt_sha256 does not fit")
