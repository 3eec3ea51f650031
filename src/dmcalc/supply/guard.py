"""What an amount is checked against before it is dispensed, and its warnings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dispensing.stock import units_in_all
from dmcalc.errors import RefusedError, UsageError
from dmcalc.quantities.arithmetic import divide_inward, multiply
from dmcalc.results.base import ClinicalWarning, leading
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact
from dmcalc.text.units import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dispensing.stock import Stock
    from dmcalc.supply.document import DispenseRow
    from dmcalc.supply.largest_dose import LargestDoses
    from dmcalc.supply.request import DispenseInput, Giving
    from dmcalc.table.model.drug import DividedDose, Drug


def as_course(
    drug: Drug, giving: Giving, limits: LargestDoses, days: tuple[int, int] | None
) -> Giving:
    """Read an amount of a drug that is given in courses as that of a course; raise UsageError.

    ``days`` are those that it is divided over: the sources must divide it so. Raise RefusedError
    for a number of days of a drug that is given once a week.
    """
    course = limits.course
    if course is None:
        if days is not None and drug.once_weekly:
            raise RefusedError(
                f"{drug.name} is given once a week and never on consecutive days",
                'Leave ‹days› out, or write the order and ‹for›: "15 mg once a week", ‹for 4w›.',
            )
        if days is not None:
            raise UsageError(
                "‹days› divides a course, and this drug is not given in courses",
                'For a number of days write the order and ‹for›: "70 mg daily", ‹for 28d›.',
            )
        return giving
    if giving.order is not None and days is not None:
        raise UsageError("‹days› does not go with an order", "Write the days in the order.")
    if giving.per == "day":
        if giving.days is None:
            raise UsageError(
                "the order names no number of days: a course is divided over some",
                'Write "70 g daily for 2 days", or a total: "140 g over 2 days".',
            )
        total = multiply(giving.amount, Decimal(giving.days))
        giving = giving._replace(amount=total, times=1)
    elif giving.per == "week":
        raise UsageError("this drug is given in courses, not by the week")
    if days is not None:  # of several numbers of days each row has its own
        giving = giving._replace(days=days[0])
    fewest, most = limits.course_days
    for count in (giving.days,) if days is None else days:
        if count is not None and not fewest <= count <= most:
            raise UsageError(
                f"‹days› {count} is outside {fewest} to {most}",
                f"The sources divide a course of {course.drug} over {fewest} to {most} days.",
            )
    return giving._replace(per="course")


def refuse_above(
    giving: Giving, limits: LargestDoses, options: DispenseInput, *, once_weekly: bool
) -> Iterator[ClinicalWarning]:
    """Raise RefusedError for an amount above the largest dose, or warn of it if it is confirmed.

    What is taken once a week, and a course, is never confirmed.
    """
    largest = limits.largest
    if largest is None:
        message = "The table has no amount of it that this one could be checked against."
        yield ClinicalWarning("no-largest-dose", None, message, None)
        return
    most = limits.of(largest)
    if giving.amount <= most or largest.high is None:
        return
    amount = f"{format_exact(giving.amount)} {giving.unit}{timing.suffix(giving.per)}"
    most_text = f"{format_exact(largest.high)} {largest.unit}{timing.suffix(largest.per)}"
    problem = (
        f"{amount} of {largest.drug} is above the most that the table gives, {most_text} "
        f"({largest.regimen})"
    )
    if once_weekly or giving.per == "course":
        why = "What is taken once a week" if once_weekly else "A course"
        raise RefusedError(
            problem, f"Check the amount and its unit. {why} is never dispensed above that."
        )
    if not options.confirm_amount:
        raise RefusedError(
            problem, "Check the amount and its unit; ‹confirm_amount› says that it is right."
        )
    yield ClinicalWarning("amount-confirmed", largest.drug, f"Confirmed: {problem}.", None)


def refuse_single(
    giving: Giving, drug: str, maximum: tuple[Decimal, str] | None, options: DispenseInput
) -> Iterator[ClinicalWarning]:
    """Raise RefusedError for one dose above what rules leave for one, or warn if it is confirmed.

    ``maximum`` is the most and the rule that says so.
    """
    if maximum is None or giving.per not in ("dose", "day"):
        return
    most, rule = maximum
    if giving.amount <= multiply(most, Decimal(giving.times)):
        return
    single = format_exact(divide_inward(giving.amount, giving.times, up=False))
    problem = (
        f"one dose of {single} {giving.unit} is over the most that rules for this patient leave "
        f"for one, {format_exact(most)} {giving.unit} ({rule})"
    )
    if not options.confirm_amount:
        raise RefusedError(
            problem, "Divide the day's dose; ‹confirm_amount› says that the amount is right."
        )
    yield ClinicalWarning("amount-confirmed", drug, f"Confirmed: {problem}.", None)


def refuse_rounded(dose: Decimal, giving: Giving, limits: LargestDoses, *, always: bool) -> None:
    """Raise RefusedError where rounding made more than the patient may have.

    It is where a rule reduced the dose, and ``always`` for what is taken once a week.
    """
    most = None if giving.per == "course" else limits.for_rounding(giving.amount)
    reduced = any(row.low_before is not None for row in limits.rows)
    if most is not None and (reduced or always) and dose > most:
        raise RefusedError(
            f"whole units make {format_exact(dose)} {giving.unit}, more than the "
            f"{format_exact(most)} {giving.unit} that this patient may have",
            "Ask the prescriber.",
        )


def warnings_of(
    row: DispenseRow, stock: Stock, divided: DividedDose | None, units_at_once: int
) -> Iterator[ClinicalWarning]:
    """Warn of rounding up, of a day's dose at once, and of more units at once than anyone takes."""
    if row.deviation > 0:
        message = (
            f"Rounded up: {format_exact(row.dispensed)} {row.unit} is "
            f"{format_exact(row.deviation_percent)} per cent more than was asked for."
        )
        yield ClinicalWarning("rounded-up", row.drug, message, None)
    if stock.form == "vial":
        return
    if divided is not None and row.per == "dose" and row.largest is not None:
        single = row.largest / divided.times_daily
        if row.dispensed > single:
            message = (
                f"This is more than one of the {divided.times_daily} doses into which a source "
                f"divides a day's dose, {format_exact(single)} {row.unit} ({divided.population}). "
                "It is no single dose."
            )
            source = leading(divided.cite).source
            yield ClinicalWarning("not-divided", row.drug, message, source)
    at_once = units_in_all(row.products) / stock.times_daily
    if at_once > units_at_once:
        message = (
            f"{count_text(at_once, stock.form)} at one time: more than {units_at_once}, a limit of "
            "this program. Is there another strength?"
        )
        yield ClinicalWarning("many-units", row.drug, message, None)
