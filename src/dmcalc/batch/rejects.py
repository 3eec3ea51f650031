"""Rows without an answer, as lines in the form that they came in."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.formats.rows import defused

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dmcalc.batch.reader import Record

#: Rejected rows that are listed one by one where no file takes them, and what follows them.
LISTED = 10
MORE = "dmcalc: ... and more; --rejects FILE takes them all"


class Rejection(NamedTuple):
    """Why a row has no answer, with the exit code that the command would have had."""

    code: int
    reason: str


class Rejects:
    """Writes rows that have no answer as lines, in the form that they came in."""

    OWN = ("line", "code", "reason")

    def __init__(self, form: str, names: Sequence[str], *, raw: bool = False) -> None:
        """Begin each with its line number, code and reason; with ``raw`` formulas stay as is."""
        self._format: Any = import_module(f"dmcalc.formats.{form}")
        self._names = [*self.OWN, *renamed(names, self.OWN)]
        self._raw = raw
        self._cell = self._format.raw_cell if raw else self._format.cell

    def header(self) -> str:
        """Return the line of the names, if the form has one."""
        text: str = self._format.header(self._names, raw=self._raw)
        return text

    def line(self, record: Record, why: Rejection) -> str:
        """Return a row with what is wrong with it."""
        cells = [*record.cells, *[None] * len(self._names)][: len(self._names) - 3]
        values = map(self._cell, [record.line, int(why.code), why.reason, *cells])
        text: str = self._format.line(self._names, list(values))
        return text


def renamed(names: Sequence[str], taken: Collection[str]) -> list[str]:
    """Return the names of columns that are passed on, each unlike all others of its header."""
    used = set(taken)
    passed = []
    for name in names:
        new = name
        while defused(new) in used or (new != name and new in names):
            new = f"input_{new}"
        used.add(defused(new))
        passed.append(new)
    return passed
