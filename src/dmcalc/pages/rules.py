"""The page of ``dmcalc rules``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import EFFECTS, explained_sections, rule_text, usual_sections

if TYPE_CHECKING:
    from dmcalc.catalogue.rows import RuleRow, RulesHead
    from dmcalc.results.base import TableResult


def page(result: TableResult[RulesHead, RuleRow], references: References) -> Page:
    """Lay out the rules drug by drug, then the names that options take, then the sources."""
    drugs: dict[str, list[tuple[str, str]]] = {}
    for row in result.rows:
        text = f"{EFFECTS[row.then]}. {rule_text(row)} ({row.id}) {references.cite(row.sources)}"
        drugs.setdefault(row.name, []).append((f"{row.when}:", text))
    blocks = [ListBlock(name, tuple(items)) for name, items in drugs.items()]
    taken = ((f"{entry.name}:", ", ".join(entry.aliases)) for entry in result.head.taking)
    conditions = ((f"{entry.name}:", entry.text) for entry in result.head.conditions)
    return Page(
        "Patient-specific rules: interactions, conditions, genotype, kidneys, age",
        (
            *blocks,
            ListBlock("Names for --taking, and other names", tuple(taken)),
            ListBlock("Names for --condition", tuple(conditions)),
            *usual_sections(result),
        ),
        "If more than one rule applies, the strictest is used and the answer shows each. "
        "No rule does not mean no risk.",
        tuple(explained_sections(result, references)),
    )
