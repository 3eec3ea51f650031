"""What was rounded on the way to an answer: each figure before and after, worked out in fractions.

A figure that came out even is not listed. What only a page for people rounds is not either: an
audit reads the answer itself.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.order.verdict import single_dose
from dmcalc.quantities.amount import converted
from dmcalc.quantities.arithmetic import EXACT, round_half_up
from dmcalc.quantities.thresholds import FractionLeft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A fraction that needs more decimals than this is written as one: 60/85 is 12/17.
_PLACES = 18

#: What a share is rounded by at the most.
TINY = Fraction(1, 10**6)

RATIO = "half up to 0.0001"
PERCENT = "half up to 0.01"
SHARE = "inward to 0.000001"
DOWN = "down to 0.000001"
MINUTES = "half up to 0.01 minutes"
WHOLE_MINUTES = "up to a whole minute"
PACKS = "up to whole packs"


class Rounding(NamedTuple):
    """One figure that was rounded.

    ``where`` is its place in the answer, None where it only served to find others. ``before`` and
    ``by`` are exact: text like ``12/17`` where a decimal number would not end. ``percent`` is of
    ``before``, half up to 0.000001.
    """

    where: str | None
    what: str
    before: Decimal | str
    after: Decimal
    unit: str | None
    by: Decimal | str
    percent: Decimal | None
    direction: str
    how: str


class Figure(NamedTuple):
    """A figure of an answer with what it is exactly, before it is known whether the two differ."""

    where: str | None
    what: str
    exact: Fraction
    after: Decimal | int
    unit: str | None
    how: str


def roundings(result: Any) -> list[Rounding]:
    """List what was rounded on the way to an answer, in its order."""
    return [_rounding(figure) for figure in _OF[result.kind](result) if _differs(figure)]


def _differs(figure: Figure) -> bool:
    return Fraction(figure.after) != figure.exact


def _rounding(figure: Figure) -> Rounding:
    off = Fraction(figure.after) - figure.exact
    share = abs(off / figure.exact) * 100 if figure.exact else None
    return Rounding(
        where=figure.where,
        what=figure.what,
        before=written(figure.exact),
        after=Decimal(figure.after),
        unit=figure.unit,
        by=written(abs(off)),
        percent=None if share is None else round_half_up(share, 6),
        direction="up" if off > 0 else "down",
        how=figure.how,
    )


def written(value: Fraction) -> Decimal | str:
    """Write a fraction exactly: as a decimal number, or as ``12/17`` where that would not end."""
    factor, rest = divmod(10**_PLACES, value.denominator)
    if rest:
        return f"{value.numerator}/{value.denominator}"
    return EXACT.scaleb(Decimal(value.numerator * factor), -_PLACES)


def _quotient(amount: Decimal, size: Decimal | int) -> Fraction:
    return Fraction(amount) / Fraction(size)


def _weight(patient: Any) -> Iterator[Figure]:
    """List the figures of the weight that doses go by, where another than the actual one does."""
    if patient.dosing is None:
        return
    from dmcalc.dosing.weight_comparison import roundings as of_weight

    for name, what, exact, after, unit in of_weight(patient.dosing):
        yield Figure(f"dosing_weight.{name}", what, exact, after, unit, DOWN)


def _dose(result: Any) -> Iterator[Figure]:
    yield from _weight(result.patient)
    for number, row in enumerate(result.rows):
        size = None if row.basis is None else result.patient.of(row.drug).size(row.basis)
        for end in ("low", "high"):
            amount = getattr(row, end)
            if amount is None:
                continue
            what, where = f"{row.regimen}, {end} end", f"rows.{number}."
            if (exact := _reduced(row, end)) is not None:
                yield Figure(f"{where}{end}", f"{what}: reduced", exact, amount, row.unit, SHARE)
            if (ratio := getattr(row, f"per_basis_{end}")) is not None and size:
                unit = f"{row.unit}/{row.basis}"
                exact = _quotient(amount, size)
                yield Figure(f"{where}per_basis_{end}", f"{what}: ratio", exact, ratio, unit, RATIO)
            if (daily := getattr(row, f"daily_{end}")) is not None:
                exact = _quotient(amount, row.days_high if end == "low" else row.days_low)
                yield Figure(f"{where}daily_{end}", f"{what}: daily", exact, daily, row.unit, SHARE)
            if (made := getattr(row, f"dispensed_{end}")) is not None:
                how = f"to whole {row.form}s, inside the range"
                exact = Fraction(amount)
                yield Figure(
                    f"{where}dispensed_{end}", f"{what}: dispensed", exact, made, row.unit, how
                )
                yield _percent(
                    f"{where}deviation_{end}_percent",
                    f"{what}: deviation",
                    _quotient(made - amount, amount),
                    getattr(row, f"deviation_{end}_percent"),
                )


def _reduced(row: Any, end: str) -> Fraction | None:
    """Return what a rule leaves of an end of a dose, None where none that scales decides it."""
    before = getattr(row, f"{end}_before")
    if before is None:
        return None
    shares = [FractionLeft.parse(rule.share) for rule in row.rules if rule.decides and rule.share]
    left = [Fraction(before) * getattr(share, end) for share in shares]
    amount = Fraction(getattr(row, end))
    return next((exact for exact in left if abs(exact - amount) < TINY), None)


def _percent(where: str, what: str, share: Fraction, after: Decimal) -> Figure:
    return Figure(where, what, share * 100, after, "per cent", PERCENT)


def _check(result: Any) -> Iterator[Figure]:
    order, who = result.read, result.patient.of(result.drug)
    yield from _weight(result.patient)
    for number, row in enumerate(result.rows):
        size = None if row.basis is None else who.size(row.basis)
        for end, amount in (("ordered", row.ordered), ("low", row.low), ("high", row.high)):
            if (ratio := getattr(row, f"per_basis_{end}")) is not None and size:
                where, unit = f"rows.{number}.per_basis_{end}", f"{row.unit}/{row.basis}"
                what = f"{row.regimen}, {end}: ratio"
                yield Figure(where, what, _quotient(amount, size), ratio, unit, RATIO)
        if row.deviation is not None:
            share = _quotient(row.deviation, row.high if row.deviation > 0 else row.low)
            where, what = f"rows.{number}.deviation_percent", f"{row.regimen}: deviation"
            yield _percent(where, what, share, row.deviation_percent)
        if row.dispensable is not None:
            dose = single_dose(row.unit, order, who)
            whole = single_dose(row.unit, order._replace(parts=1, days=None), who)
            parts = (order.days or 1) if order.per == "course" else order.parts
            what = f"{row.regimen}: one dose of the order"
            yield Figure(None, what, _quotient(whole, parts), dose, row.unit, DOWN)


def _schedule(result: Any) -> Iterator[Figure]:
    weight, form = result.patient.of(result.drug).weight_kg, result.totals.form
    yield from _weight(result.patient)
    units = f"to whole {form}s"
    if result.target_rounded is not None:
        before, after = result.target_rounded
        last = result.steps[-1]
        where = f"steps.{last.step - 1}.low" if last.low == after else None
        how = f"{units}, inside the range"
        yield Figure(where, "target", Fraction(before), after, last.unit, how)
    for number, step in enumerate(result.steps):
        where, what = f"steps.{number}.", f"step {step.step}"
        for end in ("low", "high"):
            ratio, daily = getattr(step, f"per_kg_{end}"), getattr(step, f"daily_{end}")
            label = f"{what}, {end} end"
            if step.per != "course" and ratio is not None and weight is not None:
                exact, unit = _quotient(step.first, weight), f"{step.unit}/kg"
                yield Figure(f"{where}per_kg_{end}", f"{label}: ratio", exact, ratio, unit, RATIO)
            if step.per == "course" and daily is not None:
                days = step.days_high if end == "low" else step.days_low
                exact = _quotient(getattr(step, end), days)
                yield Figure(
                    f"{where}daily_{end}", f"{label}: daily", exact, daily, step.unit, SHARE
                )
        if step.rounded_from is not None:
            place = where + ("high" if step.first == step.high else "low")
            exact = Fraction(step.rounded_from)
            yield Figure(place, f"{what}: dose", exact, step.first, step.unit, units)
        if step.alternate_rounded_from is not None:
            exact = Fraction(step.alternate_rounded_from)
            label = f"{what}: dose of the second day"
            yield Figure(f"{where}alternate", label, exact, step.alternate, step.unit, units)
    yield from _packs("totals.packs.", result.totals.packs)


def _landmarks(result: Any) -> Iterator[Figure]:
    for number, row in enumerate(result.rows):
        for end in ("low", "high"):
            if (ratio := getattr(row, f"per_kg_{end}")) is not None:
                where, unit = f"rows.{number}.per_kg_{end}", f"{row.unit}/kg"
                what = f"landmark {row.landmark}, {end} end: ratio"
                exact = _quotient(getattr(row, end), result.patient.weight_kg)
                yield Figure(where, what, exact, ratio, unit, RATIO)


def _packs(where: str, packs: Iterable[Any] | None) -> Iterator[Figure]:
    for number, pack in enumerate(packs or ()):
        exact = Fraction(pack.packs * pack.size - pack.over) / pack.size
        what = f"packs of {pack.size}"
        yield Figure(f"{where}{number}.packs", what, exact, pack.packs, "packs", PACKS)


def _infusion(result: Any) -> Iterator[Figure]:
    flow, run = result.flow, result.run
    amount = flow.total * flow.mg / Fraction(converted(Decimal(1), result.unit, "mg"))
    yield from _weight(result.patient)
    yield Figure("amount", "amount", amount, result.amount, result.unit, DOWN)
    if (actual := result.by_actual) is not None:
        what = "amount by the actual weight"
        yield Figure("amount_actual", what, actual, result.amount_actual, result.unit, DOWN)
    if result.amount_per_kg is not None:
        kg, unit = result.patient.of(result.drug).weight_kg, f"{result.unit}/kg"
        exact = amount / Fraction(kg)
        yield Figure("amount_per_kg", "amount for 1 kg", exact, result.amount_per_kg, unit, RATIO)
    if result.volume_ml is not None:
        yield Figure("volume_ml", "volume", flow.total, result.volume_ml, "mL", DOWN)
    length = run[-1].minute + run[-1].minutes
    yield Figure("duration_min", "duration", length, result.duration_min, "min", MINUTES)
    whole = result.whole_minutes
    yield Figure("whole_minutes", "duration", length, whole, "min", WHOLE_MINUTES)
    before = Fraction(0)
    for number, (leg, step) in enumerate(zip(run, result.steps, strict=True)):
        hourly = Fraction(leg.rate) * flow.factor * 60
        figures = {
            "minutes": (leg.minutes, "min", MINUTES),
            "whole_minutes": (leg.minutes, "min", WHOLE_MINUTES),
            "rate_ml_h": (hourly, "mL/h", DOWN),
            "rate_mg_h": (hourly * flow.mg, "mg/h", DOWN),
            "amount": ((leg.total - before) * flow.held, flow.unit, "difference of two totals"),
            "volume_ml": (leg.total - before, "mL", "difference of two totals"),
            "total_amount": (leg.total * flow.held, flow.unit, DOWN),
            "total_volume_ml": (leg.total, "mL", DOWN),
        }
        before = leg.total
        for key, (exact, unit, how) in figures.items():
            if (after := getattr(step, key)) is not None:
                what = f"step {step.step}: {key.replace('_ml', '').replace('_', ' ')}"
                yield Figure(f"steps.{number}.{key}", what, exact, after, unit, how)


def _dispense(result: Any) -> Iterator[Figure]:
    rows = result.rows
    for number, row in enumerate(rows):
        where = "" if result.kind == "dispense" else f"rows.{number}."
        units = f"to whole {row.form}s, or to the multiple that is asked for"
        amount, days, unit = row.amount, row.days, row.unit
        if days > 1:
            exact, what = _quotient(amount, days), f"each of {days} days"
            yield Figure(f"{where}daily", what, exact, row.daily, unit, units)
        what = "in all" if days == 1 else f"in all, over {days} days"
        yield Figure(f"{where}dispensed", what, Fraction(amount), row.dispensed, unit, units)
        share = _quotient(row.deviation, amount)
        yield _percent(
            f"{where}deviation_percent", f"{what}: deviation", share, row.deviation_percent
        )
        yield from _packs(f"{where}packs.", row.packs)


def _body(result: Any) -> Iterator[Figure]:
    """List the fractions; a root or a power is none, and the answer says that it was rounded."""
    from dmcalc.patient.formulas import DIGITS

    for name, exact in result.exact.items():
        how = f"half up to {DIGITS} significant digits"
        yield Figure(name, name.replace("_", " "), exact, result.values[name], None, how)


def _convert(result: Any) -> Iterator[Figure]:
    what = f"equivalent of {result.drug}"
    yield Figure("amount", what, result.exact, result.amount, "mg", "half up to 0.000001")


_OF = {
    "dose": _dose,
    "check": _check,
    "taper": _schedule,
    "landmarks": _landmarks,
    "titrate": _schedule,
    "infusion": _infusion,
    "dispense": _dispense,
    "dispense-days": _dispense,
    "body": _body,
    "convert": _convert,
}
