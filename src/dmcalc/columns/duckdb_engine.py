"""DuckDB: its connection, its strict reading of a file, and its files.

Where DuckDB is not installed the import raises UsageError.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc.batch.columns import text_of
from dmcalc.batch.reader import BatchReader
from dmcalc.batch.request import form_of, is_parquet
from dmcalc.batch.streams import opened
from dmcalc.columns.asking import FAULT, LINE
from dmcalc.columns.dialect import DUCKDB, quoted
from dmcalc.columns.engine import Opened
from dmcalc.columns.sheet import TEXT, WORD
from dmcalc.errors import FileError, UsageError
from dmcalc.files import AtomicFile, reported

try:
    import duckdb
except ImportError:  # it is an extra
    raise UsageError(
        "‹engine duckdb› needs DuckDB, which is not installed",
        'Install it with: pip install "dmcalc[columns]"',
    ) from None

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from dmcalc.columns.engine import Draft
    from dmcalc.columns.inputs import ColumnsRequest
    from dmcalc.files import FileMode

#: How Parquet is written: a column of ids, all of them different, soon gets no dictionary; the
#: lightest level of compression makes answers as small as the usual one, with a tenth less work.
WRITTEN = "COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 5000"
#: Rows that are fetched at once.
_FETCHED = 10_000
name_of = DUCKDB.name_of


@contextlib.contextmanager
def connected(request: ColumnsRequest, folder: Path, *, shown: bool) -> Iterator[DuckDb]:
    """Open an engine with a bound on its memory, 1 GB if none is named; it spills into ``folder``.

    With ``shown`` it draws how far it came. Raise UsageError for a bound that is none.
    """
    memory = request.memory or "1GB"
    try:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(folder),
            # nothing is fetched: what it needs is built into DuckDB
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        connection = duckdb.connect(":memory:", config=settings)
    except duckdb.Error:
        raise UsageError(f"‹memory›: {memory!r} is not a size", "Write it like 1GB.") from None
    try:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET enable_progress_bar = {shown}")
        # rows are many and what they are joined with is little: joins stay as they are written
        connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        yield DuckDb(connection, folder)
    except duckdb.Error as error:
        raise FileError(f"DuckDB: {str(error).splitlines()[0]}") from None
    finally:
        connection.close()


class DuckDb:
    """A connection to DuckDB; what it is handed goes through files in a folder."""

    dialect = DUCKDB

    def __init__(self, connection: DuckDBPyConnection, folder: Path) -> None:
        self._engine, self._folder = connection, folder

    def open(self, source: str, form: str | None) -> Opened:
        """Make the table ``source`` of a Parquet file, or of rows, which shifts no cell."""
        if is_parquet(source):
            kinds = self._kinds(f"read_parquet({quoted(source)})")
            singles = [name_of(name) for name, kind in kinds.items() if kind == "FLOAT"]
            doubled = ", ".join(f"{DUCKDB.doubled(name)} AS {name}" for name in singles)
            self._engine.execute(
                f"CREATE VIEW source AS SELECT * EXCLUDE file_row_number "
                f"{f'REPLACE ({doubled})' if singles else ''}, file_row_number + 1 AS "
                f"{name_of(LINE)}, CAST(NULL AS VARCHAR) AS {name_of(FAULT)} "
                f"FROM read_parquet({quoted(source)}, file_row_number = true)"
            )
            faults = comma = False
        else:
            with opened(source) as stream:
                records = BatchReader(stream, source, form or form_of(source))
                self._load_rows(records)
            faults, comma = True, records.delimiter == ";"
        kinds = self._kinds("source")
        del kinds[LINE], kinds[FAULT]
        texts = {name for name, kind in kinds.items() if kind == "VARCHAR"}
        return Opened(list(kinds), texts, faults, comma)

    def _kinds(self, table: str) -> dict[str, str]:
        """Return the columns of a table with their types."""
        return {row[0]: row[1] for row in self._engine.execute(f"DESCRIBE FROM {table}").fetchall()}

    def _load_rows(self, records: BatchReader) -> None:
        width = len(records.names)

        def lines() -> Iterator[Sequence[str | None]]:
            for record in records:
                cells = [text_of(cell) for cell in record.cells]
                yield [str(record.line), record.fault, *cells, *[None] * (width - len(cells))]

        names = [LINE, FAULT, *records.names]
        self.load("source", dict.fromkeys(names, TEXT), lines())
        self._engine.execute(f"ALTER TABLE source ALTER {name_of(LINE)} TYPE BIGINT")

    def keep(self, table: str, query: str) -> None:
        """Make a table of what a query gives."""
        self._engine.execute(f"CREATE TABLE {table} AS {query}")

    def load(
        self, table: str, types: Mapping[str, str], rows: Iterable[Sequence[str | None]]
    ) -> None:
        """Make a table of rows of texts; words become an ENUM."""
        path = self._folder / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            for row in rows:
                file.write(",".join(_cell(cell) for cell in row) + "\n")
        texts = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in types)
        read = (
            f"read_csv({quoted(str(path))}, columns = {{{texts}}}, header = false, auto_detect = "
            "false, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = "
            "false, max_line_size = 16777216, new_line = '\\n')"
        )
        typed = ", ".join(
            f"CAST({name_of(name)} AS {TEXT if kind == WORD else kind}) AS {name_of(name)}"
            for name, kind in types.items()
        )
        self.keep(table, f"SELECT {typed} FROM {read}")
        path.unlink()
        for name, kind in types.items():
            if kind == WORD:
                self._make_words(table, name)

    def _make_words(self, table: str, name: str) -> None:
        """Make a column of texts one of words, if there is a word in it."""
        column, words = name_of(name), name_of(f"{table} {name}")
        different = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
        if self._engine.execute(f"{different} LIMIT 1").fetchone() is not None:
            self._engine.execute(f"CREATE TYPE {words} AS ENUM ({different})")
            self._engine.execute(f"ALTER TABLE {table} ALTER {column} TYPE {words}")

    def rows(self, query: str) -> Iterator[Sequence[object]]:
        """Yield the rows of a query, some thousands at a time."""
        cursor = self._engine.cursor()
        cursor.execute(query)
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows

    def draft(self, target: str, mode: FileMode) -> AtomicFile:
        """Begin the draft of a file; raise UsageError for a name that says no form."""
        if not is_parquet(target) and Path(target).suffix.lower() != ".csv":
            raise UsageError(
                f"the name {target!r} has no ending that the engine duckdb writes",
                "Name it .parquet or .csv.",
            )
        return AtomicFile(target, mode, hashed=False)

    def write(self, query: str, target: str, draft: Draft, metadata: Mapping[str, str]) -> int:
        """Write what a query gives, in the form that the name of the file says."""
        options = "FORMAT csv, HEADER true"
        if is_parquet(target):
            pairs = ", ".join(f"{name}: {quoted(value)}" for name, value in metadata.items())
            options = f"FORMAT parquet, {WRITTEN}, KV_METADATA {{{pairs}}}"
        path = quoted(draft.handle)
        with reported(target):
            self._engine.execute(f"COPY ({query}) TO {path} ({options}, USE_TMP_FILE false)")
        written = self._engine.fetchone()
        return int(written[0]) if written else 0

    def reading(self, target: str, draft: Draft) -> str:
        """Write the reading of a draft as a table."""
        path = quoted(draft.handle)
        if is_parquet(target):
            return f"read_parquet({path})"
        return f"read_csv({path}, header = true, all_varchar = true, delim = ',')"

    def made_from(self, target: str) -> dict[str, str]:
        """Return what a Parquet file says of itself; nothing for one that cannot be read."""
        try:
            pairs = self._engine.execute(
                f"SELECT decode(key), decode(value) FROM parquet_kv_metadata({quoted(target)})"
            ).fetchall()
        except duckdb.Error:
            return {}
        return dict(pairs)


def _cell(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'
