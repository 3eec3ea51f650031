"""Doses against whole units of the product, the most that the order allows, and its rates."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.fhir.resource.quantity import OF_PRODUCT, same
from dmcalc.quantities.arithmetic import to_decimal
from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.findings import Findings
    from dmcalc.fhir.resource.medication import OrderedProduct
    from dmcalc.fhir.resource.quantity import Measure
    from dmcalc.fhir.resource.rate import Delivered
    from dmcalc.fhir.resource.reading import Dosage, Maximum


def check_units(dosages: Sequence[Dosage], product: OrderedProduct, findings: Findings) -> None:
    """Find doses that whole or half units do not make, and doses above the order's own maxima."""
    for dosage in dosages:
        if dosage.high is None or dosage.timing is None:
            continue
        assert dosage.low is not None  # it is there where the high end is
        _check_range(dosage, dosage.low, dosage.high, findings)
        for end in dict.fromkeys((dosage.low, dosage.high)):
            _check_unit(dosage, end, product, findings)
        for most in dosage.maxima:
            _check_maximum(dosage, dosage.high, most, findings)
        for given in dosage.delivered:
            _check_rate(dosage.low, dosage.high, given, findings)


def _check_range(dosage: Dosage, low: Measure, high: Measure, findings: Findings) -> None:
    """Find ends that fall, in units of one product too, and those that cannot be compared."""
    where = (*dosage.path, "doseAndRate")
    if not same(low, high):
        message = f"a range from {low} to {high}: how much one holds is not stated"
        findings.add("strength-missing", where, message)
    elif low.in_base > high.in_base:
        message = f"the low end, {low}, is above the high end, {high} (rng-2)"
        findings.add("range-reversed", where, message)


def _check_maximum(dosage: Dosage, dose: Measure, most: Maximum, findings: Findings) -> None:
    if not same(most.amount, dose):
        known = {most.amount.kind, dose.kind} <= OF_PRODUCT
        findings.add(
            "strength-missing",
            most.path,
            "the maximum is not in the unit of the dose, and how much one holds is not stated",
            severity=None if known else "information",  # mg/kg, puffs
        )
        return
    times = _most_times(dosage, most)
    if times is None or times * Fraction(dose.in_base) <= most.amount.in_base:
        return
    if most.days == 0:
        message = f"{dose} at once is above the maximum of {most.amount}"
    else:
        total = format_plain(to_decimal(times * Fraction(dose.value)))
        span = "in all" if most.days is None else f"in {most.days} days"
        message = f"{total} {dose.unit} {span} is above the order's own maximum of {most.amount}"
    findings.add("max-dose", most.path, message)


def _check_rate(low: Measure, high: Measure, given: Delivered, findings: Findings) -> None:
    """Find a rate that does not give the dose in its time, or gives more.

    More than a dose in mL may be what that is diluted to, and a dose in mg is of any volume.
    """
    comparable = same(low, high) and same(high, given.high) and same(high, given.low)
    over = comparable and given.least > high.in_base
    if not comparable or (over and high.kind == "volume"):
        message = f"the rate is not compared: {given}, the dose {high}; it may be diluted"
        findings.add("strength-missing", given.path, message, severity="information")
    elif over or given.most < low.in_base:
        end, got = (high, given.low) if over else (low, given.high)
        findings.add(
            "rate-dose",
            given.path,
            f"{given}, the dose {end}: dose, rate or duration is wrong",
            expected=end.value,
            got=to_decimal(Fraction(got.in_base) / Fraction(end.factor)),
        )


def _most_times(dosage: Dosage, most: Maximum) -> int | None:
    """Return how many doses there are in the time of a maximum; None where that is not known."""
    when = dosage.timing
    assert when is not None  # checked before
    if most.days == 0:
        return 1
    if most.days is None:
        return None if when.days is None else when.administrations(when.days)[1]
    return None if when.per_day is None else int(-(-when.per_day * most.days // 1))


def _check_unit(dosage: Dosage, dose: Measure, product: OrderedProduct, findings: Findings) -> None:
    form = product.form or (dose.unit if dose.kind == "form" else None)
    if dose.kind == "form":
        units = Fraction(dose.value)
    elif dose.kind == "mass" and product.strength is not None:
        units = Fraction(dose.in_base) / Fraction(product.strength.in_base)
    else:
        return
    if form is None or dose.unit == "vial":
        return
    parts = 1 if form == "capsule" else 2
    if (units * parts).denominator != 1:
        count = format_plain(to_decimal(units))
        of = f" of {product.strength}" if product.strength else ""
        in_units = (
            f"{count} {form}s{of}" if dose.kind == "form" else f"{dose} is {count} {form}s{of}"
        )
        findings.add(
            "not-dispensable", (*dosage.path, "doseAndRate"), in_units, got=to_decimal(units)
        )
