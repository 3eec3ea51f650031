"""When a dosage is given: how often, from when to when, and for how many days."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from dmcalc.fhir import sig
from dmcalc.fhir.findings import Findings
from dmcalc.fhir.resource import timing
from dmcalc.fhir.resource.quantity import UCUM

DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}
WEEKLY = {"frequency": 1, "period": 1, "periodUnit": "wk"}
DECEMBER = {"boundsPeriod": {"start": "2026-12-01", "end": "2026-12-07"}}


def length(value, unit="d"):
    """A repeat of one dose a day for so long."""
    return {**DAILY, "boundsDuration": {"value": value, "system": UCUM, "code": unit}}


def read(value):
    """Read a timing; return it, and the codes of what is found."""
    findings = Findings("MedicationRequest")
    return timing.read(value, (), findings), [f.code for f in findings.entries]


def repeated(**repeat):
    when, found = read({"repeat": repeat})
    return (when and (when.times, when.every_days)), found


@pytest.mark.parametrize(
    ("repeat", "often", "found"),
    [
        ({**DAILY, "frequency": 2, "when": ["MORN"]}, (2, 1), []),
        ({**DAILY, "when": ["MORN", "EVE"]}, (2, 1), []),
        ({**DAILY, "frequency": 3, "when": ["MORN", "EVE"]}, None, ["timing-invalid"]),
        ({**DAILY, "frequency": 0}, None, []),
        ({**WEEKLY, "dayOfWeek": ["mon", "thu"]}, (2, 7), []),
        ({**WEEKLY, "frequency": 2, "dayOfWeek": ["mon", "thu"]}, (2, 7), []),
        ({**WEEKLY, "frequency": 3, "dayOfWeek": ["mon", "thu"]}, None, ["timing-invalid"]),
        ({**WEEKLY, "frequency": 6, "dayOfWeek": ["mon", "thu"],
          "when": ["MORN", "NOON", "EVE"]}, (6, 7), []),
        ({**WEEKLY, "frequency": 5, "dayOfWeek": ["mon", "thu"],
          "when": ["MORN", "NOON", "EVE"]}, None, ["timing-invalid"]),
        ({**WEEKLY, "frequency": 2, "dayOfWeek": ["mon"]}, (2, 7), []),
        ({**WEEKLY, "period": 2, "dayOfWeek": ["mon", "thu"]}, (2, 14), []),
        # what is no number was reported with the shape, and stops nothing
        ({**DAILY, "period": "1"}, None, []),
        ({**DAILY, "duration": "7", "durationUnit": "d"}, (1, 1), []),
        ({**DAILY, "count": 0}, (1, 1), []),
        # a time of the day is a dose, on each weekday
        ({"when": ["MORN"]}, (1, 1), []),
        ({"dayOfWeek": ["mon"]}, (1, 7), []),
        ({**DAILY, "dayOfWeek": ["mon", "thu"]}, (2, 7), []),
        ({**DAILY, "frequency": 2, "dayOfWeek": ["mon", "wed", "fri"]}, (6, 7), []),
        ({"dayOfWeek": ["mon"], "when": ["MORN", "EVE"]}, (2, 7), []),
        ({"dayOfWeek": ["mon", "thu"], "when": ["MORN"]}, (2, 7), []),
        ({"dayOfWeek": ["mon", "wed", "fri"], "when": ["MORN", "EVE"]}, (6, 7), []),
        ({**DAILY, "period": 2, "when": ["MORN", "EVE"]}, (2, 2), []),
        ({**WEEKLY, "dayOfWeek": ["mon", "thu"], "when": ["MORN", "EVE"]}, (4, 7), []),
        ({"period": 8, "periodUnit": "h"}, (3, 1), []),
        ({"period": 480, "periodUnit": "min"}, (3, 1), []),
        ({"period": 2880, "periodUnit": "min"}, (1, 2), []),
        ({**DAILY, "frequency": 3, "period": 48, "periodUnit": "h"}, (3, 2), []),
        # no longer than a lifetime
        ({**DAILY, "period": 36_525}, (1, 36_525), []),
        ({**DAILY, "period": 36_526}, None, ["not-understood"]),
        ({**WEEKLY, "period": 5_218}, None, ["not-understood"]),
        ({**DAILY, "period": Decimal("1.5")}, None, ["not-understood"]),
    ],
    ids=str,
)  # fmt: skip
def test_how_often_is_read_with_times_of_the_day_and_weekdays(repeat, often, found):
    assert repeated(**repeat) == (often, found)


def test_a_count_of_none_is_no_length():
    assert read({"repeat": {**DAILY, "count": 0}})[0].days is None
    assert read({"repeat": {**DAILY, "count": -1}})[0].days is None
    assert read({"repeat": {**DAILY, "count": 1}})[0].days == 1


def test_one_dose_in_all_may_say_how_often_it_would_be():
    single, counted = read({"repeat": {"count": 1}})[0], read({"repeat": {**DAILY, "count": 1}})[0]
    assert (single.single, single.times, single.days) == (True, None, 1)
    assert (counted.single, counted.times, counted.days) == (False, 1, 1)


@pytest.mark.parametrize(
    ("value", "often"),
    [
        ({"code": {"coding": [{"code": "BID"}]}}, 2),
        ({"code": {"coding": [{"code": "twice"}, {"code": "BID"}]}}, 2),
        ({"code": {"coding": [{"code": 2}, {"display": "BID"}, "BID", {"code": "TID"}]}}, 3),
        ({"code": {"coding": [{"code": "twice"}]}}, None),
        ({"code": {"text": "BID"}}, None),
        ({"repeat": "daily"}, None),
        ({"repeat": {}}, None),
        ({"repeat": ["daily"]}, None),
    ],
    ids=str,
)
def test_a_timing_without_figures_is_read_by_its_code(value, often):
    when, found = read(value)
    assert (when and when.times) == often
    assert found == ([] if often else ["not-understood"])


OFTEN = {
    **{"QD": (1, 1), "BID": (2, 1), "TID": (3, 1), "QID": (4, 1), "QOD": (1, 2)},
    **{"AM": (1, 1), "PM": (1, 1), "BED": (1, 1), "WK": (1, 7)},
    **{"Q1H": (24, 1), "Q2H": (12, 1), "Q3H": (8, 1), "Q4H": (6, 1), "Q6H": (4, 1), "Q8H": (3, 1)},
}


@pytest.mark.parametrize("code", OFTEN)
def test_a_code_says_so_many_times_in_so_many_days_and_so_must_its_figures(code):
    coded = {"coding": [{"code": code}]}
    for value in ({"code": coded}, {"code": coded, "repeat": {"count": 4}}):
        when, _ = read(value)
        assert (when.times, when.every_days) == OFTEN[code]
    for times, days in OFTEN.values():
        figures = {"frequency": times, "period": days, "periodUnit": "d"}
        findings = Findings("MedicationRequest")
        timing.read({"code": coded, "repeat": figures}, ("timing",), findings)
        differs = [] if (times, days) == OFTEN[code] else [("timing-invalid", "/timing/code")]
        assert [(f.code, f.pointer) for f in findings.entries] == differs


@pytest.mark.parametrize(
    ("repeat", "said"),
    [
        ({**DAILY, "periodUnit": "mo"}, "the period is not understood: a month has no length"),
        ({**DAILY, "periodUnit": "a"}, "the period is not understood: a month has no length"),
        ({**DAILY, "period": 5, "periodUnit": "h"},
         "the period is not understood: it is not a whole number of days"),
        (length(1, "mo"), "the length is not understood: a month has no length"),
        (length(1, "a"), "the length is not understood: a month has no length"),
        (length(36, "h"), "the length is not understood: write whole days or weeks"),
        (length(0), "the length is not understood: write whole days or weeks"),
        (length(36_526), "the step is longer than a lifetime"),
        ({**DAILY, "count": 36_526}, "the step is longer than a lifetime"),
    ],
    ids=str,
)  # fmt: skip
def test_a_time_without_whole_days_is_refused_with_its_reason(repeat, said):
    findings = Findings("MedicationRequest")
    assert timing.read({"repeat": repeat}, (), findings) is None
    assert [f.message for f in findings.entries] == [said]


@pytest.mark.parametrize(
    ("repeat", "days", "end", "bounds"),
    [
        (length(1), 1, None, None),
        (length(36_525), 36_525, None, None),
        ({**DAILY, "count": 10}, 10, None, None),
        # the last of three doses a day are of a day that is not full
        ({**DAILY, "frequency": 3, "count": 10}, 4, None, None),
        ({**DAILY, "period": 2, "count": 3}, 6, None, None),
        ({**DAILY, **DECEMBER, "count": 7}, 7, "2026-12-07", 7),
        ({**DAILY, **DECEMBER, "count": 10}, 10, None, 7),
        # days of one administration are read as those of the step, where nothing else says them
        ({**DAILY, "duration": 5, "durationUnit": "d"}, 5, None, None),
        ({**DAILY, **DECEMBER, "duration": 5, "durationUnit": "d"}, 7, "2026-12-07", None),
        ({**DAILY, "duration": 1, "durationUnit": "mo"}, None, None, None),
        ({**DAILY, "duration": 2, "durationUnit": "h"}, None, None, None),
    ],
    ids=str,
)  # fmt: skip
def test_a_step_is_as_long_as_its_count_says_before_its_bounds(repeat, days, end, bounds):
    when, _ = read({"repeat": repeat})
    last = None if when.end is None else str(when.end)
    assert (when.days, last, when.bounds_days) == (days, end, bounds)


def test_the_days_of_one_administration_are_said_where_they_are_read_as_the_step():
    def said(**repeat):
        findings = Findings("MedicationRequest")
        timing.read({"repeat": {**DAILY, "durationUnit": "d", **repeat}}, (), findings)
        (found,) = findings.entries
        return (found.code, found.pointer, found.got, found.message)

    place = ("duration-as-course", "/repeat/duration", 5)
    message = "'duration' is the length of one administration"
    assert said(duration=5) == (*place, f"{message}; read as the length of the step: 5 days")
    assert said(duration=5, **DECEMBER) == (*place, message)


@pytest.mark.parametrize("value", [None, {}, "daily", [], ["daily"]])
def test_what_is_no_timing_is_passed_over(value):
    assert read(value) == (None, [])


@pytest.mark.parametrize(
    ("period", "start", "end", "days", "timed"),
    [
        ({"start": "2026-12-01", "end": "2026-12-07"}, "2026-12-01", "2026-12-07", 7, False),
        ({"start": "2026-12-01", "end": "2026-12-01"}, "2026-12-01", "2026-12-01", 1, False),
        ({"start": "2026-12-01"}, "2026-12-01", None, None, False),
        ({"end": "2026-12-07"}, None, "2026-12-07", None, False),
        ({"end": "2026-12-07T08:00:00Z"}, None, "2026-12-07", None, False),
        ({"start": "2026-12-01T08:00:00Z"}, "2026-12-01", None, None, False),
        ({"start": "2026-12-01", "end": "2026-12-07T08:00:00Z"}, "2026-12-01", "2026-12-07", 7,
         False),
        ({"start": "2026-12-01T08:00:00Z", "end": "2026-12-07"}, "2026-12-01", "2026-12-07", 7,
         False),
        ({"start": "2026-12-01T08:00:00Z", "end": "2026-12-08T08:00:00Z"}, "2026-12-01",
         "2026-12-08", 8, True),
        ({}, None, None, None, False),
    ],
    ids=str,
)  # fmt: skip
def test_a_period_has_times_where_both_its_ends_do(period, start, end, days, timed):
    when, _ = read({"repeat": {**DAILY, "boundsPeriod": period}})
    dates = [None if day is None else str(day) for day in (when.start, when.end)]
    assert (*dates, when.days, when.moments is not None) == (start, end, days, timed)


@pytest.mark.parametrize(
    ("text", "end", "weekdays"),
    [
        ("20 mg daily for 7 days, starting on 2026-12-01", datetime.date(2026, 12, 7), ()),
        ("20 mg daily for 1 day, starting on 2026-12-01", datetime.date(2026, 12, 1), ()),
        ("20 mg daily, starting on 2026-12-01", None, ()),
        ("20 mg daily for 7 days", None, ()),
        ("15 mg once a week on Thursday for 4 weeks", None, ("thu",)),
        ("20 mg at once, starting on 2026-12-01", datetime.date(2026, 12, 1), ()),
    ],
)
def test_a_step_of_a_text_ends_on_its_last_day(text, end, weekdays):
    (step,) = sig.read(text).steps
    when = timing.of_sig(step)
    assert (when.end, when.weekdays) == (end, weekdays)
    assert (when.single, when.times) == ((True, None) if "once," in text else (False, 1))
