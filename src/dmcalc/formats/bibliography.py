"""What the formats of a bibliography share: a work taken apart as far as its record allows.

Nothing is guessed: what does not stand in the record in a known form stays as it is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import ReferenceRow
    from dmcalc.results.base import TableResult
    from dmcalc.sources.cite import Source

#: ``Bellutti Enders F``: a family name and initials.
_AUTHOR = re.compile(r"(?P<family>[^\W\d_][^\d,.]*?) (?P<given>[A-Z](?:-?[A-Z]){0,3})")
#: ``Rheumatology 48(2), 134-139``: a journal with volume, issue and pages.
_JOURNAL = re.compile(
    r"(?P<journal>.+?) (?P<volume>[0-9]+)(?: ?\((?P<issue>[^)]+)\))?(?:, (?P<pages>[0-9e][\w-]*))?"
)


class Author(NamedTuple):
    """An author: a family name and initials, or a body as it is written (``given`` is None)."""

    family: str
    given: str | None = None


class BibliographyEntry(NamedTuple):
    """A work of the bibliography, as programs for citations take it."""

    key: str
    work: Source
    authors: tuple[Author, ...]
    #: Whether the record leaves out further authors.
    others: bool
    journal: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    note: str

    @property
    def article(self) -> bool:
        """Whether it is an article of a journal, as far as the record tells: by volume or DOI."""
        return self.volume is not None or (self.work.doi is not None and self.journal is not None)


def bibliography_entries(result: TableResult[None, ReferenceRow]) -> list[BibliographyEntry]:
    """Return the entries of a bibliography."""
    return [_entry(row) for row in result.rows]


def _entry(row: ReferenceRow) -> BibliographyEntry:
    work = row.work
    authors, others = _authors(work.authors)
    match = _JOURNAL.fullmatch(work.publication or "")
    parts = match.groupdict() if match else {"journal": work.publication}
    read = "Read through a copy or a summary." if work.read == "secondary" else "Read."
    return BibliographyEntry(
        key=row.key,
        work=work,
        authors=authors,
        others=others,
        journal=parts.get("journal"),
        volume=parts.get("volume"),
        issue=parts.get("issue"),
        pages=parts.get("pages"),
        note=" ".join(filter(None, (read, work.remark))),
    )


def _authors(text: str | None) -> tuple[tuple[Author, ...], bool]:
    """Take authors apart where each is a family name with initials; else they stay one body."""
    if text is None:
        return (), False
    names = [name.strip() for name in text.split(",")]
    others = names[-1] == "et al."
    names = names[:-1] if others else names
    matches = [_AUTHOR.fullmatch(name) for name in names]
    if not names or not all(matches):
        return (Author(text),), False
    return tuple(Author(match["family"], match["given"]) for match in matches if match), others
