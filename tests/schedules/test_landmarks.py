"""The landmarks of a child's taper: shares, months on the calendar, caps, and who is refused."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from dmcalc.audit.rules import rules_used
from dmcalc.documents import fields
from dmcalc.errors import PatientError, RefusedError, UnknownNameError, UsageError
from dmcalc.quantities.amount import Amount
from dmcalc.quantities.time import Interval, months_later
from dmcalc.results.base import source_keys
from dmcalc.results.trace import recording
from dmcalc.schedules.milestones import milestones
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper

D = Decimal


@pytest.fixture
def child(person):
    """Return a child of 9 with a weight."""

    def make(weight=None):
        return person(weight, age="9")

    return make


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),  # a leap year
        ("2026-11-30", 12, "2027-11-30"),
        ("2026-01-15", 24, "2028-01-15"),
        ("2026-12-01", 0, "2026-12-01"),
    ],
)
def test_months_are_counted_on_the_calendar(first, months, last):
    day = datetime.date.fromisoformat
    assert months_later(day(first), months) == day(last)


def test_a_calendar_ends():
    with pytest.raises(UsageError, match="past the last date"):
        months_later(datetime.date(9999, 6, 1), 7)
    assert months_later(datetime.date(9999, 6, 1), 6) == datetime.date(9999, 12, 1)


# 2 x 28.5 = 57; 57/2 = 28.5, 57/4 = 14.25, 57/8 = 7.125
def test_shares_are_exact(loaded, child):
    result = taper(loaded, child("28.5"), "prednisone")
    doses = [D(57), D("28.5"), D("14.25"), D("7.125"), D(0)]
    assert [row.low for row in result.rows] == [row.high for row in result.rows] == doses
    assert result.kind == "landmarks"
    assert result.protocol == "hinze-2018"
    assert [row.day for row in result.rows] == [None] * 5


# 2 x 50 = 100: at most 60 to 80
def test_the_cap_is_a_range(loaded, child):
    result = taper(loaded, child("50"), "prednisone")
    assert (result.start.low, result.start.high, result.start.capped) == (60, 80, True)
    assert (result.rows[1].low, result.rows[1].high) == (30, 40)


# exactly 30 kg: 60 mg is the low cap, and at 40 kg 80 mg the high one
CAPS = [("30", (60, 60)), ("30.1", (60, "60.2")), ("40", (60, 80))]


@pytest.mark.parametrize(
    ("kg", "ends"), [("30", (60, 60)), ("30.1", (60, "60.2")), ("40", (60, 80))]
)
def test_the_ends_of_the_cap(loaded, child, kg, ends):
    start = taper(loaded, child(kg), "prednisone").start
    assert (start.low, start.high) == tuple(map(D, ends))


def test_without_a_start_there_is_no_day_and_with_one_there_is(loaded, child):
    start = datetime.date(2026, 12, 1)
    result = taper(loaded, child("28"), "prednisone", protocol="printo-2019", start=start)
    # 2026-12-01 to 2027-02-01 are 31 + 31 days
    assert (result.rows[0].date, result.rows[0].day) == (datetime.date(2027, 2, 1), 63)
    assert [row.month for row in result.rows] == [2, 6, 24]


def test_a_given_dose_is_in_any_unit_and_held_against_the_cap(loaded, child):
    result = taper(loaded, child(), "prednisone", start_dose=Amount.parse("0.05 g"))
    assert [row.low for row in result.rows] == [50, 25, D("12.5"), D("6.25"), 0]
    assert (result.start.given, result.start.capped) == (True, False)
    taper(loaded, child(), "prednisone", start_dose=Amount.parse("80 mg"))
    with pytest.raises(RefusedError, match="over the cap"):
        taper(loaded, child(), "prednisone", start_dose=Amount.parse("80.001 mg"))


# 2 mg/kg of 28 kg are 56 mg
@pytest.mark.parametrize(("start", "warned"), [("50 mg", 0), ("56 mg", 0), ("56.1 mg", 1)])
def test_a_given_dose_above_that_of_the_weight_is_warned_of(loaded, child, start, warned):
    result = taper(loaded, child("28"), "prednisone", start_dose=Amount.parse(start))
    told = [(w.code, w.source) for w in result.warnings if w.code == "above-start"]
    assert told == [("above-start", "hinze-2018")] * warned


def test_what_is_said_beside_the_landmarks(loaded, child):
    result = taper(loaded, child("28"), "prednisone")
    assert "does not state" in result.between
    codes = [caution.code for caution in result.cautions]
    assert codes[:3] == ["juvenile-evidence", "juvenile-mainstay", "juvenile-early"]
    assert "landmarks" in codes
    document = fields.document(result)
    assert document["schema"] == "dmcalc.landmarks/1"
    assert document["patient"].population == "juvenile"
    assert result.sources == source_keys(
        loaded.table.landmark_tapers["hinze-2018"].landmarks[0].cite
    )


def test_the_rules_are_those_of_the_taper(loaded, child):
    with recording() as trace:
        taper(loaded, child("28"), "prednisone")
    rules = {rule.figure: rule.value for rule in rules_used(trace, loaded.table, None)}
    assert rules["taper hinze-2018 start"] == "2 mg/kg/day"
    assert rules["taper hinze-2018 max"] == "60-80 mg/day"
    assert rules["taper hinze-2018 landmark 4 percent"] == "12.5%"
    assert rules["taper hinze-2018 landmark 5 at"] == "12 months"
    assert not any("printo" in figure or "hhe" in figure for figure in rules)


@pytest.mark.parametrize(
    ("protocol", "hint"),
    [
        ("hinze-2018", "Give weight, or the daily dose with start_dose, e.g. 50mg."),
        # its milestones are doses per kg, and follow from no start dose
        ("printo-2019", "Give weight."),
    ],
)
def test_a_child_without_a_weight_is_asked_for_what_helps(loaded, child, protocol, hint):
    with pytest.raises(PatientError, match="the weight is missing") as refused:
        taper(loaded, child(), "prednisone", protocol=protocol)
    assert refused.value.hint == hint


def test_who_and_what_is_refused(loaded, child, person):
    with pytest.raises(PatientError, match="hhe-2018 is for adults"):
        taper(loaded, child("28"), "prednisone", protocol="hhe-2018")
    with pytest.raises(PatientError, match="printo-2019 is for children"):
        taper(loaded, person("70", "severe"), "prednisone", protocol="printo-2019")
    with pytest.raises(PatientError, match="no taper for children for ivig") as refused:
        taper(loaded, child("28"), "ivig")
    assert refused.value.hint.endswith("It has some for: prednisone, prednisolone.")
    with pytest.raises(UnknownNameError, match="like it: hinze-2018"):
        taper(loaded, child("28"), "prednisone", protocol="hinze-2017")
    with pytest.raises(UsageError, match="hold is for the steps of a taper"):
        milestones(
            loaded,
            child("28"),
            "prednisone",
            None,
            None,
            None,
            Choices(hold=Interval.parse("3 weeks")),
        )
