from __future__ import annotations

import re

import pytest

from dmcalc.quantities.amount import Amount, AmountRange, Rate
from dmcalc.quantities.flow import InfusionRate
from dmcalc.quantities.time import Duration, Interval
from dmcalc.sources import quotes

# A value, and a quote that it stands in.
STANDS = [
    # as it is written
    ("4 mg/kg/day", "4 mg/kg/day PO"),
    ("0.75-1 mg/kg/day", "0.75–1 mg/kg/day (Max. 60–80 mg/day)"),
    ("60-80 mg/day", "0.75–1 mg/kg/day (Max. 60–80 mg/day)"),
    ("15-25 mg/week", "15–25 mg/week (orally), should be given with folate 1 mg/day"),
    ("50 mg/day", "Start 50 mg/day; increase to 2–2.5 mg/kg/day"),
    ("2-2.5 mg/kg/day", "Start 50 mg/day; increase to 2–2.5 mg/kg/day"),
    ("20-25 mg/week", "Start 10 mg/week; up to 20–25 mg/week"),
    # dashes, points and blanks
    ("2-3 g/day", "2‐3 g/day"),
    ("2-3 g/day", "2‑3 g/day"),
    ("2-3 g/day", "2—3 g/day"),
    ("2-3 g/day", "2 to 3 g/day"),
    ("0.06 mg/kg/day", "0·06 mg/kg per day"),
    ("0.5-1 g/m2/dose", "0·5–1 g/m² per month"),
    ("1-2 g/kg/course", "taper to 1-2g/kg after 16 weeks"),
    ("4 mg/kg/day", "4  mg / kg / day"),
    ("20 mg", "until the patient is on 20mg/day"),
    ("0.5 mg/day", "0.50 mg/day"),
    # an enumeration whose unit stands once
    ("1 mg", "Each tablet contains 1, 2.5, 5, or 10 mg of prednisone"),
    ("2.5 mg", "Each tablet contains 1, 2.5, 5, or 10 mg of prednisone"),
    ("10 mg", "Each tablet contains 1, 2.5, 5, or 10 mg of prednisone"),
    # words for units and times
    ("1 mg/kg/day", "1 mg per kilogram, up to 100 mg per day"),
    ("1 mg/kg/day", "1 milligram per kilo daily"),
    ("1 g/dose", "up to a maximum dose of 1 gram"),
    ("1 mg/kg/day", "1 mg/kg each day"),
    ("10 mg/week", "10 mg weekly"),
    ("10 mg/week", "10 mg per week"),
    ("1 g/day", "IV pulse therapy 1 g/day for 3–5 days"),
    ("3-5 days", "IV pulse therapy 1 g/day for 3–5 days"),
    ("2-5 days", "given over 2-5 consecutive days every 4 weeks"),
    ("4 weeks", "given over 2-5 consecutive days every 4 weeks"),
    ("4 weeks", "decrease prednisone every four weeks"),
    ("12 weeks", "within the first twelve weeks"),
    ("6 months", "1 g every 6 months"),
    ("1 month", "given over 2 days initially monthly for 3-6 months"),
    ("1 month", "10–15 mg/kg per month"),
    ("1 week", "5–10 mg decrease Every week"),
    ("2 weeks", "twice within a 2-week interval"),
    ("4 weeks", "6 doses given 4-weekly"),
    ("1-3 months", "Every 1 - 3 months"),
    # months that are years
    ("12 months", "Annual height measurement"),
    # an amount after its time: of two times the nearest
    ("20 mg/week", "once a week: 20 mg"),
    ("70 mg/week", "weekly, then daily and again weekly: 70 mg"),
    ("12 months", "BMD 1-year post GC initiation"),
    ("12-24 months", "and every 1-2 years thereafter"),
    # edges of bands
    ("40 mg", ">40 mg 5–10 mg decrease Every week"),
    ("10 mg", "10–20 mg 2.5 mg decrease"),
    ("20 mg", "10–20 mg 2.5 mg decrease"),
    ("span 2.5 mg", "10–20 mg 2.5 mg decrease Every 1–4 weeks"),
    ("span 5-10 mg", ">40 mg 5–10 mg decrease Every week"),
    # counts
    (2, "Initially 2x 1 g followed by 1x 1 g every 6 months"),
    (2, "1 g given twice within a fortnight"),
    (6, "6 doses given 4-weekly"),
    (10, "a total of 10 infusions"),
    (2, "Maintenance: 2g daily (in 2 divided doses)"),
    (16, "taper to 1-2g/kg after 16 weeks"),
    (28, "At Week 28, subjects who are stable"),
]

