"""A table of what the row path says of distinct values, for an engine to join."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.columns.cases import places_of
from dmcalc.columns.dialect import decimal_type
from dmcalc.columns.tree import Tree
from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from dmcalc.columns.tree import Term

TREE = Tree()
#: The types of the numbers of an answer, wide enough that nothing is rounded.
WEIGHT, AMOUNT, PERCENT = "DECIMAL(18, 12)", "DECIMAL(38, 18)", "DECIMAL(38, 2)"
#: Of doses, whose widths fit 64 bits: below 10,000 in the unit of the posology.
DOSE = "DECIMAL(18, 14)"
#: The type of a column of words, few of them different; of numbers the type follows from them.
WORD, NUMBER = "WORD", "DECIMAL"
#: The type of other texts, by the name that all engines know.
TEXT = "STRING"


class Sheet:
    """Columns of one length, each with its type; a number is a Decimal, and None is NULL."""

    def __init__(self, name: str) -> None:
        """Begin a sheet; in a statement its columns are named ``name.column``."""
        self.name = name
        self._columns: dict[str, tuple[str, Sequence[object]]] = {}

    def add(self, column: str, kind: str, values: Sequence[object]) -> None:
        """Add a column of a type."""
        self._columns[column] = kind, values

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(next(iter(self._columns.values()))[1])

    def some(self, column: str) -> bool:
        """Tell whether a column says anything."""
        return any(value is not None and value is not False for value in self._values(column))

    def all(self, column: str) -> bool:
        """Tell whether a column says something in each row."""
        return all(value is not None and value is not False for value in self._values(column))

    def _values(self, column: str) -> Sequence[object]:
        return self._columns[column][1]

    def number(self, column: str) -> Term:
        """Return a column of numbers as a term, as wide as its numbers are."""
        numbers = [value for value in self._values(column) if isinstance(value, Decimal)]
        return TREE.column(
            f"{self.name}.{column}",
            max(map(places_of, numbers), default=0),
            max(map(abs, numbers), default=Decimal()),
        )

    def different(self, column: str) -> list[int]:
        """Return the whole numbers of a column, each once."""
        return sorted({value for value in self._values(column) if isinstance(value, int)})

    def truth(self, column: str) -> Term:
        """Return a column of yes and no as a term."""
        return TREE.truth_column(f"{self.name}.{column}")

    def text(self, column: str) -> Term:
        """Return a column of words as a term."""
        return TREE.text_column(f"{self.name}.{column}")

    @property
    def types(self) -> dict[str, str]:
        """The type of each column."""
        return {
            column: decimal_type(self.number(column)) if kind == NUMBER else kind
            for column, (kind, _) in self._columns.items()
        }

    @property
    def rows(self) -> Iterator[list[str | None]]:
        """The rows, as texts."""
        for row in zip(*(values for _, values in self._columns.values()), strict=True):
            yield [_text(value) for value in row]


def _text(value: object) -> str | None:
    if value is None:
        return None
    return format_plain(value) if isinstance(value, Decimal) else str(value)
