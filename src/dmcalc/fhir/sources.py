"""The files of orders: the kind of each, recognised by its content, and its orders."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from dmcalc.errors import FileError
from dmcalc.fhir.own_files import verify_schedule, verify_table
from dmcalc.fhir.resource import json_text, structure
from dmcalc.fhir.resource.json_text import list_of
from dmcalc.fhir.verify import SourceFile, VerifyResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dmcalc.fhir.verify import SourceKind, VerifiedOrder, Verifier

_SCHEDULES: dict[str, SourceKind] = {"dmcalc.taper/1": "taper", "dmcalc.titrate/1": "titrate"}
#: Bytes of a file, or of a line of one, that are read: an order has a few thousand.
MAX_BYTES = 64 * 2**20


def verify_files(names: Sequence[str], verifier: Verifier) -> VerifyResult:
    """Verify all orders of some files; raise FileError for one that cannot be read as orders."""
    sources: list[SourceFile] = []
    orders: list[VerifiedOrder] = []
    for name in names:
        source, verified = _verify_file(name, verifier)
        sources.append(source)
        orders += verified
    return VerifyResult(verifier.loaded, tuple(sources), verifier.accepted, tuple(orders))


def _verify_file(name: str, verifier: Verifier) -> tuple[SourceFile, list[VerifiedOrder]]:
    called = name if name == "-" else FilePath(name).name
    return verify_content(called, _content(name), verifier)


def verify_content(
    called: str, content: bytes, verifier: Verifier
) -> tuple[SourceFile, list[VerifiedOrder]]:
    """Verify the orders in the bytes of a file; raise FileError where there are none."""
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
    digest = hashlib.sha256(content).hexdigest()
    return SourceFile(called, digest, kind, version, len(orders)), orders


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
            "Many orders are read line by line: dmcalc batch with ‹fhir›.",
        )
    return content


def _values(content: bytes) -> tuple[SourceKind, list[object]]:
    """Tell what a content is, and return its JSON values."""
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise FileError("the file is empty")
    lines = [line for line in text.split(b"\n") if line.strip()]
    if len(lines) > 1 and all(
        line.strip().startswith(b"{") and line.strip().endswith(b"}") for line in lines
    ):
        return "ndjson", [json_text.parse(line) for line in lines]
    if _is_table(text):
        return "csv", [text]
    value = json_text.parse(text)
    kind: SourceKind = "fhir"
    if (schedule := _schedule(value)) is not None:
        return schedule, [value]
    if isinstance(value, dict) and value.get("resourceType") == "Bundle":
        kind = "bundle"
    return kind, [value]


def _is_table(content: bytes) -> bool:
    """Tell whether a content is a table of steps: by its first line."""
    names = content.split(b"\n", 1)[0].decode("utf-8", "replace").strip().lower().split(",")
    return {"step", "days", "unit"} <= set(names) and bool({"dose", "low"} & set(names))


def _schedule(value: object) -> SourceKind | None:
    """Return of which kind a schedule of our own is; None for anything else."""
    schema = value.get("schema") if isinstance(value, dict) else None
    return _SCHEDULES.get(schema) if isinstance(schema, str) else None


def _orders(value: object, verifier: Verifier) -> Iterator[VerifiedOrder]:
    """Verify the orders in one value: itself, or those of a bundle."""
    if isinstance(value, bytes):
        yield verify_table(value, verifier)
    if not isinstance(value, dict):
        return
    if _schedule(value) is not None:
        yield verify_schedule(value, verifier)
    if structure.is_order(value):
        yield verifier.resource(value)
    elif value.get("resourceType") == "Bundle":
        listed = [
            (number, entry["resource"], entry.get("fullUrl"))
            for number, entry in enumerate(list_of(value.get("entry")))
            if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)
        ]
        others: dict[str, object] = {}
        for _, resource, url in listed:
            for name in (url, f"{resource.get('resourceType')}/{resource.get('id')}"):
                if isinstance(name, str):
                    others[name] = resource
        groups = Counter(_group(resource) for _, resource, _ in listed)
        for number, resource, _ in listed:
            if structure.is_order(resource):
                prefix = ("entry", number, "resource")
                group = _group(resource)
                together = group is not None and groups[group] > 1
                yield verifier.resource(resource, prefix, "Bundle", others, partial=together)


def _group(resource: dict[str, object]) -> str | None:
    """Return what names the orders that were made together."""
    group = resource.get("groupIdentifier")
    value = group.get("value") if isinstance(group, dict) else None
    return value if isinstance(value, str) else None


def _first_order(value: dict[str, object]) -> dict[str, object]:
    """Return the first order of a value, for the version that it is in."""
    if value.get("resourceType") != "Bundle":
        return value
    entries = list_of(value.get("entry"))
    resources = (entry.get("resource") for entry in entries if isinstance(entry, dict))
    orders = (resource for resource in resources if structure.is_order(resource))
    return next(orders, {})
