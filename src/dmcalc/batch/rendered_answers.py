"""Answers to rows as lines, each computed once: many patients have the same weight and severity."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.batch.answers import COLUMNS, RowInput
from dmcalc.batch.rejects import Rejection
from dmcalc.errors import DmcalcError, ExitCode, as_option
from dmcalc.results.base import counted, overlays_in_use
from dmcalc.text.numbers import as_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.batch.answers import Answerer
    from dmcalc.batch.columns import Columns
    from dmcalc.batch.reader import Cell
    from dmcalc.batch.row_renderer import RowRenderer
    from dmcalc.table.model.table import LoadedTable

#: Answers that are remembered, in characters.
REMEMBERED = 20_000_000
#: What one answer takes besides its lines.
OVERHEAD = 1_000


class Answer(NamedTuple):
    """A row's answer as it is written: what each of its lines begins with, and the rest of each.

    The rest is apart, since many answers have lines in common, of doses that go by no weight.
    """

    who: str
    rows: list[str]
    warned: bool
    #: Whether an order is outside its limits.
    refused: bool


class RenderedAnswers:
    """Answers what rows ask, as lines; what was asked before is remembered."""

    def __init__(
        self, answerer: Answerer, lines: RowRenderer, loaded: LoadedTable, day: str
    ) -> None:
        """Answer with ``answerer``, in the form of ``lines``; dates of birth are as of ``day``."""
        self._day = day
        self._answerer, self._lines = answerer, lines
        self._in_use = overlays_in_use(loaded)
        self._known: dict[object, Answer | Rejection] = {}
        self._size = 0

    def to(self, columns: Columns, cells: Sequence[Cell]) -> Answer | Rejection:
        """Return the answer to a row, or why there is none."""
        key = columns.key(cells)
        answer = self._known.get(key)
        if answer is None:
            if self._size > REMEMBERED:
                self._known.clear()
                self._size = 0
            answer = self._known[key] = self._new(columns.input_of(cells))
        return answer

    def _new(self, cells: tuple[str | None, ...]) -> Answer | Rejection:
        try:
            result = self._answerer(RowInput.read(cells, self._day))
        except DmcalcError as error:
            self._size += OVERHEAD
            return rejection_of(error, self._in_use)
        rendered = self._lines.rendered
        who, rows = self._lines.who(result), self._lines.rows(result)
        self._size += self._lines.rendered - rendered + OVERHEAD
        return Answer(who, rows, bool(counted(result.warnings)), result.exit_code != ExitCode.OK)


def rejection_of(error: DmcalcError, in_use: str | None) -> Rejection:
    """Say why a row has no answer; ``in_use`` names the overlays."""
    message, hint = error.named(as_column)
    problem = message.partition("\n")[0]  # without the pointer below it
    sentences = filter(None, (as_sentence(problem), hint, in_use))
    return Rejection(error.exit_code, " ".join(sentences))


def as_column(name: str, example: str | None = None) -> str:
    """Name an input by its column, and what is no column as an option of the run."""
    if name not in COLUMNS:
        return as_option(name, example)
    return f"{name} {example}" if example else name
