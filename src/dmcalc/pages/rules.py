"""The page of ``dmcalc rules``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import EFFECTS, standard_sections

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import RuleRow, RulesHead
    from dmcalc.results.base import TableResult


def page(result: TableResult[RulesHead, RuleRow]) -> Page:
    """Lay out the rules drug by drug, then the names that options take, then the sources."""
    references = References.of(result)
    drugs: dict[str, list[tuple[str, str]]] = {}
    for row in result.rows:
        whom = f" For: {row.population}." if row.population else ""
        reading = f" {row.reading}" if row.reading else ""
        cited = references.cite(row.sources)
        text = f"{EFFECTS[row.then]}. {row.text}{whom}{reading} {cited}"
        drugs.setdefault(row.name, []).append((f"{row.when}:", f"{text} ({row.id})"))
    blocks = [ListBlock(name, tuple(items)) for name, items in drugs.items()]
    taken = ((f"{entry.name}:", ", ".join(entry.aliases)) for entry in result.head.taking)
    conditions = ((f"{entry.name}:", entry.text) for entry in result.head.conditions)
    return Page(
        "Rules on what is said of a patient",
        (
            *blocks,
            ListBlock("Names for --taking, and other names", tuple(taken)),
            ListBlock("Names for --condition", tuple(conditions)),
            *standard_sections(result, references),
        ),
        "Of two rules that hold the stricter counts, and the answer shows both. "
        "What no rule says is not said to be harmless.",
    )
