"""Orders of FHIR by the line (NDJSON, as FHIR Bulk Data has them): each verified by itself."""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

from dmcalc.batch.reader import Record
from dmcalc.batch.rejects import Rejection, Rejects
from dmcalc.batch.run import conditions, deal_with_all
from dmcalc.batch.streams import opened
from dmcalc.batch.writer import BatchWriter
from dmcalc.documents.fields import record
from dmcalc.documents.json import encode, visible
from dmcalc.errors import ExitCode, FileError, UsageError
from dmcalc.fhir.resource import json_text, structure
from dmcalc.fhir.verify import FindingRow, Verifier, VerifyResult, rows
from dmcalc.formats.rows import origin
from dmcalc.results.base import review_warnings
from dmcalc.results.codes import Codes, codes
from dmcalc.results.names import find_drug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.batch.request import BatchFiles, BatchRequest
    from dmcalc.batch.run import Listener
    from dmcalc.batch.writer import BatchCounts
    from dmcalc.fhir.verify import VerifiedOrder
    from dmcalc.table.model.table import LoadedTable

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
    loaded: LoadedTable, request: BatchRequest, files: BatchFiles, listener: Listener
) -> BatchCounts:
    """Verify each line of an input; raise as ``batch.run.run`` does.

    A line that is not JSON or has no order is rejected; resources of other types are counted.
    """
    verifier = _verifier(loaded, request)
    files.check()
    overdue = review_warnings(loaded, request.today)
    lines = _Lines(verifier, request.format, tuple(warning.code for warning in overdue))
    with opened(files.source) as stream:
        records, rejects = OrderLines(stream), Rejects(request.rejects_format or "jsonl", ())
        writer = BatchWriter(files, conditions(loaded, request, files))

        def deal(line: Record) -> None:
            _answer(line, verifier, lines, writer, rejects)

        headers = lines.header(), rejects.header()
        deal_with_all(records, deal, writer, headers, stream, files, listener)
    return writer.counts


def _verifier(loaded: LoadedTable, request: BatchRequest) -> Verifier:
    """Return what verifies the orders; raise UsageError for an option that bears on patients."""
    if request.check or request.alternatives or not request.keep is request.columns is None:
        raise UsageError(
            "‹fhir› verifies whole orders",
            "Leave ‹check›, ‹alternatives›, ‹keep› and ‹columns› out.",
        )
    if len(request.names) > 1:
        raise UsageError("an order is for one drug", "Name one ‹drug›, or leave it out.")
    drug = find_drug(loaded.table, request.names[0]) if request.names else None
    accepted = tuple(request.accept or ())
    return Verifier(loaded, drug=drug, strict=request.strict, accepted=accepted)


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
            raise FileError("there is no order in it: a line is one resource")
    except FileError as error:
        why = Rejection(ExitCode.TABLE_OR_FILE, f"The line cannot be read: {error.message}.")
        # the line itself is not repeated: it may name a person
        writer.rejected(line, why.reason, rejects.line(Record(line.line, ()), why))
        return
    warned = any(finding.severity == "warning" for finding in order.findings)
    refused = order.exit == ExitCode.REFUSED
    writer.counts.unclear += order.exit == ExitCode.PATIENT
    written = lines.of(line.line, order)
    writer.answered("".join(written), len(written), warned=warned, refused=refused)


class _Lines:
    """Writes verified orders as lines: an order each, or in a spreadsheet a finding each."""

    def __init__(self, verifier: Verifier, form: str, overdue: tuple[str, ...]) -> None:
        """Write in a form: jsonl, csv or tsv; each line warns that a review is ``overdue``."""
        self.form, self._table = form, verifier.loaded.table
        self._format: Any = import_module(f"dmcalc.formats.{form}")
        empty = VerifyResult(verifier.loaded, (), (), ())
        self._origin: dict[str, object] = {"warnings": overdue, "cautions": (), **origin(empty)}
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
