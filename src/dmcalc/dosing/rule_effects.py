"""What single rules for a patient make of a dose: a fraction of it, a maximum, or no figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.quantities import arithmetic, formulas
from dmcalc.quantities.amount import converted

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.dosing.regimen import ExactEnds
    from dmcalc.guideline.patient_rules import Rule, RuleCondition
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.algebra import Algebra, Number, Truth
    from dmcalc.quantities.amount import DoseRange, Mass, Per, Rate, SizeBasis
    from dmcalc.quantities.formulas import Ends


def left_by_rule(
    of: Algebra[Number, Truth],
    rule: Rule,
    dose: Ends[Number],
    unit: tuple[Mass, Per | None],
    size: Callable[[SizeBasis], Number | None],
) -> Ends[Number]:
    """Return what one rule leaves of a dose, whose ``unit`` is a mass per a time.

    ``size`` tells what a maximum goes by, None where it is not known: such a one leaves all.
    """
    if rule.share is not None:
        return formulas.fraction_left(of, dose, rule.share.low, rule.share.high)
    if rule.max is None or rule.max_per != unit[1]:
        return dose  # it warns, or its maximum is for another time
    by = of.number(1) if rule.max.basis is None else size(rule.max.basis)
    if by is None:
        return dose
    rate = of.number(converted(rule.max.high, rule.max.unit, unit[0]))
    most = formulas.most_left(of, rate, by, rule.times or 1)
    return formulas.capped(of, dose, (most, most))


def largest_by_rule(most: Rate, patient: Patient) -> Decimal:
    """Return the amount of a maximum for a patient, infinite where its size is not known."""
    size = Decimal(1) if most.basis is None else patient.size(most.basis)
    if size is None:
        return Decimal("Infinity")
    return formulas.most_left(arithmetic, most.high, size, 1)


def exact_ends(rules: tuple[Rule, ...], whole: DoseRange, dose: DoseRange) -> ExactEnds:
    """Return the ends that rules leave of a dose as they were before a fraction was rounded."""
    low, high = Fraction(dose.low), Fraction(dose.high)
    for share in (rule.share for rule in rules if rule.share is not None):
        left = share.of(whole)
        if left.low == dose.low:
            low = Fraction(whole.low) * share.low
        if left.high == dose.high:
            high = Fraction(whole.high) * share.high
    return low, high


def withholding_rules(rules: tuple[Rule, ...]) -> set[str]:
    """Name the rules that ask for less without a figure, where none gives one for the same."""
    shares = [rule.when for rule in rules if rule.share is not None]
    return {
        rule.id
        for rule in rules
        if rule.then == "withhold" and not any(gives_figure_for(rule, share) for share in shares)
    }


def gives_figure_for(rule: Rule, share: RuleCondition) -> bool:
    """Tell whether the condition of a fraction names the genotypes of a rule without a figure."""
    return bool(
        (share.tpmt or share.nudt15)
        and (share.tpmt or not rule.when.tpmt)
        and (share.nudt15 or not rule.when.nudt15)
    )
