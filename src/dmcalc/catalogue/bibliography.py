"""``refs``: the works that table and guide cite, and where each is used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dmcalc.catalogue.rows import ReferenceRow
from dmcalc.errors import UnknownNameError
from dmcalc.results.base import TableResult
from dmcalc.sources.figures import citations
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Collection

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable

#: What people write before a DOI.
_DOI_PREFIX = re.compile("(https?://)?(dx[.])?doi(:|[.]org/) ?")


def references(
    loaded: LoadedTable, guide: LoadedGuideline, names: Collection[str], *, page: bool
) -> TableResult[None, ReferenceRow]:
    """List the works that are cited, the reference's references first, in its order.

    ``used_in`` names the entries that cite a work, as paths in the table or the guide, and ``uses``
    counts the citations. A work is named by its key or by its DOI. With ``page`` only the
    references of the reference are listed. Raise UnknownNameError for a name that no work has.
    """
    sources = guide.works(loaded.table)
    numbers = {key: n for n, key in enumerate(guide.guideline.care.references, start=1)}
    keys = list(dict.fromkeys((*numbers, *sources)))
    dois = {work.doi.lower(): key for key, work in sources.items() if work.doi}
    chosen = set()
    for name in dict.fromkeys(names):
        key = name if name in sources else dois.get(_DOI_PREFIX.sub("", name.lower()))
        if key is None:
            raise UnknownNameError(
                f"no source has the key or the DOI {name!r}{near(name, sources)}",
                "List them: dmcalc refs",
            )
        chosen.add(key)
    keys = [key for key in keys if (key in numbers or not page) and (key in chosen or not chosen)]
    places: dict[str, list[str]] = {}
    for path, cite in (
        *citations(loaded.table, ("table",)),
        *citations(guide.guideline, ("guide",)),
    ):
        for key in filter(None, (cite.source, cite.primary)):
            places.setdefault(key, []).append(".".join(map(str, path[: path.index("cite")])))
    rows = tuple(
        ReferenceRow(
            key=key,
            number=numbers.get(key),
            work=sources[key],
            uses=len(places.get(key, ())),
            used_in=tuple(dict.fromkeys(places.get(key, ()))),
        )
        for key in keys
    )
    return TableResult("refs", loaded, rows, None, row=ReferenceRow, guide=guide)
