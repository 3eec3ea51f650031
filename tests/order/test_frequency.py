"""Doses that are repeated: how often, how many of them, and what of that is not compared."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from dmcalc.order.frequency import amount_per_period
from dmcalc.order.parse import read_order


@pytest.mark.parametrize(
    ("order", "induction", "maintenance"),
    [
        ("1 g twice, 2 weeks apart", "within", "interval"),
        ("1 g every 2 weeks for 2 doses", "within", "interval"),
        ("1 g for 2 doses", "within", "within"),
        ("1 g/dose", "within", "within"),
        ("1 g as a single dose", "doses", "within"),
        ("1 g every 2 weeks for 3 doses", "doses", "interval"),
        ("1 g every 6 months", "doses", "within"),
        ("1 g every 26 weeks", "doses", "within"),  # 182 days; 6 months are 168 to 186
        ("1 g every 24 weeks", "doses", "within"),
        ("1 g every 23 weeks", "doses", "interval"),
        ("1 g every 27 weeks", "doses", "interval"),  # 189 days
        ("1 g every 168 days", "doses", "within"),
        ("1 g every 167 days", "doses", "interval"),
        ("1 g every 186 days", "doses", "within"),
        ("1 g every 187 days", "doses", "interval"),
        ("1 g every 5 months", "doses", "interval"),
        ("1 g every 7 months", "doses", "interval"),
        ("1 g daily", "frequency", "frequency"),
        ("1 g once a week", "frequency", "frequency"),
        ("2 g over 2 days", "frequency", "frequency"),
        ("0.5 g every 6 months", "doses", "below"),
    ],
)
def test_doses_one_by_one(checked, order, induction, maintenance):
    rows = checked("rituximab", order).rows
    assert [row.code or row.verdict for row in rows] == [induction, maintenance]


@pytest.mark.parametrize(
    ("order", "remarks"),
    [
        ("1 g as a single dose", ""),
        (
            "1 g for 2 doses",
            " The number of doses, 2, is not compared: the source gives none."
            " The order names no interval; the source gives it every 6 months.",
        ),
        ("1 g/dose", " The order names no interval; the source gives it every 6 months."),
        ("1 g every 26 weeks", " A month is taken as 28 to 31 days."),
        ("1 g every 6 months", ""),
    ],
)
def test_what_of_a_repeated_dose_is_not_compared(only, order, remarks):
    message = only("rituximab", order, phase="maintenance").message
    assert message == f"1 g is what the source gives.{remarks}"


@pytest.mark.parametrize(
    ("order", "code", "words"),
    [
        ("1 g twice daily", "divided", "the order gives the amount of a day in 2 doses"),
        ("2 g daily in 2 doses", "divided", "the order gives the amount of a day in 2 doses"),
        ("2 g once daily", "divided", "the order gives the amount of a day in 1 dose;"),
        ("2 g daily", None, "The order does not say in how many doses"),
        ("2 g daily in 3 doses", None, None),
        ("500 mg every 8 hours", None, None),
        ("500 mg every 6 hours", None, None),
    ],
)
def test_a_days_amount_that_a_source_divides_into_three(row, order, code, words):
    dose = row("mycophenolate.target", weight="70")._replace(times_daily=3)
    _, findings = amount_per_period(dose, read_order(order), Decimal(1))
    assert [finding.code for finding in findings] == ([code] if words else [])
    assert not words or re.match(re.escape(words), findings[0].text)


def test_a_daily_dose_for_some_days_is_no_total_over_them(only):
    message = only("methylprednisolone", "1 g once a week").message
    assert message.endswith("the order is for a week; the source gives an amount for a day.")
    message = only("ivig", "140 g once a week", "70", phase="induction").message
    assert message.endswith("an amount for a course, the total over 2 to 5 days.")


@pytest.mark.parametrize(
    ("every", "inside"),
    [
        *(("3 weeks", False), ("4 weeks", True), ("5 weeks", True), ("6 weeks", True)),
        *(("7 weeks", False), ("27 days", False), ("28 days", True), ("42 days", True)),
        *(("43 days", False), ("1 month", True), ("2 months", False)),
    ],
)
def test_an_interval_of_4_to_6_weeks_is_kept_from_its_first_day_to_its_last(row, every, inside):
    dose = row("rituximab.maintenance")._replace(every="4-6 weeks")
    _, findings = amount_per_period(dose, read_order(f"1 g every {every}"), Decimal(1))
    assert ([f.code for f in findings if f.code] == []) == inside
