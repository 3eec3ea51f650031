"""A rule that holds for a patient, as answers have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.results.base import source_keys
from dmcalc.text import timing

if TYPE_CHECKING:
    from dmcalc.guideline.patient_rules import Rule, RuleEffect
    from dmcalc.results.field_types import FirstQuote, Sources, SpokenOf


class AppliedRule(NamedTuple):
    """A rule that holds for this patient."""

    id: Annotated[str, "Short name that scripts can rely on."]
    then: Annotated[RuleEffect, "What follows."]
    share: Annotated[str | None, "Of a rule that scales: what is left of the dose."]
    max: Annotated[str | None, "Of a rule that caps: the most."]
    text: Annotated[str, "What the source asks for."]
    strength: Annotated[str, "How the source says it."]
    population: SpokenOf
    reading: Annotated[str | None, "How the guide reads the source."]
    sources: Sources
    quote: FirstQuote
    decides: Annotated[
        bool,
        "Whether an end of the dose, the refusal, or the lower rate is what this rule asks for.",
    ]


def maximum_text(rule: Rule) -> str:
    """Write the maximum of a rule: ``15 mg/kg/dose``, ``1 g/dose twice daily``."""
    return f"{rule.max}{timing.times_daily(rule.times)}"


def as_applied(rules: tuple[Rule, ...], deciding: set[str]) -> tuple[AppliedRule, ...]:
    """Return rules that hold as answers have them; ``deciding`` are the ids of those that count."""
    return tuple(
        AppliedRule(
            id=rule.id,
            then=rule.then,
            share=None if rule.share is None else str(rule.share),
            max=None if rule.max is None else maximum_text(rule),
            text=rule.text,
            strength=rule.strength,
            population=rule.population,
            reading=rule.reading,
            sources=source_keys(rule.cite),
            quote=rule.cite[0].quote,
            decides=rule.id in deciding,
        )
        for rule in rules
    )
