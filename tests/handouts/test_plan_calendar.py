"""A plan as a calendar file and as a page: what calendar programs and a browser read of them."""

from __future__ import annotations

import datetime

import icalendar
import pytest

ARGS = ("plan", "--weight", "70", "--severity", "severe", "--with", "methotrexate")
DATED = (*ARGS, "--start", "2026-12-01")
ONE_DAY = datetime.timedelta(days=1)


def events(text):
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_every_dated_part_of_the_calendar_is_an_event(run):
    rows = [r for r in run(*DATED, "--format", "json").json["rows"] if r["part"] == "calendar"]
    found = events(run(*DATED, "--format", "ics").stdout)
    assert {row["kind"] for row in rows} >= {"dose", "mark", "review"}
    assert [(str(e["SUMMARY"]), e.decoded("DTSTART").isoformat()) for e in found] == [
        (row["title"], row["date"]) for row in rows if row["date"]
    ]
    for event, row in zip(found, [r for r in rows if r["date"]], strict=True):
        last = event.decoded("DTEND") - ONE_DAY
        weekly = row["per"] == "week"
        assert last.isoformat() == (row["date"] if weekly or not row["end"] else row["end"])
        assert "A plan to discuss, no order." in str(event["DESCRIPTION"])
        assert "Source: " in str(event["DESCRIPTION"])


def test_a_weekly_dose_comes_once_a_week(run):
    found = events(run(*DATED, "--format", "ics").stdout)
    first = next(e for e in found if str(e["SUMMARY"]) == "Methotrexate 10 mg once a week")
    assert first["RRULE"]["FREQ"] == ["WEEKLY"]
    assert first["RRULE"]["COUNT"] == [4]
    assert first.decoded("DTEND") - first.decoded("DTSTART") == ONE_DAY


def test_names_are_kept_when_it_is_made_again_and_no_two_are_the_same(run):
    one, other = (events(run(*DATED, "--format", "ics").stdout) for _ in range(2))
    names = [str(event["UID"]) for event in one]
    assert names == [str(event["UID"]) for event in other]
    assert len(set(names)) == len(names)


def test_nothing_of_the_patient_stands_in_the_calendar(run):
    text = run(*DATED, "--format", "ics").stdout
    assert "70 kg" not in text
    assert "severe weakness" not in text


def test_a_calendar_says_what_it_cannot_hold(run):
    done = run(*DATED, "--with", "rituximab", "--format", "ics")
    calendar = icalendar.Calendar.from_ical(done.stdout)
    assert "Rituximab: maintenance" in str(calendar["X-WR-CALDESC"])


def test_a_calendar_needs_a_first_day(run):
    done = run(*ARGS, "--format", "ics")
    assert done.code == 2
    assert done.stdout == ""
    assert "--start 2026-12-01" in done.stderr


@pytest.mark.parametrize("form", ["svg", "plot"])
def test_a_plan_is_no_curve(run, form):
    done = run(*DATED, "--format", form)
    assert done.code == 2
    assert f"the format {form} is for taper and titrate; this answer is of the kind plan" in done.stderr


def test_the_page_has_every_part_and_needs_nothing_beside_itself(run):
    page = run(*DATED, "--format", "html").stdout
    rows = run(*DATED, "--format", "json").json["rows"]
    for row in rows:
        assert row["title"].partition(":")[0] in page
    assert "http://" not in page
    assert "src=" not in page
    assert "<script" not in page
