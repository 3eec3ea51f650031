"""Spark: its session, its reading of Parquet, and its folders of Parquet files.

It is sent SQL text alone. What it is handed, and the tables that it makes on the way, go through
files in a folder that this computer and all that work for Spark see. Where pyspark is not installed
the import raises UsageError.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc.columns.asking import FAULT, LINE
from dmcalc.columns.dialect import SPARK
from dmcalc.columns.engine import Opened
from dmcalc.columns.folders import AtomicFolder
from dmcalc.columns.sheet import TEXT, WORD
from dmcalc.errors import FileError, UsageError

try:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession
except ImportError:  # it is an extra
    raise UsageError(
        "‹engine spark› needs pyspark, which is not installed",
        'Install it with: pip install "dmcalc[spark]"',
    ) from None

if TYPE_CHECKING:
    from dmcalc.columns.engine import Draft
    from dmcalc.columns.inputs import ColumnsRequest
    from dmcalc.files import FileMode

#: What a session does, however Spark is configured: an overflow is an error, and no file of an
#: input is passed over.
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.variable.substitute": "false",
    "spark.sql.caseSensitive": "false",
    # a check is longer than a method of Java may be: Spark would compile it, and give up, each time
    "spark.sql.codegen.wholeStage": "false",
}
#: Columns of ours, one of which each table has: it says what the table was made from.
_NOTED = ("warnings", "reason", "sources")


@contextlib.contextmanager
def connected(request: ColumnsRequest, folder: Path, *, shown: bool) -> Iterator[Spark]:
    """Open a session on a master or by Spark Connect, else as Spark is configured.

    With ``shown`` it draws how far it came. Raise UsageError where Spark does not start, FileError
    for what it cannot do.
    """
    master, remote = request.master, request.remote
    builder = SparkSession.builder.appName("dmcalc")
    if remote is not None:
        builder = builder.remote(remote)
    else:
        builder = builder.config("spark.log.level", "ERROR")
        builder = builder.config("spark.ui.showConsoleProgress", str(shown).lower())
        builder = builder.config("spark.sql.warehouse.dir", str(folder))  # else it makes one here
    if master is not None:
        builder = builder.master(master)
    try:
        session = builder.getOrCreate()
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
    except (PySparkException, Py4JError, ImportError) as error:
        hint = (
            'Check the address of ‹remote›; it needs: pip install "pyspark[connect]>=4,<5"'
            if remote is not None
            else "Check ‹master›; Spark needs Java 17 or newer."
        )
        raise UsageError(f"Spark does not start: {_first_line(error)}", hint) from None
    try:
        yield Spark(session, folder)
    except (PySparkException, Py4JError) as error:
        raise FileError(f"Spark: {_first_line(error)}") from None
    finally:
        session.stop()


class Spark:
    """A session of Spark."""

    dialect = SPARK

    def __init__(self, session: SparkSession, folder: Path) -> None:
        self._session, self._folder = session, folder

    def open(self, source: str, form: str | None) -> Opened:
        """Make the table ``source`` of Parquet: a file, a folder, or what a pattern fits.

        It has the columns of all files; a row has the number that it has in its file.
        """
        read = self._session.read.option("mergeSchema", "true").parquet(
            str(Path(source).absolute())
        )
        texts = {name for name, kind in read.dtypes if kind == "string"}
        line = f"_metadata.row_index + 1 AS {SPARK.name_of(LINE)}"
        fault = f"CAST(NULL AS {TEXT}) AS {SPARK.name_of(FAULT)}"
        names = ((SPARK.name_of(name), kind) for name, kind in read.dtypes)
        columns = (
            f"{SPARK.doubled(name)} AS {name}" if kind == "float" else name for name, kind in names
        )
        read.selectExpr(*columns, line, fault).createOrReplaceTempView("source")
        return Opened(list(read.columns), texts)

    def keep(self, table: str, query: str) -> None:
        """Make a table of what a query gives: it is computed once, as numbers of rows are in it."""
        path = str(self._folder / table)
        self._session.sql(query).write.parquet(path)
        self._session.read.parquet(path).createOrReplaceTempView(table)

    def load(
        self, table: str, types: Mapping[str, str], rows: Iterable[Sequence[str | None]]
    ) -> None:
        """Make a table of rows of texts."""
        path = self._folder / f"{table}.json"
        with path.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(dict(zip(types, row, strict=True))) + "\n")
        texts = ", ".join(f"{SPARK.name_of(name)} {TEXT}" for name in types)
        read = self._session.read.schema(texts).option("mode", "FAILFAST").json(str(path))
        names = {SPARK.name_of(name): kind for name, kind in types.items()}
        each = (
            f"CAST({name} AS {TEXT if kind == WORD else kind}) AS {name}"
            for name, kind in names.items()
        )
        read.selectExpr(*each).createOrReplaceTempView(table)

    def rows(self, query: str) -> Iterator[Sequence[object]]:
        """Yield the rows of a query, a part of them at a time."""
        yield from self._session.sql(query).toLocalIterator()

    def draft(self, target: str, mode: FileMode) -> AtomicFolder:
        """Begin the draft of a folder."""
        return AtomicFolder(target, mode)

    def write(self, query: str, target: str, draft: Draft, metadata: Mapping[str, str]) -> int:
        """Write what a query gives as Parquet files, with the metadata in their schema."""
        table = self._session.sql(query)
        noted = next(name for name in _NOTED if name in table.columns)
        table.withMetadata(noted, dict(metadata)).write.parquet(draft.handle)
        if not (Path(draft.handle) / "_SUCCESS").exists():
            raise FileError(
                f"what Spark wrote to {Path(target).parent.absolute()} is not to be seen from here",
                "Name a folder that this computer and Spark both see.",
            )
        return int(self._session.read.parquet(draft.handle).count())

    def reading(self, target: str, draft: Draft) -> str:
        """Write the reading of a draft as a table."""
        return f"parquet.{SPARK.name_of(draft.handle)}"

    def made_from(self, target: str) -> dict[str, str]:
        """Return nothing: no run goes on after another."""
        return {}


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
