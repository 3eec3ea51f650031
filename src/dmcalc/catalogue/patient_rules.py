"""``rules``: the rules for one patient that the guide holds, by drug, and the words they know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.catalogue.guideline_text import quotes_of
from dmcalc.catalogue.rows import ConditionName, RuleRow, RulesHead, TakenName
from dmcalc.errors import UnknownNameError
from dmcalc.patient.clinical_context import INPUT_OF
from dmcalc.patient.co_medication import read_co_medications
from dmcalc.results.base import TableResult, source_keys
from dmcalc.results.names import find_drug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.patient_rules import Rule, Rules
    from dmcalc.table.model.table import LoadedTable, Table


def rules(
    loaded: LoadedTable, guideline: LoadedGuideline, names: Iterable[str] = ()
) -> TableResult[RulesHead, RuleRow]:
    """List the rules of some drugs, or of all, with what --taking and --condition may name.

    A name may be that of a drug, of a medicine that rules know, or of a condition: then the rules
    are those that ask about it. Raise UnknownNameError for another name.
    """
    table, known = loaded.table, guideline.guideline.rules
    names = tuple(names)
    subjects = [_subjects(table, known, name) for name in names]
    drugs = [drug for drug, _ in subjects if drug is not None]
    of_others = {word for _, words in subjects for word in words}
    rows = [
        _row(drug, table.drugs[drug].name, rule)
        for drug in dict.fromkeys((*drugs, *table.drugs))
        for rule in known.of(drug)
        if not names
        or drug in drugs
        or not of_others.isdisjoint((*rule.when.taking, *rule.when.conditions))
    ]
    taken = [TakenName(name, item.aliases) for name, item in (known.taken | table.drugs).items()]
    conditions = [ConditionName(name, text) for name, text in known.conditions.items()]
    head = RulesHead(tuple(taken), tuple(conditions))
    return TableResult("rules", loaded, tuple(rows), head, row=RuleRow, guide=guideline)


def _subjects(table: Table, rules: Rules, name: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the drug of a name, or the words of rules that ask about it."""
    condition = name.strip().lower().replace(" ", "-")
    if condition in rules.conditions:
        return None, (condition,)
    try:
        return find_drug(table, name), ()
    except UnknownNameError:
        medicines = read_co_medications(rules, table, [name])
        if medicines.not_checked:
            raise
        return None, (
            *medicines.names,
            *medicines.conditions,
            *(kind for _, kinds in medicines.classes for kind in kinds),
        )


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
        quotes_of(rule.cite),
    )


def condition_text(rule: Rule) -> str:
    """Say when a rule holds: ``taking rifampicin or phenytoin``, ``age 60 to 70 and ...``."""
    when = rule.when
    named = {
        "taking": when.taking,
        "condition": when.conditions,
        "TPMT": when.tpmt,
        "NUDT15": when.nudt15,
    }
    parts = [f"{what} {' or '.join(names)}" for what, names in named.items() if names]
    parts += [f"{INPUT_OF[band.measure][0]} {band.words}" for band in when.bands]
    if when.kidneys:
        parts.append("any kidney function")
    if when.aged:
        parts.append("any age of an adult")
    unless = f", unless {' or '.join(when.unless)}" if when.unless else ""
    return " and ".join(parts) + unless
