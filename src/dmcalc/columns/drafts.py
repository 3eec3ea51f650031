"""What a run by columns writes: drafts as those of rows are, which take their places together."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from dmcalc.files import FileMode

if TYPE_CHECKING:
    from dmcalc.columns.engine import Draft, Engine


class Drafts:
    """Writes what queries give; nothing is seen of a file before all of them are whole."""

    def __init__(self, engine: Engine, metadata: dict[str, str], mode: int | None) -> None:
        """Write ``metadata`` into Parquet files; ``mode`` are the permissions that --mode gives."""
        self._engine, self._metadata, self._mode = engine, metadata, mode
        self._drafts: dict[str, Draft] = {}

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
        for draft in self._drafts.values():
            draft.drop()

    def open(self, target: str, *, private: bool = True) -> None:
        """Begin the draft of a file, ``private`` if it holds data of patients.

        Raise UsageError for a name that the engine does not write, FileError where another run
        writes it.
        """
        mode = FileMode(private=private, chosen=self._mode if private else None)
        self._drafts[target] = self._engine.draft(target, mode)

    def write(self, query: str, target: str) -> int:
        """Write what a query gives to a draft, and return its rows; raise FileError."""
        return self._engine.write(query, target, self._drafts[target], self._metadata)

    def reading(self, target: str) -> str:
        """Write the reading of a draft as a table."""
        return self._engine.reading(target, self._drafts[target])

    def publish(self) -> None:
        """Put all files in their places, those of the patients last; raise FileError."""
        for draft in self._drafts.values():
            draft.complete()
        for target in reversed(self._drafts):
            self._drafts[target].publish()
