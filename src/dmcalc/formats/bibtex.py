"""BibTeX: an entry a work, for programs that keep references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.formats.bibliography import bibliography_entries

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import ReferenceRow
    from dmcalc.formats.bibliography import Author, BibliographyEntry
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import TableResult

#: What TeX reads as a command of its own.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def render(result: TableResult[None, ReferenceRow], style: Style) -> str:
    """Return the entries, in the order of the list."""
    return "\n".join(_entry(work) for work in bibliography_entries(result))


def escaped(text: str) -> str:
    """Return a text as TeX sets it: each character for itself."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def _entry(work: BibliographyEntry) -> str:
    fields = {
        "title": f"{{{escaped(work.title)}}}",
        "author": _authors(work),
        "journal" if work.article else "howpublished": _text(work.journal),
        "volume": work.volume,
        "number": work.issue,
        "pages": work.pages.replace("-", "--") if work.pages else None,
        "year": str(work.year) if work.year else None,
        # an address is not text: in a BibTeX field it stands as it is
        "doi": work.doi,
        "url": work.url,
        "urldate": work.accessed.isoformat() if work.accessed else None,
        "note": _text(" ".join(filter(None, (work.note, work.pmcid)))),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{'article' if work.article else 'misc'}{{{work.key},\n{''.join(lines)}}}\n"


def _authors(work: BibliographyEntry) -> str:
    names = [_name(author) for author in work.authors]
    return " and ".join([*names, *(["others"] if work.others else [])])


def _name(author: Author) -> str:
    """Write a name; that of a body in braces of its own, so that it is not taken apart."""
    if author.given is None:
        return f"{{{escaped(author.family)}}}"
    return f"{escaped(author.family)}, {author.given}"


def _text(text: str | None) -> str | None:
    return escaped(text) if text else None
