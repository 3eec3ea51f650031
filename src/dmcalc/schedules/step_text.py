"""The steps of a schedule in words, for pages, handouts, calendars and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import units_text
from dmcalc.quantities.arithmetic import divide_inward
from dmcalc.text import timing
from dmcalc.text.numbers import capitalised, format_exact, format_number, format_range, plural
from dmcalc.text.units import halves_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.dispensing.stock import DispensedUnits
    from dmcalc.schedules.milestones import MilestoneDose
    from dmcalc.schedules.model import CompanionDose, Step

NOT_MADE = "cannot be made up with whole units"


def amount(step: Step) -> str:
    """Write the amount of a step: ``60 mg``, ``70 to 140 g``."""
    return format_range(step.low, step.high, step.unit)


def exact_amount(step: Step) -> str:
    """Write the amount of a step in full, as it is no range: ``60 mg, next day 55 mg``.

    That of a day in several doses has each in brackets: ``3 g (1.5 g twice daily)``.
    """
    if step.times != 1:
        return f"{format_exact(step.high)} {step.unit} ({each_dose(step)})"
    if step.alternate is not None:
        first, second = format_exact(step.first), format_exact(step.alternate)
        return f"{first} {step.unit}, next day {second} {step.unit}"
    if step.low == step.high:
        return f"{format_exact(step.high)} {step.unit}"  # rounded it could leave its range
    return amount(step)


def each_dose(step: Step) -> str:
    """Write one of the equal doses of a day, and how often it is taken: ``1.5 g twice daily``."""
    low, high = (divide_inward(end, step.times, up=False) for end in (step.low, step.high))
    return f"{format_range(low, high, step.unit)}{timing.times_daily(step.times)}"


def one_of(products: Iterable[DispensedUnits], times: int) -> tuple[DispensedUnits, ...]:
    """Return the units of one of so many equal doses."""
    return tuple(handed._replace(count=handed.count / times) for handed in products)


def units_of_a_day(step: Step, form: str) -> str:
    """Write what is taken on a day, or of a week: ``3 tablets of 500 mg in the morning, 3 in ...``.

    Nothing where no units make the dose.
    """
    products = one_of(step.products or (), step.times)
    text = units_text(products, form)
    if step.times == 1:
        return f"{text} {'a course' if step.per == 'course' else f'a {step.per}'}"
    if step.times != 2:
        return f"{text}{timing.times_daily(step.times)}"
    again = halves_text(products[0].count) if len(products) == 1 else "the same"
    return f"{text} in the morning, {again} in the evening"


def heading(step: Step) -> str:
    """Write the dose of a step in short: ``70 mg daily``, ``140 g over 2 to 5 days, course 2``."""
    if step.per == "course":
        return f"{amount(step)} {over(step)}, course {step.step}"
    if step.times != 1:
        return each_dose(step)
    return f"{amount(step)}{timing.suffix(step.per)}"


def axis(step: Step) -> str:
    """Write what the doses of a schedule are in, for the axis of a chart: ``mg daily``."""
    return f"{step.unit} {'daily' if step.per == 'day' else f'per {step.per}'}"


def dose(step: Step) -> str:
    """Write the dose of a step: ``60 mg daily``, ``140 g per course, over 2 to 5 days``.

    On alternate days both doses are named in their order: a range would read as a choice.
    """
    if step.alternate is not None:
        first, second = alternate_doses(step)
        return f"{first} on the first day, {second} on the next, and so on in turn"
    if step.times != 1:
        return each_dose(step)
    length = f", {over(step)}" if step.per == "course" else ""
    return f"{amount(step)}{timing.suffix(step.per)}{length}"


def alternate_doses(step: Step) -> tuple[str, str]:
    """Write the dose of the first day of alternate days, and that of the next."""
    assert step.alternate is not None
    first, second = (
        f"{format_number(value)} {step.unit}" for value in (step.first, step.alternate)
    )
    return first, second


def over(step: Step) -> str:
    """Write over how many days a course is divided: ``over 2 to 5 days``."""
    assert step.days_low is not None and step.days_high is not None  # proved at loading
    length = format_range(step.days_low, step.days_high)
    return f"over {length} {plural(step.days_high, 'day')}"


def days(step: Step) -> str:
    """Write which days of the schedule a step takes: ``days 1 to 28``, ``from day 127 on``."""
    if step.days is None:
        return f"from day {format_number(step.day)} on, the end is open"
    last = step.day + step.days - 1
    return f"{plural(step.days, 'day')} {format_range(step.day, last)}"


def dates(step: Step) -> tuple[str, ...]:
    """Say from when to when a step lasts, in parts that are not broken over lines."""
    if step.start is None:
        text = days(step)
        return (capitalised(text),)
    first = timing.date(step.start)
    if step.per == "course":
        return (f"Begins on {first}",)
    if step.end is None:
        return (f"From {first} on;", "no end is given:", "ask your prescriber")
    return (first,) if step.end == step.start else (f"{first} to", timing.date(step.end))


def taken(step: Step) -> tuple[str, ...] | None:
    """List what is taken on a day of a step: ``1 × 50 mg``, ``half a tablet of 5 mg``.

    Of a course, what each of its days takes, for each number of days; None where that is not known.
    """
    if step.per == "course":
        return course_days(step) or None
    if step.products is None:
        return (NOT_MADE,)
    if step.alternate is not None:
        return tuple(
            f"{when}: {', '.join(part for handed in products for part in units(handed))}"
            if products
            else f"{when}: {NOT_MADE}"
            for when, products in (
                ("first day", step.products),
                ("next day", step.products_alternate),
            )
        )
    each = tuple(part for handed in one_of(step.products, step.times) for part in units(handed))
    if step.times == 1:
        return each
    if step.times == 2:
        return (
            *(f"{part} in the morning" for part in each),
            *(f"{part} in the evening" for part in each),
        )
    return tuple(f"{part}{timing.times_daily(step.times)}" for part in each)


def course_days(step: Step) -> tuple[str, ...]:
    """List the vials of each day of a course: ``over 2 days: 2 vials of 30 g ... a day``."""
    return tuple(
        f"over {part.days} {plural(part.days, 'day')}: {units_text(part.products, 'vial')} a day"
        for part in step.products_by_days or ()
    )


def units(handed: DispensedUnits) -> Iterator[str]:
    """Write the units of one strength; a half is "half a tablet", never a fraction or 0.5."""
    whole, half = divmod(handed.count, 1)
    strength = f"{format_number(handed.strength)} {handed.unit}"
    if whole:
        yield f"{format_number(whole)} × {strength}"
    if half:
        yield f"half a tablet of {strength}"


def companion_text(companion: CompanionDose, drug: str) -> str:
    """Write what is given on the day after: ``5 mg once a week, on Tuesday, the day after ...``."""
    on = f", on {companion.day.capitalize()}" if companion.day else ""
    dose_range = format_range(companion.low, companion.high, companion.unit)
    return f"{dose_range} once a week{on}, the day after {drug.lower()}"


def milestone_dose(row: MilestoneDose) -> str:
    """Write the dose of a milestone: ``28 mg daily``, or that the drug is discontinued."""
    if row.high == 0:
        return "discontinued"
    return f"{format_range(row.low, row.high, row.unit)} daily"
