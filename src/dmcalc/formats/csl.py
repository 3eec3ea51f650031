"""CSL-JSON: the items of a bibliography as citation programs exchange them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.documents.json import encode
from dmcalc.formats.bibliography import bibliography_entries

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import ReferenceRow
    from dmcalc.formats.bibliography import Author, BibliographyEntry
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import TableResult


def render(result: TableResult[None, ReferenceRow], style: Style) -> str:
    """Return a list of items, in the order of the list."""
    return encode([_item(entry) for entry in bibliography_entries(result)], indent="\n") + "\n"


def _item(entry: BibliographyEntry) -> dict[str, object]:
    kind = "article-journal" if entry.article else "webpage" if entry.work.url else "document"
    authors = [_name(author) for author in entry.authors]
    day = entry.work.accessed
    item = {
        "id": entry.key,
        "type": kind,
        "title": entry.work.title,
        "author": [*authors, *([{"literal": "et al."}] if entry.others else [])] or None,
        "container-title": entry.journal,
        "volume": entry.volume,
        "issue": entry.issue,
        "page": entry.pages,
        "issued": {"date-parts": [[entry.work.year]]} if entry.work.year else None,
        "DOI": entry.work.doi,
        "PMCID": entry.work.pmcid,
        "URL": entry.work.url,
        "note": entry.note,
        "accessed": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
    }
    return {key: value for key, value in item.items() if value is not None}


def _name(author: Author) -> dict[str, str]:
    if author.given is None:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given}
