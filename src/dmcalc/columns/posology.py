"""A posology for the patient of a row, by the formulas that rows run: its ends, and an order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from dmcalc.columns.tree import NOTHING, Term, Tree, known_or_nothing
from dmcalc.dosing.dose import NO_SIZE
from dmcalc.dosing.regimen import suggested
from dmcalc.dosing.rule_effects import gives_figure_for, left_by_rule
from dmcalc.quantities import formulas
from dmcalc.table.model.drug import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal

    from dmcalc.columns.tree import Layers
    from dmcalc.dosing.regimen import PreparedRegimen
    from dmcalc.guideline.patient_rules import Rule
    from dmcalc.quantities.amount import Mass, Per, SizeBasis
    from dmcalc.quantities.formulas import Standing

TREE = Tree()


class DoseTerms(NamedTuple):
    """A dose of a row; what is not known, or refused, is NULL, and ``code`` says why."""

    low: Term
    high: Term
    cap_low: Term
    cap_high: Term
    suggested: Term
    code: Term


def dose_terms(
    layers: Layers,
    ready: PreparedRegimen,
    size: Callable[[SizeBasis], Term | None],
    severity: Term,
    rules: Iterable[tuple[Rule, Term]],
    fault: Term,
    *,
    weighed: bool,
) -> DoseTerms:
    """Return the dose of one posology; ``rules`` are those of the drug, and when each holds.

    ``fault`` is the code of what leaves the row without a dose whatever the drug. With ``weighed``
    another posology of the drug goes by weight: who has none gets no dose of it at all.
    """
    rules = list(rules)
    codes = [(TREE.known(fault), fault)] if fault is not NOTHING else []
    codes += _refusals(rules)
    rate, cap = ready.regimen.dose, ready.cap
    by = None if rate is None else TREE.number(1) if rate.basis is None else size(rate.basis)
    if rate is None or by is None:
        what = "no-dose" if rate is None or rate.basis is None else NO_SIZE[rate.basis]
        code = TREE.first(codes, TREE.text(what))
        return DoseTerms(NOTHING, NOTHING, *_ends(ready), NOTHING, code)
    needs: list[SizeBasis | None] = ["kg" if weighed else None, rate.basis]
    for basis in dict.fromkeys(needs):
        if basis is not None and (needed := size(basis)) is not None:
            codes.append((TREE.negated(TREE.known(needed)), TREE.text(NO_SIZE[basis])))
    code = layers.add("refusal", {"code": TREE.first(codes, None)})["code"]
    ends = (TREE.number(rate.low), TREE.number(rate.high))
    most = None if cap is None else (TREE.number(cap.low), TREE.number(cap.high))
    reducing = [
        (rule, (rate.unit, rate.per), holds)
        for rule, holds in rules
        if rule.share is not None or rule.max is not None
    ]
    refused = None if code is NOTHING else TREE.known(code)
    low, high = limits(layers, Figures(ends, by, most, refused), reducing, size)
    return DoseTerms(low, high, *_ends(ready), _suggested(ready, severity, (low, high)), code)


class Figures(NamedTuple):
    """What a dose is made from: numbers of the table, or columns of them."""

    rate: tuple[Term, Term]
    #: What the rate is multiplied by.
    size: Term
    cap: tuple[Term, Term] | None
    #: Where there is no dose; None for nowhere.
    refused: Term | None
    #: Whether a row may have no cap.
    uncapped: bool = False
    #: The largest that low and high can be, where that is known better than by the widths.
    most: tuple[Decimal, Decimal] | None = None


def limits(
    layers: Layers,
    figures: Figures,
    rules: Iterable[tuple[Rule, tuple[Mass, Per], Term]],
    size: Callable[[SizeBasis], Term | None],
    mark: str = "",
) -> tuple[Term, Term]:
    """Return low and high: the rate times the size, up to the cap, and what rules leave of that.

    Each of ``rules`` has the unit of the dose, and when it holds. ``mark`` ends the names
    of the layers.
    """
    dose = formulas.sized(TREE, figures.rate, figures.size)
    if figures.cap is not None:
        most = figures.cap
        capped = formulas.capped(TREE, dose, most)
        dose = _where_known(most[1], capped, dose) if figures.uncapped else capped
    if figures.most is not None:
        low, high = map(TREE.narrowed, dose, figures.most)
        dose = low, high
    whole = _named(layers, f"whole{mark}", dose)
    dose = whole
    for number, (rule, unit, holds) in enumerate(rules):
        left = left_by_rule(TREE, rule, whole, unit, size)
        if left != whole:
            ends = TREE.choose(holds, partial(_same, left), partial(_same, whole))
            # a rule is here once for each unit of the columns
            name = f"left_{rule.id.replace('-', '_')}" + (f"_{number}_{mark}" if mark else "")
            named = _named(layers, name, ends)
            dose = formulas.capped(TREE, dose, named)
    if figures.refused is not None:
        free = TREE.negated(figures.refused)
        dose = tuple(TREE.first([(free, end)], None) for end in dose)  # type: ignore[assignment]
    return _named(layers, f"dose{mark}", dose)


def _where_known(
    value: Term, then: tuple[Term, Term], otherwise: tuple[Term, Term]
) -> tuple[Term, Term]:
    return TREE.choose(TREE.known(value), partial(_same, then), partial(_same, otherwise))


def verdict_terms(dose: DoseTerms, ordered: Term) -> tuple[Term, Term, Term]:
    """Return the verdict on an ordered amount, its deviation, and that in per cent.

    All is NULL where an amount is.
    """
    terms = formulas.compared(TREE, ordered, (dose.low, dose.high))
    standing, off, percent = (known_or_nothing(cast("Term | None", term)) for term in terms)
    if dose.cap_high is not NOTHING:
        standing = over_cap(standing, ordered, dose.cap_high)
    return standing, off, percent


def over_cap(standing: Term, amount: Term, most: Term) -> Term:
    """Return ``over-cap`` where an amount is above the maximum, else the verdict without one.

    Where a column has no maximum, or a row no amount, nothing is above it.
    """
    over = cast("Term", formulas.compare_with_cap(TREE, cast("Standing", standing), amount, most))
    if most.op == "number":
        return over
    both = TREE.all_of((TREE.known(most), TREE.known(amount)))
    return TREE.choose(both, lambda: over, lambda: standing)


def _same(dose: tuple[Term, Term]) -> tuple[Term, Term]:
    return dose


def _refusals(rules: list[tuple[Rule, Term]]) -> list[tuple[Term, Term]]:
    """Return when rules leave no dose: where one refuses, or asks for less without a figure."""
    refusing = [holds for rule, holds in rules if rule.then == "refuse"]
    shares = [(rule.when, holds) for rule, holds in rules if rule.share is not None]
    withholding = []
    for rule, holds in rules:
        if rule.then == "withhold":
            figures = [when for share, when in shares if gives_figure_for(rule, share)]
            none = [TREE.negated(TREE.any_of(figures))] if figures else []
            withholding.append(TREE.all_of([holds, *none]))
    ways = ((refusing, "rule"), (withholding, "no-dose-genotype"))
    return [(TREE.any_of(truths), TREE.text(code)) for truths, code in ways if truths]


def _ends(ready: PreparedRegimen) -> tuple[Term, Term]:
    """Return the cap of a posology."""
    cap = ready.cap
    return (NOTHING, NOTHING) if cap is None else (TREE.number(cap.low), TREE.number(cap.high))


def _suggested(ready: PreparedRegimen, severity: Term, dose: tuple[Term, Term]) -> Term:
    """Return the end of a dose that the severity points to."""
    ways = [(name, suggested(ready.regimen, name, dose)) for name in SEVERITIES]
    if not any(end is not None for _, end in ways):
        return NOTHING
    return TREE.first([(TREE.equal(severity, TREE.text(name)), end) for name, end in ways], None)


def _named(layers: Layers, name: str, dose: tuple[Term, Term]) -> tuple[Term, Term]:
    ends = layers.add(name, {"low": dose[0], "high": dose[1]})
    return ends["low"], ends["high"]
