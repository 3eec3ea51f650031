"""A course in equal days: each number of days, and the fewest units that make them exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dispensing.courses import course_by_days, units_of_course
from dmcalc.dispensing.stock import StockOptions, stock_of
from dmcalc.table import load

IVIG = stock_of(load().table, "ivig", "g", StockOptions())  # vials of 2, 5, 10, 20 and 30 g


def written(units):
    return None if units is None else "; ".join(f"{u.count} x {u.strength} {u.unit}" for u in units)


def test_the_units_of_each_day():
    days = course_by_days(IVIG, Decimal(140), 2, 5)
    assert [(day.days, day.daily, written(day.products)) for day in days] == [
        (2, 70, "1 x 30 g; 2 x 20 g"),
        (3, Decimal("46.666666"), "2 x 20 g; 1 x 5 g; 1 x 2 g"),
        (4, 35, "1 x 30 g; 1 x 5 g"),
        (5, 28, "1 x 20 g; 4 x 2 g"),
    ]


@pytest.mark.parametrize(
    ("course", "days", "units"),
    [
        (140, (2, 5), "2 x 30 g; 4 x 20 g"),  # 6 vials in 2 days, 8 in 4, 25 in 5
        (140, (4, 5), "4 x 30 g; 4 x 5 g"),
        (140, (3, 3), None),
        (91, (2, 2), None),
    ],
)
def test_the_fewest_units_that_make_equal_days(course, days, units):
    by_days = course_by_days(IVIG, Decimal(course), *days)
    assert written(units_of_course(IVIG, Decimal(course), by_days)) == units
