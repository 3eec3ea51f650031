"""BibTeX: an entry a entry, for programs that keep references."""

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
    return "\n".join(_entry(entry) for entry in bibliography_entries(result))


def escaped(text: str) -> str:
    """Return a text as TeX sets it: each character for itself."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def _entry(entry: BibliographyEntry) -> str:
    fields = {
        "title": f"{{{escaped(entry.work.title)}}}",
        "author": _authors(entry),
        "journal" if entry.article else "howpublished": _text(entry.journal),
        "volume": entry.volume,
        "number": entry.issue,
        "pages": entry.pages.replace("-", "--") if entry.pages else None,
        "year": str(entry.work.year) if entry.work.year else None,
        # an address is not text: a BibTeX field has it as it is
        "doi": entry.work.doi,
        "url": entry.work.url,
        "urldate": entry.work.accessed.isoformat() if entry.work.accessed else None,
        "note": _text(" ".join(filter(None, (entry.note, entry.work.pmcid)))),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{'article' if entry.article else 'misc'}{{{entry.key},\n{''.join(lines)}}}\n"


def _authors(entry: BibliographyEntry) -> str:
    names = [_name(author) for author in entry.authors]
    return " and ".join([*names, *(["others"] if entry.others else [])])


def _name(author: Author) -> str:
    """Write a name; that of a body in braces of its own, so that it is not taken apart."""
    if author.given is None:
        return f"{{{escaped(author.family)}}}"
    return f"{escaped(author.family)}, {author.given}"


def _text(text: str | None) -> str | None:
    return escaped(text) if text else None