# A value, and a quote that it does not stand in although the figures look alike.
STANDS_NOT = {
    "digits": [
        ("5 mg/day", "15 mg/day"),
        ("5 mg/day", "50 mg/day"),
        ("1 mg/day", "0.1 mg/day"),
        ("5 mg/day", "0.5 mg/day"),
        ("15 mg/day", "1.5 mg/day"),
        ("1.5 mg/day", "15 mg/day"),
        ("0.75 mg/kg/day", "0.075 mg/kg/day"),
    ],
    "ranges": [
        ("1.5 mg/kg/day", "1-5 mg/kg/day"),
        ("1-5 mg/kg/day", "1.5 mg/kg/day"),
        ("15 mg/kg/day", "1-5 mg/kg/day"),
        ("1 mg/kg/day", "1-5 mg/kg/day"),
        ("5 mg/kg/day", "1-5 mg/kg/day"),
        ("5 mg/kg/day", "1 to 5 mg/kg/day"),
        ("2-4 mg/kg/day", "2-5 mg/kg/day"),
        ("2-3 weeks", "3-4 weeks"),
        ("4 weeks", "3-4 weeks"),
        ("5-10 mg/day", "5 mg/day, then 10 mg/day"),
        ("5 mg", "2-5-7 mg"),
        ("span 10 mg", ">40 mg 5–10 mg decrease Every week"),
    ],
    "separators": [
        ("500 mg/day", "1,500 mg/day"),
        ("5 mg/kg/day", "1,5 mg/kg/day"),
        ("5 mg/kg/day", "1·5 mg/kg/day"),
        ("4 mg/day", "1/4 mg/day"),
        ("2 mg/day", "½-2 mg/day"),
    ],
    "comparators": [
        ("40 mg/day", ">40 mg/day"),
        ("40 mg/day", "< 40 mg/day"),
        ("40 mg/day", "≤ 40 mg/day"),
        ("40 mg/day", ">= 40 mg/day"),
        ("3 weeks", "<3 weeks"),
        ("40 mg/day", "less than 40 mg/day"),
        ("40 mg/day", "more than 40 mg/day"),
    ],
    "units": [
        ("2 mg/kg/day", "2 g/kg/day"),
        ("2 g/kg/day", "2 mg/kg/day"),
        ("2 mcg/day", "2 mg/day"),
        ("2 mg/day", "2 mcg/day"),
        ("2 mg/day", "2 mL/day"),
        ("2 mg/day", "2 tablets/day"),
        ("2 mg/day", "2/day"),
        ("2 g/day", "2 gallons/day"),
        ("span 5 mg", "5 mcg decrease"),
        ("20 mg", "20 g"),
    ],
    "bases": [
        ("2 mg/day", "2 mg/kg/day"),
        ("2 mg/kg/day", "2 mg/day"),
        ("2 mg/kg/day", "2 mg/m2/day"),
        ("600 mg/m2/dose", "600 mg/kg"),
        ("20 mg", "20 mg/m2"),
        ("20 mg", "20 mg per kg"),
        ("span 5 mg", "5 mg/kg decrease"),
    ],
    "concentrations and rates": [
        ("20 mg", "20 mg/mL"),
        ("100 mg/dose", "IgG concentration 100 mg/mL"),
        ("1 g/dose", "1 g/L"),
        ("3.3 mg/kg/dose", "3.3 mg/kg/min"),
        ("1 g/dose", "1 g/hour"),
    ],
    "times": [
        ("10 mg/day", "10 mg/week"),
        ("10 mg/week", "10 mg/day"),
        ("10 mg/day", "10 mg weekly"),
        ("10 mg/day", "10 mg"),
        ("10 mg/day", "10 mg every 2 days"),
        ("10 mg/week", "10 mg every 2 weeks"),
        ("2 g/kg/course", "2 g/kg/day"),
        ("2 g/kg/course", "2 g/kg daily for 5 days"),
        ("1 g/dose", "1 g/day"),
        ("3-5 days", "3-5 weeks"),
        ("6 months", "6 weeks"),
        ("12 months", "every 2 years"),
        ("2 months", "every 2 years"),
        ("12 months", "every 1-2 years"),
        ("3 months", "Every 1 - 3 months"),
        ("1 week", "1 month"),
        ("12 weeks", "for 1 year"),  # a year has 12 months
        ("6 months", "for 0.5 years"),  # nothing is a year but 12 months
        ("70 mg/day", "weekly, then daily and again weekly: 70 mg"),
    ],
    "times of other figures": [
        ("15-25 mg/day", "15–25 mg/week (orally), should be given with folate 1 mg/day"),
        ("1 mg/week", "15–25 mg/week (orally), should be given with folate 1 mg/day"),
        ("10 mg/day", "Start 10 mg/week, checked daily"),
    ],
    "several times a day or week": [
        ("50 mg/day", "50 mg twice daily"),
        ("50 mg/day", "50 mg three times daily"),
        ("50 mg/day", "50 mg 2 times a day"),
        ("5 mg/week", "5 mg twice weekly"),
        ("1 month", "6-monthly"),
        ("1 month", "bimonthly"),
        ("1 week", "every other week"),
    ],
    "counts": [
        (2, "2 mg"),
        (2, "2-5 days"),
        (2, "2-3 doses"),
        (4, "6 doses given 4-monthly"),
        (16, "16"),
        (1, "11 doses"),
        (6, "16 weeks"),
    ],
}
NEGATIVE = [(group, value, quote) for group, rows in STANDS_NOT.items() for value, quote in rows]


