"""The columns of a batch: which of them ask something, and which are passed on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.batch.answers import COLUMNS
from dmcalc.errors import UsageError
from dmcalc.quantities.base import format_plain
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.batch.reader import Cell


class Columns:
    """Reads what a row asks, and what of it is passed on, by the names of the columns."""

    def __init__(
        self, names: Sequence[str], keep: Sequence[str] | None, asking: Sequence[str]
    ) -> None:
        """Find the columns called as the options in ``asking``; pass on ``keep``, or all others.

        Raise UsageError for a name in ``keep`` that there is not, and for a column whose name is
        nearly that of an option: a weight that is passed on is a weight that is not used.
        """
        index_of = {name.lower().replace("-", "_"): at for at, name in enumerate(names)}
        self._at = [index_of.get(field) if field in asking else None for field in COLUMNS]
        others = [name for at, name in enumerate(names) if at not in self._at]
        for name in keep if keep is not None else ():
            if name not in names:
                raise UsageError(
                    f"‹keep›: there is no column {name!r}{near(name, names)}",
                    f"The columns: {', '.join(names)}",
                )
        for name in others if keep is None else ():
            if name.lower() == "drug":
                raise UsageError(
                    "the column 'drug' would not be heeded beside ‹drug›",
                    "Leave ‹drug› out, or name in ‹keep› the columns that are to be passed on.",
                )
            if like := near(name.lower(), asking):
                raise UsageError(
                    f"the column {name!r} is no option of this command{like}",
                    "Rename it, or name in ‹keep› the columns that are to be passed on.",
                )
        #: The names of the columns that are passed on.
        self.kept = tuple(others if keep is None else keep)
        self._kept_at = [list(names).index(name) for name in self.kept]

    def input_of(self, cells: Sequence[Cell]) -> tuple[str | None, ...]:
        """Return what a row asks, as it is written; an empty cell asks nothing."""
        return tuple(None if at is None else _text(cells[at]) for at in self._at)

    def passed(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return what of a row is passed on."""
        return [cells[at] for at in self._kept_at]


def _text(value: Cell) -> str | None:
    if isinstance(value, Decimal):
        return format_plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() or None if value is not None else None
