"""One run of a batch: rows in, answers and rejects out."""

from __future__ import annotations

import contextlib
import os
from typing import IO, TYPE_CHECKING, Protocol

from dmcalc._version import __version__
from dmcalc.batch.answers import Doses, Orders
from dmcalc.batch.columns import Columns
from dmcalc.batch.reader import DELIMITERS, MARKS, BatchReader
from dmcalc.batch.rejects import Rejection, Rejects, renamed
from dmcalc.batch.rendered_answers import RenderedAnswers
from dmcalc.batch.row_renderer import COMMON, RowRenderer
from dmcalc.batch.streams import is_conversation, opened, shown_rows, stamp_of
from dmcalc.batch.writer import BatchWriter, Reading
from dmcalc.errors import ExitCode, FileError, UsageError
from dmcalc.results.base import review_warnings
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dmcalc.batch.reader import Record
    from dmcalc.batch.rendered_answers import Answer
    from dmcalc.batch.request import BatchFiles, BatchRequest
    from dmcalc.batch.writer import BatchCounts, WrittenFiles
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable

INTERRUPTED = 130


class Listener(Protocol):
    """Who hears of a run while it goes on."""

    def say(self, line: str) -> None:
        """Take a line for the user: what was understood, and which rows have no answer."""

    def receipt(self, files: WrittenFiles) -> str | None:
        """Take what was written, before the files are in place; return the text of a receipt."""


def run(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    request: BatchRequest,
    files: BatchFiles,
    listener: Listener,
) -> BatchCounts:
    """Answer every row of an input by the rules of a guideline.

    Nothing is seen of a file before it is whole. Raise FileError for an input that cannot be read
    to its end or a file that cannot be written, UsageError for columns or options that do not fit.
    """
    files.check()
    answerer = answerer_of(loaded, guide, request)
    overdue = review_warnings(loaded, request.today)
    _refuse_unknown_columns(request.columns or (), (*answerer.columns, *COMMON))
    lines = RowRenderer(request.format, overdue, columns=request.columns, raw=request.raw_cells)
    with opened(files.source) as stream:
        records = BatchReader(stream, files.shown_source, request.input_format)
        columns = Columns(
            records.names,
            request.keep,
            answerer.asking,
            own=answerer.columns,
            conditions=answerer.conditions,
            ignored=request.ignore_column or (),
            written=answerer.columns if request.columns is None else None,
            delimiter=records.delimiter,
        )
        if not files.quiet:
            listener.say(f"dmcalc: {columns.understood}{_parted(records.delimiter)}")
        form = request.rejects_format or request.input_format
        rejects = Rejects(form, records.names, raw=request.raw_cells)
        answers = RenderedAnswers(answerer, lines, loaded, request.as_of)
        before = renamed(columns.kept, {*answerer.columns, *COMMON})
        depends = {"columns": records.names, "guide": guide.sha256}
        writer = BatchWriter(files, conditions(loaded, request, files) | depends)

        def deal(record: Record) -> None:
            if record.blank:
                writer.blank()
            elif isinstance(answer := _answer(record, columns, answers), Rejection):
                writer.rejected(record, answer.reason, rejects.line(record, answer))
            else:
                text = _text(answer, lines, before, columns.passed(record.cells))
                rows, warned, refused = len(answer.rows), answer.warned, answer.refused
                writer.answered(text, rows, warned=warned, refused=refused)

        headers = lines.header(before, answerer.columns), rejects.header()
        deal_with_all(records, deal, writer, headers, stream, files, listener)
    return writer.counts


def answerer_of(
    loaded: LoadedTable, guide: LoadedGuideline, request: BatchRequest
) -> Doses | Orders:
    """Return what answers the rows of a request; raise UsageError where it does not fit."""
    names, more = request.names, request.alternatives
    request.stocked.of_one_drug(names)
    if not request.check:
        stocked, columns = request.stocked, request.columns
        return Doses(loaded, guide, names, alternatives=more, stocked=stocked, columns=columns)
    if len(names) > 1:
        raise UsageError("an order is for one drug", "Name others in a column called drug.")
    drug = names[0] if names else None
    return Orders(loaded, guide, drug, alternatives=more, stocked=request.stocked)


def conditions(loaded: LoadedTable, request: BatchRequest, files: BatchFiles) -> dict[str, object]:
    """Return what the answers depend on, so that a run that was cut off goes on with the same."""
    return {
        **request.arguments(),
        "as-of": None,  # a run may go on the day after
        "dmcalc": __version__,
        "table": loaded.sha256,
        "overlays": [overlay.sha256 for overlay in loaded.overlays],
        "rejects": files.rejects,
    }


def deal_with_all(
    records: Rows,
    deal: Callable[[Record], None],
    writer: BatchWriter,
    headers: tuple[str, str],
    stream: IO[bytes],
    files: BatchFiles,
    listener: Listener,
) -> None:
    """Deal with each row of a stream, and move the files into place.

    ``headers`` are the first lines of the answers and of the rejects.
    """
    stamp = stamp_of(stream)
    with ended_well(writer, listener):
        writer.begin(*headers, resume=files.resume)
        live = is_conversation(files)
        if live:
            writer.hand_over()
        rows = iter(records)
        writer.skip(rows, records)
        for record in shown_rows(rows, stream, files, writer.counts.rows):
            deal(record)
            writer.count(records)
            if live:
                for message in writer.hand_over():
                    listener.say(message)
        if stamp_of(stream) != stamp:
            raise FileError(f"{files.shown_source} changed while it was read", "Run it again.")
        writer.finish(listener.receipt(writer.written(records)))


class Rows(Reading, Protocol):
    """Rows of a stream."""

    def __iter__(self) -> Iterator[Record]:
        """Yield each row."""


@contextlib.contextmanager
def ended_well(writer: BatchWriter, listener: Listener) -> Iterator[None]:
    """Report what a writer has to say, and leave no draft of a run that failed.

    Raise SystemExit where the run was interrupted, or where the reader of stdout has enough.
    """
    try:
        yield
    except KeyboardInterrupt:
        listener.say(f"dmcalc: interrupted: {writer.interrupted()}")
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
            listener.say(message)


def _refuse_unknown_columns(chosen: Sequence[str], columns: Sequence[str]) -> None:
    for name in chosen:
        if name not in columns:
            raise UsageError(
                f"‹columns›: an answer has no column {name!r}{near(name, columns)}",
                f"Its columns: {', '.join(columns)}",
            )


def _parted(delimiter: str | None) -> str:
    """Say what parts the cells, where it is not what the form's name says."""
    if delimiter in (None, *DELIMITERS.values()):
        return ""
    return f"; cells are separated by {MARKS.get(delimiter or '', repr(delimiter))}"


def _answer(record: Record, columns: Columns, answers: RenderedAnswers) -> Answer | Rejection:
    if record.fault is not None:
        return Rejection(ExitCode.TABLE_OR_FILE, f"The row cannot be read: {record.fault}.")
    return answers.to(columns, record.cells)


def _text(answer: Answer, lines: RowRenderer, names: list[str], kept: Sequence[object]) -> str:
    """Return the rows of an answer as whole lines, after what is passed on."""
    before = answer.who
    if names:
        passed = lines.line(names, kept)
        before = lines.joined(passed, (before,)) if before else passed
    return lines.joined(before, answer.rows)
