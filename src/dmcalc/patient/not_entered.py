"""Which facts are relevant to some drugs and were not entered, and so were not checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc import guideline as guidelines
from dmcalc.patient.inputs import PREGNANCY_STATED

if TYPE_CHECKING:
    from collections.abc import Collection

    from dmcalc.guideline import FactsAsked
    from dmcalc.guideline.patient_rules import RuleCondition, Rules
    from dmcalc.patient.patient import Patient


GENOTYPE = "TPMT and NUDT15"


def not_entered(
    patient: Patient, drugs: Collection[str], *, genotype: bool = True
) -> tuple[str, ...]:
    """List, in words, what rules or posology of some drugs ask about and that were not entered.

    ``genotype`` is whether that of TPMT and NUDT15 is looked for. Of a child it is nothing: no rule
    covers children, and the age is known.
    """
    if patient.child:
        return ()
    guide = patient.rules_guideline
    asked = guidelines.facts_as_built() if guide is None else None
    if asked is None:
        asked = facts_asked((guide or guidelines.load()).guideline.rules, drugs)
    relevant = {fact for drug in drugs for fact in asked.get(drug, ())}
    known = patient.context
    entered = {
        "age": patient.age_years is not None,
        "kidneys": known is not None and known.kidneys,
        "pregnancy": not patient.pregnancy_open,
        "medicines": known is not None and bool(known.taking or known.not_checked),
        "conditions": known is not None
        and not PREGNANCY_STATED.issuperset(known.conditions or PREGNANCY_STATED),
        GENOTYPE: known is not None and (known.tpmt or known.nudt15) is not None,
    }
    return tuple(
        fact
        for fact, value in entered.items()
        if not value and (fact in relevant or fact == "age") and (genotype or fact != GENOTYPE)
    )


def facts_asked(rules: Rules, drugs: Collection[str]) -> FactsAsked:
    """Name the facts that the rules on each of some drugs ask about."""
    asked = {drug: [_facts_of(rule.when) for rule in rules.of(drug)] for drug in drugs}
    return {drug: tuple(sorted(set().union(*facts))) for drug, facts in asked.items()}


def _facts_of(when: RuleCondition) -> set[str]:
    """Name the facts that a rule asks about."""
    measures = {band.measure for band in when.bands}
    pregnancy = not PREGNANCY_STATED.isdisjoint(when.conditions)
    facts = {
        "age": when.aged or "age" in measures,
        "kidneys": when.kidneys or bool(measures & {"egfr", "crcl"}),
        "pregnancy": pregnancy,
        "medicines": bool(when.taking),
        "conditions": not PREGNANCY_STATED.issuperset(when.conditions),
        GENOTYPE: bool(when.tpmt or when.nudt15),
    }
    return {fact for fact, asks in facts.items() if asks}
