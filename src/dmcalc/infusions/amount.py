"""What one infusion gives: what is asked for, or the regimen's amount over the days of a course."""

from __future__ import annotations

from decimal import Decimal
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
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Amount, Mass
    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.infusion import Infusion
    from dmcalc.table.model.local_values import LocalRoundingRule
    from dmcalc.table.model.table import LoadedTable


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
    """Return the amount of one infusion: asked for, or the regimen's over its days."""
    rate, course_days = regimen.dose, regimen.days
    assert rate is not None  # proved when the table was loaded
    needs_weight = rate.basis == "kg" or plan.product is not None
    if needs_weight and patient.weight_kg is None:
        raise PatientError(
            f"the weight is missing; it is needed for the infusion of {key}",
            "Give it in kg or lb, e.g. ‹weight 70› or ‹weight 154lb›.",
        )
    if days is not None and (course_days is None or rate.per != "course"):
        raise UsageError(f"‹days›: {key} is not given in courses that are divided over days")
    if (
        days is not None
        and course_days is not None
        and not course_days.low <= days <= course_days.high
    ):
        raise UsageError(
            f"‹days› {days} is outside {course_days.low} to {course_days.high}",
            f"The sources divide a course of {key} over {course_days.low} to "
            f"{course_days.high} days.",
        )
    size = patient.weight_kg if rate.basis == "kg" and patient.weight_kg else Decimal(1)
    full = Fraction(rate.high) * Fraction(size)
    requested = None if dose is None else Fraction(dose.value_in(rate.unit))
    if course_days is None or rate.per != "course":
        if requested is not None and requested > full:
            raise RefusedError(
                f"‹dose›: {amount_text(requested, rate.unit)} of {key} at once is above the "
                "source's dose",
                f"The source gives {rate}, here {amount_text(full, rate.unit)}.",
            )
        return InfusionAmount(full if requested is None else requested, rate.unit, None, None), ()
    course = to_decimal(full)
    if requested is None:
        # of the lengths that the sources leave open, the longest gives the least on a day
        count = days or course_days.high
        return InfusionAmount(full / count, rate.unit, count, course), ()
    if requested >= full:
        raise RefusedError(
            f"‹dose›: {amount_text(requested, rate.unit)} of {key} in a day is a whole course or "
            "more",
            f"A course of {rate}, here {amount_text(full, rate.unit)}, is divided over "
            f"{timing.length(course_days)}; ‹dose› is the amount of one day.",
        )
    fewest = days or course_days.low
    portion = InfusionAmount(requested, rate.unit, days, course)
    if requested * fewest <= full:
        return portion, ()
    message = (
        f"{amount_text(requested, rate.unit)} a day is more than the sources give: a course of "
        f"{amount_text(full, rate.unit)} over {fewest} days is "
        f"{format_number(to_decimal(full / fewest))} {rate.unit} a day."
    )
    return portion, (
        ClinicalWarning("dose-above-source", key, message, source_keys(regimen.cite)[0]),
    )


def round_locally(
    loaded: LoadedTable, key: str, portion: InfusionAmount, where: str | None, *, requested: bool
) -> tuple[InfusionAmount, tuple[str, ...]]:
    """Round an amount by the hospital's own rule, and say so; never to more than the source gives.

    An amount that the user asked for stays as it is. ``where`` is its name in the answer, None
    where that does not have it.
    """
    rule = None if requested else loaded.rounding.get(key)
    rounded, notes = (portion, ()) if rule is None else _by_local_rule(rule, portion)
    if where is not None and (trace := noting()):
        what = "amount" if where == "amount" else "amount by the actual weight"
        how = f"by the local rule, {rule}" if notes else DOWN
        trace.rounded(where, what, portion.amount, to_decimal(rounded.amount), portion.unit, how)
    return rounded, notes


def _by_local_rule(
    rule: LocalRoundingRule, portion: InfusionAmount
) -> tuple[InfusionAmount, tuple[str, ...]]:
    from dmcalc.formulary.rounding import round_by_local_rule

    exact = to_decimal(portion.amount)
    rounded = portion._replace(
        amount=Fraction(round_by_local_rule(rule, exact, portion.unit, exact))
    )
    if rounded.amount == portion.amount:
        return rounded, ()
    before, after = (
        amount_text(portion.amount, portion.unit),
        amount_text(rounded.amount, portion.unit),
    )
    text = f"{before} is rounded {rule}, {after}, by the local rule"
    if portion.course is not None and portion.days is not None:
        total = amount_text(rounded.amount * portion.days, portion.unit)
        text += f"; over {portion.days} days that is {total} of the "
        text += f"{format_plain(portion.course)} {portion.unit}"
    return rounded, (f"{text}.",)


def amount_text(value: Fraction, unit: str) -> str:
    """Write an amount for people."""
    return f"{format_number(to_decimal(value))} {unit}"
