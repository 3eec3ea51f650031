"""``batch --engine duckdb``: each distinct question is answered once, and joined to its rows."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dmcalc._version import __version__
from dmcalc.batch.answers import Orders
from dmcalc.batch.columns import Columns
from dmcalc.batch.reader import BatchReader
from dmcalc.batch.rejects import renamed
from dmcalc.batch.request import SUFFIXES, form_of
from dmcalc.batch.streams import opened
from dmcalc.batch.writer import BatchCounts
from dmcalc.columns import engine as engines
from dmcalc.columns.answers import (
    CHECK_COLUMNS,
    COUNTED,
    DOSE_COLUMNS,
    KEYS,
    SIZES,
    Asking,
    answers,
    classes_of,
    kinds_of,
    listed,
    outcomes,
    rejects,
    weights_of,
)
from dmcalc.columns.dialect import DUCKDB, name_of, quoted
from dmcalc.columns.drafts import Drafts
from dmcalc.columns.questions import Questions
from dmcalc.columns.sentences import write_sentences
from dmcalc.errors import FileError, UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from dmcalc.batch.answers import Doses
    from dmcalc.columns.sheets import Sheets
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable

ENGINE = "duckdb"


class ColumnsRequest(NamedTuple):
    """The user's request for a run by columns."""

    source: str
    output: str
    rejects: str | None = None
    input_format: str | None = None
    keep: tuple[str, ...] | None = None
    ignored: tuple[str, ...] = ()
    resume: bool = False
    quiet: bool = False
    memory: str = "1GB"
    #: The permissions that --mode gives.
    mode: int | None = None


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


class _Files(NamedTuple):
    """One input, and the files that its answers and rejects go to."""

    source: str
    output: str
    rejects: str | None


class _File:
    """One input, answered."""

    def __init__(
        self,
        engine: DuckDBPyConnection,
        files: _Files,
        request: ColumnsRequest,
        answerer: Doses | Orders,
        folder: Path,
    ) -> None:
        self._engine, self._files, self._folder, self._answerer = engine, files, folder, answerer
        comma = False
        if engines.is_parquet(files.source):
            names = engines.open_parquet(engine, files.source)
        else:
            form = request.input_format or form_of(files.source)
            with opened(files.source) as stream:
                records = BatchReader(stream, files.source, form)
                engines.open_rows(engine, records, folder)
                names, comma = records.names, records.delimiter == ";"
        self._names = names
        self.columns = Columns(
            names,
            request.keep,
            answerer.asking,
            own=answerer.columns,
            conditions=answerer.conditions,
            ignored=request.ignored,
            decimal_comma=comma,
        )
        if not self.columns.used:
            raise UsageError("no column can be used", f"The columns: {', '.join(names)}")

    def read(self, loaded: LoadedTable) -> tuple[Asking, Sheets]:
        """Read each distinct case, order and weight, and hand the engine what they come to."""
        engine, asks = self._engine, Questions(loaded, self._answerer, self.columns, self._names)
        types = CHECK_COLUMNS if isinstance(self._answerer, Orders) else DOSE_COLUMNS
        kept, names = self.columns.kept, self._names
        asking = Asking(
            asks.facts,
            asks.weight,
            dict(zip(kept, renamed(kept, set(types)), strict=True)),
            dict(zip(names, renamed(names, ("line", "code", "reason")), strict=True)),
            self._blank(),
            faults=not engines.is_parquet(self._files.source),
        )
        for statement in classes_of(asking):
            engine.execute(statement)
        keys = asks.classes(
            engines.fetched(engine, f"SELECT {listed('c', asks.facts)} FROM classes WHERE rows > 0")
        )
        engines.load(engine, "keys", KEYS, keys, self._folder)
        asking = asking._replace(bodies=asks.bodies)
        for statement in weights_of(asking):
            engine.execute(statement)
        asks.weigh(engines.fetched(engine, "SELECT z, weight, body FROM weights ORDER BY z"))
        if asks.kinds:
            asks.match(engines.fetched(engine, kinds_of(asking)))
        sheets = asks.sheets()
        for name, sheet in sheets.tables():
            engines.load(engine, name, sheet.types, sheet.rows, self._folder)
        engine.execute(SIZES)
        return asking, sheets

    def _blank(self) -> str:
        """Write when a row says nothing; FALSE where each says something that is asked about."""
        described = self._engine.execute("DESCRIBE source").fetchall()
        texts = {row[0] for row in described if row[1] == "VARCHAR"}
        used = [column.name for column in self.columns.used.values()]
        asking, every = (
            " AND ".join(_says_nothing(name, texts) for name in names)
            for names in (used, self._names)
        )
        silent = f"SELECT 1 FROM source AS s WHERE {asking} LIMIT 1"
        return "FALSE" if self._engine.execute(silent).fetchone() is None else every

    def write(self, asking: Asking, sheets: Sheets, drafts: Drafts) -> BatchCounts:
        """Write and count answers and rejects; raise FileError if they do not add up."""
        engine, files = self._engine, self._files
        counts, lines = self._counts(asking, sheets)
        if files.rejects is not None:
            drafts.write(engine, rejects(asking, sheets), files.rejects)
            self._adds_up(engine.fetchone(), counts.rejected)
        if counts.answered + counts.rejected + counts.blank != counts.rows:
            raise FileError(f"the rows do not add up: {counts.sentence()}")
        drafts.write(engine, answers(DUCKDB, asking, sheets), files.output)
        counts.written = self._adds_up(engine.fetchone(), lines)
        if isinstance(self._answerer, Orders):
            self._count_verdicts(counts, sheets, drafts.reading(files.output))
        return counts

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
            "SELECT count(*), count(*) FILTER (order_verdict <> 'within'), "
            f"count(*) FILTER (warnings IN ({counting})) FROM {written} "
            f"WHERE regimen IN ({first})"
        )
        self._adds_up((rows,), counts.answered)

    def _numbers(self, query: str) -> list[int]:
        row = self._engine.execute(query).fetchone()
        return [int(number or 0) for number in row or ()]

    def _adds_up(self, written: tuple[int, ...] | None, expected: int) -> int:
        rows = written[0] if written else 0
        if rows != expected:
            raise FileError(f"{rows:,} rows were written, and {expected:,} answered")
        return rows


