"""The facts of a patient in columns of a warehouse: read strictly, and what rules make of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.columns.tree import Term, Tree
from dmcalc.errors import UsageError
from dmcalc.guideline.patient_rules import PHENOTYPES
from dmcalc.patient.age import OLDEST, Age
from dmcalc.patient.clinical_context import KIDNEYS
from dmcalc.patient.co_medication import read_co_medications
from dmcalc.patient.growth import growth_bounds
from dmcalc.table.model.drug import SEVERITIES
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from dmcalc.columns.tree import Layers
    from dmcalc.guideline.patient_rules import Rule, RuleCondition, Rules
    from dmcalc.table.model.table import Table

TREE = Tree()
TAKING, CONDITION = "taking_", "condition_"
AGE, SURFACE = "age_years", "bsa_m2"
KIDNEY_COLUMNS = {measure: column for measure, (column, _) in KIDNEYS.items()}
GENES = ("tpmt", "nudt15")
#: The decimals of what a column may hold: of weights, of surfaces and kidney functions.
WEIGHT_PLACES, OTHER_PLACES = 3, 4


class ReadFact(NamedTuple):
    """A number as its column has it, as it is read, and the code of one that is not."""

    raw: Term
    value: Term
    code: str


@dataclass(frozen=True)
class FactColumns:
    """The columns of facts that a table has, besides weight and severity."""

    #: Names of numbers and genotypes.
    measures: tuple[str, ...]
    #: Columns of medicines, with the names that rules know them by, and of conditions.
    taking: dict[str, tuple[str, ...]]
    conditions: dict[str, str]

    @classmethod
    def read(cls, names: Iterable[str], rules: Rules, table: Table) -> FactColumns:
        """Read the names of columns; raise UsageError for one that gives no fact."""
        measures, taking, conditions = [], {}, {}
        known = (AGE, SURFACE, *KIDNEY_COLUMNS.values(), *GENES)
        of_conditions = {_column(name): name for name in rules.conditions}
        medicines = (*rules.taken, *table.drugs)
        for name in dict.fromkeys(names):
            if name in known:
                measures.append(name)
            elif (condition := of_conditions.get(name.removeprefix(CONDITION))) is not None:
                conditions[name] = condition
            elif name.startswith(TAKING):
                word = name.removeprefix(TAKING)
                word = {_column(medicine): medicine for medicine in medicines}.get(word, word)
                taken = read_co_medications(rules, table, (word,))
                if taken.not_checked or not taken.names:
                    raise UsageError(
                        f"‹given›: no rule and no list has {word!r}",
                        "List the names with: dmcalc rules",
                    )
                if "_" in word and len(taken.names) > 1:  # FALSE would not say of which
                    raise UsageError(
                        f"‹given›: {name!r} names several medicines",
                        f"Give a column for each medicine: {', '.join(taken.names)}.",
                    )
                classes = dict(taken.classes)
                taking[name] = tuple(
                    other for one in taken.names for other in (one, *classes.get(one, ()))
                )
            else:
                raise UsageError(
                    f"‹given›: the column {name!r} is no fact of a patient{near(name, known)}",
                    f"It is one of {', '.join(known)}; taking_ and a medicine, such as "
                    "taking_allopurinol; or condition_ and a condition, such as "
                    "condition_pregnancy.",
                )
        return cls(tuple(measures), taking, conditions)


def _column(name: str) -> str:
    return name.replace("-", "_")


@dataclass
class PatientTerms:
    """What a row says of a patient, as terms."""

    columns: FactColumns
    weight: ReadFact
    severity: Term
    measures: dict[str, ReadFact]
    genes: dict[str, Term]
    #: Whether the row is one of a child; None where no age is given.
    child: Term | None
    #: Why the row has no dose whatever the drug: the code, NULL where there is none.
    fault: Term

    def size(self, basis: str) -> Term | None:
        """Return what a dose goes by, None where no column has it."""
        if basis == "kg":
            return self.weight.value
        surface = self.measures.get(SURFACE)
        return None if surface is None else surface.value

    def holds(self, when: RuleCondition) -> tuple[Term | None, tuple[str, ...]]:
        """Return when a rule holds, None for never, and the facts that no column gives."""
        truths: list[Term] = []
        lacking: list[str] = []
        taken = [c for c, names in self.columns.taking.items() if set(names) & set(when.taking)]
        stated = [c for c, name in self.columns.conditions.items() if name in when.conditions]
        for asked, having, answered in (
            (when.taking, taken, {n for c in taken for n in self.columns.taking[c]}),
            (when.conditions, stated, {self.columns.conditions[c] for c in stated}),
        ):
            if asked:
                lacking += [name for name in asked if name not in answered]
                truths.append(_any(TREE.truth_column(f"t.{name}") for name in having))
        for gene in GENES:
            phenotypes = getattr(when, gene)
            if phenotypes:
                read = self.genes.get(gene)
                lacking += [] if read is not None else [gene]
                truths.append(_NEVER if read is None else _among(read, phenotypes))
        for band in when.bands:
            name = AGE if band.measure == "age" else KIDNEY_COLUMNS[band.measure]
            truths.append(self._within(name, band.lower_edge, band.upper_edge, lacking))
        if when.kidneys:
            measures = [self.measures[c] for c in KIDNEY_COLUMNS.values() if c in self.measures]
            lacking += [] if measures else ["egfr"]
            truths.append(_any(TREE.known(fact.value) for fact in measures))
        if when.aged:
            truths.append(self._within(AGE, None, None, lacking))
        for column, condition in self.columns.conditions.items():
            if condition in when.unless:
                truths.append(TREE.negated(TREE.truth_column(f"t.{column}")))
        never = any(truth == _NEVER for truth in truths)
        return (None if never else TREE.all_of(truths)), tuple(dict.fromkeys(lacking))

    def _within(
        self,
        name: str,
        lower: tuple[Decimal, bool] | None,
        upper: tuple[Decimal, bool] | None,
        lacking: list[str],
    ) -> Term:
        """Tell whether a measure lies between two edges, each with the side that it belongs to."""
        fact = self.measures.get(name)
        if fact is None:
            lacking.append(name)
            return _NEVER
        truths = [TREE.known(fact.value)]
        if lower is not None:
            edge = TREE.number(lower[0])
            above = TREE.below(edge, fact.value)
            truths.append(above if lower[1] else TREE.negated(TREE.below(fact.value, edge)))
        if upper is not None:
            edge = TREE.number(upper[0])
            below = TREE.below(fact.value, edge)
            truths.append(TREE.negated(TREE.below(edge, fact.value)) if upper[1] else below)
        return TREE.holds(TREE.all_of(truths))


#: What never is so, since no column says it.
_NEVER = Term("literal", "truth", name="never")


def _any(truths: Iterator[Term]) -> Term:
    listed = list(truths)
    return TREE.any_of(listed) if listed else _NEVER


def read_patient(
    layers: Layers, columns: FactColumns, table: Table, *, juvenile: bool
) -> PatientTerms:
    """Read the facts of a row; ``juvenile`` is whether the drug has a posology for children."""
    limits = table.limits
    weight = number_column("weight_kg", 3, WEIGHT_PLACES, "implausible-weight")
    facts = {"weight_kg": weight}
    for name in columns.measures:
        if name == AGE:
            facts[name] = number_column(name, 3, 0, "implausible-age")
        elif name not in GENES:
            facts[name] = number_column(
                name, 3, OTHER_PLACES, f"implausible-{name.partition('_')[0]}"
            )
    values = layers.add("facts", {name: fact.value for name, fact in facts.items()})
    facts = {name: fact._replace(value=values[name]) for name, fact in facts.items()}
    age = facts.get(AGE)
    child = None
    if age is not None:
        child = TREE.holds(TREE.below(age.value, TREE.number(limits.adult_age)))
    severity = _lower("severity")
    genes = {name: _lower(name) for name in columns.measures if name in GENES}
    kidneys = (limits.kidney_function.low, limits.kidney_function.high)
    ranges = {AGE: (Decimal(0), Decimal(OLDEST)), **dict.fromkeys(KIDNEY_COLUMNS.values(), kidneys)}
    faults = [
        (TREE.negated(_unknown_or(severity, SEVERITIES)), TREE.text("unknown-severity")),
        *(
            (
                _unread(fact) if name not in ranges else _outside(fact, *ranges[name]),
                TREE.text(fact.code),
            )
            for name, fact in facts.items()
        ),
        *(
            (TREE.negated(_unknown_or(gene, PHENOTYPES)), TREE.text(f"unknown-{name}"))
            for name, gene in genes.items()
        ),
    ]
    adult = _beyond(facts["weight_kg"].value, limits.weight.low, limits.weight.high)
    surface = facts.get(SURFACE)
    too_large = []
    if surface is not None:
        code, plausible = TREE.text(surface.code), limits.body_surface
        too_large.append((_beyond(surface.value, plausible.low, plausible.high), code))
    faults_of_adults = [(adult, TREE.text(weight.code)), *too_large]
    if child is None:
        faults += faults_of_adults
    else:
        for when, code in faults_of_adults:
            faults.append((TREE.all_of((TREE.negated(child), when)), code))
        faults += _of_children(facts, columns, table, child, juvenile=juvenile)
    fault = layers.add("fault", {"code": TREE.first(faults, None)})["code"]
    return PatientTerms(columns, facts["weight_kg"], severity, facts, genes, child, fault)


def _of_children(
    facts: dict[str, ReadFact], columns: FactColumns, table: Table, child: Term, *, juvenile: bool
) -> Iterator[tuple[Term, Term]]:
    """Yield what leaves a child without a dose: no posology, facts of adults, its weight."""
    if not juvenile:
        yield child, TREE.text("no-posology-for-children")
        return
    entered = [TREE.truth_column(f"t.{name}") for name in (*columns.taking, *columns.conditions)]
    entered += [
        TREE.known(Term("column", "text", name=f"t.{name}"))
        for name in columns.measures
        if name not in (AGE, SURFACE)
    ]
    if entered:
        yield TREE.all_of((child, TREE.any_of(entered))), TREE.text("facts-of-adults")
    weight, surface, limits = facts["weight_kg"], facts.get(SURFACE), table.limits
    usual, plausible = limits.juvenile_weight, limits.juvenile_body_surface
    for years in range(limits.adult_age):
        of_age = TREE.equal(facts[AGE].value, TREE.number(years))
        weights, surfaces = growth_bounds(table, Age(years))
        ends = _inside((usual.low, usual.high), weights)
        yield TREE.all_of((of_age, _beyond(weight.value, *ends))), TREE.text(weight.code)
        if surface is not None:
            ends = _inside((plausible.low, plausible.high), surfaces)
            yield TREE.all_of((of_age, _beyond(surface.value, *ends))), TREE.text(surface.code)


def _inside(
    limits: tuple[Decimal, Decimal], bounds: tuple[Decimal, Decimal] | None
) -> tuple[Decimal, Decimal]:
    """Return what is inside two ranges."""
    return limits if bounds is None else (max(limits[0], bounds[0]), min(limits[1], bounds[1]))


def number_column(name: str, whole: int, places: int, code: str) -> ReadFact:
    """Read a column of numbers with so many digits before and behind the point."""
    raw = Term("column", "text", name=f"t.{name}")
    most = Decimal(10) ** whole - Decimal(1).scaleb(-places)
    return ReadFact(raw, Term("read", "number", (raw,), places=places, most=most), code)


def _lower(name: str) -> Term:
    return Term("lower", "text", (Term("column", "text", name=f"t.{name}"),))


def _unknown_or(column: Term, words: Iterable[str]) -> Term:
    """Tell whether a text is not given, or one of some words."""
    return TREE.any_of([TREE.negated(TREE.known(column)), _among(column, words)])


def _among(column: Term, words: Iterable[str]) -> Term:
    return _any(TREE.holds(TREE.equal(column, TREE.text(word))) for word in words)


def _unread(fact: ReadFact) -> Term:
    return TREE.all_of((TREE.known(fact.raw), TREE.negated(TREE.known(fact.value))))


def _outside(fact: ReadFact, low: Decimal, high: Decimal) -> Term:
    return TREE.any_of((_unread(fact), _beyond(fact.value, low, high)))


def _beyond(value: Term, low: Decimal, high: Decimal) -> Term:
    """Tell whether a number is known and outside a range."""
    return TREE.any_of(
        (
            TREE.holds(TREE.below(value, TREE.number(low))),
            TREE.holds(TREE.below(TREE.number(high), value)),
        )
    )


def not_checked(
    patient: PatientTerms, rules: Iterable[Rule]
) -> tuple[Term, dict[str, tuple[str, ...]]]:
    """Return what was not checked, as a text of a row, and the rules whose facts no column gives.

    In a row a fact that is NULL is named by its column, and a rule without a column by its id.
    """
    lacking: dict[str, tuple[str, ...]] = {}
    asked: set[str] = set()
    for rule in rules:
        _, missing = patient.holds(rule.when)
        if missing:
            lacking[rule.id] = missing
        asked |= _columns_of(rule.when, patient.columns)
    if AGE in patient.measures:
        asked.add(AGE)
    names = [
        *(name for name in patient.columns.measures if name in asked),
        *(name for name in (*patient.columns.taking, *patient.columns.conditions) if name in asked),
    ]
    parts = [TREE.text("".join(f"; {name}" for name in lacking))]
    for name in names:
        known = TREE.known(Term("column", "text", name=f"t.{name}"))
        parts.append(TREE.first([(known, TREE.text(""))], TREE.text(f"; {name}")))
    return Term("listed", "text", tuple(parts)), lacking


def _columns_of(when: RuleCondition, columns: FactColumns) -> set[str]:
    """Name the columns that a condition uses."""
    names = {c for c, taken in columns.taking.items() if set(taken) & set(when.taking)}
    stated = (*when.conditions, *when.unless)
    names |= {c for c, name in columns.conditions.items() if name in stated}
    names |= {gene for gene in GENES if getattr(when, gene)}
    names |= {AGE if b.measure == "age" else KIDNEY_COLUMNS[b.measure] for b in when.bands}
    if when.kidneys:
        names |= set(KIDNEY_COLUMNS.values())
    return names
