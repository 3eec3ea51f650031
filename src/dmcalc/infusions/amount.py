"""The amount of one infusion: as entered, or the regimen's over the days of a course."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.errors import PatientError, RefusedError, UsageError
from dmcalc.quantities.arithmetic import to_decimal
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import ClinicalWarning, source_keys
from dmcalc.results.trace import DOWN, noting
from dmcalc.text import timing
from dmcalc.text.numbers import format_number

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Amount, Mass
    from dmcalc.quantities.rounding_rule import RoundingRule
    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.infusion import Infusion


class InfusionAmount(NamedTuple):
    """What one infusion gives, in the regimen's unit, and the course that it is a part of."""

    amount: Fraction
    unit: Mass
    days: int | None
    course: Decimal | None


def amount_of_infusion(
    key: str,
    patient: Patient,
    plan: Infusion,
    regimen: Regimen,
    days: int | None,
    dose: Amount | None,
) -> tuple[InfusionAmount, tuple[ClinicalWarning, ...]]:
    """Return the amount of one infusion, the regimen's over its days or ``dose``, and warnings.

    Raise PatientError for a missing weight, UsageError for days that the regimen does not leave
    open, RefusedError for a dose above what it gives at once.
    """
    rate = regimen.dose
    assert rate is not None  # proved when the table was loaded
    course_days = regimen.days if rate.per == "course" else None
    if patient.weight_kg is None and (rate.basis == "kg" or plan.product is not None):
        raise PatientError(
            f"the weight is missing; it is needed for the infusion of {key}",
            "Give it in kg or lb, e.g. ‹weight 70› or ‹weight 154lb›.",
        )
    if days is not None:
        if course_days is None:
            raise UsageError(f"‹days›: {key} is not given in courses that are divided over days")
        if not course_days.low <= days <= course_days.high:
            raise UsageError(
                f"‹days› {days} is outside {course_days.low} to {course_days.high}",
                f"The sources divide a course of {key} over {course_days.low} to "
                f"{course_days.high} days.",
            )
    full = Fraction(rate.high)
    if rate.basis == "kg":
        assert patient.weight_kg is not None
        full *= Fraction(patient.weight_kg)
    full_text = amount_text(full, rate.unit)
    entered = None if dose is None else Fraction(dose.value_in(rate.unit))
    if course_days is None:
        if entered is not None and entered > full:
            raise RefusedError(
                f"‹dose›: {amount_text(entered, rate.unit)} of {key} at once is above the "
                "source's dose",
                f"The source gives {rate}, here {full_text}.",
            )
        return InfusionAmount(full if entered is None else entered, rate.unit, None, None), ()
    course = to_decimal(full)
    if entered is None:
        # of the lengths that the sources leave open, the longest gives the least on a day
        count = days or course_days.high
        return InfusionAmount(full / count, rate.unit, count, course), ()
    if entered >= full:
        raise RefusedError(
            f"‹dose›: {amount_text(entered, rate.unit)} of {key} in a day is a whole course or "
            "more",
            f"A course of {rate}, here {full_text}, is divided over "
            f"{timing.length(course_days)}; ‹dose› is the amount of one day.",
        )
    fewest, portion = days or course_days.low, InfusionAmount(entered, rate.unit, days, course)
    if entered * fewest <= full:
        return portion, ()
    message = (
        f"{amount_text(entered, rate.unit)} a day is more than the sources give: a course of "
        f"{full_text} over {fewest} days is {amount_text(full / fewest, rate.unit)} a day."
    )
    source = source_keys(regimen.cite)[0]
    return portion, (ClinicalWarning("dose-above-source", key, message, source),)


def round_locally(
    rule: RoundingRule | None, portion: InfusionAmount, where: str | None
) -> tuple[InfusionAmount, tuple[str, ...]]:
    """Round an amount by the hospital's own rule, and say so; never to more than the source gives.

    ``where`` is its name in the answer, None where that does not have it.
    """
    exact = to_decimal(portion.amount)
    amount = exact
    if rule is not None:
        amount = rule.round(exact, portion.unit, exact)
    rounded = rule is not None and amount != portion.amount
    if where is not None and (trace := noting()):
        what = "amount" if where == "amount" else "amount by the actual weight"
        how = f"by the local rule, {rule}" if rounded else DOWN
        trace.rounded(where, what, portion.amount, amount, portion.unit, how)
    if not rounded:
        return portion, ()
    before, after = portion.amount, Fraction(amount)
    text = f"{amount_text(before, portion.unit)} is rounded {rule}, "
    text += f"{amount_text(after, portion.unit)}, by the local rule"
    if portion.days is not None:
        assert portion.course is not None
        total = amount_text(after * portion.days, portion.unit)
        text += f"; over {portion.days} days that is {total} of the "
        text += f"{format_plain(portion.course)} {portion.unit}"
    return portion._replace(amount=after), (f"{text}.",)


def amount_text(value: Fraction, unit: str) -> str:
    """Write an amount for people."""
    return f"{format_number(to_decimal(value))} {unit}"
