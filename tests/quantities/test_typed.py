"""Quantities as people type them: less strict about blanks, as strict about numbers."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from dmcalc.quantities.amount import Amount, read_amount
from dmcalc.quantities.time import Interval, read_date, read_day, read_day_from, read_interval
from tests.quantities.test_written import NUMBERS, RANGES

D = Decimal


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("60mg", "60", "mg"),
        ("60 mg", "60", "mg"),
        (" 60mg ", "60", "mg"),
        ("0.06g", "0.06", "g"),
        ("2.5mg", "2.5", "mg"),
        ("500mcg", "500", "mcg"),
        ("60 MG", "60", "mg"),
        ("62.305mg", "62.305", "mg"),
        ("62.12345678901234567890mg", "62.1234567890123456789", "mg"),
    ],
)
def test_typed_amount(text, value, unit):
    assert read_amount(text) == Amount(D(value), unit)


#: A table has 6 decimals at most; what an answer prints has up to 20, and is read back.
REFUSED = [*(number for number in NUMBERS if number != "1.1234567"), "1.123456789012345678901"]


@pytest.mark.parametrize("number", [*REFUSED, *RANGES, "0", "0.0", "1-2"])
def test_typed_amount_refuses_number(number):
    with pytest.raises(ValueError, match="is not an amount with its unit, like 60mg"):
        read_amount(f"{number}mg")


@pytest.mark.parametrize(
    "text", ["60", "60  mg", "60 m g", "60 kg", "60mg/day", "60mg daily", "mg"]
)
def test_typed_amount_refuses_unit(text):
    with pytest.raises(ValueError, match="is not an amount with its unit, like 60mg"):
        read_amount(text)


@pytest.mark.parametrize(
    ("text", "count", "period"),
    [
        ("4w", 4, "week"),
        ("4 weeks", 4, "week"),
        ("1 week", 1, "week"),
        ("28d", 28, "day"),
        ("28 days", 28, "day"),
        (" 1 day ", 1, "day"),
        ("4W", 4, "week"),
    ],
)
def test_typed_interval(text, count, period):
    assert read_interval(text) == Interval(count, count, period)


@pytest.mark.parametrize(
    "text",
    ["4", "0w", "04w", "4.5w", "-4w", "4-6w", "4m", "4 months", "4  w", "w", "", "٤w", "4wd"],
)
def test_typed_interval_refuses(text):
    with pytest.raises(ValueError, match="is not a number of days or weeks, like 28d or 4w"):
        read_interval(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", datetime.date(2026, 12, 1)),
        (" 2028-02-29 ", datetime.date(2028, 2, 29)),
        ("9999-12-31", datetime.date(9999, 12, 31)),
    ],
)
def test_typed_date(text, day):
    assert read_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 December 2026",
        "01-12-2026",
        "2026/12/01",
        "2026-12-1",
        "20261201",
        "2026-W49-2",
        "2026-12-01T00:00",
        "26-12-01",
        "-2026-12-01",
        "2026-12-011",
        "٢026-12-01",
    ],
)
def test_typed_date_refuses(text):
    with pytest.raises(ValueError, match="is not a date written like 2026-12-01"):
        read_date(text)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "0000-01-01"]
)
def test_day_that_there_is_not(text):
    with pytest.raises(ValueError, match=f"there is no day {text}"):
        read_date(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", datetime.date(2026, 12, 1)),
        ("2026-12-1", datetime.date(2026, 12, 1)),
        ("1 Dec 2026", datetime.date(2026, 12, 1)),
        ("01 dec 2026", datetime.date(2026, 12, 1)),
        (" 29  February 2028 ", datetime.date(2028, 2, 29)),
        ("Dec 1 2026", datetime.date(2026, 12, 1)),
        ("September 3, 2026", datetime.date(2026, 9, 3)),
        ("3 Sept 2026", datetime.date(2026, 9, 3)),
        ("2026-12-01 00:00", datetime.date(2026, 12, 1)),
        ("2026-12-01T00:00:00", datetime.date(2026, 12, 1)),
        ("2026-12-01 00:00:00.000", datetime.date(2026, 12, 1)),
    ],
)
def test_day_as_people_write_it(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1/12/2026", "can be day and month or month and day: write 2026-12-01 or 1 Dec 2026"),
        ("12/1/26", "can be day and month or month and day"),
        ("1.12.2026", "can be day and month or month and day"),
        ("20261201", "is not a date written like"),
        ("1 Dec", "is not a date written like"),
        ("1 Dez 2026", "is not a date written like"),
        ("Monday", "is not a date written like"),
        ("1 de 2026", "is not a date written like"),
        ("31 Apr 2026", "there is no day 2026-04-31"),
        ("tomorrow", "is not a date written like"),
        ("2026-12-01 13:00", "is not a date written like"),
        ("2026-12-01 00:00:01", "is not a date written like"),
        ("2026-12-01T00:00Z", "is not a date written like"),
        ("1 Dec 2026 00:00", "is not a date written like"),
    ],
)
def test_day_that_is_not_understood(text, why):
    with pytest.raises(ValueError, match=why):
        read_day(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", datetime.date(2026, 12, 31)),
        ("Tomorrow", datetime.date(2027, 1, 1)),
        ("+7d", datetime.date(2027, 1, 7)),
        ("+2 weeks", datetime.date(2027, 1, 14)),
        ("1 Dec 2026", datetime.date(2026, 12, 1)),
    ],
)
def test_day_reckoned_from_today(text, day):
    assert read_day_from(text, datetime.date(2026, 12, 31)) == day


@pytest.mark.parametrize("text", ["+7", "+0d", "-7d", "7d", "yesterday", "1/12/2026"])
def test_what_is_not_reckoned_from_today(text):
    with pytest.raises(ValueError, match=r"is not|can be"):
        read_day_from(text, datetime.date(2026, 12, 31))
