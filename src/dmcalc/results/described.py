"""What a described field may say besides its sentence, and the fields that many answers have.

A field that machines read carries the sentence that ``dmcalc schema`` prints of it, beside its
type: ``low: Annotated[Decimal | None, "Low end of the dose, after the cap."]``. Of several
sentences the last one counts.
"""

from typing import TYPE_CHECKING, Annotated, NamedTuple

if TYPE_CHECKING:
    from dmcalc.table.model.local_values import LocalValue


class Pattern(NamedTuple):
    """The form that a text has, as a regular expression."""

    regex: str


class OneOf(NamedTuple):
    """The words that a text may be, where its type does not say them."""

    words: tuple[str, ...]


Sha256 = Annotated[str, Pattern("^[0-9a-f]{64}$")]
Clock = Annotated[str, Pattern("^[0-2][0-9]:[0-5][0-9]$")]
Sources = Annotated[
    tuple[str, ...],
    "Keys of the sources, each followed by the work that it cites; dmcalc why has their quotes.",
]
Local = Annotated[
    "tuple[LocalValue, ...]",
    "The local figures that this rests on; empty where all is the table's.",
]
Atc = Annotated[
    str | None,
    Pattern("^[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}$"),
    "ATC code of the drug; null where the table has none.",
]
RxNorm = Annotated[
    str | None,
    Pattern("^[0-9]+$"),
    "Code of the drug as an ingredient in RxNorm, as text; null where the table has none.",
]
