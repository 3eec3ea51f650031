"""The shape of a formula of body size or of the kidneys."""

from __future__ import annotations

from typing import Annotated, Literal

from dmcalc.quantities.bounds import Coefficient
from dmcalc.records import Record
from dmcalc.sources.cite import Cites, Note

Shape = Literal["quotient", "root", "power", "line", "share", "clearance", "filtration"]


class Formula(Record):
    """The numbers of a published formula of body size or of the kidneys."""

    name: Annotated[str, "Name for people."]
    shape: Annotated[Shape, "How its numbers are put together, and so what it computes."]
    cite: Annotated[Cites, "Sources; each number below is in one of the quotes."]
    constants: Annotated[dict[str, Coefficient], "Its numbers, by what they are."]
    default: Annotated[bool, "Whether it is taken where several compute the same."] = False
    reading: Annotated[str | None, "How the table reads what the sources give."] = None
    notes: Annotated[tuple[Note, ...], "Its limits: warnings, cautions and disagreements."] = ()
