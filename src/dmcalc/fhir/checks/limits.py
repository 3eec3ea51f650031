"""An order against what the table gives: once a week, per course, caps, strengths."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.quantities.amount import converted
from dmcalc.quantities.arithmetic import to_decimal
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.checks.steps import DosageGroup
    from dmcalc.fhir.findings import Findings
    from dmcalc.fhir.resource.medication import Medication, OrderedProduct
    from dmcalc.fhir.resource.quantity import Measure
    from dmcalc.fhir.resource.timing import Timing
    from dmcalc.quantities.amount import Per
    from dmcalc.table.model.drug import Drug
    from dmcalc.table.model.table import Table

#: Of a cap: the days that it is for, and how it is said; of any other it is a dose.
_DAYS: dict[Per | None, int] = {"day": 1, "week": 7}
_FOR: dict[Per | None, str] = {"day": "a day", "week": "a week"}


class DrugLimits(Record):
    """What the table gives of a drug whoever the patient is; amounts are in mg."""

    drug: Drug
    #: The largest amount per day, week or dose; None where it follows from weight or surface.
    cap: Decimal | None
    per: Per | None
    #: Of a drug that is given in courses: over how many days at the most.
    course_days: int | None
    #: Strengths in mg, by form.
    strengths: dict[str, frozenset[Decimal]]


def limits_of(table: Table, key: str) -> DrugLimits:
    """Read the limits of a drug from its base posology: the cap, or a dose that is fixed."""
    drug = table.drugs[key]
    pers = {regimen.dose.per for regimen in drug.regimens if regimen.dose}
    per = pers.pop() if len(pers) == 1 else None
    rates = [regimen.max or regimen.dose for regimen in drug.regimens]
    caps = [converted(rate.high, rate.unit, "mg") for rate in rates if rate and not rate.basis]
    # by weight or surface there is none whoever the patient is
    cap = max(caps) if per is not None and len(caps) == len(rates) else None
    days = [
        regimen.days.high
        for regimen in drug.regimens
        if regimen.days and regimen.dose and regimen.dose.per == "course"
    ]
    strengths: dict[str, frozenset[Decimal]] = {}
    for product in drug.products:
        amounts = frozenset(one.value_in("mg") for one in product.strengths)
        strengths[product.form] = strengths.get(product.form, frozenset()) | amounts
    return DrugLimits(drug, cap, per, max(days, default=None), strengths)


def check_limits(
    limits: DrugLimits, medication: Medication, groups: Sequence[DosageGroup], findings: Findings
) -> None:
    """Find what the table forbids whoever the patient is."""
    if limits.drug.once_weekly:
        _check_weekly(limits.drug.name, groups, findings)
    if limits.course_days is not None:
        _check_course(limits.drug.name, limits.course_days, groups, findings)
    if not findings.has("weekly-drug", "course-as-daily"):
        _check_cap(limits, medication.product, groups, findings)
    _check_strength(limits, medication, findings)


def _check_weekly(name: str, groups: Sequence[DosageGroup], findings: Findings) -> None:
    for group in groups:
        for dosage in group.dosages:
            when = dosage.timing
            if when is None or when.per_day is None:  # once is not daily
                continue
            if when.times == 1 and when.every_days == 7 and len(group.dosages) == 1:
                if not when.weekdays:
                    findings.add(
                        "weekday-missing",
                        dosage.at("timing", "repeat"),
                        f"{name.lower()} is taken once a week; the day of the week is not stated",
                    )
                continue
            findings.add(
                "weekly-drug",
                dosage.at("timing"),
                f"{name.lower()} is taken once a week and never daily; this says "
                f"{_often(when.per_day)}",
            )


def _often(per_day: Fraction) -> str:
    if per_day >= 1:
        return f"{format_plain(to_decimal(per_day))} times daily" if per_day > 1 else "daily"
    return f"{format_plain(to_decimal(per_day * 7))} times a week"


def _check_course(name: str, most: int, groups: Sequence[DosageGroup], findings: Findings) -> None:
    for group in groups:
        for dosage in group.dosages:
            when = dosage.timing
            if when is None or when.per_day is None or when.per_day < 1:
                continue
            if group.days is None or group.days > most:
                length = "without an end" if group.days is None else f"for {group.days} days"
                findings.add(
                    "course-as-daily",
                    dosage.path,
                    f"{name} is given in courses of at most {most} days; this says daily {length}",
                )


def _check_cap(
    limits: DrugLimits, product: OrderedProduct, groups: Sequence[DosageGroup], findings: Findings
) -> None:
    if limits.cap is None:
        return
    for group in groups:
        doses = [
            (dosage, dosage.high, dosage.timing)
            for dosage in group.dosages
            if dosage.high is not None and dosage.timing is not None
        ]
        amounts = [
            (dosage, _amount(in_mg(dose, product), when, limits)) for dosage, dose, when in doses
        ]
        total = Fraction(0)
        for dosage, amount in amounts:
            total = amount if group.alternates else total + amount
            if total > limits.cap:
                per = _FOR.get(limits.per, "a dose")
                got = to_decimal(total)
                findings.add(
                    "over-cap",
                    dosage.at("doseAndRate"),
                    f"{format_plain(got)} mg {per} is above the cap of "
                    f"{format_plain(limits.cap)} mg",
                    expected=limits.cap,
                    got=got,
                )
                break


def in_mg(dose: Measure, product: OrderedProduct) -> Fraction:
    """Return a dose in mg; 0 where it is no mass, and not known how much of one it holds."""
    factor = 1 if dose.kind == "mass" else product.per(dose.kind, "mass")
    return Fraction(dose.in_base) * (factor or 0)


def _amount(mg: Fraction, when: Timing, limits: DrugLimits) -> Fraction:
    """Return the amount in the time of the cap; a part of that time is taken as a whole one."""
    days = _DAYS.get(limits.per)
    if when.times is None or days is None:
        return mg
    return mg * max(when.times * days / when.every_days, Fraction(1))


def _check_strength(limits: DrugLimits, medication: Medication, findings: Findings) -> None:
    product = medication.product
    known = limits.strengths.get(product.form or "")
    if product.strength is None or not known or product.strength.in_base in known:
        return
    listed = ", ".join(format_plain(one) for one in sorted(known))
    findings.add(
        "strength-unknown",
        medication.path,
        f"the table has no {product.form} of "
        f"{limits.drug.name.lower()} with {product.strength}: it has {listed} mg",
        got=product.strength.value,
    )
