"""The doses of an answer as the dosages of a request."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dosing.wording import ROUTE_TEXT
from dmcalc.errors import PatientError, UsageError
from dmcalc.fhir.resource.quantity import UCUM
from dmcalc.fhir.writing.request import ExportOptions, Json, Request, Timed, dose, quantity
from dmcalc.quantities.arithmetic import EXACT, divide_inward
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact, format_range, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.schedules.model import Step

_DAY = datetime.timedelta(days=1)


def _amount(low: Decimal, high: Decimal, unit: str) -> str:
    return f"{format_exact(high)} {unit}" if low == high else format_range(low, high, unit)


def _length(days: int | None) -> str:
    return "" if days is None else f" for {format_exact(Decimal(days))} {plural(days, 'day')}"


def add_step(request: Request, step: Step, weekday: str | None) -> None:
    """Add a step of a schedule; raise UsageError or PatientError for what FHIR cannot say."""
    if "/" in step.unit:
        raise PatientError(
            "a dose by weight alone is not a dose to give", "Give the weight: ‹weight 70›."
        )
    how = ROUTE_TEXT[request.route]
    if step.alternate is not None:
        _add_alternate(request, step, how)
    elif step.per == "course":
        _add_course(request, step, how)
    elif step.per == "week":
        _add_weekly(request, step, how, weekday)
    else:
        low, high = (divide_inward(end, step.times, up=False) for end in (step.low, step.high))
        text = f"{_amount(low, high, step.unit)} {how}{_often(step)}{_length(step.days)}"
        timed = Timed(start=step.start, end=step.end, days=step.days, frequency=step.times)
        request.add(step.step, text, dose(low, high, step.unit), timed)


def _often(step: Step) -> str:
    """Write how often a dose of a day is given: ``" daily"``, ``" twice daily"``."""
    return timing.times_daily(step.times) if step.times > 1 else " daily"


def _add_alternate(request: Request, step: Step, how: str) -> None:
    """Add two dosages with one number, each every second day, that start one day apart."""
    if step.start is None:
        raise UsageError(
            "without dates FHIR cannot say which of two doses on alternate days comes first",
            "Give the first day: ‹start 2026-12-01›.",
        )
    assert step.alternate is not None  # checked before
    for later, amount in enumerate((step.first, step.alternate)):
        start, end = step.start + later * _DAY, step.end
        if end is not None and (end - start).days % 2:
            end -= _DAY
        if end is not None and end < start:
            continue
        text = f"{format_exact(amount)} {step.unit} {how} every other day, from {start}"
        timed = Timed(period=2, start=start, end=end)
        request.add(step.step, text, dose(amount, amount, step.unit), timed)


def _add_course(request: Request, step: Step, how: str) -> None:
    days = course_days(request.options, step.days_low, step.days_high)
    end = None if step.start is None else step.start + (days - 1) * _DAY
    low, high = (divide_inward(total, days, up=False) for total in (step.low, step.high))
    text = f"{_amount(low, high, step.unit)} {how} daily{_length(days)}"
    timed = Timed(start=step.start, end=end, days=days)
    request.add(step.step, text, dose(low, high, step.unit), timed)


def course_days(options: ExportOptions, fewest: int | None, most: int | None) -> int:
    """Return over how many days a course is given; raise UsageError where that is open."""
    days = options.course_days
    if days is None:
        if fewest is not None and fewest == most:
            return fewest
        span = "" if fewest is None else f", {fewest} to {most}"
        raise UsageError(
            f"the source leaves open over how many days{span}, and FHIR has one number",
            f"Choose it: ‹days {fewest or 'N'}›.",
        )
    if fewest is not None and most is not None and not fewest <= days <= most:
        raise UsageError(f"‹days› {days} is outside {fewest} to {most}", "Choose it inside that.")
    return days


def _add_weekly(request: Request, step: Step, how: str, weekday: str | None) -> None:
    day = need_weekday(request, weekday)
    text = (
        f"{_amount(step.low, step.high, step.unit)} {how} once a week on {day.capitalize()}"
        f"{_length(step.days)}"
    )
    timed = Timed(unit="wk", start=step.start, end=step.end, days=step.days, weekday=day)
    most = weekly_maximum(step.high, step.unit)
    request.add(step.step, text, dose(step.low, step.high, step.unit), timed, most)


def need_weekday(request: Request, weekday: str | None) -> str:
    """Return the weekday of a drug for once a week; raise UsageError without one."""
    if weekday is None:
        raise UsageError(
            f"{request.drug.name.lower()} is given once a week, and the day is not stated",
            "Give it: ‹day monday›.",
        )
    return weekday


def weekly_maximum(amount: Decimal, unit: str) -> Json:
    """Return the most in one week."""
    week = {"value": 1, "unit": "week", "system": UCUM, "code": "wk"}
    return {"numerator": quantity(amount, unit), "denominator": week}


def add_row(request: Request, row: DoseRow) -> None:
    """Add the dose of a posology; raise UsageError for what FHIR cannot say."""
    if row.low is None or row.high is None or row.unit is None:
        raise UsageError(f"{row.regimen} has no amount: {row.text}", "Choose another phase.")
    request.route = row.route
    how, options = ROUTE_TEXT[row.route], request.options
    amount = _amount(row.low, row.high, row.unit)
    amount_each, timed, text = dose(row.low, row.high, row.unit), Timed(), f"{amount} {how} daily"
    most = None
    if row.per == "course":
        days = course_days(options, row.days_low, row.days_high)
        low, high = (divide_inward(end, days, up=False) for end in (row.low, row.high))
        amount_each, timed = dose(low, high, row.unit), Timed(days=days)
        text = f"{_amount(low, high, row.unit)} {how} daily{_length(days)}"
    elif row.per == "week":
        day = need_weekday(request, options.weekday)
        text = f"{amount} {how} once a week on {day.capitalize()}"
        timed, most = Timed(unit="wk", weekday=day), weekly_maximum(row.high, row.unit)
    elif row.per == "dose":
        timed, text = _spaced(row, f"{amount} {how}")
    elif row.days_high is not None or row.phase == "pulse":  # a pulse never goes on without end
        days = course_days(options, row.days_low, row.days_high)
        timed, text = Timed(days=days), text + _length(days)
    request.add(1, text, amount_each, timed, most)
    request.days = timed.days if row.per == "day" else None


def _spaced(row: DoseRow, text: str) -> tuple[Timed, str]:
    """Return when single doses are given that have a time between them."""
    match = re.fullmatch(r"([0-9]+) (day|week|month)s?", row.every or "")
    if match is None:
        if row.doses == 1:
            return Timed(doses=1), f"{text} as a single dose"
        raise UsageError(
            f"{row.regimen}: FHIR cannot say when it is given again, {row.every or 'not given'}",
            "Choose another phase.",
        )
    number, unit = int(match[1]), {"day": "d", "week": "wk", "month": "mo"}[match[2]]
    return Timed(period=number, unit=unit, doses=row.doses), f"{text} every {match[0]}"


def products_of(
    steps: Sequence[Step], form: str | None
) -> Iterator[tuple[Decimal, str, list[tuple[Step, Decimal]]]]:
    """Yield each strength with its unit and the steps that take of it, with how many a day.

    Raise UsageError where a step is not made of whole units, or has no dates.
    """
    counts: dict[tuple[Decimal, str], list[tuple[Step, Decimal]]] = {}
    for step in steps:
        if step.products is None or form is None or step.per == "course":
            raise UsageError(
                f"step {step.step} is not made of whole units", "Leave ‹per_product› out."
            )
        if step.alternate is not None or step.start is None:
            raise UsageError(
                "without dates FHIR cannot say when a strength of several is taken"
                if step.start is None
                else "doses on alternate days are not parted into strengths",
                "Give the first day: ‹start 2026-12-01›."
                if step.start is None
                else "Leave ‹per_product› out.",
            )
        for units in step.products:
            counts.setdefault((units.strength, units.unit), []).append((step, units.count))
    for (strength, unit), taken in sorted(counts.items(), key=lambda item: -item[0][0]):
        yield strength, unit, taken


def add_units(
    request: Request,
    strength: str,
    form: str,
    taken: list[tuple[Step, Decimal]],
    weekday: str | None,
) -> None:
    """Make a request one of a product: steps in units of it, and how many are dispensed."""
    request.product = f"{strength} {form}s"
    total: Decimal | None = Decimal(0)
    for number, (step, count) in enumerate(taken, start=1):
        each = EXACT.divide(count, Decimal(step.times))
        words = f"{format_exact(each)} {form if each == 1 else f'{form}s'}"
        how = ROUTE_TEXT[request.route]
        if step.per == "week":
            day = need_weekday(request, weekday)
            text = f"{words} {how} once a week on {day.capitalize()}{_length(step.days)}"
            timed = Timed(unit="wk", start=step.start, end=step.end, weekday=day)
            times = None if step.days is None else -(-step.days // 7)
        else:
            text = f"{words} {how}{_often(step)}{_length(step.days)}"
            timed = Timed(start=step.start, end=step.end, frequency=step.times)
            times = step.days
        request.add(number, text, dose(each, each, form), timed)
        total = (
            None
            if total is None or times is None
            else total + EXACT.multiply(count, Decimal(times))
        )
    if total is not None:
        request.quantity = quantity(total.to_integral_value("ROUND_CEILING"), form)
        request.days = sum(filter(None, (step.days for step, _ in taken)))
