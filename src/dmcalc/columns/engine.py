"""DuckDB: its connection, and its strict reading of a file.

Where DuckDB is not installed the import raises UsageError.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc.batch.columns import text_of
from dmcalc.batch.reader import BatchReader
from dmcalc.columns.answers import FAULT, LINE
from dmcalc.columns.dialect import name_of, quoted
from dmcalc.columns.sheet import WORD
from dmcalc.errors import FileError, UsageError

try:
    import duckdb
except ImportError:  # it is an extra
    raise UsageError(
        "‹engine duckdb› needs DuckDB, which is not installed",
        'Install it with: pip install "dmcalc[columns]"',
    ) from None

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PARQUET = (".parquet", ".pq")
#: Rows that are fetched at once.
_FETCHED = 10_000


def is_parquet(name: str) -> bool:
    """Tell whether a name is one of a Parquet file."""
    return Path(name).suffix.lower() in PARQUET


@contextlib.contextmanager
def connected(memory: str, folder: Path, *, shown: bool) -> Iterator[DuckDBPyConnection]:
    """Open an engine with a bound on its memory, which spills into ``folder``.

    With ``shown`` it draws how far it came.

    Raise UsageError for a bound that is none.
    """
    try:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(folder),
            # nothing is fetched: what it needs is built into DuckDB
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        engine = duckdb.connect(":memory:", config=settings)
    except duckdb.Error:
        raise UsageError(f"‹memory›: {memory!r} is not a size", "Write it like 1GB.") from None
    try:
        engine.execute("SET preserve_insertion_order = false")
        engine.execute(f"SET enable_progress_bar = {shown}")
        # rows are many and what they are joined with is little: joins stay as they are written
        engine.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        yield engine
    except duckdb.Error as error:
        raise FileError(f"DuckDB: {str(error).splitlines()[0]}") from None
    finally:
        engine.close()


def open_parquet(engine: DuckDBPyConnection, source: str) -> list[str]:
    """Make the view ``source`` of a Parquet file, and return the names of its columns."""
    engine.execute(
        f"CREATE VIEW source AS SELECT * EXCLUDE file_row_number, file_row_number + 1 AS "
        f"{name_of(LINE)}, CAST(NULL AS VARCHAR) AS {name_of(FAULT)} "
        f"FROM read_parquet({quoted(source)}, file_row_number = true)"
    )
    described = engine.execute("DESCRIBE source").fetchall()
    return [row[0] for row in described if row[0] not in (LINE, FAULT)]


def open_rows(engine: DuckDBPyConnection, records: BatchReader, folder: Path) -> None:
    """Make the table ``source`` of rows as the row path reads them, which shifts no cell."""
    width = len(records.names)

    def lines() -> Iterator[Sequence[str | None]]:
        for record in records:
            cells = [text_of(cell) for cell in record.cells]
            yield [str(record.line), record.fault, *cells, *[None] * (width - len(cells))]

    names = [LINE, FAULT, *records.names]
    load(engine, "source", dict.fromkeys(names, "VARCHAR"), lines(), folder)
    engine.execute(f"ALTER TABLE source ALTER {name_of(LINE)} TYPE BIGINT")


def load(
    engine: DuckDBPyConnection,
    table: str,
    columns: dict[str, str],
    rows: Iterable[Sequence[str | None]],
    folder: Path,
) -> None:
    """Make a table of rows of texts, each read as the type of its column; None is NULL.

    WORD is a type of the words that stand in the column.
    """
    path = folder / f"{table}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(",".join(_cell(cell) for cell in row) + "\n")
    texts = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in columns)
    read = (
        f"read_csv({quoted(str(path))}, columns = {{{texts}}}, header = false, auto_detect = false,"
        " delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false,"
        " max_line_size = 16777216, new_line = '\\n')"
    )
    typed = ", ".join(
        f"CAST({name_of(name)} AS {'VARCHAR' if kind == WORD else kind}) AS {name_of(name)}"
        for name, kind in columns.items()
    )
    engine.execute(f"CREATE TABLE {table} AS SELECT {typed} FROM {read}")
    path.unlink()
    for name, kind in columns.items():
        if kind == WORD:
            _make_words(engine, table, name)


def fetched(engine: DuckDBPyConnection, query: str) -> Iterator[Sequence[object]]:
    """Yield the rows of a query, some thousands at a time."""
    cursor = engine.cursor()
    cursor.execute(query)
    while rows := cursor.fetchmany(_FETCHED):
        yield from rows


def _make_words(engine: DuckDBPyConnection, table: str, name: str) -> None:
    """Make a column of texts one of words, if there is a word in it."""
    column, words = name_of(name), name_of(f"{table} {name}")
    different = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
    if engine.execute(f"{different} LIMIT 1").fetchone() is not None:
        engine.execute(f"CREATE TYPE {words} AS ENUM ({different})")
        engine.execute(f"ALTER TABLE {table} ALTER {column} TYPE {words}")


def _cell(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'


def metadata_of(engine: DuckDBPyConnection, path: str) -> dict[str, str]:
    """Return what a Parquet file says of itself; nothing for one that cannot be read."""
    try:
        found = engine.execute(
            f"SELECT decode(key), decode(value) FROM parquet_kv_metadata({quoted(path)})"
        ).fetchall()
    except duckdb.Error:
        return {}
    return dict(found)
