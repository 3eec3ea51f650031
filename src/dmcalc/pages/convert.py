"""The page of ``dmcalc convert``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dosing.wording import ROUTE_TEXT
from dmcalc.equivalence import UNIT
from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import explained_sections, plain_list, rounding_block, usual_sections
from dmcalc.text.numbers import PageNumbers, with_thousands

if TYPE_CHECKING:
    from dmcalc.equivalence import ConvertResult


def page(result: ConvertResult, references: References) -> Page:
    """Lay out the equivalent, the amounts that it is based on, roundings, notes and sources."""
    numbers = PageNumbers()
    source, target = result.both
    amount = numbers.number(result.amount, UNIT)
    source_amount = numbers.number(result.from_amount, result.from_unit)
    blocks = (
        plain_list("Equivalent", (f"{amount} of {target.name.lower()}, {_routes(result)}",)),
        _amounts_compared(result, references),
        *usual_sections(result),
    )
    rounding = (rounding_block(numbers, result.rounded),)
    explained = tuple(explained_sections(result, references, rounding=rounding))
    title = f"{source.name}, {source_amount}, as {target.name.lower()}"
    subtitle = "What sources call about equivalent; whether to change over the prescriber decides."
    return Page(title, blocks, subtitle, explained)


def _routes(result: ConvertResult) -> str:
    ways = result.equivalence.routes if result.route is None else (result.route,)
    named = {name: words for name, words in ROUTE_TEXT.items() if name in ways}
    return " or ".join(named.values())


def _amounts_compared(result: ConvertResult, references: References) -> ListBlock:
    """List the amounts of the table, each with its sources, down to the one compared with."""
    drugs = result.equivalence.drugs
    keys = dict.fromkeys((result.equivalence.to, result.from_drug, result.drug))
    items = []
    for key in keys:
        drug = drugs[key]
        cited = references.cite(tuple(dict.fromkeys(cite.source for cite in drug.cite)))
        reading = f" {drug.reading}" if drug.reading else ""
        text = with_thousands(str(drug.amount))
        items.append((f"{drug.name}:", f"{text} {cited}".strip() + f".{reading}"))
    return ListBlock("Amounts that the sources call equivalent", tuple(items))
