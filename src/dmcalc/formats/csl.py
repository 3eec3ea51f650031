"""CSL-JSON: the items of a bibliography as citation programs exchange them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc.formats.bibliography import bibliography_entries
from dmcalc.formats.json import encode

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import ReferenceRow
    from dmcalc.formats.bibliography import Author, BibliographyEntry
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import TableResult


def render(result: TableResult[None, ReferenceRow], style: Style) -> str:
    """Return a list of items, in the order of the list."""
    return encode([_item(work) for work in bibliography_entries(result)], indent="\n") + "\n"


def _item(work: BibliographyEntry) -> dict[str, Any]:
    kind = "article-journal" if work.article else "webpage" if work.url else "document"
    authors = [_name(author) for author in work.authors]
    day = work.accessed
    item = {
        "id": work.key,
        "type": kind,
        "title": work.title,
        "author": [*authors, *([{"literal": "et al."}] if work.others else [])] or None,
        "container-title": work.journal,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages,
        "issued": {"date-parts": [[work.year]]} if work.year else None,
        "DOI": work.doi,
        "PMCID": work.pmcid,
        "URL": work.url,
        "note": work.note,
        "accessed": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
    }
    return {key: value for key, value in item.items() if value is not None}


def _name(author: Author) -> dict[str, str]:
    if author.given is None:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given}
