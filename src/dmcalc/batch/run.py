"""One run of a batch: rows in, answers and rejects out."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from dmcalc._version import __version__
from dmcalc.batch.answers import COLUMNS, RowInput
from dmcalc.batch.columns import Columns
from dmcalc.batch.reader import DELIMITERS, MARKS, BatchReader
from dmcalc.batch.row_renderer import COMMON, RowRenderer
from dmcalc.batch.writer import BatchFiles, BatchWriter
from dmcalc.documents.fields import record
from dmcalc.errors import DmcalcError, ExitCode, FileError, UsageError, as_option
from dmcalc.formats.rows import defused
from dmcalc.results.base import counted, overlays_in_use

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from dmcalc.batch.answers import Answerer
    from dmcalc.batch.reader import Record
    from dmcalc.batch.writer import BatchCounts
    from dmcalc.table.model.table import LoadedTable

SUFFIXES = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
#: Answers that are remembered, in characters: many patients have the same weight and severity.
REMEMBERED = 20_000_000
#: What one answer takes besides its lines.
OVERHEAD = 1_000
INTERRUPTED = 130


class BatchRequest(NamedTuple):
    """What the user asked of a run: its files, their forms, and what is passed on."""

    source: str
    input_format: str | None = None
    form: str | None = None
    output: str = "-"
    rejects: str | None = None
    keep: tuple[str, ...] | None = None
    #: Columns that are meant to be unused, though they look like a fact.
    ignored: tuple[str, ...] = ()
    resume: bool = False
    quiet: bool = False
    #: Whether cells that a spreadsheet takes for formulas are passed on as they are.
    raw_cells: bool = False
    #: The permissions of what is written, if --mode gives them.
    mode: int | None = None

    @property
    def files(self) -> BatchFiles:
        """The files that are written."""
        return BatchFiles(self.output, self.rejects, self.mode)


class Answer(NamedTuple):
    """A row's answer as it is written: what it says of the patient, and each row as a line."""

    who: str
    rows: list[str]
    warned: bool
    #: Whether a check found the order outside its limits.
    refused: bool


class Rejection(NamedTuple):
    """Why a row has no answer, with the exit code that the command would have had."""

    code: int
    reason: str


class Answers:
    """Answers what rows ask, as lines; what was asked before is remembered."""

    def __init__(self, answerer: Answerer, lines: RowRenderer, loaded: LoadedTable) -> None:
        """Answer with ``answerer``, in the form of ``lines``."""
        self._answerer, self._lines = answerer, lines
        self._in_use = overlays_in_use(loaded)
        self._known: dict[tuple[str | None, ...], Answer | Rejection] = {}
        self._size = 0

    def to(self, cells: tuple[str | None, ...]) -> Answer | Rejection:
        """Return the answer, or why there is none."""
        answer = self._known.get(cells)
        if answer is None:
            if self._size > REMEMBERED:
                self._known.clear()
                self._size = 0
            answer = self._known[cells] = self._new(cells)
        return answer

    def _new(self, cells: tuple[str | None, ...]) -> Answer | Rejection:
        try:
            result = self._answerer(RowInput.read(cells))
        except DmcalcError as error:
            self._size += OVERHEAD
            return rejection_of(error, self._in_use)
        rendered = self._lines.rendered
        rows, who = self._lines.rows(result), record(result.context)
        self._size += self._lines.rendered - rendered + OVERHEAD
        before = self._lines.before(list(who), list(who.values()))
        return Answer(before, rows, bool(counted(result.warnings)), result.exit_code != ExitCode.OK)


def rejection_of(error: DmcalcError, in_use: str | None) -> Rejection:
    """Say why a row has no answer; ``in_use`` names the overlays."""
    message, hint = error.named(as_column)
    problem = message.partition("\n")[0]  # without the pointer below it
    sentences = filter(None, (f"{problem}.", hint, in_use))
    return Rejection(error.exit_code, " ".join(sentences))


