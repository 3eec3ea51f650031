"""Rows as lines, one result after the other: what a batch writes, in one of the formats of rows.

The bytes are those that the format gives one result. They are made in less time: most cells of a
row are the very objects of the row before it (a name, the side effects), and each is rendered once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.documents.fields import document_row
from dmcalc.formats.rows import GUIDE, ORIGIN, about, advised_by, codes, origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.batch.answers import Answered, Row
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.table.model.drug import Severity
    from dmcalc.table.model.table import LoadedTable, Table


#: The columns behind those of an answer: what its warnings are, and where it comes from.
COMMON = (*GUIDE, "warnings", "cautions", *ORIGIN)


class _Known(NamedTuple):
    """A row that was rendered, with its values, their cells and the line."""

    row: Any
    warned: tuple[str, ...]
    values: list[Any]
    cells: list[str]
    line: str


class RowRenderer:
    """Renders the rows of results of one kind, which all have the same columns."""

    def __init__(
        self, form: str, overdue: Sequence[ClinicalWarning] = (), *, raw: bool = False
    ) -> None:
        """Write in ``form``: csv, tsv or jsonl; with ``raw`` what is a formula stays one.

        ``overdue`` are warnings of tables of which the review is overdue: each row has them.
        """
        self._overdue = tuple(overdue)
        self._format: Any = import_module(f"dmcalc.formats.{form}")
        self._raw = raw
        self._cell = self._format.raw_cell if raw else self._format.cell
        self._names: list[str] = []
        self._known: dict[Any, _Known] = {}
        #: Characters of all lines that were rendered: a line that is handed out again adds none.
        self.rendered = 0
        #: The notes of the table, and their codes by drug: the same for all patients of a plan.
        self._cautions: Sequence[ClinicalNote] | None = None
        self._cautioned: dict[str | None, tuple[str, ...]] = {}
        #: Where the rules for the patient of the last result come from.
        self._guide: dict[str, Any] = {}
        #: What computed the rows, and from which table.
        self._loaded: LoadedTable | None = None
        self._origin: dict[str, Any] = {}

    def header(self, before: Sequence[str], columns: Sequence[str]) -> str:
        """Return the line that names the columns, if the format has one."""
        text: str = self._format.header([*before, *columns, *COMMON], raw=self._raw)
        return text

    def before(self, names: Sequence[str], values: Sequence[object]) -> str:
        """Render what stands before each row."""
        text: str = self._format.line(names, [self._cell(value) for value in values])
        return text

    def joined(self, before: str, row: str) -> str:
        """Return a whole line."""
        text: str = self._format.joined(before, row)
        return text

    def rows(self, result: Answered) -> list[str]:
        """Return each row of a result as a line, without what stands before it."""
        if result.cautions is not self._cautions:
            self._cautions, self._cautioned = result.cautions, codes(result.cautions)
        if result.loaded is not self._loaded:
            self._loaded, self._origin = result.loaded, origin(result)
        self._guide = advised_by(result)
        warned = codes((*self._overdue, *result.warnings))
        severity = result.context.severity
        table = result.loaded.table
        return [self._row(table, row, severity, warned) for row in result.rows]

    def _row(
        self,
        table: Table,
        row: Row,
        severity: Severity | None,
        warned: dict[str | None, tuple[str, ...]],
    ) -> str:
        """Render a row, or what differs in it from the last one of its regimen and severity."""
        key = (row.regimen, severity)
        last = self._known.get(key)
        warnings = about(row.drug, warned)
        if last is not None and last.row is row and last.warned == warnings:
            return last.line
        record = {
            **document_row(table, row),
            **self._guide,
            "warnings": warnings,
            "cautions": about(row.drug, self._cautioned),
            **self._origin,
        }
        values, cell = list(record.values()), self._cell
        if last is None:
            self._names = list(record)
            cells = [cell(value) for value in values]
        else:
            cells = [
                text if value is old else cell(value)
                for value, old, text in zip(values, last.values, last.cells, strict=True)
            ]
        line: str = self._format.line(self._names, cells)
        self._known[key] = _Known(row, warnings, values, cells, line)
        self.rendered += len(line)
        return line
