"""The shapes of rules for one patient: when one holds, and what follows for a drug."""

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args

from dmcalc.quantities.amount import Rate
from dmcalc.quantities.base import Quantity, format_plain
from dmcalc.sources.cite import Cites
from dmcalc.table.model.table import Table

RuleEffect = Literal["refuse", "scale", "cap", "warn", "monitor"]
Phenotype = Literal["normal", "intermediate", "poor"]
Measure = Literal["egfr", "crcl", "age"]

PHENOTYPES: tuple[Phenotype, ...] = get_args(Phenotype)
_NUMBER = r"[0-9]{1,3}"
#: How sources write a share that is left, or what is taken away.
_WRITTEN = {
    Fraction(1, 4): ("one quarter", "¼", "by 75%"),
    Fraction(1, 3): ("one third", "⅓"),
    Fraction(1, 2): ("by 50%", "up to 50%", "-50%", "half"),
    Fraction(3, 4): ("by 25%",),
    Fraction(1, 5): ("20%-",),
    Fraction(3, 10): ("(30%",),
    Fraction(4, 5): ("80% of",),
}


def _evened(quote: str) -> str:
    """Return a quote in small letters, with hyphens for all its dashes."""
    from dmcalc.sources.quotes import DASHES

    return re.sub(DASHES, "-", quote.lower())


class Band(Quantity):
    """A part of a scale, without gap or overlap to the next: ``egfr 30-59``, ``age > 70``.

    ``30-59`` in whole numbers goes on to just below 60, and ``< 30`` ends just below 30. ``low``
    and ``high`` are None where it is open; ``high`` is not in it, unless ``through`` says so.
    """

    __slots__ = ("measure", "low", "high", "through", "beyond")
    pattern = (
        rf"(?P<measure>egfr|crcl|age) (?:(?P<sign><|<=|>|>=) (?P<one>{_NUMBER})|"
        rf"(?P<low>{_NUMBER})-(?P<high>{_NUMBER}))"
    )
    examples = ("egfr 30-59", "crcl < 30")

    measure: Measure
    low: Decimal | None
    high: Decimal | None
    through: bool
    #: Whether ``low`` itself is below it.
    beyond: bool

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        measure = match["measure"]
        if match["one"] is None:
            low, high = Decimal(match["low"]), Decimal(match["high"])
            if low >= high:
                raise ValueError(f"{match.string!r} does not run upwards")
            return cls(measure, low, high + 1, False, False)
        one, sign = Decimal(match["one"]), match["sign"]
        if sign in ("<", "<="):
            return cls(measure, None, one, sign == "<=", False)
        return cls(measure, one, None, False, sign == ">")

    def holds(self, value: Fraction) -> bool:
        """Tell whether a value is in it."""
        low, high = (None if end is None else Fraction(end) for end in (self.low, self.high))
        above = low is None or value > low or (value == low and not self.beyond)
        below = high is None or value < high or (value == high and self.through)
        return above and below

    def stands_in(self, quote: str) -> bool:
        """Tell whether its ends stand in a quote, in whole numbers as sources write bands.

        "< 29" in a quote is the band below 30: a source writes so for stages 4 and 5.
        """
        text = _evened(quote).replace(" ", "").replace("greaterthan", ">")
        if self.low is not None and self.high is not None:
            return f"{format_plain(self.low)}-{format_plain(self.high - 1)}" in text
        end = self.high if self.high is not None else self.low
        assert end is not None
        signs = "<" if self.high is not None else ">"
        return any(f"{signs}{format_plain(n)}" in text for n in (end, end - 1)) or (
            self.low is not None and f"-{format_plain(self.low - 1)}" in text
        )

    @property
    def words(self) -> str:
        """Say it for people: ``30 to 59``, ``below 30``, ``above 30``, ``from 71``."""
        if self.low is not None and self.high is not None:
            return f"{format_plain(self.low)} to {format_plain(self.high - 1)}"
        if self.high is not None:
            return f"{'up to' if self.through else 'below'} {format_plain(self.high)}"
        assert self.low is not None
        return f"{'above' if self.beyond else 'from'} {format_plain(self.low)}"

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.measure} {format_plain(self.low)}-{format_plain(self.high - 1)}"
        if self.high is not None:
            return f"{self.measure} {'<=' if self.through else '<'} {format_plain(self.high)}"
        assert self.low is not None
        return f"{self.measure} {'>' if self.beyond else '>='} {format_plain(self.low)}"