def as_column(name: str, example: str | None = None) -> str:
    """Name an input by its column, and what is no column as an option of the run."""
    if name not in COLUMNS:
        return as_option(name, example)
    return f"{name} {example}" if example else name


def renamed(names: Sequence[str], taken: Collection[str]) -> list[str]:
    """Return the names of columns that are passed on, each unlike all others of its header."""
    used = set(taken)
    passed = []
    for name in names:
        new = name
        while defused(new) in used or (new != name and new in names):
            new = f"input_{new}"
        used.add(defused(new))
        passed.append(new)
    return passed


class Rejects:
    """Writes rows that have no answer as lines, in the form that they came in."""

    OWN = ("line", "code", "reason")

    def __init__(self, form: str, names: Sequence[str], *, raw: bool = False) -> None:
        """Begin each with its line number, code and reason; with ``raw`` formulas stay as is."""
        self._format: Any = import_module(f"dmcalc.formats.{form}")
        self._names = [*self.OWN, *renamed(names, self.OWN)]
        self._raw = raw
        self._cell = self._format.raw_cell if raw else self._format.cell

    def header(self) -> str:
        """Return the line of the names, if the form has one."""
        text: str = self._format.header(self._names, raw=self._raw)
        return text

    def line(self, record: Record, why: Rejection) -> str:
        """Return a row with what is wrong with it."""
        cells = [*record.cells, *[None] * len(self._names)][: len(self._names) - 3]
        values = map(self._cell, [record.line, int(why.code), why.reason, *cells])
        text: str = self._format.line(self._names, list(values))
        return text


def run(
    loaded: LoadedTable,
    answerer: Answerer,
    request: BatchRequest,
    conditions: Mapping[str, object],
    report: Callable[[str], None],
) -> BatchCounts:
    """Answer every row of an input; ``asked`` is what the answers depend on besides the table.

    ``report`` takes a line for the user, at the end: which rows have no answer.

    Nothing is seen of a file before it is whole. Raise FileError for an input that cannot be read
    to its end or a file that cannot be written, UsageError for columns or options that do not fit.
    """
    check_request(request)
    input_format = request.input_format or _form(request.source)
    form = request.form or input_format
    lines = RowRenderer(form, raw=request.raw_cells)
    with opened(request.source) as stream:
        stamp = stamp_of(stream)
        records = BatchReader(stream, named_source(request.source), input_format)
        columns = Columns(
            records.names,
            request.keep,
            answerer.asking,
            own=answerer.columns,
            ignored=request.ignored,
            decimal_comma=records.delimiter == ";",
        )
        if not request.quiet:
            report(f"dmcalc: {columns.understood}{_parted(records.delimiter)}")
        rejects = Rejects(input_format, records.names, raw=request.raw_cells)
        origin = {
            "dmcalc": __version__,
            "table": loaded.sha256,
            "overlays": [overlay.sha256 for overlay in loaded.overlays],
            "columns": records.names,
        }
        conditions = {
            **conditions,
            **origin,
            "form": form,
            "keep": request.keep,
            "ignored": request.ignored,
            "rejects": request.rejects,
            "raw_cells": request.raw_cells,
        }
        writer = BatchWriter(request.files, conditions)
        answers = Answers(answerer, lines, loaded)
        before = renamed(columns.kept, {*answerer.columns, *COMMON})
        with ended_well(writer, report):
            header = lines.header(before, answerer.columns)
            writer.begin(header, rejects.header(), resume=request.resume)
            rows = iter(records)
            writer.skip(rows, records)
            for record in shown_rows(rows, stream, hidden=request.quiet or on_terminal(request)):
                if record.blank:
                    writer.blank()
                elif isinstance(answer := _answer(record, columns, answers), Rejection):
                    writer.rejected(record, answer.reason, rejects.line(record, answer))
                else:
                    written = _lines(answer, lines, before, columns.passed(record.cells))
                    writer.answered(written, warned=answer.warned, refused=answer.refused)
                writer.count(records)
            if stamp_of(stream) != stamp:
                raise FileError(f"{request.source} changed while it was read", "Run it again.")
            writer.finish()
    return writer.counts


