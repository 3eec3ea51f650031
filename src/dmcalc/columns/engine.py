"""What a run by columns needs of an engine: tables, the rows of queries, and files.

``duckdb_engine.py`` and ``spark_engine.py`` are the two that there are. Each has the table
``source``, of the columns of an input, with ``LINE`` and ``FAULT``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from dmcalc.columns.dialect import Dialect
    from dmcalc.files import FileMode

EngineName = Literal["duckdb", "spark"]


class Opened(NamedTuple):
    """An input: the names of its columns, those of texts, and how it was read."""

    names: list[str]
    texts: set[str]
    #: Whether a row may be unreadable, and numbers have a decimal comma.
    faults: bool = False
    decimal_comma: bool = False


class Draft(Protocol):
    """What is written and not yet in its place."""

    @property
    def handle(self) -> str:
        """The name by which an engine writes it."""

    def complete(self) -> None:
        """Write all of it to the disk; raise FileError."""

    def publish(self) -> None:
        """Put it in its place; raise FileError."""

    def drop(self) -> None:
        """Remove what is not in its place."""


class Engine(Protocol):
    """An engine with an input; what it cannot do is a FileError."""

    dialect: Dialect

    def open(self, source: str, form: str | None) -> Opened:
        """Make the table ``source`` of an input, whose format ``form`` is if not that of its name.

        Raise UsageError for a format that the engine does not read.
        """

    def keep(self, table: str, query: str) -> None:
        """Make a table of what a query gives, once."""

    def load(
        self, table: str, types: Mapping[str, str], rows: Iterable[Sequence[str | None]]
    ) -> None:
        """Make a table of rows of texts, each read as the type of its column; None is NULL.

        WORD is a type of the words that are in the column.
        """

    def rows(self, query: str) -> Iterator[Sequence[object]]:
        """Yield the rows of a query."""

    def draft(self, target: str, mode: FileMode) -> Draft:
        """Begin what is to be ``target``; raise UsageError for a name that is none for it."""

    def write(self, query: str, target: str, draft: Draft, metadata: Mapping[str, str]) -> int:
        """Write what a query gives to a draft, and return how many rows it has.

        Parquet says ``metadata`` of itself.
        """

    def reading(self, target: str, draft: Draft) -> str:
        """Write the reading of a draft as a table."""

    def made_from(self, target: str) -> dict[str, str]:
        """Return what a file says of itself; nothing for one that cannot be read."""