def _says_nothing(name: str, texts: set[str]) -> str:
    column = f"s.{name_of(name)}"
    return f"({column} IS NULL OR trim({column}) = '')" if name in texts else f"{column} IS NULL"


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
    total, inputs = ColumnCounts(), _inputs(request)
    shown = not request.quiet and sys.stdout.isatty()  # where an engine draws its progress
    asked = {**conditions, "keep": request.keep, "ignored": request.ignored}
    origin = {
        "dmcalc": __version__,
        "table_sha256": loaded.sha256,
        "guide_sha256": guide.sha256,
        "overlays_sha256": ",".join(overlay.sha256 for overlay in loaded.overlays),
        "engine": ENGINE,
        "options": json.dumps(asked, sort_keys=True, default=str),
    }
    for files in inputs:
        folder = Path(files.output).resolve().parent
        if not folder.is_dir():
            raise FileError(f"cannot write {files.output}: there is no folder {folder}")
        with (
            tempfile.TemporaryDirectory(prefix=".dmcalc-", dir=folder) as work,
            engines.connected(request.memory, Path(work), shown=shown) as engine,
        ):
            metadata = {**origin, "input_sha256": _digest(files.source)}
            if request.resume and engines.metadata_of(engine, files.output) == metadata:
                total.skipped += 1
                continue
            with Drafts(metadata, request.mode) as drafts:
                drafts.open(files.output)
                if files.rejects is not None:
                    drafts.open(files.rejects)
                file = _File(engine, files, request, answerer, Path(work))
                if not request.quiet:
                    report(f"dmcalc: {file.columns.understood}")
                counts = file.write(*file.read(loaded), drafts)
                write_sentences(engine, loaded, guide, files.output, Path(work), drafts)
                drafts.publish()
        total.add(counts)
    return total


def _inputs(request: ColumnsRequest) -> list[_Files]:
    """Name the inputs, and where each goes; raise FileError where there is none."""
    source, output, rejects = request.source, request.output, request.rejects
    if source == "-" or output == "-":
        raise UsageError(
            "the engine duckdb reads and writes files", "Name both: INPUT and ‹output FILE›."
        )
    path = Path(source)
    many = path.is_dir() or any(mark in source for mark in "*?[")
    if not many:
        if request.resume and not engines.is_parquet(output):
            raise UsageError(
                "with the engine duckdb ‹resume› is for Parquet files", "Name the output .parquet."
            )
        if not path.is_file():
            raise FileError(f"{source} cannot be read: there is no such file")
        if len({source, output, rejects}) < 3:
            raise UsageError("input, answers and rejects need a file each", "Name another one.")
        return [_Files(source, output, rejects)]
    found = path.iterdir() if path.is_dir() else path.parent.glob(path.name)
    known = (*engines.PARQUET, *SUFFIXES)
    inputs = sorted(p for p in found if p.suffix.lower() in known and p.is_file())
    if not inputs:
        raise FileError(f"{source}: there is no file in it that dmcalc reads")
    for folder in (output, rejects):
        if folder is not None:
            Path(folder).mkdir(exist_ok=True)
            if Path(folder).resolve() == inputs[0].resolve().parent or folder == source:
                raise UsageError("the inputs would be overwritten", "Name another folder.")
    if rejects is not None and Path(rejects).resolve() == Path(output).resolve():
        raise UsageError("the rejects need a folder of their own", "Give ‹rejects› another name.")
    return [
        _Files(
            str(p),
            str(Path(output) / f"{p.stem}.parquet"),
            None if rejects is None else str(Path(rejects) / f"{p.stem}.parquet"),
        )
        for p in inputs
    ]


def _digest(source: str) -> str:
    with opened(source) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
