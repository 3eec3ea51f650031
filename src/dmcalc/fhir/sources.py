"""The files that hold orders: what each is, told by its content, and its orders one by one."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from dmcalc.errors import FileError
from dmcalc.fhir.resource import json_text, structure
from dmcalc.fhir.verify import SourceFile, VerifyResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dmcalc.fhir.verify import SourceKind, VerifiedOrder, Verifier

#: Bytes of a file, or of a line of one, that are read: an order has a few thousand.
MAX_BYTES = 64 * 2**20


def verify_files(names: Sequence[str], verifier: Verifier) -> VerifyResult:
    """Verify all orders of some files; raise FileError for one that cannot be read as orders."""
    sources: list[SourceFile] = []
    orders: list[VerifiedOrder] = []
    for name in names:
        source, found = _verify_file(name, verifier)
        sources.append(source)
        orders += found
    return VerifyResult(verifier.loaded, tuple(sources), verifier.accepted, tuple(orders))


def _verify_file(name: str, verifier: Verifier) -> tuple[SourceFile, list[VerifiedOrder]]:
    content = _content(name)
    called = name if name == "-" else FilePath(name).name
    try:
        kind, values = _values(content)
        orders = [order for value in values for order in _orders(value, verifier)]
    except FileError as error:
        raise FileError(f"{called}: {error.message}", error.hint) from None
    if not orders:
        raise FileError(
            f"{called}: there is no order in it",
            "dmcalc verify reads MedicationRequest, MedicationStatement, MedicationDispense and "
            "bundles of them, the JSON of taper and titrate, and CSV with step,days,dose,unit.",
        )
    first = next((value for value in values if isinstance(value, dict)), {})
    version = None
    if kind in ("fhir", "bundle", "ndjson"):
        version = verifier.version_of(_first_order(first))
    return (
        SourceFile(called, hashlib.sha256(content).hexdigest(), kind, version, len(orders)),
        orders,
    )


def _content(name: str) -> bytes:
    """Read a file, or stdin for ``-``, up to the most that is read."""
    try:
        if name == "-":
            if sys.stdin is None:
                raise FileError("stdin is closed", "Name a file.")
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with FilePath(name).open("rb") as file:
                content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileError(
            f"cannot read {name}: {error.strerror}", "Check name and permissions."
        ) from None
    if len(content) > MAX_BYTES:
        raise FileError(
            f"{name} is larger than {MAX_BYTES // 2**20} MiB",
            "Many orders are read line by line: dmcalc batch orders.ndjson --fhir",
        )
    return content


def _values(content: bytes) -> tuple[SourceKind, list[Any]]:
    """Tell what a content is, and return its JSON values."""
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise FileError("the file is empty")
    lines = [line for line in text.split(b"\n") if line.strip()]
    if len(lines) > 1 and all(
        line.strip()[:1] == b"{" and line.strip()[-1:] == b"}" for line in lines
    ):
        return "ndjson", [json_text.parse(line) for line in lines]
    value = json_text.parse(text)
    kind: SourceKind = "fhir"
    if isinstance(value, dict) and value.get("resourceType") == "Bundle":
        kind = "bundle"
    return kind, [value]


def _orders(value: Any, verifier: Verifier) -> Iterator[VerifiedOrder]:
    """Verify the orders in one JSON value: itself, or those of a bundle."""
    if not isinstance(value, dict):
        return
    kind = value.get("resourceType")
    if kind in structure.ORDERS:
        yield verifier.resource(value)
    elif kind == "Bundle":
        entries = value.get("entry")
        listed = [
            (number, entry["resource"], entry.get("fullUrl"))
            for number, entry in enumerate(entries if isinstance(entries, list) else ())
            if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)
        ]
        others: dict[str, Any] = {}
        for _, resource, url in listed:
            for name in (url, f"{resource.get('resourceType')}/{resource.get('id')}"):
                if isinstance(name, str):
                    others[name] = resource
        groups = Counter(_group(resource) for _, resource, _ in listed)
        for number, resource, _ in listed:
            if resource.get("resourceType") in structure.ORDERS:
                prefix = ("entry", number, "resource")
                group = _group(resource)
                together = group is not None and groups[group] > 1
                yield verifier.resource(resource, prefix, "Bundle", others, partial=together)


def _group(resource: dict[str, Any]) -> str | None:
    """Return what names the orders that were made together."""
    group = resource.get("groupIdentifier")
    value = group.get("value") if isinstance(group, dict) else None
    return value if isinstance(value, str) else None


def _first_order(value: dict[str, Any]) -> dict[str, Any]:
    """Return the first order of a value, for the version that it is in."""
    if value.get("resourceType") != "Bundle":
        return value
    resources = (
        entry.get("resource") for entry in value.get("entry", ()) if isinstance(entry, dict)
    )
    orders = (
        r for r in resources if isinstance(r, dict) and r.get("resourceType") in structure.ORDERS
    )
    return next(orders, {})
