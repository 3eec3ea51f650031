"""The shapes of rules for one patient: when one holds, and what follows for a drug."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from dmcalc.quantities.amount import Per, Rate
from dmcalc.quantities.thresholds import FractionLeft, Measure, MeasureBand
from dmcalc.records import Record
from dmcalc.sources.cite import Cites
from dmcalc.sources.figures import Problem
from dmcalc.table.model.table import Table
from dmcalc.table.rules.shared import OF_TABLE, unlisted

#: ``withhold``: the source asks for less and gives no figure, so that no amount is answered.
RuleEffect = Literal["refuse", "withhold", "scale", "cap", "warn", "monitor"]
Phenotype = Literal["normal", "intermediate", "poor"]

PHENOTYPES: tuple[Phenotype, ...] = get_args(Phenotype)


class RuleCondition(Record):
    """What must be so for a rule; of a list any one, and all that are given."""

    taking: Annotated[tuple[str, ...], "Concurrent medicines or classes; each is in a quote."] = ()
    conditions: Annotated[tuple[str, ...], "Conditions of the patient."] = ()
    tpmt: Annotated[tuple[Phenotype, ...], "Phenotypes of thiopurine methyltransferase."] = ()
    nudt15: Annotated[tuple[Phenotype, ...], "Phenotypes of NUDT15."] = ()
    bands: Annotated[tuple[MeasureBand, ...], "Bands of kidney function or age: all of them."] = ()
    kidneys: Annotated[bool, "Any value of kidney function is given."] = False
    aged: Annotated[bool, "The age of an adult is given."] = False
    unless: Annotated[tuple[str, ...], "Conditions of the patient that override the rule."] = ()


class Rule(Record):
    """A rule: for these drugs, when that is so, then this."""

    id: Annotated[str, "Short name that scripts can rely on."]
    drugs: Annotated[tuple[str, ...], "Keys of the drugs that it is for."]
    when: Annotated[RuleCondition, "What must be so."]
    then: Annotated[RuleEffect, "What follows."]
    text: Annotated[str, "What the source asks for, in short terms."]
    strength: Annotated[str, "How the source says it: contraindicated, avoid, reduce."]
    population: Annotated[str, "Population of the source."]
    cite: Annotated[Cites, "Its sources; bands, shares and amounts are in a quote."]
    share: Annotated[FractionLeft | None, "Of a scale: what is left of the dose."] = None
    max: Annotated[Rate | None, "Of a cap: the most, for one dose where ``times`` is given."] = None
    times: Annotated[int | None, "How many such doses a day."] = None
    at_risk: Annotated[bool, "The infusion uses its lower maximum rate."] = False
    reading: Annotated[str | None, "How the guide reads what the source says."] = None

    @property
    def max_per(self) -> Per | None:
        """The time that its maximum is for, None where it has none."""
        if self.max is None:
            return None
        return self.max.per if self.times is None else "day"

    def of(self, drug: str, kinds: tuple[str, ...] = ()) -> Rule | None:
        """Return the rule as it holds for a drug of some kinds, None where it says nothing of it.

        A rule on two drugs holds for either with the other: for the one that is taken it
        asks for the first ones. A share or a maximum is of the first ones alone, and warns there.
        """
        if drug in self.drugs:
            return self
        if {drug, *kinds}.isdisjoint(self.when.taking):
            return None
        return self._replace(
            drugs=(drug,),
            when=self.when._replace(taking=self.drugs),
            then="warn" if self.then in ("scale", "cap") else self.then,
            share=None,
            max=None,
            times=None,
            at_risk=False,
        )


class CoMedication(Record):
    """A drug, or a kind of drugs, that rules know besides those of the table."""

    aliases: Annotated[tuple[str, ...], "Other names that it answers to."] = ()
    quoted: Annotated[tuple[str, ...], "Words of sources that mean it."] = ()
    members: Annotated[
        tuple[str, ...], "Of a kind: the drugs of it that rules or the table know by name too."
    ] = ()


class Rules(Record):
    """The rules, and the words that they know."""

    taken: Annotated[dict[str, CoMedication], "Concurrent medicines and classes."]
    conditions: Annotated[dict[str, str], "Conditions, by name, each with its meaning."]
    rules: Annotated[tuple[Rule, ...], "The rules."]

    def of(self, drug: str) -> tuple[Rule, ...]:
        """Return the rules that hold for a drug, in their order."""
        whose, known = _BY_DRUG.get(id(self), (None, {}))
        if whose is not self:
            _BY_DRUG.clear()  # one guide is in use at a time
            whose, known = _BY_DRUG[id(self)] = self, {}
        if drug not in known:
            kinds = self.kinds_of(drug)
            every = (rule.of(drug, kinds) for rule in self.rules)
            known[drug] = tuple(rule for rule in every if rule is not None)
        return known[drug]

    def kinds_of(self, drug: str) -> tuple[str, ...]:
        """Return the kinds of drugs that a drug is one of, among those that rules know."""
        return tuple(kind for kind, known in self.taken.items() if drug in known.members)


#: The rules of each drug, of the guide that was used last: rows need the same ones very often.
_BY_DRUG: dict[int, tuple[Rules, dict[str, tuple[Rule, ...]]]] = {}


def problems(rules: Rules, table: Table) -> Iterator[Problem]:
    """Find what no shape can say: words that are known, what a rule must have, and gaps."""
    for number, rule in enumerate(rules.rules):
        path = ("rules", "rules", number)
        if rule.id in [r.id for r in rules.rules[:number]]:
            yield (*path, "id"), f"{rule.id!r} is there twice"
        yield from unlisted(rule.drugs, table.drugs, (*path, "drugs"), OF_TABLE)
        for name in rule.when.taking:
            if name not in rules.taken and name not in table.drugs:
                yield (*path, "when", "taking"), f"{name!r} is not among the concurrent medicines"
            elif not _named(name, rules, table, rule):
                yield (*path, "when", "taking"), f"{name!r} is in none of its quotes"
        conditions = (*path, "when", "conditions")
        yield from unlisted(
            (*rule.when.conditions, *rule.when.unless),
            rules.conditions,
            conditions,
            "one of the conditions",
        )
        for other in rules.rules[:number]:
            if set(rule.drugs) & set(other.when.taking) and set(other.drugs) & set(
                rule.when.taking
            ):
                yield (*path, "when", "taking"), f"{other.id!r} holds both ways: leave it out here"
        if rule.when == RuleCondition():
            yield (*path, "when"), "it says nothing: what holds in any case is a note of the drug"
        if (rule.then == "scale") != (rule.share is not None):
            yield path, "a share belongs to a rule that scales, and to no other"
        if (rule.then == "cap") != (rule.max is not None):
            yield path, "a maximum belongs to a rule that caps, and to no other"
    for kind, known in rules.taken.items():
        members = ("rules", "taken", kind, "members")
        yield from unlisted(known.members, {*rules.taken, *table.drugs}, members, "known to rules")
    yield from _unused(rules)
    yield from _gaps(rules)


def _named(name: str, rules: Rules, table: Table, rule: Rule) -> bool:
    """Tell whether a quote of the rule names a drug that is taken, by any of its names."""
    words = {name, name.replace("-", " "), *names_of(name, rules, table)}
    if name in rules.taken:
        words |= set(rules.taken[name].quoted)
    quotes = " ".join(cite.quote or "" for cite in rule.cite).lower()
    return any(word in quotes for word in words)


def names_of(name: str, rules: Rules, table: Table) -> tuple[str, ...]:
    """Return the other names that a drug answers to, in small letters.

    A drug that is in another table alone has none: the guideline may go with any table.
    """
    if name in table.drugs:
        drug = table.drugs[name]
        return (drug.name.lower(), *drug.aliases)
    return rules.taken[name].aliases if name in rules.taken else ()


def _unused(rules: Rules) -> Iterator[Problem]:
    """What no rule asks about is not known: saying it would look as if it had been weighed."""
    taken = {name for rule in rules.rules for name in rule.when.taking}
    conditions = {n for rule in rules.rules for n in (*rule.when.conditions, *rule.when.unless)}
    unused = [("taken", name) for name in rules.taken if name not in taken]
    unused += [("conditions", name) for name in rules.conditions if name not in conditions]
    for part, name in unused:
        yield ("rules", part, name), "no rule asks about it"


def _gaps(rules: Rules) -> Iterator[Problem]:
    """Bands of one drug by one source follow each other without a gap, up to where all is well.

    So bands of kidney function begin at the lowest value, and bands of age end at the highest.
    """
    series: dict[tuple[str, str, Measure], list[tuple[int, MeasureBand]]] = {}
    for number, rule in enumerate(rules.rules):
        for band in rule.when.bands:
            for drug in rule.drugs:
                key = (drug, rule.cite[0].source, band.measure)
                series.setdefault(key, []).append((number, band))
    for (drug, source, measure), numbered in series.items():
        bands = sorted({band for _, band in numbered}, key=lambda b: b.lower_edge or ())
        last = max(number for number, _ in numbered)
        path = ("rules", "rules", last, "when", "bands")
        for below, above in itertools.pairwise(bands):
            if below.upper_edge != above.lower_edge:
                yield path, f"{drug}, {source}: {below} and {above} do not meet"
        lowest, highest = bands[0], bands[-1]
        if measure != "age" and lowest.lower_edge is not None:
            yield path, f"{drug}, {source}: there is nothing below {lowest}"
        if measure == "age" and highest.upper_edge is not None:
            yield path, f"{drug}, {source}: there is nothing above {highest}"
