"""A course in equal days: the units of each day, and those of the whole course."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dmcalc.dispensing.stock import CourseDays, mass_of, multiply_units, units_in_all
from dmcalc.quantities.arithmetic import divide_inward

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dispensing.stock import DispensedUnits, Stock


@lru_cache  # several posologies of a drug have the same course
def course_by_days(stock: Stock, course: Decimal, fewest: int, most: int) -> tuple[CourseDays, ...]:
    """Return the units of each day of a course, for each number of days; vials cover each day."""
    parts = []
    for days in range(fewest, most + 1):
        daily = divide_inward(course, days, up=False)
        made = stock.make(daily)
        if made.products is not None:
            parts.append(CourseDays(days, daily, made.products))
    return tuple(parts)


@lru_cache
def units_of_course(
    stock: Stock, course: Decimal, by_days: tuple[CourseDays, ...]
) -> tuple[DispensedUnits, ...] | None:
    """Return the fewest units of a course that make equal days; None where none do exactly."""
    even = [
        multiply_units(part.products, part.days)
        for part in by_days
        if mass_of(part.products, stock.unit) * part.days == course
    ]
    return min(even, key=units_in_all, default=None)
