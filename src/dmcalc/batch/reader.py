"""Read the rows of a batch: CSV, TSV or JSON lines, one at a time, with the line of each.

What spoils one row is a fault of that row. What makes the rest unreadable, such as a quote that is
never closed, ends the run.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from decimal import Decimal
from typing import IO, TYPE_CHECKING, NamedTuple, TypeAlias

from dmcalc.batch.headers import fact_of
from dmcalc.errors import FileError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The content of a cell: text, or a value of JSON.
Cell: TypeAlias = "str | Decimal | bool | list[Cell] | dict[str, Cell] | None"
#: Far longer than any row of a patient, in bytes.
LONGEST = 1_000_000
MOST_DIGITS = 40
#: How deep the values of a row of JSON may be; those that dmcalc writes are lists of objects.
DEEPEST = 6
DELIMITERS = {"csv": ",", "tsv": "\t"}
#: What parts cells, and what people call it.
MARKS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
#: The line that tells a spreadsheet what separates the cells.
_STATED = re.compile(r'"?sep=(.)"?[;,|\s]*', re.IGNORECASE)
#: A letter of Latin-1 next to one that is ASCII: in UTF-8 it would be two bytes.
_LATIN_1 = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][a-z]")


#: Lines below the first in which the header is looked for, and the cells that one has.
MOST_TITLES = 10
LEAST_NAMES = 2
#: Facts whose names may stand alone in a cell of a row: what kind of entry it is.
OF_ORDERS = ("drug", "order")
_BEGINS_AS_NUMBER = re.compile(r"[+-]?[.,]?[0-9]")


class Record(NamedTuple):
    """One row: the line that it begins on, its cells, or why it cannot be read."""

    line: int
    cells: Sequence[Cell]
    fault: str | None = None
    #: Whether no cell says anything.
    blank: bool = False


class _FaultError(ValueError):
    """What is wrong with one row."""


class BatchReader:
    """The rows of a stream of bytes, in order; ``names`` are those of the columns."""

    def __init__(self, stream: IO[bytes], name: str, form: str) -> None:
        """Read the names of the columns; raise FileError."""
        self._stream, self._name = stream, name
        #: What was read so far, so that a run that goes on knows its input again.
        self.read = hashlib.sha256()
        #: What parts the cells, as the first line shows it; None for JSON lines.
        self.delimiter = DELIMITERS.get(form)
        self._line = 0
        #: For JSON lines the names are the keys of the first row that can be read.
        self._first: list[Record] = []
        #: The names with those of padding columns, which are empty.
        self._header_names = self._header() if self.delimiter else self._keys()
        #: The last line on which the header may stand below a title that names a fact.
        self._last_title = self._line + MOST_TITLES
        self.names = [name for name in self._header_names if name]
        doubled = next((n for n in self.names if self.names.count(n) > 1), None)
        if doubled is not None:
            raise self.error(f"two columns are called {doubled!r}", "Give each its own name.")

    def __iter__(self) -> Iterator[Record]:
        """Yield each row; raise FileError, or UsageError where the header is below others."""
        yield from self._first
        while raw := self._read():
            if not raw.strip():
                continue
            line = self._line
            try:
                cells = self._cells(raw) if self.delimiter else self._object(raw)
            except _FaultError as fault:
                yield Record(line, [], str(fault))
            else:
                yield Record(line, cells, blank=not any(map(_says_something, cells)))

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
            if _LATIN_1.search(raw):
                raise self.error(
                    f"it is not UTF-8 at byte {error.start + 1}, but Latin-1 (Windows-1252)",
                    "Save it as CSV UTF-8, or convert it.",
                ) from None
            raise _FaultError(f"it is not UTF-8 at byte {error.start + 1}") from None

    def _top(self) -> str:
        """Return the first line that is not blank, without a byte order mark."""
        raw = self._read()
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw.count(b"\0") > len(raw) // 3:
            width = 32 if b"\0\0\0" in raw else 16
            raise self.error(f"it is UTF-{width}", "Save it as CSV UTF-8, or convert it.")
        raw = raw.removeprefix(b"\xef\xbb\xbf")
        while raw and not raw.strip():
            raw = self._read()
        if not raw:
            empty = "it is empty" if self._line == 0 else "there is no row in it"
            raise FileError(f"{self._name}: {empty}", "Give a line of column names, then rows.")
        try:
            return self._text(raw)
        except _FaultError as fault:
            hint = "Save it as CSV UTF-8, or convert it." if "UTF-8" in str(fault) else None
            raise self.error(f"the first line cannot be read: {fault}", hint) from None

    def _header(self) -> list[str]:
        try:
            top = self._top()
            if stated := _STATED.fullmatch(top):
                self.delimiter = stated[1]
                top = self._top()
            elif self.delimiter == DELIMITERS["csv"]:
                self.delimiter = _delimiter_of(top)
            if "\r" in top.rstrip("\r\n"):
                raise _FaultError("its lines end in CR alone, as they did on the first Macs")
            return [_settled(name) for name in self._split(top)]
        except _FaultError as fault:
            raise self.error(f"the names of the columns cannot be read: {fault}") from None

    def _keys(self) -> list[str]:
        first = None
        while True:
            try:
                text = self._top()
            except FileError as end:  # no row of all can be read
                raise first or end from None
            try:
                row = _read_object(text)
            except _FaultError as fault:
                first = first or self.error(f"{fault}")
                self._first.append(Record(self._line, [], str(fault)))
            else:
                blank = not any(map(_says_something, row.values()))
                self._first.append(Record(self._line, list(row.values()), blank=blank))
                if row:
                    return list(row)

    def _cells(self, raw: bytes) -> list[str]:
        text = self._text(raw)
        named, header = len(self.names), self._header_names
        try:
            cells = self._split(text)
        except _FaultError:
            self._refuse_other_mark(text, len(header))
            raise
        if self._line <= self._last_title:
            self._refuse_header(text, cells)
        if len(cells) > len(header) and not any(cell.strip() for cell in cells[len(header) :]):
            del cells[len(header) :]  # so are those without a name
        if len(cells) >= named and not any(header[len(cells) :]):
            cells += [""] * (len(header) - len(cells))  # padding columns without a cell
        if len(cells) != len(header):
            if len(cells) == 1:
                self._refuse_other_mark(text, len(header))
            raise _FaultError(f"it has {len(cells)} cells, and the header {len(header)}")
        if named == len(header):
            return cells
        if any(cell.strip() for cell, name in zip(cells, header, strict=True) if not name):
            raise _FaultError("a cell is in a column that has no name")
        return [cell for cell, name in zip(cells, header, strict=True) if name]

    def _refuse_header(self, text: str, cells: list[str]) -> None:
        """Raise UsageError where a row names columns: what was read as the header is a title."""
        ways = [cells] if len(cells) > 1 else [text.split(mark) for mark in MARKS]
        if names := next(filter(_is_header, ways), None):
            shown = ", ".join(name.strip() for name in names)
            raise UsageError(
                f"{self._name}, line {self._line} names columns: {shown}; is line 1 the header?",
                "Remove the lines above the header.",
            )

    def _refuse_other_mark(self, text: str, width: int) -> None:
        """Raise FileError where a row is separated by another mark than the header."""
        bare = _without_quoted(text)
        for mark, name in MARKS.items():
            if mark != self.delimiter and bare.count(mark) == width - 1 > 0:
                was = MARKS.get(self.delimiter or "", repr(self.delimiter))
                raise self.error(
                    f"the header is separated by {was}, and this row by {name}",
                    f"Use one separator, or begin the file with a line sep={self.delimiter}",
                )

    def _split(self, text: str) -> list[str]:
        """Part a row into its cells; a quoted cell may hold line ends."""
        assert self.delimiter is not None
        if '"' not in text:
            return text.rstrip("\r\n").split(self.delimiter)
        opened = self._line

        def lines() -> Iterator[str]:
            yield text
            while raw := self._read():
                yield self._text(raw)

        csv.field_size_limit(LONGEST)
        try:
            return next(csv.reader(lines(), delimiter=self.delimiter, strict=True))
        except (csv.Error, _FaultError) as error:
            bare = "a carriage return (CR) stands in a cell that is not in quotes"
            is_bare = "new-line character" in str(error)
            if self._line == opened and isinstance(error, csv.Error):
                raise _FaultError(
                    bare if is_bare else f"its quotes cannot be read: {error}"
                ) from None
            if is_bare:  # the row began on a line before: which rows it took cannot be known
                raise self.error(bare, "Put the cell in quotes.") from None
            raise FileError(
                f"{self._name}, line {opened}: a quote that opens here is not closed: {error}",
                "Close it; a quote inside a text is written twice.",
            ) from None

    def _object(self, raw: bytes) -> list[Cell]:
        row = _read_object(self._text(raw))
        unknown = next((key for key in row if key not in self.names), None)
        if unknown is not None:
            raise _FaultError(f"it has a key {unknown!r}, which the first row does not have")
        return [row.get(name) for name in self.names]


def _says_something(cell: Cell) -> bool:
    if isinstance(cell, list | dict):
        return bool(cell)
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _delimiter_of(header: str) -> str:
    """Return what parts the names of a first line: a comma unless there is none out of quotes."""
    bare = _without_quoted(header)
    return next((mark for mark in MARKS if mark in bare), ",")


def _without_quoted(text: str) -> str:
    return re.sub('"[^"]*("|$)', "", text)


def _is_header(cells: Sequence[str]) -> bool:
    """Tell whether cells are names of columns: some are of facts, and none is a number."""
    texts = [cell for cell in map(str.strip, cells) if cell]
    if len(texts) < LEAST_NAMES or any(_BEGINS_AS_NUMBER.match(text) for text in texts):
        return False
    facts = [fact for fact, _ in map(fact_of, texts) if fact]
    return len(facts) >= LEAST_NAMES or any(fact not in OF_ORDERS for fact in facts)


def _settled(name: str) -> str:
    """Return the name of a column without blanks and a byte order mark around it."""
    return name.strip().strip("\ufeff").strip()


def _read_object(text: str) -> dict[str, Cell]:
    """Read a JSON object; its numbers stay as they are written."""
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
    for text in _texts(row):
        if not _is_unicode(text):
            raise _FaultError("it holds text that is not Unicode")
        if "\0" in text:
            raise _FaultError("it holds a NUL character")
    if _says_something(row.pop("", None)):
        raise _FaultError("a value has a blank key")
    return row


def _texts(value: Cell, depth: int = 0) -> Iterator[str]:
    """Yield each text in a value; raise _FaultError for one that is nested too deeply."""
    if depth > DEEPEST:
        raise _FaultError("it is nested too deeply")
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in (*value, *value.values()) if isinstance(value, dict) else value:
            yield from _texts(item, depth + 1)


def _is_unicode(text: str) -> bool:
    """Tell whether a text can be written: half of a pair of surrogates cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _number(text: str) -> Decimal:
    """Read a number digit by digit; NaN, infinity and numbers beyond all measure are faults."""
    number = Decimal(text) if text[-1].isdigit() and len(text) <= MOST_DIGITS else None
    if number is None or abs(number.adjusted()) > MOST_DIGITS:
        raise _FaultError(f"{text[:20]} is not a number that a patient can have")
    return number


def _unique(pairs: list[tuple[str, Cell]]) -> dict[str, Cell]:
    row = {_settled(key): value for key, value in pairs}
    if len(row) < len(pairs):
        keys = [_settled(key) for key, _ in pairs]
        doubled = next(key for key in keys if keys.count(key) > 1)
        raise _FaultError(f"it has the key {doubled!r} twice")
    return row
