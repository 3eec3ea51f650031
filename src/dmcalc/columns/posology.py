"""A posology for the patient of a row, by the formulas that rows run: its ends, and an order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.columns.layers import known_or_nothing
from dmcalc.columns.tree import NOTHING, Term, Tree
from dmcalc.dosing.regimen import suggested
from dmcalc.dosing.rule_effects import gives_figure_for, left_by_rule
from dmcalc.quantities import formulas
from dmcalc.table.model.drug import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dmcalc.columns.layers import Layers
    from dmcalc.dosing.regimen import PreparedRegimen
    from dmcalc.guideline.patient_rules import Rule
    from dmcalc.quantities.amount import SizeBasis

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
    fault: Term = NOTHING,
    *,
    weighed: bool = False,
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
        what = "no-dose" if rate is None or rate.basis is None else _NO_SIZE[rate.basis]
        code = TREE.first(codes, TREE.text(what))
        return DoseTerms(NOTHING, NOTHING, *_ends(ready), NOTHING, code)
    dose = formulas.sized(TREE, (TREE.number(rate.low), TREE.number(rate.high)), by)
    if cap is not None:
        dose = formulas.capped(TREE, dose, (TREE.number(cap.low), TREE.number(cap.high)))
    needs: list[SizeBasis | None] = ["kg" if weighed else None, rate.basis]
    for basis in dict.fromkeys(needs):
        if basis is not None and (needed := size(basis)) is not None:
            codes.append((TREE.negated(TREE.known(needed)), TREE.text(_NO_SIZE[basis])))
    whole = _named(layers, "whole", dose)
    dose = whole
    for rule, holds in rules:
        if rule.share is None and rule.max is None:
            continue
        left = left_by_rule(TREE, rule, whole, (rate.unit, rate.per), size)
        if left != whole:
            ends = TREE.choose(holds, partial(_same, left), partial(_same, whole))
            dose = formulas.capped(TREE, dose, _named(layers, f"left_{_name(rule.id)}", ends))
    code = layers.add("refusal", {"code": TREE.first(codes, None)})["code"]
    if code is not NOTHING:
        free = TREE.negated(TREE.known(code))
        dose = tuple(TREE.first([(free, end)], None) for end in dose)  # type: ignore[assignment]
    low, high = _named(layers, "dose", dose)
    return DoseTerms(low, high, *_ends(ready), _suggested(ready, severity, (low, high)), code)


def verdict_terms(
    dose: DoseTerms, ordered: Term, single: Term | None = None, most: Term | None = None
) -> tuple[Term, Term, Term]:
    """Return how an ordered amount stands, its deviation, and that in per cent.

    ``most`` is what rules leave for one dose, ``single``. All is NULL where an amount is.
    """
    standing, off, percent = formulas.compared(TREE, ordered, (dose.low, dose.high))  # type: ignore[arg-type]
    if dose.cap_high is not NOTHING:
        standing = formulas.held_against(TREE, standing, ordered, dose.cap_high)
    if single is not None and most is not None:
        standing = formulas.held_against(TREE, standing, single, most)
    return known_or_nothing(standing), known_or_nothing(off), known_or_nothing(percent)  # type: ignore[arg-type]


def _same(dose: tuple[Term, Term]) -> tuple[Term, Term]:
    return dose


_NO_SIZE: dict[SizeBasis, str] = {"kg": "no-body-weight", "m2": "no-body-surface"}


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


def _name(rule: str) -> str:
    return rule.replace("-", "_")
