"""``batch`` by columns: each distinct question is answered once, and joined to its rows."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc._version import __version__
from dmcalc.batch.answers import Orders
from dmcalc.batch.columns import Columns
from dmcalc.batch.rejects import LISTED, MORE, renamed
from dmcalc.batch.writer import BatchCounts
from dmcalc.columns.answers import CHECK_COLUMNS, DOSE_COLUMNS, answers, outcomes, rejects
from dmcalc.columns.asking import (
    ASKED,
    COUNTED,
    KEYS,
    SIZES,
    WEIGHTS,
    Asking,
    asked_of,
    classes_of,
    kinds_of,
    weights_of,
)
from dmcalc.columns.cases import Reader
from dmcalc.columns.dialect import quoted
from dmcalc.columns.drafts import Drafts
from dmcalc.columns.inputs import ColumnsRequest, Files, inputs
from dmcalc.columns.questions import Questions
from dmcalc.columns.sentences import write_sentences
from dmcalc.errors import FileError, UsageError
from dmcalc.files import sha256_of

if TYPE_CHECKING:
    from dmcalc.batch.answers import Doses
    from dmcalc.columns.engine import Engine
    from dmcalc.columns.sheets import Sheets
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable


@dataclass
class ColumnCounts(BatchCounts):
    """What became of the rows, as the engine counts them."""

    #: Files that a run before had answered.
    skipped: int = 0

    def add(self, other: BatchCounts) -> None:
        """Add what became of the rows of one file."""
        self.rows += other.rows
        self.answered += other.answered
        self.rejected += other.rejected
        self.blank += other.blank
        self.written += other.written
        self.warned += other.warned
        self.refused += other.refused

    def sentence(self) -> str:
        """Say it so that a reader can add it up."""
        skipped = f"; {self.skipped:,} files answered before" if self.skipped else ""
        return super().sentence() + skipped


class _File:
    """One input, answered."""

    def __init__(
        self, engine: Engine, files: Files, request: ColumnsRequest, answerer: Doses | Orders
    ) -> None:
        self._engine, self._files, self._request = engine, files, request
        self._answerer = answerer
        self._opened = engine.open(files.source, request.input_format)
        names = self._opened.names
        self._types = CHECK_COLUMNS if isinstance(answerer, Orders) else DOSE_COLUMNS
        self.columns = Columns(
            names,
            request.keep,
            answerer.asking,
            own=answerer.columns,
            conditions=answerer.conditions,
            ignored=request.ignored,
            written=tuple(self._types),
            delimiter=";" if self._opened.decimal_comma else None,
        )
        if not self.columns.used:
            raise UsageError("no column can be used", f"The columns: {', '.join(names)}")

    def read(self, loaded: LoadedTable) -> tuple[Asking, Sheets]:
        """Read each distinct case, order and weight, and hand the engine what they come to."""
        engine, names, kept = self._engine, self._opened.names, self.columns.kept
        reader = Reader(loaded, self._answerer, self._request.engine)
        asks = Questions(reader, self._answerer, self.columns, names)
        asking = Asking(
            engine.dialect,
            asks.facts,
            asks.weight,
            dict(zip(kept, renamed(kept, set(self._types)), strict=True)),
            dict(zip(names, renamed(names, ("line", "code", "reason")), strict=True)),
            self._blank(),
            faults=self._opened.faults,
        )
        engine.keep("classes", classes_of(asking))
        engine.load("keys", KEYS, asks.classes(engine.rows(asked_of(asking))))
        asking = asking._replace(bodies=asks.bodies)
        engine.keep("asked", ASKED)
        engine.keep("weights", weights_of(asking))
        asks.weigh(engine.rows(WEIGHTS))
        if asks.kinds:
            asks.match(engine.rows(kinds_of(asking)))
        sheets = asks.sheets()
        for name, sheet in sheets.tables():
            engine.load(name, sheet.types, sheet.rows)
        engine.keep("sizes", SIZES)
        return asking, sheets

    def _blank(self) -> str:
        """Write when a row says nothing; FALSE where each says something that is asked about."""
        used = [column.name for column in self.columns.used.values()]
        asking, every = (
            " AND ".join(self._says_nothing(name) for name in names)
            for names in (used, self._opened.names)
        )
        silent = self._engine.rows(f"SELECT 1 FROM source AS s WHERE {asking} LIMIT 1")
        return every if list(silent) else "FALSE"

    def _says_nothing(self, name: str) -> str:
        column = f"s.{self._engine.dialect.name_of(name)}"
        empty = f"({column} IS NULL OR trim({column}) = '')"
        return empty if name in self._opened.texts else f"{column} IS NULL"

    def write(self, asking: Asking, sheets: Sheets, drafts: Drafts) -> BatchCounts:
        """Write and count answers and rejects; raise FileError if they do not add up."""
        files = self._files
        counts, lines = self._counts(asking, sheets)
        if files.rejects is not None:
            written = drafts.write(rejects(asking, sheets), files.rejects)
            _adds_up(written, counts.rejected)
        if counts.answered + counts.rejected + counts.blank != counts.rows:
            raise FileError(
                f"the rows of {files.source} do not add up: {counts.sentence()}",
                "Nothing was written. The file contradicts itself, as a damaged one does: "
                "regenerate it.",
            )
        counts.written = drafts.write(answers(asking, sheets), files.output)
        _adds_up(counts.written, lines)
        if isinstance(self._answerer, Orders):
            self._count_verdicts(counts, sheets, drafts.reading(files.output))
        return counts

    def listed(self, asking: Asking, sheets: Sheets) -> Iterator[str]:
        """Say why the first rows without an answer have none."""
        query = f"SELECT line, reason FROM ({rejects(asking, sheets)}) AS r ORDER BY line"
        source = "" if self._files.source == self._request.source else f"{self._files.source}: "
        for number, (line, reason) in enumerate(self._engine.rows(f"{query} LIMIT {LISTED + 1}")):
            yield MORE if number == LISTED else f"dmcalc: {source}line {line}: {reason}"

    def _counts(self, asking: Asking, sheets: Sheets) -> tuple[BatchCounts, int]:
        """Count what becomes of the rows, and the rows of their answers."""
        rows, unread, asked = self._numbers(COUNTED)
        answered, rejected, warned, lines = self._numbers(outcomes(asking, sheets))
        blank = rows - unread - asked
        return BatchCounts(rows, answered, rejected + unread, blank, warned=warned), lines

    def _count_verdicts(self, counts: BatchCounts, sheets: Sheets, written: str) -> None:
        """Count in the answers what of a check is known by its verdicts."""
        first = ", ".join(map(quoted, sheets.first_regimens)) or "''"
        counting = ", ".join(map(quoted, sorted(sheets.counting))) or "''"
        rows, counts.refused, counts.warned = self._numbers(
            "SELECT count(*), count(*) FILTER (WHERE order_verdict <> 'within'), "
            f"count(*) FILTER (WHERE warnings IN ({counting})) FROM {written} "
            f"WHERE regimen IN ({first})"
        )
        _adds_up(rows, counts.answered)

    def _numbers(self, query: str) -> list[int]:
        (row,) = self._engine.rows(query)
        return [int(str(number or 0)) for number in row]


def _adds_up(written: int, expected: int) -> None:
    if written != expected:
        raise FileError(f"{written:,} rows were written, and {expected:,} answered")


def run_columns(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    answerer: Doses | Orders,
    request: ColumnsRequest,
    conditions: Mapping[str, object],
    report: Callable[[str], None],
) -> ColumnCounts:
    """Answer one file or many, each into a file of its own; ``report`` takes lines for the user.

    Raise UsageError for options that do not fit, FileError for a file that cannot be read or
    written. Nothing is seen of a file before it is whole.
    """
    total = ColumnCounts()
    asked = {**conditions, "keep": request.keep, "ignored": request.ignored}
    origin = {
        "dmcalc": __version__,
        "table_sha256": loaded.sha256,
        "guide_sha256": guide.sha256,
        "overlays_sha256": ",".join(overlay.sha256 for overlay in loaded.overlays),
        "engine": request.engine,
        "options": json.dumps(asked, sort_keys=True, default=str),
    }
    for files in inputs(request):
        folder = Path(files.output).resolve().parent
        if not folder.is_dir():
            raise FileError(f"cannot write {files.output}: there is no folder {folder}")
        with (
            tempfile.TemporaryDirectory(prefix=".dmcalc-", dir=folder) as work,
            _connected(request, Path(work)) as engine,
        ):
            metadata = dict(origin)
            if Path(files.source).is_file():
                metadata["input_sha256"] = sha256_of(Path(files.source))
            if request.resume and engine.made_from(files.output) == metadata:
                total.skipped += 1
                continue
            with Drafts(engine, metadata, request.mode) as drafts:
                drafts.open(files.output)
                if files.rejects is not None:
                    drafts.open(files.rejects)
                file = _File(engine, files, request, answerer)
                if not request.quiet:
                    report(f"dmcalc: {file.columns.understood}")
                questions = file.read(loaded)
                counts = file.write(*questions, drafts)
                if files.rejects is None and counts.rejected:
                    for line in file.listed(*questions):
                        report(line)
                write_sentences(engine, loaded, guide, files.output, drafts)
                drafts.publish()
        total.add(counts)
    return total


def _connected(request: ColumnsRequest, folder: Path) -> AbstractContextManager[Engine]:
    """Open the engine of a run; raise UsageError where it is not installed."""
    shown = not request.quiet and sys.stdout.isatty()  # where an engine draws its progress
    # each engine is an extra, and the other one need not be there
    module = import_module(f"dmcalc.columns.{request.engine}_engine")
    connected: Callable[..., AbstractContextManager[Engine]] = module.connected
    return connected(request, folder, shown=shown)