class Share(Quantity):
    """What is left of a dose, a fraction or a range of two: ``1/4``, ``1/4-1/3``."""

    __slots__ = ("low", "high")
    pattern = r"(?P<a>[1-9])/(?P<b>[1-9][0-9]?)(?:-(?P<c>[1-9])/(?P<d>[1-9][0-9]?))?"
    examples = ("1/4-1/3", "1/2")

    low: Fraction
    high: Fraction

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        low = Fraction(int(match["a"]), int(match["b"]))
        high = Fraction(int(match["c"]), int(match["d"])) if match["c"] else low
        if low > high or high >= 1:
            raise ValueError(f"{match.string!r} is not a share below 1 that runs upwards")
        return cls(low, high)

    def stands_in(self, quote: str) -> bool:
        """Tell whether both ends stand in a quote, as words or as per cent."""
        text = _evened(quote)
        return all(
            any(way in text for way in _WRITTEN.get(end, ())) for end in (self.low, self.high)
        )

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


class RuleCondition(NamedTuple):
    """What must be so for a rule; of a list any one, and all that are given."""

    taking: Annotated[
        tuple[str, ...], "Drugs or kinds of drugs that are taken too; each stands in a quote."
    ] = ()
    conditions: Annotated[tuple[str, ...], "Conditions of the patient."] = ()
    tpmt: Annotated[tuple[Phenotype, ...], "Phenotypes of thiopurine methyltransferase."] = ()
    nudt15: Annotated[tuple[Phenotype, ...], "Phenotypes of NUDT15."] = ()
    bands: Annotated[tuple[Band, ...], "Bands of kidney function or age: all of them."] = ()
    kidneys: Annotated[bool, "Any value of kidney function is given."] = False
    aged: Annotated[bool, "The age of an adult is given."] = False


class Rule(NamedTuple):
    """A rule: for these drugs, when that is so, then this."""

    id: Annotated[str, "Short name that scripts can rely on."]
    drugs: Annotated[tuple[str, ...], "Keys of the drugs that it is for."]
    when: Annotated[RuleCondition, "What must be so."]
    then: Annotated[RuleEffect, "What follows."]
    text: Annotated[str, "What the source asks for, in short terms."]
    strength: Annotated[str, "How the source says it: contraindicated, avoid, reduce."]
    population: Annotated[str, "Whom the source speaks of."]
    cite: Annotated[Cites, "Where it stands; bands, shares and amounts stand in a quote."]
    share: Annotated[Share | None, "Of a scale: what is left of the dose."] = None
    max: Annotated[Rate | None, "Of a cap: the most, for one dose where ``times`` is given."] = None
    times: Annotated[int | None, "How many such doses a day."] = None
    at_risk: Annotated[bool, "An infusion goes by the lower maximum of its rate."] = False
    reading: Annotated[str | None, "How the guide reads what the source says."] = None


class CoMedication(NamedTuple):
    """A drug, or a kind of drugs, that rules know beside those of the table."""

    aliases: Annotated[tuple[str, ...], "Other names that it answers to."] = ()
    quoted: Annotated[tuple[str, ...], "Words of sources that stand for it."] = ()


class Rules(NamedTuple):
    """The rules, and the words that they know."""

    taken: Annotated[dict[str, CoMedication], "Drugs and kinds of drugs that may be taken too."]
    conditions: Annotated[dict[str, str], "Conditions, by name, each with its meaning."]
    rules: Annotated[tuple[Rule, ...], "The rules."]


