"""The types of fields that many answers have, each with its sentence, and what one may say besides.

Only a schema reads them: where answers are computed they are imported for the type checker alone.
"""

from __future__ import annotations

from typing import Annotated

from dmcalc.records import Record
from dmcalc.table.model.local_values import LocalValue


class Pattern(Record):
    """The form that a text has, as a regular expression."""

    regex: str


class OneOf(Record):
    """The values that may stand there, where its type does not say them."""

    words: tuple[str | int, ...]


Sha256 = Annotated[str, Pattern("^[0-9a-f]{64}$")]
Clock = Annotated[str, Pattern("^[0-2][0-9]:[0-5][0-9]$")]
#: The unit of what is given: of a mass, or of a mass for one kg or m2.
StepUnit = Annotated[
    str, OneOf(("mcg", "mg", "g", "mcg/kg", "mg/kg", "g/kg", "mcg/m2", "mg/m2", "g/m2"))
]
DrugKey = Annotated[str, "Key of the drug."]
DrugName = Annotated[str, "Its name, for people."]
FirstQuote = Annotated[str | None, "Words of the first source, verbatim."]
SpokenOf = Annotated[str | None, "Population of the source."]
Sources = Annotated[
    tuple[str, ...],
    "Keys of the sources, each followed by the work that it cites; dmcalc why has their quotes.",
]
Local = Annotated[
    tuple[Annotated[LocalValue, "A figure, limit, product or rounding rule of a hospital."], ...],
    "The local figures that this is based on; empty where all is the table's.",
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
