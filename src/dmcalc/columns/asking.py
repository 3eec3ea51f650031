"""The questions of an input: its columns, its distinct questions and its distinct weights.

Its rows (``source``, in statements ``s``) are of classes, which differ in anything but the weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.columns.sheet import TEXT

if TYPE_CHECKING:
    from dmcalc.columns.dialect import Dialect

#: Columns added to those of an input: the number of the row, and why it cannot be read.
LINE, FAULT = "dmcalc line", "dmcalc fault"


class Asking(NamedTuple):
    """The columns of an input: what asks something, the weight, what is passed on, and all."""

    dialect: Dialect
    facts: tuple[str, ...]
    weight: str | None
    kept: dict[str, str]
    every: dict[str, str]
    #: When a row says nothing, and whether one may be unreadable.
    blank: str
    faults: bool
    #: Whether weights are read with their cases.
    bodies: bool = True

    @property
    def rows(self) -> str:
        """The rows that ask something."""
        return f"NOT ({self.blank})" + (f" AND {self.unread} IS NULL" if self.faults else "")

    @property
    def unread(self) -> str:
        """Why a row cannot be read, NULL for one that can be."""
        return f"s.{self.name(FAULT)}" if self.faults else f"CAST(NULL AS {TEXT})"

    @property
    def body(self) -> str:
        """The weight of a row, NULL where no column has it."""
        return f"s.{self.name(self.weight)}" if self.weight else f"CAST(NULL AS {TEXT})"

    def name(self, column: str) -> str:
        """Write the name of a column as the engine does."""
        return self.dialect.name_of(column)


#: The numbers of a class of rows, of its case and its order, of the case that its weight is read
#: with, and of what its order may be besides a dose.
KEYS = dict.fromkeys(("c", "a", "o", "body", "kind"), "BIGINT")
ASKED = "SELECT * FROM classes JOIN keys USING (c)"
#: The distinct weights, in the order of their numbers; and those with what they come to.
WEIGHTS = "SELECT z, weight, body FROM weights ORDER BY z"
SIZES = "SELECT * FROM weights JOIN weighed USING (z)"
#: The rows, those that cannot be read, and those that ask something.
COUNTED = "SELECT sum(every), sum(unread), sum(rows) FROM classes"


def classes_of(asking: Asking) -> str:
    """Write the table of the distinct questions but for their weights, which are numbered."""
    facts = "".join(f", {asking.name(name)}" for name in asking.facts)
    counts = (
        f"count(*) AS every, count(*) FILTER (WHERE {asking.rows}) AS rows, "
        f"count({asking.unread}) AS unread"
    )
    return (
        f"SELECT row_number() OVER (ORDER BY NULL) AS c, * FROM (SELECT {counts}{facts} "
        "FROM source AS s GROUP BY ALL)"
    )


def asked_of(asking: Asking) -> str:
    """Write the SELECT of the classes of rows that ask something."""
    facts = "".join(f", {asking.name(name)}" for name in asking.facts)
    return f"SELECT c{facts} FROM classes WHERE rows > 0"


def weights_of(asking: Asking) -> str:
    """Write the table of distinct weights with their bodies, numbered from 0 on."""
    none = "CAST(NULL AS BIGINT) AS body FROM source AS s"
    bodies = f"q.body FROM {asked_rows(asking)}" if asking.bodies else none
    return (
        "SELECT row_number() OVER (ORDER BY NULL) - 1 AS z, * FROM ("
        f"SELECT DISTINCT {asking.body} AS weight, {bodies} WHERE {asking.rows})"
    )


def kinds_of(asking: Asking) -> str:
    """Write the SELECT of what may be a step or a rounded dose: a kind, a weight and an order."""
    return (
        f"SELECT DISTINCT q.kind, z.z, q.o FROM {asked_rows(asking)} JOIN weights AS z "
        f"ON {same_weight(asking)} WHERE q.kind IS NOT NULL AND {asking.rows} ORDER BY q.kind, z.z"
    )


def asked_rows(asking: Asking) -> str:
    """Write the rows with their classes."""
    names = map(asking.name, asking.facts)
    same = [f"s.{name} IS NOT DISTINCT FROM q.{name}" for name in names]
    return f"source AS s JOIN asked AS q ON {' AND '.join(same) or 'TRUE'}"


def same_weight(asking: Asking) -> str:
    """Write when a row has a weight of the table of weights."""
    body = " AND z.body IS NOT DISTINCT FROM q.body" if asking.bodies else ""
    return f"z.weight IS NOT DISTINCT FROM {asking.body}{body}"
