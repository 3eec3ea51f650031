"""Rows as lines, one result after the other: what a batch writes, in one of the formats of rows.

The bytes are those that the format gives one result. They are made in less time: most cells of a
row are the very objects of the row before it (a name, the side effects), and each is rendered once.
"""

from __future__ import annotations

from importlib import import_module
from itertools import compress, count
from operator import is_not
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.documents.fields import reader_of
from dmcalc.formats.rows import GUIDE, ORIGIN, about, advised_by, codes, origin
from dmcalc.remembered import Remembered
from dmcalc.results.codes import codes as codes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from dmcalc.batch.answers import Answered, Row
    from dmcalc.results.base import ClinicalWarning
    from dmcalc.table.model.drug import Severity


#: The columns after those of an answer: its warnings and its origin.
COMMON = (*GUIDE, "warnings", "cautions", *ORIGIN)
#: Ends of rows that are kept.
MOST_TAILS = 10_000
#: Without these no column of an answer can be understood, or traced to what computed it.
ALWAYS = frozenset(
    {"drug", "regimen", "unit", "per", "warnings", "dmcalc", "table_version", "table_sha256"}
)


class _RenderedRow(NamedTuple):
    """A row that was rendered, with its values, their cells and the line."""

    row: Any
    tail: str
    values: tuple[Any, ...]
    cells: list[str]
    line: str


class RowRenderer:
    """Renders the rows of results of one kind, which all have the same columns."""

    def __init__(
        self,
        form: str,
        overdue: Sequence[ClinicalWarning],
        *,
        columns: Sequence[str] | None,
        raw: bool,
    ) -> None:
        """Write in ``form``: csv, tsv or jsonl; with ``raw`` what is a formula stays one.

        ``overdue`` are warnings of tables of which the review is overdue: each row has them. Of
        ``columns`` and those of ``ALWAYS`` alone the rows are made, of all where none are named.
        """
        self._overdue = tuple(overdue)
        self._format: Any = import_module(f"dmcalc.formats.{form}")
        self._raw = raw
        self._cell = self._format.raw_cell if raw else self._format.cell
        self._picked = None if columns is None else ALWAYS.union(columns)
        self._names: tuple[str, ...] = ()
        self._read: Callable[[Any], tuple[Any, ...]] = tuple
        self._rendered: dict[Any, _RenderedRow] = {}
        #: Characters of all lines that were rendered: a line that is dispensed again adds none.
        self.rendered = 0
        #: The warnings, notes and guideline of the last result: those of most patients of a plan.
        self._noted: object = None
        #: The codes of its warnings and of its notes by drug, and the cells that its rows end with.
        self._warned: dict[str | None, tuple[str, ...]] = {}
        self._cautioned: dict[str | None, tuple[str, ...]] = {}
        self._tails_now: dict[str, str] = {}
        #: All cells that rows end with, by drug, warnings, cautions and guideline.
        self._tails: Remembered[Any, str] = Remembered(MOST_TAILS)

    def picked(self, names: Iterable[str]) -> list[str]:
        """Return those of some columns that are written."""
        return [name for name in names if self._picked is None or name in self._picked]

    def header(self, before: Sequence[str], columns: Sequence[str]) -> str:
        """Return the line that names the columns, if the format has one."""
        names = [*before, *self.picked((*columns, *COMMON))]
        text: str = self._format.header(names, raw=self._raw)
        return text

    def before(self, named: Mapping[str, object]) -> str:
        """Render the cells before each row, nothing where there are none."""
        return self.line(tuple(named), tuple(named.values())) if named else ""

    def line(self, names: Sequence[str], values: Sequence[object]) -> str:
        """Render some columns of a row."""
        text: str = self._format.line(names, [self._cell(value) for value in values])
        return text

    def joined(self, before: str, rows: Sequence[str]) -> str:
        """Return whole lines, which all begin with ``before``, which may be nothing."""
        text: str = self._format.joined(before, rows) if before else "".join(rows)
        return text

    def who(self, result: Answered) -> str:
        """Render the cells on the patient of each row of a result."""
        described: type = type(context := result.context)
        names, read = reader_of(described, self._picked)
        return self.line(names, read(context)) if names else ""

    def rows(self, result: Answered) -> list[str]:
        """Return each row of a result as a line, without the cells before it."""
        noted = (result.warnings, result.cautions, result.guide)
        if noted != self._noted:
            self._noted, self._tails_now = noted, {}
            self._warned = codes((*self._overdue, *result.warnings))
            self._cautioned = codes(result.cautions)
        severity = result.patient.severity
        return [self._row(result, row, severity) for row in result.rows]

    def _row(self, result: Answered, row: Row, severity: Severity | None) -> str:
        """Render a row, or what differs in it from the last one of its regimen and severity."""
        key = (row.regimen, severity)
        last = self._rendered.get(key)
        tail = self._tails_now.get(row.drug)
        if tail is None:
            tail = self._tails_now[row.drug] = self._tail(result, row.drug)
        if last is not None and last.row is row and last.tail is tail:
            return last.line
        if not self._names:
            self._names, self._read = reader_of(type(row), self._picked)
        values, cell = self._read(row), self._cell
        if last is None:
            cells = [cell(value) for value in values]
        else:
            cells = last.cells.copy()
            for at in compress(count(), map(is_not, values, last.values)):
                cells[at] = cell(values[at])
        line: str = self._format.joined(self._format.line(self._names, cells), (tail,))
        self._rendered[key] = _RenderedRow(row, tail, values, cells, line)
        self.rendered += len(line)
        return line

    def _tail(self, result: Answered, drug: str) -> str:
        """Render the last cells of the rows of a drug: its codes, notes, and what computed them."""
        warnings, cautions = about(drug, self._warned), about(drug, self._cautioned)
        guide = result.guide
        key = (drug, warnings, cautions, guide and guide.sha256)
        tail = self._tails.get(key)
        if tail is None:
            closing: dict[str, object] = {
                **codes_of(result.loaded.table, drug)._asdict(),
                **advised_by(result),
                "warnings": warnings,
                "cautions": cautions,
                **origin(result),
            }
            tail = self._tails[key] = self.before(
                {name: closing[name] for name in self.picked(closing)}
            )
        return tail
