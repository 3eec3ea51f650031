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


class Share(NamedTuple):
    """What one infusion gives, in the regimen's unit, and the course that it is a part of."""

    amount: Fraction
    unit: Mass
    days: int | None
    course: Decimal | None


def share_of(
    key: str,
    patient: Patient,
    plan: Infusion,
    regimen: Regimen,
    days: int | None,
    dose: Amount | None,
) -> tuple[Share, tuple[ClinicalWarning, ...]]:
    """Return the amount of one infusion: asked for, or the regimen's over its days."""
    rate, span = regimen.dose, regimen.days
    assert rate is not None  # proved when the table was loaded
    needs_weight = rate.basis == "kg" or plan.product is not None
    if needs_weight and patient.weight_kg is None:
        raise PatientError(
            f"the weight is missing; it is needed for the infusion of {key}",
            "Give it in kg or lb, e.g. --weight 70 or --weight 154lb.",
        )
    if days is not None and (span is None or rate.per != "course"):
        raise UsageError(f"--days: {key} is not given in courses that are divided over days")
    if days is not None and span is not None and not span.low <= days <= span.high:
        raise UsageError(
            f"--days {days} is outside {span.low} to {span.high}",
            f"The sources divide a course of {key} over {span.low} to {span.high} days.",
        )
    size = patient.weight_kg if rate.basis == "kg" and patient.weight_kg else Decimal(1)
    whole = Fraction(rate.high) * Fraction(size)
    given = None if dose is None else Fraction(dose.value_in(rate.unit))
    if span is None or rate.per != "course":
        if given is not None and given > whole:
            raise RefusedError(
                f"--dose: {in_words(given, rate.unit)} of {key} at once is above the source's dose",
                f"The source gives {rate}, here {in_words(whole, rate.unit)}.",
            )
        return Share(whole if given is None else given, rate.unit, None, None), ()
    course = to_decimal(whole)
    if given is None:
        # of the lengths that the sources leave open, the longest gives the least on a day
        count = days or span.high
        return Share(whole / count, rate.unit, count, course), ()
    if given >= whole:
        raise RefusedError(
            f"--dose: {in_words(given, rate.unit)} of {key} in a day is a whole course or more",
            f"A course of {rate}, here {in_words(whole, rate.unit)}, is divided over "
            f"{timing.length(span)}; --dose is the amount of one day.",
        )
    fewest = days or span.low
    share = Share(given, rate.unit, days, course)
    if given * fewest <= whole:
        return share, ()
    message = (
        f"{in_words(given, rate.unit)} a day is more than the sources give: a course of "
        f"{in_words(whole, rate.unit)} over {fewest} days is "
        f"{format_number(to_decimal(whole / fewest))} {rate.unit} a day."
    )
    return share, (
        ClinicalWarning("dose-above-source", key, message, source_keys(regimen.cite)[0]),
    )


def ruled(
    loaded: LoadedTable, key: str, share: Share, where: str | None, *, asked: bool
) -> tuple[Share, tuple[str, ...]]:
    """Round an amount by the hospital's own rule, and say so; never to more than the source gives.

    An amount that the user asked for stays as it is. ``where`` is its name in the answer, None
    where that does not have it.
    """
    rule = None if asked else loaded.rounding.get(key)
    near, said = (share, ()) if rule is None else _by_local_rule(rule, share)
    if where is not None and (trace := noting()):
        what = "amount" if where == "amount" else "amount by the actual weight"
        how = f"by the local rule, {rule}" if said else DOWN
        trace.rounded(where, what, share.amount, to_decimal(near.amount), share.unit, how)
    return near, said


def _by_local_rule(rule: LocalRoundingRule, share: Share) -> tuple[Share, tuple[str, ...]]:
    from dmcalc.formulary.rounding import round_by_local_rule

    exact = to_decimal(share.amount)
    near = share._replace(amount=Fraction(round_by_local_rule(rule, exact, share.unit, exact)))
    if near.amount == share.amount:
        return near, ()
    was, now = in_words(share.amount, share.unit), in_words(near.amount, share.unit)
    text = f"{was} is rounded {rule}, {now}, by the local rule"
    if share.course is not None and share.days is not None:
        total = in_words(near.amount * share.days, share.unit)
        text += f"; over {share.days} days that is {total} of the "
        text += f"{format_plain(share.course)} {share.unit}"
    return near, (f"{text}.",)


def in_words(value: Fraction, unit: str) -> str:
    """Write an amount for people."""
    return f"{format_number(to_decimal(value))} {unit}"
