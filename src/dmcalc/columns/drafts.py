"""The files of a run by columns: drafts as those of rows are, which take their places together."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from dmcalc.columns.dialect import quoted
from dmcalc.columns.engine import PARQUET
from dmcalc.errors import UsageError
from dmcalc.files import AtomicFile, FileMode, reported

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: How Parquet is written: a column of ids, all of them different, soon gets no dictionary.
WRITTEN = "COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 5000"


class Drafts:
    """Writes what queries give; nothing is seen of a file before all of them are whole."""

    def __init__(self, metadata: dict[str, str], mode: int | None) -> None:
        """Write ``metadata`` into Parquet files; ``mode`` are the permissions that --mode gives."""
        self._metadata, self._mode = metadata, mode
        self._files: dict[str, AtomicFile] = {}

    def __enter__(self) -> Self:
        """Open no file yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Drop what is not in its place."""
        for file in self._files.values():
            file.drop()

    def open(self, target: str, *, private: bool = True) -> None:
        """Begin the draft of a file, ``private`` if it holds data of patients.

        Raise UsageError for a name that says no form, FileError where another run writes it.
        """
        if Path(target).suffix.lower() not in (*PARQUET, ".csv"):
            raise UsageError(
                f"the name {target!r} has no ending that the engine duckdb writes",
                "Name it .parquet or .csv.",
            )
        mode = FileMode(private=private, chosen=self._mode if private else None)
        self._files[target] = AtomicFile(target, mode, hashed=False)

    def write(self, engine: DuckDBPyConnection, query: str, target: str) -> None:
        """Write what a query gives to a draft, in the form that its name says; raise FileError."""
        options = "FORMAT csv, HEADER true"
        if Path(target).suffix.lower() in PARQUET:
            pairs = ", ".join(f"{name}: {quoted(value)}" for name, value in self._metadata.items())
            options = f"FORMAT parquet, {WRITTEN}, KV_METADATA {{{pairs}}}"
        path = quoted(self._files[target].handle)
        with reported(target):
            engine.execute(f"COPY ({query}) TO {path} ({options}, USE_TMP_FILE false)")

    def reading(self, target: str) -> str:
        """Write the reading of a draft as a table."""
        path = quoted(self._files[target].handle)
        if Path(target).suffix.lower() in PARQUET:
            return f"read_parquet({path})"
        return f"read_csv({path}, header = true, all_varchar = true, delim = ',')"

    def publish(self) -> None:
        """Put all files in their places, those of the patients last; raise FileError."""
        for file in self._files.values():
            file.complete()
        for target in reversed(self._files):
            self._files[target].publish()