def value_of(written: str | int) -> Rate | AmountRange | Amount | Interval | int:
    """Read a value as the table writes it; ``span`` stands before a range of amounts."""
    if isinstance(written, int):
        return written
    if written.startswith("span "):
        return AmountRange.parse(written.removeprefix("span "))
    if "/" in written:
        return Rate.parse(written)
    return (Amount if re.search(r" (mcg|mg|g)$", written) else Interval).parse(written)


@pytest.mark.parametrize(("value", "quote"), STANDS)
def test_stands_in_its_quote(value, quote):
    assert quotes.in_quote(value_of(value), quote)


@pytest.mark.parametrize(("group", "value", "quote"), NEGATIVE)
def test_does_not_stand_in_a_quote_that_looks_alike(group, value, quote):
    assert not quotes.in_quote(value_of(value), quote)


def test_the_time_of_an_amount_at_the_end_is_the_last_before_it():
    quote = "not every day but once every week: 15 mg"
    assert quotes.in_quote(Rate.parse("15 mg/week"), quote)
    assert not quotes.in_quote(Rate.parse("15 mg/day"), quote)


@pytest.mark.parametrize(
    ("quote", "count"), [("", 0), ("one", 1), ("2 g/kg for 2-5 days; taper", 6), ("a  b\nc", 3)]
)
def test_words_of_a_quote(quote, count):
    assert quotes.words(quote) == count


# minutes, mg/kg/min, mg/kg/h, mL/kg/min: 120 is 60 x 2, and 121 is not
def test_a_row_of_a_rate_table_proves_its_units():
    row = "30 min 2 (120) 0.02"
    rate = InfusionRate.parse("0.02 mL/kg/min")
    assert quotes.in_quote(rate, row)
    assert not quotes.in_quote(rate, row.replace("120", "121"))


def test_a_row_that_proves_no_units_keeps_its_figures():
    row = "30 min 2 (121) 0.02"
    assert quotes.even(row) == "30 minutes 2 (121) 0.02"
    assert quotes.in_quote(Duration.parse("30 minutes"), row)


# the first two rows are the same: they prove nothing, and no figure becomes mg
def test_a_row_that_stands_twice_proves_no_units():
    assert quotes.even("5 0.5 I 4 5 0.5 I 4 5 4 I 5") == "5 0.5 i 4 5 0.5 i 4 5 4 i 5"


def test_figures_keep_unit_and_comparator():
    found = quotes.figures(">40 mg 5–10 mg decrease Every week")
    assert [tuple(map(str, figure)) for figure in found] == [
        ("40", "40", "mg", ">"),
        ("5", "10", "mg", ""),
        ("1", "1", "week", ""),
    ]
