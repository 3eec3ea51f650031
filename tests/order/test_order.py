"""Orders as people write them: what is read, what is refused, and where the error points."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.errors import UsageError
from dmcalc.order.parse import Order, read_order
from dmcalc.quantities.time import Interval


def said(text):
    """Return what an order says beside its text, without what it leaves open."""
    order = read_order(text)
    plain = Order(text, order.amount, order.unit, None, order.per)
    differs = {
        key: value
        for key, value in order._asdict().items()
        if key in ("amount", "unit", "per") or value != getattr(plain, key)
    }
    assert order.text == text.strip()
    differs.pop("text", None)
    return differs


def each(amount, unit, per, **more):
    return {"amount": Decimal(amount), "unit": unit, "per": per, **more}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90 mg daily", each("90", "mg", "day")),
        ("90mg daily", each("90", "mg", "day")),
        ("90 mg/day", each("90", "mg", "day")),
        ("90 mg a day", each("90", "mg", "day")),
        ("90 mg every day", each("90", "mg", "day")),
        ("90 mg once daily", each("90", "mg", "day", undivided=True)),
        ("90 mg once a day", each("90", "mg", "day", undivided=True)),
        ("90 MG Daily", each("90", "mg", "day")),
        ("  90 mg  daily ", each("90", "mg", "day")),
        ("90 mg every 24 hours", each("90", "mg", "day")),
        ("90 mg daily as a single dose", each("90", "mg", "day", undivided=True)),
        ("45 mg twice daily", each("45", "mg", "day", times=2)),
        ("45 mg twice a day", each("45", "mg", "day", times=2)),
        ("45 mg 2 times daily", each("45", "mg", "day", times=2)),
        ("45 mg every 12 hours", each("45", "mg", "day", times=2)),
        ("25 mg three times daily", each("25", "mg", "day", times=3)),
        ("25 mg every 8 hours", each("25", "mg", "day", times=3)),
        ("90 mg daily in 2 divided doses", each("90", "mg", "day", parts=2)),
        ("90 mg daily in two doses", each("90", "mg", "day", parts=2)),
        ("0.5 mg daily", each("0.5", "mg", "day")),
        ("500 mcg daily", each("500", "mcg", "day")),
        ("1,000 mg daily", each("1000", "mg", "day")),
        ("1,050.5 mg daily", each("1050.5", "mg", "day")),
        ("1 mg/kg/day", each("1", "mg", "day", basis="kg")),
        ("1 mg/kg daily", each("1", "mg", "day", basis="kg")),
        ("1 mg per kg per day", each("1", "mg", "day", basis="kg")),
        ("25 mg/m2/week", each("25", "mg", "week", basis="m2")),
        ("20 mg once a week", each("20", "mg", "week", undivided=True)),
        ("20 mg weekly", each("20", "mg", "week")),
        ("20 mg once weekly", each("20", "mg", "week", undivided=True)),
        ("20 mg/week", each("20", "mg", "week")),
        ("20 mg every week", each("20", "mg", "week")),
        ("20 mg every 7 days", each("20", "mg", "week")),
        (
            "20 mg once a week, on Monday",
            each("20", "mg", "week", undivided=True, weekday="monday"),
        ),
        (
            "20 mg once a week on Mondays",
            each("20", "mg", "week", undivided=True, weekday="monday"),
        ),
        ("20 mg on Mondays", each("20", "mg", "week", weekday="monday")),
        ("20 mg every Monday", each("20", "mg", "week", weekday="monday")),
        (
            "90 mg every morning",
            each("90", "mg", "day", undivided=True, time_of_day="in the morning"),
        ),
        (
            "90 mg each morning",
            each("90", "mg", "day", undivided=True, time_of_day="in the morning"),
        ),
        (
            "90 mg in the morning",
            each("90", "mg", "day", undivided=True, time_of_day="in the morning"),
        ),
        (
            "90 mg daily in the morning",
            each("90", "mg", "day", undivided=True, time_of_day="in the morning"),
        ),
        ("90 mg at night", each("90", "mg", "day", undivided=True, time_of_day="at night")),
        (
            "20 mg once a week in the morning",
            each("20", "mg", "week", undivided=True, time_of_day="in the morning"),
        ),
        ("90 mg alternate days", each("90", "mg", "dose", every=Interval(2, 2, "day"))),
        (
            "90 mg every other day in the morning",
            each("90", "mg", "dose", every=Interval(2, 2, "day"), time_of_day="in the morning"),
        ),
        ("20 mg once a week for 4 weeks", each("20", "mg", "week", days=28, undivided=True)),
        ("10 mg twice a week", each("10", "mg", "week", times=2)),
        ("10 mg every 1 day", each("10", "mg", "day")),
        ("10 mg every 1 week", each("10", "mg", "week")),
        ("1 g every 1 month", each("1", "g", "dose", every=Interval(1, 1, "month"))),
        ("1 g every 7 months", each("1", "g", "dose", every=Interval(7, 7, "month"))),
        (
            "70 g daily for 4 days every 4 days",
            each("70", "g", "day", days=4, every=Interval(4, 4, "day")),
        ),
        (
            "1 g daily for 28 days every month",
            each("1", "g", "day", days=28, every=Interval(1, 1, "month")),
        ),
        ("1 g daily for four weeks", each("1", "g", "day", days=28)),
        ("1 g in ten doses daily", each("1", "g", "day", parts=10)),
        ("140 g over 2 days", each("140", "g", "course", days=2)),
        ("2 g/kg divided over 5 days", each("2", "g", "course", basis="kg", days=5)),
        ("2 g/kg/course", each("2", "g", "course", basis="kg")),
        ("140 g per course over 2 days", each("140", "g", "course", days=2)),
        (
            "140 g over 2 days every 4 weeks",
            each("140", "g", "course", days=2, every=Interval(4, 4, "week")),
        ),
        ("70 g daily for 2 days", each("70", "g", "day", days=2)),
        (
            "1 g daily for 3 days every month",
            each("1", "g", "day", days=3, every=Interval(1, 1, "month")),
        ),
        ("60 mg daily for 6 weeks", each("60", "mg", "day", days=42)),
        ("1 g IV daily for 3 days", each("1", "g", "day", days=3, route="intravenous")),
        ("1 g intravenously daily", each("1", "g", "day", route="intravenous")),
        ("60 mg by mouth daily", each("60", "mg", "day", route="oral")),
        ("60 mg, orally, daily", each("60", "mg", "day", route="oral")),
        (
            "20 mg under the skin once a week",
            each("20", "mg", "week", route="subcutaneous", undivided=True),
        ),
        ("1 g as a single dose", each("1", "g", "dose", doses=1)),
        ("1 g in 1 dose", each("1", "g", "dose", doses=1)),
        ("1 g once", each("1", "g", "dose", doses=1)),
        ("1 g/dose", each("1", "g", "dose")),
        ("1 g every 6 months", each("1", "g", "dose", every=Interval(6, 6, "month"))),
        ("1 g once a month", each("1", "g", "dose", every=Interval(1, 1, "month"))),
        ("40 mg every other day", each("40", "mg", "dose", every=Interval(2, 2, "day"))),
        ("40 mg on alternate days", each("40", "mg", "dose", every=Interval(2, 2, "day"))),
        (
            "1 g twice, 2 weeks apart",
            each("1", "g", "dose", doses=2, every=Interval(2, 2, "week")),
        ),
        (
            "600 mg/m2 every 4 weeks for 6 doses",
            each("600", "mg", "dose", basis="m2", doses=6, every=Interval(4, 4, "week")),
        ),
    ],
)
def test_what_is_read(text, expected):
    assert said(text) == expected


def test_the_longest_order_is_read():
    assert read_order("90 mg daily".ljust(200)).amount == 90


REFUSED = [
    # what is missing
    ("90 daily", 4, "the unit is missing before 'daily'"),
    ("90", 3, "the unit is missing;"),
    ("90 mg", 6, "how often is missing"),
    ("1 mg/kg", 8, "how often is missing"),
    ("daily", 1, "not an amount"),
    ("prednisone 90 mg daily", 1, "'prednisone' is not an amount"),
    ("1 g for 3 days", 5, "how often is missing with 'for 3 days'"),
    ("90 mg in 2 doses", 7, "how often is missing"),
    ("1 g twice", 5, "twice daily"),
    # error-prone abbreviations, with the plain word
    ("90 mg QD", 7, "write daily"),
    ("90 mg q.d.", 7, "write daily"),
    ("90 mg OD", 7, "write daily"),
    ("90 mg QOD", 7, "write every 2 days"),
    ("45 mg BD", 7, "write twice daily"),
    ("45 mg b.i.d.", 7, "write twice daily"),
    ("30 mg TDS", 7, "write 3 times daily"),
    ("45 mg q12h", 7, "write every 12 hours"),
    ("140 g q4w", 7, "write every 4 weeks"),
    ("1 g IV x3d", 8, "write for 3 days"),
    ("1 g IV x3w", 8, "write for 3 weeks"),
    ("1 g IV x3", 8, "write for 3 days"),
    ("1 g daily 3/7", 11, "write for 3 days"),
    ("1 g daily 3d", 11, "write 3 days"),
    ("60 mg PO daily", 7, "write by mouth"),
    ("20 mg SC weekly", 7, "write subcutaneously"),
    ("60 mg daily prn", 13, "cannot be compared"),
    ("90 mg/d", 6, "write daily"),
    ("500 µg daily", 5, "write mcg"),
    ("500 ug daily", 5, "write mcg"),
    ("60 mgs daily", 4, "write mg"),
    ("60 U daily", 4, "mcg, mg or g"),
    ("10 mL daily", 4, "not the volume"),
    ("2 tablets daily", 3, "not a count"),
    ("MTX 20 mg once a week", 1, "leave the drug out"),
    ("1 g/m² every 4 weeks", 4, "write m2"),
    ("20 mg biweekly", 7, "write every 2 weeks or twice a week"),
    # numbers
    ("5.0 mg daily", 1, "write 5,"),
    ("7.50 mg daily", 1, "write 7.5,"),
    (".5 mg daily", 1, "write 0.5,"),
    ("1,5 g daily", 1, "a comma parts thousands"),
    ("1,00 mg daily", 1, "a comma parts thousands"),
    ("10,0000 mg daily", 1, "a comma parts thousands"),
    ("0,500 g daily", 1, "a comma parts thousands"),
    ("1000,000 mg daily", 1, "a comma parts thousands"),
    ("1.2.3 mg daily", 1, "cannot be read"),
    ("007 mg daily", 1, "cannot be read"),
    ("1234567 mg daily", 1, "cannot be read"),
    ("0.123456789012345678901 mg daily", 1, "cannot be read"),
    ("0 mg daily", 1, "above 0"),
    ("-60 mg daily", 1, "not an amount"),
    ("٦٠ mg daily", 1, "not an amount"),
    ("1e2 mg daily", 2, "unit is missing"),
    ("50-60 mg daily", 1, "check each end"),
    ("50 to 60 mg daily", 1, "check each end"),
    ("50 mg to 60 mg daily", 7, "check each end"),
    # what contradicts itself, or is said twice
    ("90 mg daily daily", 13, "say it once"),
    ("90 mg daily weekly", 13, "say it once"),
    ("60 mg by mouth IV daily", 16, "say it once"),
    ("28 g daily over 5 days", 12, "does not go with 'daily'"),
    ("140 g over 2 days for 2 days", 19, "does not go with"),
    ("20 mg weekly every 2 weeks", 14, "does not go with"),
    ("40 mg daily every 2 days", 13, "does not go with"),
    ("1 g once, every 2 weeks", 11, "does not go with"),
    ("45 mg twice daily in 2 doses", 19, "too"),
    ("45 mg twice daily as a single dose", 19, "does not go with 'twice daily'"),
    ("45 mg in one dose every 12 hours", 19, "does not go with 'in one dose'"),
    ("10 mg twice a week in one dose", 20, "does not go with 'twice a week'"),
    ("90 mg daily in 2 doses as a single dose", 24, "does not go with 'in 2 doses'"),
    ("90 mg once daily in 2 doses", 18, "does not go with 'once daily'"),
    ("90 mg every night in 2 divided doses", 19, "does not go with 'every night'"),
    ("20 mg in 2 doses once a week", 18, "does not go with 'in 2 doses'"),
    ("20 mg every Monday as a single dose on Thursday", 37, "written in 'every Monday' too"),
    ("20 mg daily on Monday", 13, "once a week"),
    ("20 mg once a week for 10 days", 19, "whole weeks"),
    ("70 g daily for 5 days every 4 days", 23, "5 days do not fit"),
    ("140 g over 5 days every 2 days", 19, "5 days do not fit"),
    ("1 g daily for 29 days every month", 23, "29 days do not fit"),  # February
    ("10 mg twice a week on Monday", 20, "once a week"),
    ("90 mg every 7 hours", 7, "whole number of times"),
    ("90 mg every 7 hours in 2 doses", 7, "whole number of times"),
    ("90 mg every 7 hours in the morning", 21, "does not go with 'every 7 hours'"),
    ("1 g every 2 weeks for 4 weeks", 19, "how often is missing with"),
    # words that are not known
    ("60 mg of it daily", 7, "'of' is not understood"),
    ("45 mg twice daily in the morning", 19, "'in the morning' does not go with 'twice daily'"),
    ("90 mg daily in 2 doses at night", 24, "'at night' does not go with 'in 2 doses'"),
    ("90 mg every morning at night", 21, "'at night' does not go with 'every morning'"),
    ("20 mg on Monday", 7, "a day of the week goes with once a week"),
    ("10 mg twice a week on Monday", 20, "a day of the week goes with once a week"),
    ("20 mg on Mondays and Thursdays", 18, "'and' is not understood"),
    ("20 mg every Monday on Thursday", 20, "the day is written in 'every Monday' too"),
    ("90 mg daily,", 12, "',' is not understood"),
    ("90 mg dailyy", 7, "'dailyy' is not understood"),
    ("up to 25 mg weekly", 1, "not an amount"),
    ("90 mgdaily", 4, "unit is missing"),
    ("90 mg daily; 45 mg weekly", 7, "'daily;' is not understood"),
]


@pytest.mark.parametrize(("text", "at", "problem"), REFUSED)
def test_what_is_refused_and_where(text, at, problem):
    with pytest.raises(UsageError) as wrong:
        read_order(text)
    message, shown, pointer = wrong.value.message.split("\n")
    assert message.endswith(f", at character {at}")
    assert problem in message
    assert shown == f"  {text}"
    assert pointer == " " * (at + 1) + "^"
    assert "90 mg daily" in wrong.value.hint


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("90 mg daily " * 20, "more than 200 characters"),
        ("90 mg daily".ljust(201), "more than 200 characters"),
        ("90 mg\tdaily", "at character 6"),
        ("90 mg daily\n", "at character 12"),
        ("90\u00a0mg daily", "at character 3"),
        ("90 mg\x1b[31m daily", "at character 6"),
    ],
)
def test_what_is_no_line_of_text(text, problem):
    with pytest.raises(UsageError, match=problem) as wrong:
        read_order(text)
    assert "\n" not in wrong.value.message
