"""``batch --engine duckdb``: each distinct question is answered once, and joined to its rows."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
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
from dmcalc.columns.engine import FAULT, LINE, name_of
from dmcalc.columns.questions import CHECK_COLUMNS, DOSE_COLUMNS, Answer, Reject, RowPath, cell_of
from dmcalc.columns.sentences import write_sentences
from dmcalc.errors import ExitCode, FileError, UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from dmcalc.batch.answers import Answerer
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable

ENGINE = "duckdb"
#: Questions that are answered before their answers are handed to the engine.
_FETCHED = 10_000


class ColumnsRequest(NamedTuple):
    """What the user asked of a run by columns."""

    source: str
    output: str
    rejects: str | None = None
    input_format: str | None = None
    keep: tuple[str, ...] | None = None
    ignored: tuple[str, ...] = ()
    resume: bool = False
    quiet: bool = False
    memory: str = "1GB"


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
        answerer: Answerer,
        folder: Path,
    ) -> None:
        self._engine, self._files, self._folder = engine, files, folder
        self.types = CHECK_COLUMNS if isinstance(answerer, Orders) else DOSE_COLUMNS
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
            ignored=request.ignored,
            decimal_comma=comma,
        )
        self._facts = [column.name for column in self.columns.heeded.values()]
        if not self._facts:
            raise UsageError("no column asks anything", f"The columns: {', '.join(names)}")

    def answer(self, path: RowPath) -> BatchCounts:
        """Answer each distinct question, and count what becomes of the rows."""
        engine = self._engine
        described = engine.execute("DESCRIBE source").fetchall()
        texts = {row[0] for row in described if row[1] == "VARCHAR"}
        blank = " AND ".join(_says_nothing(name, texts) for name in self._names)
        facts = ", ".join(map(name_of, self._facts))
        engine.execute(
            f"CREATE TABLE questions AS SELECT row_number() OVER () AS q, * FROM (SELECT {facts}, "
            f"({blank}) AS blank, count(*) AS n FROM source WHERE {name_of(FAULT)} IS NULL "
            "GROUP BY ALL)"
        )
        columns = {"q": "BIGINT", **self.types}
        status = dict.fromkeys(("code", "reason"), "VARCHAR")
        status = {"q": "BIGINT", "warned": "BOOLEAN", "refused": "BOOLEAN", **status}
        said: list[list[str | None]] = []

        def rows() -> Iterator[list[str | None]]:
            for number, answer in self._answers(path):
                if isinstance(answer, Reject):
                    said.append([number, "false", "false", *answer])
                    continue
                said.append([number, str(answer.warned), str(answer.refused), None, None])
                for row in answer.rows:
                    yield [number, *row]

        engines.load(engine, "answers", columns, rows(), self._folder)
        engines.load(engine, "status", status, said, self._folder)
        return self._counts()

    def _answers(self, path: RowPath) -> Iterator[tuple[str, Answer | Reject]]:
        at = {name: number for number, name in enumerate(self._names)}
        cursor = self._engine.cursor()
        facts = ", ".join(map(name_of, self._facts))
        cursor.execute(f"SELECT q, {facts} FROM questions WHERE NOT blank")
        while questions := cursor.fetchmany(_FETCHED):
            for number, *values in questions:
                cells: list[object] = [None] * len(self._names)
                try:
                    for name, value in zip(self._facts, values, strict=True):
                        cells[at[name]] = cell_of(value)
                except ValueError as error:
                    yield str(number), Reject(str(int(ExitCode.PATIENT)), f"{name}: {error}")
                    continue
                yield str(number), path.answer(self.columns.input_of(cells))  # type: ignore[arg-type]

    def _counts(self) -> BatchCounts:
        found = self._engine.execute(
            f"SELECT (SELECT count(*) FROM source), "
            f"(SELECT count(*) FROM source WHERE {name_of(FAULT)} IS NOT NULL), "
            "(SELECT coalesce(sum(n), 0) FROM questions WHERE blank), "
            "coalesce(sum(n) FILTER (code IS NULL), 0), "
            "coalesce(sum(n) FILTER (code IS NOT NULL), 0), "
            "coalesce(sum(n) FILTER (warned), 0), coalesce(sum(n) FILTER (refused), 0) "
            "FROM questions JOIN status USING (q)"
        ).fetchone()
        assert found is not None
        rows, faults, blank, answered, rejected, warned, refused = map(int, found)
        return BatchCounts(rows, answered, rejected + faults, blank, warned=warned, refused=refused)

    def write(self, counts: BatchCounts, metadata: dict[str, str]) -> None:
        """Write and count answers and rejects, whole; raise FileError if they do not add up."""
        kept = [
            f"s.{name_of(name)} AS {name_of(new)}"
            for name, new in zip(
                self.columns.kept, renamed(self.columns.kept, set(self.types)), strict=True
            )
        ]
        same = " AND ".join(
            f"s.{name_of(name)} IS NOT DISTINCT FROM k.{name_of(name)}" for name in self._facts
        )
        joined = f"FROM source s JOIN questions k ON {same} AND NOT k.blank"
        readable = f"WHERE s.{name_of(FAULT)} IS NULL"
        columns = [f"a.{name}" for name in self.types]
        answers = (
            f"SELECT {', '.join([*kept, *columns])} {joined} JOIN answers a USING (q) {readable}"
        )
        mine = renamed(self._names, ("line", "code", "reason"))
        cells = ", ".join(
            f"s.{name_of(name)} AS {name_of(new)}"
            for name, new in zip(self._names, mine, strict=True)
        )
        rejects = (
            f"SELECT s.{name_of(LINE)} AS line, r.code, r.reason, {cells} {joined} "
            f"JOIN status r USING (q) {readable} AND r.code IS NOT NULL UNION ALL "
            f"SELECT s.{name_of(LINE)}, '{int(ExitCode.TABLE_OR_FILE)}', "
            f"'The row cannot be read: ' || s.{name_of(FAULT)} || '.', {cells} FROM source s "
            f"WHERE s.{name_of(FAULT)} IS NOT NULL"
        )
        parts = []
        if self._files.rejects is not None:
            part = engines.write_file(self._engine, rejects, self._files.rejects, metadata)
            parts.append((part, self._files.rejects))
            self._adds_up(self._engine.fetchone(), counts.rejected)
        if counts.answered + counts.rejected + counts.blank != counts.rows:
            raise FileError(f"the rows do not add up: {counts.sentence()}")
        expected = self._engine.execute(
            "SELECT coalesce(sum(n), 0) FROM questions JOIN answers USING (q)"
        ).fetchone()
        part = engines.write_file(self._engine, answers, self._files.output, metadata)
        counts.written = self._adds_up(self._engine.fetchone(), int(expected[0] if expected else 0))
        for whole, target in [*parts, (part, self._files.output)]:
            engines.put_in_place(whole, target)

    def _adds_up(self, written: tuple[int, ...] | None, expected: int) -> int:
        rows = written[0] if written else 0
        if rows != expected:
            raise FileError(f"{rows:,} rows were written, and {expected:,} answered")
        return rows


def _says_nothing(name: str, texts: set[str]) -> str:
    column = name_of(name)
    return f"({column} IS NULL OR trim({column}) = '')" if name in texts else f"{column} IS NULL"


def run_columns(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    answerer: Answerer,
    request: ColumnsRequest,
    conditions: Mapping[str, object],
    report: Callable[[str], None],
) -> ColumnCounts:
    """Answer one file or many, each into a file of its own; ``report`` takes lines for the user.

    Raise UsageError for options that do not fit, FileError for a file that cannot be read or
    written. Nothing is seen of a file before it is whole.
    """
    total, inputs = ColumnCounts(), _inputs(request)
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
            engines.connected(request.memory, Path(work)) as engine,
        ):
            metadata = {**origin, "input_sha256": _digest(files.source)}
            if request.resume and engines.metadata_of(engine, files.output) == metadata:
                total.skipped += 1
                continue
            file = _File(engine, files, request, answerer, Path(work))
            if not request.quiet:
                report(f"dmcalc: {file.columns.understood}")
            counts = file.answer(RowPath(loaded, answerer, file.types))
            file.write(counts, metadata)
            write_sentences(engine, loaded, guide, files.output, Path(work), metadata)
        total.add(counts)
    return total


def _inputs(request: ColumnsRequest) -> list[_Files]:
    """Name the inputs, and where each goes; raise FileError where there is none."""
    source, output, rejects = request.source, request.output, request.rejects
    if source == "-" or output == "-":
        raise UsageError("columns go from file to file", "Name them: INPUT and ‹output FILE›.")
    path = Path(source)
    many = path.is_dir() or any(mark in source for mark in "*?[")
    if not many:
        if request.resume and not engines.is_parquet(output):
            raise UsageError("‹resume› knows Parquet files again", "Name the output .parquet.")
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
                raise UsageError("the inputs would be written over", "Name another folder.")
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
