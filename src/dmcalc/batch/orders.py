"""Orders of FHIR by the line (NDJSON, as FHIR Bulk Data has them): each verified by itself."""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

from dmcalc._version import __version__
from dmcalc.batch.reader import Record
from dmcalc.batch.run import (
    Rejection,
    Rejects,
    check_request,
    ended_well,
    on_terminal,
    opened,
    shown_rows,
    stamp_of,
)
from dmcalc.batch.writer import BatchWriter
from dmcalc.documents.fields import record
from dmcalc.documents.json import encode, visible
from dmcalc.errors import ExitCode, FileError
from dmcalc.fhir.resource import json_text, structure
from dmcalc.fhir.verify import FindingRow, VerifyResult, rows
from dmcalc.formats.rows import origin
from dmcalc.results.codes import Codes, codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dmcalc.batch.run import BatchRequest
    from dmcalc.batch.writer import BatchCounts
    from dmcalc.fhir.verify import VerifiedOrder, Verifier

#: Bytes of a line that are read: an order has a few thousand.
MAX_LINE = 2**24


class OrderLines:
    """Reads lines one by one, so that memory does not grow with their number."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Read from a stream of bytes."""
        self._stream = stream
        self.read = hashlib.sha256()

    def __iter__(self) -> Iterator[Record]:
        """Yield each line that is not empty; one that is too long with what is wrong with it."""
        number = 0
        while line := self._stream.readline(MAX_LINE):
            number += 1
            self.read.update(line)
            fault = None
            while not line.endswith(b"\n") and (rest := self._stream.readline(MAX_LINE)):
                self.read.update(rest)
                fault = f"it is longer than {MAX_LINE // 2**20} MiB"
                line = rest[-1:]
            if fault is not None or line.strip():
                text = "" if fault else line.decode("utf-8", "surrogateescape")
                yield Record(number, (text,), fault)


def run_orders(
    verifier: Verifier,
    request: BatchRequest,
    conditions: Mapping[str, object],
    report: Callable[[str], None],
) -> BatchCounts:
    """Verify each line of an input; raise as ``batch.run.run`` does.

    A line that is no JSON or holds no order is rejected; resources of other types are counted.
    """
    check_request(request)
    lines = _Lines(verifier, request.form or "jsonl")
    with opened(request.source) as stream:
        stamp = stamp_of(stream)
        records = OrderLines(stream)
        rejects = Rejects("jsonl", ())
        overlays = [overlay.sha256 for overlay in verifier.loaded.overlays]
        depends = {"dmcalc": __version__, "table": verifier.loaded.sha256, "overlays": overlays}
        asked = {**conditions, **depends, "form": lines.form, "rejects": request.rejects}
        writer = BatchWriter(request.files, asked)
        with ended_well(writer, report):
            writer.begin(lines.header(), "", resume=request.resume)
            lines_in = iter(records)
            writer.skip(lines_in, records)
            hidden = request.quiet or on_terminal(request)
            for line in shown_rows(lines_in, stream, hidden=hidden):
                _answer(line, verifier, lines, writer, rejects)
                writer.count(records)
            if stamp_of(stream) != stamp:
                raise FileError(f"{request.source} changed while it was read", "Run it again.")
            writer.finish()
    return writer.counts


def _answer(
    line: Record, verifier: Verifier, lines: _Lines, writer: BatchWriter, rejects: Rejects
) -> None:
    """Write the answer to a line, count it as of another type, or reject it."""
    try:
        if line.fault is not None:
            raise FileError(line.fault)
        resource = json_text.parse(str(line.cells[0]))
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if structure.is_order(resource):
            order = verifier.resource(resource)
        elif isinstance(kind, str) and kind.isalpha() and kind != "Bundle":
            writer.counts.others[kind[:64]] = writer.counts.others.get(kind[:64], 0) + 1
            return
        else:
            raise FileError("it holds no order: a line is one resource")
    except FileError as error:
        why = Rejection(ExitCode.TABLE_OR_FILE, f"The line cannot be read: {error.message}.")
        # the line itself is not repeated: it may name a person
        writer.rejected(line, why.reason, rejects.line(Record(line.line, ()), why))
        return
    warned = any(finding.severity == "warning" for finding in order.findings)
    refused = order.exit == ExitCode.REFUSED
    writer.counts.unclear += order.exit == ExitCode.PATIENT
    writer.answered(lines.of(line.line, order), warned=warned, refused=refused)


class _Lines:
    """Writes verified orders as lines: an order each, or in a spreadsheet a finding each."""

    def __init__(self, verifier: Verifier, form: str) -> None:
        """Write in a form: jsonl, csv or tsv."""
        self.form, self._table = form, verifier.loaded.table
        self._format: Any = import_module(f"dmcalc.formats.{form}")
        empty = VerifyResult(verifier.loaded, (), (), ())
        self._origin: dict[str, object] = {"warnings": (), "cautions": (), **origin(empty)}
        self._names = ["line", *FindingRow._fields, *Codes._fields, *self._origin]
        self._end = visible(encode(self._origin))[1:-1]

    def header(self) -> str:
        """Return the line of the names, if the form has one."""
        if self.form == "jsonl":
            return ""
        text: str = self._format.header(self._names)
        return text

    def of(self, number: int, order: VerifiedOrder) -> list[str]:
        """Return the line of an order, or the lines of its findings."""
        drug = codes(self._table, order.drug)
        if self.form == "jsonl":
            own = visible(encode({"line": number, **record(order), **drug._asdict()}))
            return [f"{own[:-1]}, {self._end}}}\n"]
        lines = []
        for row in rows("", order):
            values = [number, *row, *drug, *self._origin.values()]
            lines.append(self._format.line(self._names, list(map(self._format.cell, values))))
        return lines