@contextlib.contextmanager
def ended_well(writer: BatchWriter, report: Callable[[str], None]) -> Iterator[None]:
    """Report what a writer has to say, and leave no draft of a run that failed.

    Raise SystemExit where the run was interrupted, or where the reader of stdout has enough.
    """
    try:
        yield
    except KeyboardInterrupt:
        report(f"dmcalc: interrupted: {writer.interrupted()}")
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:  # the reader has enough
        writer.drop()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(ExitCode.OK) from None
    except BaseException:
        writer.drop()
        raise
    finally:
        for message in writer.messages:
            report(message)


def _parted(delimiter: str | None) -> str:
    """Say what parts the cells, where it is not what the form's name says."""
    if delimiter in (None, *DELIMITERS.values()):
        return ""
    return f"; cells are parted by {MARKS.get(delimiter or '', repr(delimiter))}"


def _answer(record: Record, columns: Columns, answers: Answers) -> Answer | Rejection:
    if record.fault is not None:
        return Rejection(ExitCode.TABLE_OR_FILE, f"The row cannot be read: {record.fault}.")
    return answers.to(columns.input_of(record.cells))


def _lines(
    answer: Answer, lines: RowRenderer, names: list[str], kept: Sequence[object]
) -> list[str]:
    """Return the rows of an answer as whole lines, after what is passed on."""
    before = lines.joined(lines.before(names, kept), answer.who) if names else answer.who
    return [lines.joined(before, row) for row in answer.rows]


def check_request(request: BatchRequest) -> None:
    """Refuse files of a run that are in each other's way; raise UsageError."""
    if request.resume and request.output == "-":
        raise UsageError("‹resume› goes on with a file", "Name it with ‹output›.")
    if request.rejects == "-" or (
        request.rejects is not None and request.rejects == request.output
    ):
        raise UsageError("the rejects need a file of their own", "Give ‹rejects› another name.")
    if request.source != "-" and request.source in (request.output, request.rejects):
        raise UsageError("the input would be written over", "Give ‹output› another name.")


def _form(source: str) -> str:
    """Return the form that a file's name says, CSV for stdin; raise UsageError."""
    if source == "-":
        return "csv"
    suffix = Path(source).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(
            f"the name {source!r} does not say what form it has",
            "Say it with ‹input_format› csv, tsv or jsonl.",
        )
    return SUFFIXES[suffix]


def named_source(source: str) -> str:
    """Name an input for people."""
    return "stdin" if source == "-" else source


@contextlib.contextmanager
def opened(source: str) -> Iterator[IO[bytes]]:
    """Open the input; raise FileError, here and where it cannot be read on."""
    if source == "-" and sys.stdin is None:
        raise FileError("stdin is closed", "Name a file, or give rows on stdin.")
    try:
        stdin = contextlib.nullcontext(sys.stdin.buffer)
        with stdin if source == "-" else Path(source).open("rb") as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FileError(f"{named_source(source)} cannot be read: {error.strerror}") from None


def stamp_of(stream: IO[bytes]) -> tuple[int, int] | None:
    """Return what changes with a file; a pipe has nothing of the kind."""
    status = os.fstat(stream.fileno())
    return (status.st_size, status.st_mtime_ns) if Path(str(stream.name)).is_file() else None


def on_terminal(request: BatchRequest) -> bool:
    """Tell whether the answer goes to a terminal, where a bar would stand between its rows."""
    return request.output == "-" and sys.stdout is not None and sys.stdout.isatty()


def shown_rows(rows: Iterator[Record], stream: IO[bytes], *, hidden: bool) -> Iterator[Record]:
    """Yield the rows, with a bar on stderr where that is a terminal."""
    if hidden or sys.stderr is None or not sys.stderr.isatty():
        yield from rows
        return
    from dmcalc.batch.progress import barred  # start-up: it imports rich

    stamp = stamp_of(stream)
    yield from barred(rows, stamp[0] if stamp else None, stream.tell)
