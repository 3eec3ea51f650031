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
    return encode([_item(work) for work in bibliography_entries(result)], indent="\n") + "\n"


def _item(work: BibliographyEntry) -> dict[str, object]:
    kind = "article-journal" if work.article else "webpage" if work.row.url else "document"
    authors = [_name(author) for author in work.authors]
    day = work.row.accessed
    item = {
        "id": work.row.key,
        "type": kind,
        "title": work.row.title,
        "author": [*authors, *([{"literal": "et al."}] if work.others else [])] or None,
        "container-title": work.journal,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages,
        "issued": {"date-parts": [[work.row.year]]} if work.row.year else None,
        "DOI": work.row.doi,
        "PMCID": work.row.pmcid,
        "URL": work.row.url,
        "note": work.note,
        "accessed": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
    }
    return {key: value for key, value in item.items() if value is not None}


def _name(author: Author) -> dict[str, str]:
    if author.given is None:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given}
