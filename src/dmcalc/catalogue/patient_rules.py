"""``rules``: the rules for one patient that the guide holds, by drug, and the words they know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.catalogue.rows import ConditionName, RuleRow, RulesHead, TakenName
from dmcalc.patient.clinical_context import GIVES
from dmcalc.results.base import TableResult, source_keys
from dmcalc.results.names import find_drugs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.patient_rules import Rule
    from dmcalc.table.model.table import LoadedTable


def rules(
    loaded: LoadedTable, guideline: LoadedGuideline, names: Iterable[str] = ()
) -> TableResult[RulesHead, RuleRow]:
    """List the rules of some drugs, or of all, with what --taking and --condition may name.

    Raise UnknownNameError for a name that the table does not hold.
    """
    table, held = loaded.table, guideline.guideline.rules
    drugs = find_drugs(table, names) or tuple(table.drugs)
    rows = [
        _row(drug, table.drugs[drug].name, rule)
        for drug in drugs
        for rule in held.rules
        if drug in rule.drugs
    ]
    taken = [TakenName(name, one.aliases) for name, one in held.taken.items()]
    taken += [TakenName(key, drug.aliases) for key, drug in table.drugs.items()]
    conditions = [ConditionName(name, text) for name, text in held.conditions.items()]
    head = RulesHead(tuple(taken), tuple(conditions))
    return TableResult("rules", loaded, tuple(rows), head, row=RuleRow, guide=guideline)


def _row(drug: str, name: str, rule: Rule) -> RuleRow:
    return RuleRow(
        drug,
        name,
        rule.id,
        condition_text(rule),
        rule.then,
        None if rule.share is None else str(rule.share),
        None if rule.max is None else str(rule.max),
        rule.times,
        rule.at_risk,
        rule.text,
        rule.strength,
        rule.population,
        rule.reading,
        source_keys(rule.cite),
        tuple(dict.fromkeys(cite.quote for cite in rule.cite if cite.quote)),
    )


def condition_text(rule: Rule) -> str:
    """Say when a rule holds: ``taking rifampicin or phenytoin``, ``age 60 to 70 and ...``."""
    asked = rule.when
    parts = []
    if asked.taking:
        parts.append(f"taking {' or '.join(asked.taking)}")
    if asked.conditions:
        parts.append(f"condition {' or '.join(asked.conditions)}")
    if asked.tpmt:
        parts.append(f"TPMT {' or '.join(asked.tpmt)}")
    if asked.nudt15:
        parts.append(f"NUDT15 {' or '.join(asked.nudt15)}")
    parts += [f"{GIVES[band.measure][0]} {band.words}" for band in asked.bands]
    if asked.kidneys:
        parts.append("any kidney function")
    if asked.aged:
        parts.append("any age of an adult")
    return " and ".join(parts)
