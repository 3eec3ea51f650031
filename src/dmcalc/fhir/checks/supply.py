"""What the steps need against what is dispensed, in which units, and for how long."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

from dmcalc.fhir.resource.quantity import OF_PRODUCT
from dmcalc.quantities.arithmetic import to_decimal
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record
from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.checks.steps import DosageGroup
    from dmcalc.fhir.findings import Findings
    from dmcalc.fhir.resource.medication import OrderedProduct
    from dmcalc.fhir.resource.quantity import Measure, Measured
    from dmcalc.fhir.resource.reading import FhirOrder


class OrderTotals(Record):
    """Sums over all steps, where each is understood and has an end."""

    days: Annotated[int, "Days in a step."]
    span: Annotated[int, "Days from the first to the last."]
    amount: Annotated[Decimal | None, "Amount of the drug; null where it is a range."]
    unit: Annotated[str, "Unit of the amount: mg, mL, or as the order has it."]
    needed: Annotated[
        Decimal | None, "The same in units of the product, or mL; null where no strength is known."
    ]
    form: Annotated[str | None, "What one such unit is."]


class _Need(Record):
    least: Fraction
    most: Fraction
    kind: Measured
    #: A mass is in mg and a volume in mL.
    unit: str


def check_supply(
    order: FhirOrder, groups: Sequence[DosageGroup], findings: Findings
) -> OrderTotals | None:
    """Add up the steps, and hold quantity and days' supply against the sums."""
    if not groups or not all(group.understood for group in groups):
        return None
    if findings.has("sequence-repeated", "sequence-order", "alternate-days"):
        return None
    bounded = all(group.days for group in groups)
    if bounded:
        _check_days(order, groups, findings)
    elif not order.repeats:
        _check_closed_days(order, groups, findings)
    lengths = _supplied_days(order, groups)
    need = _total(groups, lengths)
    if need is None:
        return None
    unit = _unit_of(order)
    converted = None if unit is None else _in_unit(need, *unit, order.medication.product)
    if order.quantity is not None and not any(dosage.as_needed for dosage in order.dosages):
        # without the days of a supply one step may be that of all repeats together
        fills = 1 + (order.repeats if len(groups) == 1 and order.supply_days is None else 0)
        _check_quantity(order, order.quantity, need, converted, fills, findings)
    if not bounded:
        return None
    if any(lengths):  # the sums are of all days, whatever one supply is for
        need = _total(groups, [None] * len(groups))
        assert need is not None  # each step has its days, and one unit
        converted = None if unit is None else _in_unit(need, *unit, order.medication.product)
    exact = need.least == need.most
    units = converted if exact and converted and converted.kind in ("form", "volume") else None
    return OrderTotals(
        *_lengths(groups),
        to_decimal(need.most) if exact else None,
        need.unit,
        None if units is None else to_decimal(units.most),
        None if units is None else units.unit,
    )


def _total(groups: Sequence[DosageGroup], lengths: Sequence[int | None]) -> _Need | None:
    """Add up steps over so many days, or over all their own; None for what has no one sum."""
    needs = [
        need for group, days in zip(groups, lengths, strict=True) if (need := _need(group, days))
    ]
    measured = {(need.kind, need.unit) for need in needs}
    if len(needs) != len(groups) or len(measured) != 1:
        return None
    return _Need(
        sum((one.least for one in needs), Fraction(0)),
        sum((one.most for one in needs), Fraction(0)),
        *measured.pop(),
    )


def _supplied_days(order: FhirOrder, groups: Sequence[DosageGroup]) -> list[int | None]:
    """Return the days that the quantity is for of each step, None where these are all its own.

    A last step without an end has what the steps before it leave of the supply; one step that
    repeats for the rest of its days has those of the supply.
    """
    lengths: list[int | None] = [None] * len(groups)
    supply, last = order.supply_days, groups[-1]
    if supply is None:
        return lengths
    if last.days is None:
        before = _days_before_last(groups)
        if before is not None and supply > before and not (before and order.repeats):
            lengths[-1] = supply - before
    elif len(groups) == 1 and order.repeats and supply < last.days:
        lengths[-1] = supply
    return lengths


def _days_before_last(groups: Sequence[DosageGroup]) -> int | None:
    """Return the days of all steps before the last one; None where one of them has no end."""
    days = [group.days for group in groups[:-1]]
    return sum(filter(None, days)) if all(days) else None


