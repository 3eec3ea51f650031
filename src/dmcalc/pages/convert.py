"""The page of ``dmcalc convert``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dosing.wording import ROUTE_TEXT
from dmcalc.equivalence import UNIT
from dmcalc.pages.model import Block, Page, Points, References, cautioned, warned
from dmcalc.text.numbers import format_number, roundings, with_thousands

if TYPE_CHECKING:
    from dmcalc.equivalence import ConvertResult


def page(result: ConvertResult) -> Page:
    """Lay out the equivalent, the amounts that it rests on, what was rounded, notes and sources."""
    references = References(result.loaded.table.sources)
    source, target = result.both
    asked = f"{format_number(result.from_amount)} {result.from_unit}"
    amount = f"{format_number(result.amount)} {UNIT}"
    blocks: list[Block] = [
        Points("Equivalent", (("", f"{amount} of {target.name.lower()}, {_routes(result)}"),)),
        _rests_on(result, references),
        *warned(result.warnings, references),
        *_rounded(result),
        *cautioned(result.cautions, references),
        references.block(),
    ]
    title = f"{source.name}, {asked}, as {target.name.lower()}"
    subtitle = "What sources call about equivalent; whether to change over the prescriber decides."
    return Page(title, tuple(blocks), subtitle)


def _routes(result: ConvertResult) -> str:
    ways = result.equivalence.routes if result.route is None else (result.route,)
    named = {name: words for name, words in ROUTE_TEXT.items() if name in ways}
    return " or ".join(named.values())


def _rests_on(result: ConvertResult, references: References) -> Points:
    """List the amounts of the table, each with its sources, down to the one compared with."""
    drugs = result.equivalence.drugs
    keys = dict.fromkeys((result.equivalence.to, result.from_drug, result.drug))
    items = []
    for key in keys:
        drug = drugs[key]
        mark = references.mark(tuple(dict.fromkeys(cite.source for cite in drug.cite)))
        reading = f" {drug.reading}" if drug.reading else ""
        text = with_thousands(str(drug.amount))
        items.append((f"{drug.name}:", f"{text} {mark}.{reading}"))
    return Points("Amounts that the sources call equivalent", tuple(items))


def _rounded(result: ConvertResult) -> tuple[Points, ...]:
    texts = [*result.rounded, *roundings(UNIT, (result.amount, False))]
    texts += roundings(result.from_unit, (result.from_amount, False))
    return (Points("Rounded", tuple(("", text) for text in texts)),) if texts else ()
