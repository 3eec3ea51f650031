"""Read the rows of a batch: CSV, TSV or JSON lines, one at a time, with the line of each.

What spoils one row is a fault of that row. What makes the rest unreadable, such as a quote that is
never closed, ends the run.
"""

from __future__ import annotations

import csv
import hashlib
import json
from decimal import Decimal
from typing import IO, TYPE_CHECKING, NamedTuple, TypeAlias

from dmcalc.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What stands in a cell: text, or a plain value of JSON.
Cell: TypeAlias = str | Decimal | bool | None
#: Far longer than any row of a patient, in bytes.
LONGEST = 1_000_000
MOST_DIGITS = 40
DELIMITERS = {"csv": ",", "tsv": "\t"}


class Record(NamedTuple):
    """One row: the line that it begins on, its cells, or why it cannot be read."""

    line: int
    cells: Sequence[Cell]
    fault: str | None = None


class _FaultError(ValueError):
    """What is wrong with one row."""


class BatchReader:
    """The rows of a stream of bytes, in order; ``names`` are those of the columns."""

    def __init__(self, stream: IO[bytes], name: str, form: str) -> None:
        """Read the names of the columns; raise FileError."""
        self._stream, self._name = stream, name
        #: What was read so far, so that a run that goes on knows its input again.
        self.read = hashlib.sha256()
        self._delimiter = DELIMITERS.get(form)
        self._line = 0
        #: For JSON lines the names are the keys of the first row, which is read with them.
        self._first: Record | None = None
        self.names = self._header() if self._delimiter else self._keys()
        doubled = next((n for n in self.names if self.names.count(n) > 1), None)
        if doubled is not None:
            raise self.error(f"two columns are called {doubled!r}", "Give each its own name.")

    def __iter__(self) -> Iterator[Record]:
        """Yield each row."""
        if self._first is not None:
            yield self._first
        while raw := self._read():
            if not raw.strip():
                continue
            line = self._line
            try:
                cells = self._cells(raw) if self._delimiter else self._object(raw)
            except _FaultError as fault:
                yield Record(line, [], str(fault))
            else:
                yield Record(line, cells)

    def error(self, problem: str, hint: str | None = None) -> FileError:
        """Return an error that names the file and the line."""
        return FileError(f"{self._name}, line {self._line}: {problem}", hint)

    def _read(self) -> bytes:
        """Read one line, of which no more than ``LONGEST`` bytes are kept; none at the end."""
        raw = self._stream.readline(LONGEST + 1)
        self.read.update(raw)
        if raw:
            self._line += 1
        if len(raw) > LONGEST:
            rest = raw
            while rest and not rest.endswith(b"\n"):
                rest = self._stream.readline(LONGEST)
                self.read.update(rest)
        return raw

    def _text(self, raw: bytes) -> str:
        if len(raw) > LONGEST:
            raise _FaultError(f"it is longer than {LONGEST:,} bytes")
        if b"\0" in raw:
            raise _FaultError("it holds a NUL byte")
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise _FaultError(f"it is not UTF-8 at byte {error.start + 1}") from None

    def _top(self) -> str:
        """Return the first line that is not blank, without a byte order mark."""
        raw = self._read()
        raw = raw.removeprefix(b"\xef\xbb\xbf")
        while raw and not raw.strip():
            raw = self._read()
        if not raw:
            raise self.error("there is no row in it", "Give a line of column names, then rows.")
        try:
            return self._text(raw)
        except _FaultError as fault:
            raise self.error(f"the first line cannot be read: {fault}") from None

    def _header(self) -> list[str]:
        try:
            return [name.strip() for name in self._split(self._top())]
        except _FaultError as fault:
            raise self.error(f"the names of the columns cannot be read: {fault}") from None

    def _keys(self) -> list[str]:
        text = self._top()
        try:
            row = _read_object(text)
        except _FaultError as fault:
            raise self.error(f"{fault}") from None
        self._first = Record(self._line, list(row.values()))
        return list(row)

    def _cells(self, raw: bytes) -> list[str]:
        cells = self._split(self._text(raw))
        if len(cells) != len(self.names):
            raise _FaultError(f"it has {len(cells)} cells, and the header {len(self.names)}")
        return cells

    def _split(self, text: str) -> list[str]:
        """Part a row into its cells; a quoted cell may hold line ends."""
        assert self._delimiter is not None
        if '"' not in text:
            return text.rstrip("\r\n").split(self._delimiter)
        opened = self._line

        def lines() -> Iterator[str]:
            yield text
            while raw := self._read():
                yield self._text(raw)

        csv.field_size_limit(LONGEST)
        try:
            return next(csv.reader(lines(), delimiter=self._delimiter, strict=True))
        except (csv.Error, _FaultError) as error:
            if self._line == opened and isinstance(error, csv.Error):
                raise _FaultError(f"its quotes cannot be read: {error}") from None
            raise FileError(
                f"{self._name}, line {opened}: a quote that opens here is not closed: {error}",
                "Close it; a quote inside a text is written twice.",
            ) from None

    def _object(self, raw: bytes) -> list[Cell]:
        row = _read_object(self._text(raw))
        unknown = next((key for key in row if key not in self.names), None)
        if unknown is not None:
            raise _FaultError(f"it has a key {unknown!r}, which the first row has not")
        return [row.get(name) for name in self.names]


def _read_object(text: str) -> dict[str, Cell]:
    """Read a JSON object of plain values; its numbers stay as they are written."""
    try:
        row = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_number,
            object_pairs_hook=_unique,
        )
    except (json.JSONDecodeError, RecursionError) as error:
        raise _FaultError(f"it is not a JSON object: {error}") from None
    if not isinstance(row, dict):
        raise _FaultError('it is not a JSON object, like {"weight": 70}')
    nested = next((key for key, value in row.items() if isinstance(value, dict | list)), None)
    if nested is not None:
        raise _FaultError(f"the value of {nested!r} is not plain")
    return row


def _number(text: str) -> Decimal:
    """Read a number digit by digit; NaN, infinity and numbers beyond all measure are faults."""
    number = Decimal(text) if text[-1].isdigit() and len(text) <= MOST_DIGITS else None
    if number is None or abs(number.adjusted()) > MOST_DIGITS:
        raise _FaultError(f"{text[:20]} is not a number that a patient can have")
    return number


def _unique(pairs: list[tuple[str, Cell]]) -> dict[str, Cell]:
    keys = [key for key, _ in pairs]
    doubled = next((key for key in keys if keys.count(key) > 1), None)
    if doubled is not None:
        raise _FaultError(f"it has the key {doubled!r} twice")
    return dict(pairs)
