"""The sources of the table: works, citations, and notes that cite them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from dmcalc.records import Record, read_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import CoreSchema

    JsonSchema = dict[str, object]

NoteKind = Literal["warning", "caution", "reading", "disagreement"]
Read = Literal["primary", "secondary"]


class OneOrMany:
    """Let a list that mostly holds one entry be written as that entry alone."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: Callable[[object], CoreSchema]
    ) -> CoreSchema:
        def listed(value: object) -> object:
            return value if isinstance(value, tuple) else (value,)

        def described(
            schema: CoreSchema, json_handler: Callable[[CoreSchema], JsonSchema]
        ) -> JsonSchema:
            many = json_handler(schema)
            return {"anyOf": [many["items"], many]}

        return read_first(listed, handler(source), described)


class Cite(Record):
    """Where a statement or a figure comes from."""

    source: Annotated[str, "Key of the source that was read."]
    quote: Annotated[str | None, "Its words, verbatim, 25 words or fewer, with the figures."] = None
    primary: Annotated[str | None, "Key of the work that the source itself cites for this."] = None


Cites = Annotated[tuple[Cite, ...], OneOrMany()]


class Source(Record):
    """A work that the table cites."""

    title: Annotated[str, "Title of the work."]
    read: Annotated[Read, "Whether the work itself was read, or only a copy or a summary of it."]
    authors: Annotated[str | None, "Authors or issuing body."] = None
    publication: Annotated[str | None, "Journal with volume and pages, or publisher."] = None
    year: Annotated[int | None, "Year of publication."] = None
    doi: Annotated[str | None, "DOI, without a resolver in front."] = None
    pmcid: Annotated[str | None, "PubMed Central number."] = None
    url: Annotated[str | None, "Address of the work itself, where it has no DOI."] = None
    remark: Annotated[str | None, "What a reader must know about this record."] = None
    accessed: Annotated[datetime.date | None, "Day of the last access that is stated."] = None


class Note(Record):
    """Something that a reader of a dose must know."""

    code: Annotated[str, "Short name that scripts can rely on."]
    kind: Annotated[NoteKind, "A warning counts under --strict; the other kinds do not."]
    text: Annotated[str, "What there is to know; its figures are in the quotes."]
    cite: Annotated[Cites, "Where it comes from."]
    children: Annotated[bool, "Whether it holds for a child too; else it is of adults."] = False
    brief: Annotated[
        str | None,
        "The note in a line of at most 72 characters for the usual page; without it the note is "
        "shown by --explain alone.",
    ] = None
    overview: Annotated[
        str | None,
        "The note on a page of several drugs: a heading that notes share, a colon, and what stands "
        "there behind the name of the drug. Without it such a page leaves the note out.",
    ] = None