def _lengths(groups: Sequence[DosageGroup]) -> tuple[int, int]:
    """Return the days in all steps, and those from the first to the last where these have dates."""
    days = sum(filter(None, (group.days for group in groups)))
    start, end = groups[0].start, groups[-1].end
    return days, (end - start).days + 1 if start and end else days


def _need(group: DosageGroup, period: int | None) -> _Need | None:
    """Return what the doses of a step come to, in mg, mL or as they are."""
    least = most = Fraction(0)
    units = set()
    for dosage in group.dosages:
        when, low, high = dosage.timing, dosage.low, dosage.high
        assert when is not None and low is not None and high is not None  # it is understood
        days = period or when.days
        if days is None:
            return None
        fewest, greatest = when.administrations(days)
        least += fewest * Fraction(low.in_base)
        most += greatest * Fraction(high.in_base)
        units.add(high.base)
    return _Need(least, most, *units.pop()) if len(units) == 1 else None


def _unit_of(order: FhirOrder) -> tuple[Measured, str] | None:
    """Return the kind and the unit of what is dispensed, or of the product where that is known."""
    if order.quantity is not None:
        return order.quantity.base
    product = order.medication.product
    if product.strength is None or product.form is None:
        return None
    return "form", product.form


def _in_unit(need: _Need, kind: Measured, unit: str, product: OrderedProduct) -> _Need | None:
    """Bring what is needed into the unit of what is dispensed; None where that is not known."""
    if (need.kind, need.unit) == (kind, unit):
        return need
    factor = product.per(need.kind, kind)
    return None if factor is None else _Need(need.least * factor, need.most * factor, kind, unit)


def _check_quantity(
    order: FhirOrder,
    got: Measure,
    need: _Need,
    converted: _Need | None,
    fills: int,
    findings: Findings,
) -> None:
    if converted is None:
        if {need.kind, got.kind} != {"form"}:  # tablets against capsules are another finding
            known = {need.kind, got.kind} <= OF_PRODUCT
            of_mass = known and "mass" in (need.kind, got.kind)
            unit = "another unit" if need.kind == "other" else need.unit
            what = "the strength of the product" if of_mass else "how much one holds"
            findings.add(
                "strength-missing",
                order.quantity_path,
                f"{got if got.kind != 'other' else 'the quantity'} against doses in {unit}: "
                f"{what} is not stated",
                severity=None if known else "information",  # a pack, a pen
            )
        return
    amount = Fraction(got.in_base)
    if amount < converted.least <= amount * fills:
        return
    if amount < converted.least:
        code, end, word = "quantity-short", converted.least, "too few"
    elif amount > -(-converted.most // 1 if got.kind == "form" else -converted.most):
        code, end, word = "quantity-over", converted.most, "more"
    else:
        return
    expected, apart = to_decimal(end), to_decimal(abs(amount - end))
    _, unit = got.base
    shown = got if got.kind == "form" else f"{format_plain(to_decimal(amount))} {unit}"
    findings.add(
        code,
        order.quantity_path,
        f"{shown}, the steps need {format_plain(expected)}: {format_plain(apart)} {word}",
        expected=expected,
        got=to_decimal(amount),
    )


def _check_days(order: FhirOrder, groups: Sequence[DosageGroup], findings: Findings) -> None:
    """Hold the length of the supply against the days in a step, and against their span."""
    got = order.supply_days
    if got is None or any(dosage.as_needed for dosage in order.dosages):
        return
    days, span = _lengths(groups)
    fills = 1 + order.repeats if len(groups) == 1 else 1
    if got in (days, span) or got < days <= got * fills:
        return
    repeats = "" if fills == 1 or got > days else f" with {fills - 1} {plural(fills - 1, 'repeat')}"
    over = "" if span == days else f" of {span}"
    findings.add(
        "supply-days",
        order.supply_path,
        f"stated to last {got} days{repeats}, the steps last {days}{over}",
        expected=Decimal(days),
        got=Decimal(got),
    )


def _check_closed_days(order: FhirOrder, groups: Sequence[DosageGroup], findings: Findings) -> None:
    """Find a supply that ends before a last step begins that has no end."""
    got, days = order.supply_days, _days_before_last(groups)
    if any(dosage.as_needed for dosage in order.dosages):
        return
    if got is not None and days is not None and got <= days:
        findings.add(
            "supply-days",
            order.supply_path,
            f"stated to last {got} days, the steps before the last one {days}",
            got=Decimal(got),
        )
