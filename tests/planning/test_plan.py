"""The calendar of a plan: marks against days counted one by one, and order."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dmcalc
from dmcalc import guideline
from dmcalc import table as tables
from dmcalc.documents import fields
from dmcalc.errors import UsageError
from dmcalc.patient.patient import Patient
from dmcalc.planning.events import CalendarEvent
from dmcalc.planning.exposure import exposure_events
from dmcalc.quantities.thresholds import DoseThreshold
from dmcalc.quantities.time import months_later
from dmcalc.schedules.exposure import day_reached, stretches_at_or_above

START = datetime.date(2026, 12, 1)
SEVERE = {"weight": "70", "severity": "severe"}


def daily(doses: list[tuple[int, int]]) -> list[CalendarEvent]:
    """Return doses in mg, each for some days, one after the other."""
    events, day = [], 1
    for dose, days in doses:
        amount = Decimal(dose)
        events.append(
            CalendarEvent(
                "s", "dose", "t", "t", (), day, days, low=amount, high=amount, unit="mg", per="day"
            )
        )
        day += days
    return events


DOSES = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 40)), min_size=1, max_size=8)


@given(DOSES, st.integers(1, 60), st.integers(1, 60), st.booleans(), st.booleans())
def test_a_mark_is_the_day_that_counting_day_by_day_finds(doses, mg, days, above, beyond):
    dose = DoseThreshold(">" if above else ">=", Decimal(mg), Decimal(mg), "mg")
    time = DoseThreshold(">" if beyond else ">=", Decimal(days), Decimal(days), "day")
    stretches = stretches_at_or_above(daily(doses), dose, "low")
    found = [day for run in stretches if (day := day_reached(run, time, "low", None)) is not None]
    # the oracle counts: so many days on end, on each day of the schedule
    each = [amount for amount, length in doses for _ in range(length)]
    on_end, first = 0, None
    for day, amount in enumerate(each, start=1):
        on_end = on_end + 1 if (amount > mg if above else amount >= mg) else 0
        if first is None and (on_end > days if beyond else on_end >= days):
            first = day
    assert (found[0] if found else None) == first


@pytest.mark.parametrize(
    ("doses", "stretches"),
    [
        ([(30, 10), (5, 3), (30, 10)], [(1, 10, 10), (14, 23, 10)]),
        # what follows without a day between belongs to the stretch that it follows
        ([(30, 12), (5, 1), (30, 10), (25, 5)], [(1, 12, 12), (14, 28, 15)]),
        ([(30, 10), (25, 5), (5, 3), (30, 10)], [(1, 15, 15), (19, 28, 10)]),
    ],
)
def test_a_low_dose_between_parts_two_stretches(doses, stretches):
    found = stretches_at_or_above(daily(doses), DoseThreshold.parse(">= 20 mg"), "low")
    assert found == stretches


def test_an_open_dose_alone_has_no_days_yet():
    doses = [event._replace(days=None) for event in daily([(30, 1)])]
    found = stretches_at_or_above(doses, DoseThreshold.parse(">= 20 mg"), "low")
    assert found == [(1, None, 0)]


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        ("2026-12-01", 3, "2027-03-01"),
        ("2026-11-30", 3, "2027-02-28"),  # February has no 30th
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-05-15", 0, "2026-05-15"),
    ],
)
def test_months_are_those_of_the_calendar(start, months, day):
    assert months_later(datetime.date.fromisoformat(start), months).isoformat() == day


def test_months_end_with_the_calendar():
    with pytest.raises(UsageError):
        months_later(datetime.date(9999, 6, 1), 7)


@pytest.mark.parametrize("start", ["9999-12-31", "9999-12-30", "9999-11-30", "9999-01-01"])
def test_a_plan_ends_with_the_calendar(start):
    with pytest.raises(UsageError, match="runs past the last date there is"):
        dmcalc.plan(**SEVERE, start=start)


def test_without_a_first_day_a_month_is_not_guessed():
    # 44 weeks are more than 3 months of any length: what is due for them is due at their start
    due, mark = (e for e in dmcalc.plan(**SEVERE).events if e.step == "bone")
    assert (due.day, mark.day) == (1, None)
    assert "give --start" in mark.text
    dated = [e for e in dmcalc.plan(**SEVERE, start=START).events if e.step == "bone"]
    # the pulse begins on 1 December and counts; more than 3 months are reached on 1 March
    assert [mark.date for mark in dated] == [datetime.date(2026, 12, 1), datetime.date(2027, 3, 1)]


def test_no_assessment_is_due_for_a_schedule_that_is_too_short():
    events = dmcalc.plan(**SEVERE, protocol="etg", weeks=4).events
    assert next(e.title.rpartition(": ")[2] for e in events if e.step == "bone") == "assessment due"
    short = list(daily([(5, 89), (1, 40)]))
    mark = next(m for m in guideline.load().guideline.plan.marks if m.id == "bone")
    drug = [e._replace(drug=mark.drug, name="Prednisone") for e in short]
    events = exposure_events(tables.load().table, guideline.load(), Patient(), drug, START)
    assert [e.day for e in events if e.step == "bone"] == [None]


def test_a_threshold_that_is_not_reached_is_said():
    events = dmcalc.plan(weight="30", severity="mild", start=START).events
    # 0.75 mg/kg x 30 kg = 22.5 mg: above 15 mg, and never above 30 mg
    marks = {e.title.rpartition(": ")[2]: e for e in events if e.step == "pneumocystis-eular"}
    assert marks["more than 2 weeks above 15 mg daily"].date == START + datetime.timedelta(days=14)
    assert marks["more than 4 weeks above 30 mg daily"].day is None
    assert (
        "No day of the schedule is above 30 mg" in marks["more than 4 weeks above 30 mg daily"].text
    )


@given(
    st.sampled_from(["mild", "moderate", "severe"]),
    st.sampled_from([(), ("azathioprine",), ("methotrexate", "ivig"), ("rituximab",)]),
    st.sampled_from([None, "none", "partial", "good"]),
    st.integers(1, 60),
)
def test_events_stand_in_order_inside_the_calendar_with_sources(severity, chosen, response, weeks):
    result = dmcalc.plan(
        weight="70", severity=severity, chosen=chosen, response=response, weeks=weeks, start=START
    )
    days = [event.day for event in result.events if event.day is not None]
    assert days == sorted(days)
    # what is due before the first dose of all is on the day before it
    due = {event.day for event in result.events if event.before_day is not None}
    assert all(1 <= day <= weeks * 7 for day in days if day not in due)
    assert all(day >= 0 for day in due)
    assert all(event.sources for event in result.events)
    assert all(placed.step.cite for placed in result.steps)
    for event in result.events:
        if event.day is not None:
            assert event.date == START + datetime.timedelta(days=event.day - 1)


def test_every_drug_of_the_table_has_its_step():
    result = dmcalc.plan(**SEVERE)
    drugs = {option.drug for placed in result.steps for option in placed.options}
    # prednisolone takes the place of prednisone where it is chosen
    assert {*drugs, "prednisolone"} == set(dmcalc.load_table().table.drugs)


def test_prednisolone_takes_the_place_of_prednisone():
    result = dmcalc.plan(**SEVERE, chosen=["prednisolone"])
    drugs = {event.drug for event in result.events}
    assert "prednisolone" in drugs
    assert "prednisone" not in drugs
    assert {"pneumocystis-eular", "bone"} <= {e.step for e in result.events if e.kind == "mark"}
    assert "stand-in" in {note.code for note in result.cautions}
    assert {row.regimen for row in result.rows if row.drug == "prednisolone" and row.regimen} == {
        "prednisolone.bsr-2022"
    }


def test_prednisone_and_prednisolone_exclude_each_other():
    with pytest.raises(UsageError, match="prednisone and prednisolone, of which one is given"):
        dmcalc.plan(**SEVERE, chosen=["prednisone", "prednisolone"])


def test_the_total_is_that_of_the_taper():
    events = dmcalc.plan(**SEVERE).events
    total = [e.total_high for e in events if e.drug == "prednisone" and e.kind == "dose"][-1]
    assert total == dmcalc.taper("prednisone", **SEVERE).totals.amount


def test_an_open_last_dose_keeps_the_days_before_it():
    doses = daily([(30, 10), (25, 4)])
    doses.append(doses[-1]._replace(day=15, days=None))
    (run,) = stretches_at_or_above(doses, DoseThreshold.parse(">= 20 mg"), "low")
    assert (run.first, run.last, run.days) == (1, None, 14)


@pytest.mark.parametrize(
    ("protocol", "weeks"),
    # etg: 6 weeks of 70 mg, and 8 steps of 2 weeks to 30 mg, before the open one of 25 mg
    [("etg", 22), ("hhe-2018", 24)],
)
def test_weeks_at_20_mg_or_more_are_a_number(protocol, weeks):
    result = dmcalc.plan(**SEVERE, protocol=protocol, start=START)
    (mark,) = (e for e in result.events if e.step == "pneumocystis-common")
    assert (mark.mark.mark_weeks, mark.mark.mark_open) == (weeks, protocol == "etg")
    row = next(r for r in fields.rows(result) if r["step"] == "pneumocystis-common")
    told = {key: row[f"mark_{key}"] for key in ("dose", "time", "time_unit", "days", "weeks")}
    # with the three days of the pulse
    days = weeks * 7 + 3
    assert told == {"dose": 20, "time": 1, "time_unit": "month", "days": days, "weeks": weeks}


def test_the_running_total_of_prednisone_is_named_as_such():
    rows = [r for r in fields.rows(dmcalc.plan(**SEVERE)) if r["kind"] == "dose"]
    pulse, first, second = rows[0], rows[1], rows[2]
    assert (pulse["drug"], pulse["prednisone_equivalent_high"]) == ("methylprednisolone", None)
    # 28 days of 70 mg, and 28 of 60 mg
    assert [first["prednisone_equivalent_high"], second["prednisone_equivalent_low"]] == [
        1960,
        3640,
    ]


def test_a_plan_starts_from_1900_on_and_ends_in_the_calendar():
    first = datetime.date(1900, 1, 1)
    events = dmcalc.plan(weight="70", severity="mild", start=first).events
    # the tests are on the day before the start
    tests = [e.date for e in events if e.title.startswith("Baseline tests:")]
    assert tests == [datetime.date(1899, 12, 31)]
    for early in (datetime.date.min, datetime.date(1899, 12, 31)):
        with pytest.raises(UsageError, match="is before 1900"):
            dmcalc.plan(weight="70", severity="mild", start=early)
    with pytest.raises(UsageError, match="past the last date there is"):
        dmcalc.plan(weight="70", severity="mild", start=datetime.date.max)


def test_no_landmark_is_cut_off_a_calendar_of_no_given_length():
    child = {"age": "9", "weight": "28", "bsa": "1", "chosen": ["prednisone"], "start": START}
    for protocol, months in (("hinze-2018", 12), ("printo-2019", 24)):
        result = dmcalc.plan(**child, protocol=protocol)
        *_, last = (e for e in result.events if e.kind == "landmark")
        assert last.date == months_later(START, months)
        assert last.day <= result.weeks * 7
    assert dmcalc.plan(**child, weeks=52).events[-1].kind != "landmark"


def test_tests_become_rarer_once_the_dose_has_been_the_same_for_six_weeks():
    events = dmcalc.plan(**SEVERE, chosen=["methotrexate"], start=START).events
    mine = [event for event in events if event.drug == "methotrexate"]
    assert [(e.day, e.low) for e in mine if e.kind == "dose"] == [(1, 10), (29, 15), (57, 20)]
    # 20 mg from 26 January on: 6 weeks of it are over on 9 March
    days = [15, 29, 43, 57, 71, 85, 99]
    fortnightly = [START + datetime.timedelta(days=day - 1) for day in days]
    rarer = ["2027-04-09", "2027-05-09", "2027-06-09", "2027-09-01", "2027-11-24"]
    dates = [e.date for e in mine if e.kind == "test" and e.day > 1]
    assert dates == [*fortnightly, *map(datetime.date.fromisoformat, rarer)]


def test_what_comes_after_the_weeks_that_are_shown_is_said_to_be_left_out():
    short, whole = (dmcalc.plan(**SEVERE, start=START, weeks=weeks) for weeks in (4, 104))
    said = [n.message for n in short.cautions if n.code == "length"]
    assert said == ["What comes after week 4 is left out; --weeks shows more."]
    assert "length" not in {note.code for note in whole.cautions if whole.events[-1].day is None}
    assert max(event.day or 0 for event in short.events) <= 28


def test_a_threshold_whose_last_dose_goes_on_is_open_after_a_pause_too():
    mark = next(m for m in guideline.load().guideline.plan.marks if m.id == "pneumocystis-common")
    first, pause, last = daily([(30, 10), (5, 3), (30, 10)])
    doses = [
        event._replace(drug=mark.drug, name="Prednisone")
        for event in (first, pause, last._replace(days=None))
    ]
    events = exposure_events(tables.load().table, guideline.load(), Patient(), doses, START)
    (reached,) = [event.mark for event in events if event.step == mark.id]
    assert (reached.mark_days, reached.mark_weeks, reached.mark_open) == (10, 1, True)


def test_doses_are_counted_in_the_order_of_their_days():
    """Those of one drug stand before those of another, whose days come first."""
    mark = next(m for m in guideline.load().guideline.plan.marks if m.id == "pneumocystis-common")
    first, second = daily([(30, 20), (25, 20)])
    # 20 mg or more for a month: neither of the two is long enough by itself
    doses = [e._replace(drug=mark.drug, name="Prednisone") for e in (second, first)]
    events = exposure_events(tables.load().table, guideline.load(), Patient(), doses, START)
    assert [e.day for e in events if e.step == mark.id] == [31]
