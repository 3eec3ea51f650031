"""The page of ``dmcalc rules``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, Points, References, warned
from dmcalc.pages.patient_rules_section import THEN

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import RuleRow, RulesHead
    from dmcalc.results.base import TableResult


def page(result: TableResult[RulesHead, RuleRow]) -> Page:
    """Lay out the rules drug by drug, then the names that options take, then the sources."""
    guide = result.guide
    assert guide is not None  # rules always reads it
    references = References({**result.loaded.table.sources, **guide.guideline.sources})
    drugs: dict[str, list[tuple[str, str]]] = {}
    for row in result.rows:
        whom = f" For: {row.population}." if row.population else ""
        reading = f" {row.reading}" if row.reading else ""
        mark = references.mark(row.sources)
        text = f"{THEN[row.then]}. {row.text}{whom}{reading} {mark}"
        drugs.setdefault(row.name, []).append((f"{row.when}:", f"{text} ({row.id})"))
    blocks = [Points(name, tuple(items)) for name, items in drugs.items()]
    taken = ((f"{one.name}:", ", ".join(one.aliases)) for one in result.head.taking)
    conditions = ((f"{one.name}:", one.text) for one in result.head.conditions)
    return Page(
        "Rules on what is said of a patient",
        (
            *blocks,
            Points("Names for --taking, and other names", tuple(taken)),
            Points("Names for --condition", tuple(conditions)),
            *warned(result.warnings, references),
            references.block(),
        ),
        "Of two rules that hold the stricter counts, and the answer shows both. "
        "What no rule says is not said to be harmless.",
    )
