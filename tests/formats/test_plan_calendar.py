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


def test_every_dated_part_of_the_calendar_is_an_event(call):
    rows = [r for r in call(*DATED, "--format", "json").json["rows"] if r["part"] == "calendar"]
    found = events(call(*DATED, "--format", "ics").stdout)
    assert {row["kind"] for row in rows} >= {"dose", "mark", "review"}
    assert [(str(e["SUMMARY"]), e.decoded("DTSTART").isoformat()) for e in found] == [
        (row["title"], row["date"]) for row in rows if row["date"]
    ]
    for event, row in zip(found, [r for r in rows if r["date"]], strict=True):
        last = event.decoded("DTEND") - ONE_DAY
        weekly = row["per"] == "week"
        assert last.isoformat() == (row["date"] if weekly or not row["end"] else row["end"])
        assert "Plan to discuss, not an order." in str(event["DESCRIPTION"])
        assert "Source: " in str(event["DESCRIPTION"])


def test_a_weekly_dose_comes_once_a_week(call):
    found = events(call(*DATED, "--format", "ics").stdout)
    first = next(e for e in found if str(e["SUMMARY"]) == "Methotrexate 10 mg once a week")
    assert first["RRULE"]["FREQ"] == ["WEEKLY"]
    assert first["RRULE"]["COUNT"] == [4]
    assert first.decoded("DTEND") - first.decoded("DTSTART") == ONE_DAY


def test_names_are_kept_when_it_is_made_again_and_no_two_are_the_same(call):
    one, other = (events(call(*DATED, "--format", "ics").stdout) for _ in range(2))
    names = [str(event["UID"]) for event in one]
    assert names == [str(event["UID"]) for event in other]
    assert len(set(names)) == len(names)


def test_a_corrected_plan_has_the_names_of_the_one_before_it(call):
    def names(*args):
        found = events(call(*args, "--format", "ics").stdout)
        return {str(e["SUMMARY"]): str(e["UID"]) for e in found}

    before, lighter = names(*DATED), names(*("58" if part == "70" else part for part in DATED))
    assert "Prednisone 70 mg daily" in before
    assert before["Prednisone 70 mg daily"] == lighter["Prednisone 58 mg daily"]


def test_nothing_of_the_patient_stands_in_the_calendar(call):
    text = call(*DATED, "--format", "ics").stdout
    assert "70 kg" not in text
    doses = [str(event["DESCRIPTION"]) for event in events(text)]
    assert not any("mg/kg daily" in dose for dose in doses)  # with the dose it is the weight
    assert "severe weakness" not in text


def test_a_calendar_says_what_it_cannot_hold(call):
    child = ("plan", "--age", "9", "--weight", "28", "--with", "methylprednisolone")
    done = call(*child, "--start", "2026-12-01", "--format", "ics")
    calendar = icalendar.Calendar.from_ical(done.stdout)
    for name in ("DESCRIPTION", "X-WR-CALDESC"):
        # one name is older than the other, and programs read either
        assert "Methylprednisolone: further pulses" in str(calendar[name])
        assert "every 4 to 6 weeks for 6 to 12 months" in str(calendar[name])
        assert "Methylprednisolone: pulse" in str(calendar[name])


def test_a_calendar_says_what_the_page_says_of_the_whole(call):
    found = call(*DATED, "--format", "json").json
    calendar = icalendar.Calendar.from_ical(call(*DATED, "--format", "ics").stdout)
    said = str(calendar["DESCRIPTION"])
    assert "The days of a pulse count towards the dates to act on" in said
    for told in (*found["cautions"], *found["warnings"]):
        assert told["message"] in said


def test_tests_before_the_first_dose_are_on_the_day_before_it(call):
    found = events(call(*DATED, "--format", "ics").stdout)
    before = [e for e in found if str(e["SUMMARY"]).startswith("Baseline tests:")]
    # the pulse is the first corticosteroid: the tests before prednisone come before it
    assert {(str(e["SUMMARY"]), e.decoded("DTSTART").isoformat()) for e in before} == {
        ("Baseline tests: Prednisone", "2026-11-30"),
        ("Baseline tests: Methotrexate", "2026-11-30"),
    }
    assert all("Due before 1 December 2026" in str(e["DESCRIPTION"]) for e in before)


def test_each_dose_has_its_running_total(call):
    found = {
        str(e["SUMMARY"]): str(e["DESCRIPTION"])
        for e in events(call(*DATED, "--format", "ics").stdout)
    }
    assert "Total of Methotrexate by then: 40 mg." in found["Methotrexate 10 mg once a week"]
    # 28 days of 70 mg and 28 of 60 mg
    assert "prednisone-equivalent total by then 3,640 mg" in found["Prednisone 60 mg daily"]


def test_each_entry_of_a_child_says_what_the_base_page_says_of_children(call):
    args = ("plan", "--age", "9", "--weight", "28", "--bsa", "1", "--start", "2026-12-01")
    found = events(call(*args, "--format", "ics").stdout)
    assert found
    for event in found:
        for words in ("no approved therapies", "mainstay", "early, aggressive approach"):
            assert words in str(event["DESCRIPTION"])


def test_a_calendar_needs_a_first_day(call):
    done = call(*ARGS, "--format", "ics")
    assert done.code == 2
    assert done.stdout == ""
    assert "--start 2026-12-01" in done.stderr


@pytest.mark.parametrize("form", ["svg", "plot"])
def test_a_plan_is_no_curve(call, form):
    done = call(*DATED, "--format", form)
    assert done.code == 2
    assert (
        f"the format {form} is for taper and titrate; this answer is of the kind plan"
        in done.stderr
    )


def test_the_page_has_every_part_and_needs_nothing_beside_itself(call):
    page = call(*DATED, "--format", "html").stdout
    rows = call(*DATED, "--format", "json").json["rows"]
    for row in rows:
        assert row["title"].partition(":")[0] in page
    assert "http://" not in page
    assert "src=" not in page
    assert "<script" not in page