def problems(rules: Rules, table: Table) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find what no shape can say: words that are known, what a rule must have, and gaps."""
    for number, rule in enumerate(rules.rules):
        path = ("rules", "rules", number)
        if rule.id in [r.id for r in rules.rules[:number]]:
            yield (*path, "id"), f"{rule.id!r} is there twice"
        for drug in rule.drugs:
            if drug not in table.drugs:
                yield (*path, "drugs"), f"{drug!r} is not a drug of the table"
        for name in rule.when.taking:
            if name not in rules.taken and name not in table.drugs:
                yield (*path, "when", "taking"), f"{name!r} is not among what is taken"
            elif not _named(name, rules, table, rule):
                yield (*path, "when", "taking"), f"{name!r} stands in none of its quotes"
        for name in rule.when.conditions:
            if name not in rules.conditions:
                yield (*path, "when", "conditions"), f"{name!r} is not one of the conditions"
        if rule.when == RuleCondition():
            yield (*path, "when"), "it says nothing: what holds in any case is a note of the drug"
        if (rule.then == "scale") != (rule.share is not None):
            yield path, "a share belongs to a rule that scales, and to no other"
        if (rule.then == "cap") != (rule.max is not None):
            yield path, "a maximum belongs to a rule that caps, and to no other"
    yield from _unused(rules)
    yield from _gaps(rules)


def _named(name: str, rules: Rules, table: Table, rule: Rule) -> bool:
    """Tell whether a drug that is taken stands in a quote of the rule, by any of its names."""
    ways = {name, name.replace("-", " "), *names_of(name, rules, table)}
    if name in rules.taken:
        ways |= set(rules.taken[name].quoted)
    quotes = " ".join(cite.quote or "" for cite in rule.cite).lower()
    return any(way in quotes for way in ways)


def names_of(name: str, rules: Rules, table: Table) -> tuple[str, ...]:
    """Return the other names that a drug answers to, in small letters."""
    if name in table.drugs:
        drug = table.drugs[name]
        return (drug.name.lower(), *drug.aliases)
    return rules.taken[name].aliases


def _unused(rules: Rules) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What no rule asks about is not known: saying it would look as if it had been weighed."""
    taken = {name for rule in rules.rules for name in rule.when.taking}
    conditions = {name for rule in rules.rules for name in rule.when.conditions}
    for part, names, asked in (
        ("taken", rules.taken, taken),
        ("conditions", rules.conditions, conditions),
    ):
        for name in names:
            if name not in asked:
                yield ("rules", part, name), "no rule asks about it"


def _gaps(rules: Rules) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Bands of one drug by one source follow each other without a gap, up to where all is well.

    So bands of kidney function begin at the lowest value, and bands of age end at the highest.
    """
    series: dict[tuple[str, str, Measure], list[tuple[int, Band]]] = {}
    for number, rule in enumerate(rules.rules):
        for band in rule.when.bands:
            for drug in rule.drugs:
                key = (drug, rule.cite[0].source, band.measure)
                series.setdefault(key, []).append((number, band))
    for (drug, source, measure), found in series.items():
        bands = sorted({band for _, band in found}, key=lambda b: (b.low or Decimal(-1), b.beyond))
        last = max(number for number, _ in found)
        path = ("rules", "rules", last, "when", "bands")
        for below, above in itertools.pairwise(bands):
            meets = below.high == above.low and below.through == above.beyond
            if not meets:
                yield path, f"{drug}, {source}: {below} and {above} do not meet"
        if measure != "age" and bands[0].low is not None:
            yield path, f"{drug}, {source}: nothing is said below {bands[0]}"
        if measure == "age" and bands[-1].high is not None:
            yield path, f"{drug}, {source}: nothing is said above {bands[-1]}"
