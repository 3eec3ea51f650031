"""The same dates, doses and tablets in every format of a schedule."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import icalendar
import pytest

from dmcalc.formats.registry import render
from dmcalc.text import timing
from dmcalc.text.numbers import format_number

from .conftest import counted
from .test_html import page

MONTHS = {name: number for number, name in enumerate(timing.MONTHS, 1)}


def day(text):
    """Read "1 December 2026"."""
    number, month, year = text.split()
    return date(int(year), MONTHS[month], int(number))


def units(text):
    """Read "1 × 50 mg, 1 × 10 mg", whatever stands between."""
    return [(int(n), strength) for n, strength in re.findall(r"(\d+) [x×] ([\d.]+) mg", text)]


def of_csv(result):
    rows = csv.DictReader(io.StringIO(render(result, "csv")))
    return [
        (
            date.fromisoformat(row["start"]),
            date.fromisoformat(row["end"]),
            row["low"],
            units(row["products"]),
        )
        for row in rows
    ]


def of_ics(result):
    return [
        (
            event.decoded("DTSTART"),
            event.decoded("DTEND") - timedelta(days=1),
            event["SUMMARY"].split()[1],
            units(re.search(r"Units per day: (.*)", event["DESCRIPTION"])[1]),
        )
        for event in icalendar.Calendar.from_ical(render(result, "ics")).walk("VEVENT")
    ]


def of_html(result):
    text = render(result, "html").partition("For the pharmacist")[0]
    rows = [re.sub(r"<[^>]+>", " ", row) for row in text.split('<div class="step">')[1:]]
    found = []
    dates = r"\d{1,2} [A-Z][a-z]+ \d{4}"
    for row in rows:
        first, last = re.search(rf"({dates}) to\s+({dates})", row).groups()
        dose = re.search(r"([\d.]+) mg every day", row)[1]
        take = re.search(r"Take (.*?), every day", row)[1]
        taken = re.findall(r"(\d+) (?:tablets? )?of ([\d.]+) mg", take)
        found.append((day(first), day(last), dose, [(int(n), mg) for n, mg in taken]))
    return found


def of_svg(result):
    root = ElementTree.fromstring(render(result, "svg"))
    said = [e.text for e in root.iter() if e.tag.endswith("}title")][1:]
    found = []
    for text in said:
        parts = re.fullmatch(r"Step \d+: ([\d.]+) mg daily, (.*?) to (.*?), (.*)\.", text)
        found.append((day(parts[2]), day(parts[3]), parts[1], units(parts[4])))
    return found


@pytest.mark.parametrize("read", [of_csv, of_ics, of_html, of_svg])
@pytest.mark.parametrize("start", ["2026-12-01", "2028-02-03", "2027-03-14", "2026-10-25"])
def test_dates_doses_and_tablets(dated, read, start):
    result = counted(dated(start))
    assert read(result) == [
        (
            step.start,
            step.end,
            format_number(step.low),
            [(int(one.count), format_number(one.strength)) for one in step.products],
        )
        for step in result.steps
    ]


def test_a_step_ends_on_a_leap_day(dated):
    result = counted(dated("2028-02-02"))
    assert of_html(result)[0][1] == of_ics(result)[0][1] == date(2028, 2, 29)
    assert page(result).of("when")[:2] == ["2 February 2028 to", "29 February 2028"]


def test_what_is_given_on_the_day_after_is_in_calendar_and_handout(call):
    args = ("titrate", "methotrexate", "--day", "monday", "--start", "2026-12-01")
    said = "Folic acid: 5 mg once a week, on Tuesday, the day after methotrexate"
    events = icalendar.Calendar.from_ical(call(*args, "--format", "ics").stdout).walk("VEVENT")
    assert [said in event["DESCRIPTION"] for event in events] == [True, True, True]
    patient = call(*args, "--format", "html").stdout.partition("For the pharmacist")[0]
    assert said.replace(": ", ": take ") in patient
