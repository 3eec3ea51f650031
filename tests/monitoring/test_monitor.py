"""Monitoring: days worked out by hand, and no gap longer than its interval."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import dmcalc
from dmcalc import guideline
from dmcalc.errors import UnknownNameError, UsageError
from dmcalc.monitoring.visits import add_interval, monitoring_for, visits
from dmcalc.quantities.time import Interval

GUIDE = guideline.load().guideline
START = datetime.date(2026, 12, 1)


def dates(drug, **how):
    return [v.date.isoformat() for v in visits(GUIDE, drug, start=START, **how)]


def test_every_2_weeks_until_stable_for_6_weeks_then_monthly_then_every_12_weeks():
    # stable from the first day: 6 weeks end on 12 January; 3 months on 12 April; then 84 days each
    assert dates("methotrexate", weeks=52, stable=1) == [
        *("2026-12-15", "2026-12-29", "2027-01-12"),
        *("2027-02-12", "2027-03-12", "2027-04-12"),
        *("2027-07-05", "2027-09-27"),
    ]


def test_a_dose_that_is_stable_later_moves_what_comes_after():
    # stable from day 29, 29 December: 6 weeks end on 9 February
    assert dates("azathioprine", weeks=30, stable=29) == [
        *("2026-12-15", "2026-12-29", "2027-01-12", "2027-01-26", "2027-02-09"),
        *("2027-03-09", "2027-04-09", "2027-05-09"),
    ]


def test_a_phase_that_ends_between_two_visits_has_one_on_its_last_day():
    # stable from day 10, 10 December: 6 weeks end on 21 January, 9 days after the visit of the 12th
    found = dates("methotrexate", weeks=8, stable=10)
    assert found == ["2026-12-15", "2026-12-29", "2027-01-12", "2027-01-21"]


def test_without_a_first_day_a_month_is_28_days():
    found = [v.day for v in visits(GUIDE, "methotrexate", start=None, weeks=30, stable=1)]
    assert found == [15, 29, 43, 71, 99, 127]


def test_two_series_of_one_drug():
    of_weeks = visits(GUIDE, "ciclosporin", start=None, weeks=11, stable=1)
    found = [(v.day, v.tests[0]) for v in of_weeks]
    assert found == [
        *((15, "creatinine or eGFR"), (15, "albumin"), (29, "creatinine or eGFR"), (29, "albumin")),
        *((29, "lipids"), (43, "creatinine or eGFR"), (43, "albumin"), (57, "creatinine or eGFR")),
        *((71, "creatinine or eGFR"), (71, "albumin")),
    ]


def test_a_dose_that_is_not_said_to_be_stable_is_tested_as_often_to_the_end():
    assert dates("methotrexate", weeks=52) == dates("methotrexate", weeks=52, stable=365)
    assert len(dates("methotrexate", weeks=52)) == 25  # the 26th falls on day 365
    result = dmcalc.monitor("methotrexate", weeks=52)
    assert (result.stable_assumed, result.stable_day) == (True, 365)


def test_the_last_day_of_a_phase_says_that_it_is_that():
    # 3 months from 1 December end on 1 March, 6 days after the visit of 23 February
    found = [v for v in visits(GUIDE, "ciclosporin", start=START, weeks=20) if len(v.tests) == 1]
    said = {v.date.isoformat(): v.text for v in found if v.tests == ("creatinine or eGFR",)}
    assert said["2027-02-23"] == "every 2 weeks for 3 months"
    assert said["2027-03-01"] == "last day of the phase: every 2 weeks for 3 months"
    assert said["2027-04-01"] == "every month for 3 months"


def test_a_child_has_no_tests_that_are_of_adults():
    of_child = monitoring_for(GUIDE, child=True).monitoring["prednisone"].series
    assert monitoring_for(GUIDE, child=False) is GUIDE
    assert [series.tests for series in of_child] == []
    assert len(GUIDE.monitoring["prednisone"].series) == 3


def test_a_drug_without_monitoring_says_so():
    result = dmcalc.monitor("ivig")
    assert result.visits == ()
    assert "no source in the guide gives any monitoring" in result.cautions[-1].message
    # on the short page too: an empty plan without these words would read as no need of one
    assert result.cautions[-1].brief == result.cautions[-1].message


def test_every_answer_says_that_the_guideline_was_replaced():
    assert "bsr-2025" in [caution.code for caution in dmcalc.monitor("azathioprine").cautions]


@pytest.mark.parametrize("weeks", [0, 521])
def test_a_length_has_limits(weeks):
    with pytest.raises(UsageError, match="outside 1 to 520"):
        dmcalc.monitor("azathioprine", weeks=weeks)


def test_a_quote_is_of_the_first_source_that_is_named():
    known = {(cite.source, cite.quote) for cite in _cites(GUIDE.monitoring, GUIDE.thresholds)}
    drugs = list(GUIDE.monitoring)
    rows = dmcalc.monitor(*drugs).rows
    assert {row.part for row in rows} == {"baseline", "visit", "limit"}
    assert any(len(row.sources) > 1 for row in rows)
    assert [row for row in rows if (row.sources[0], row.quote) not in known] == []


def _cites(monitoring, thresholds):
    for drug in monitoring.values():
        for part in (*drug.baseline, *drug.series):
            yield from part.cite
    for threshold in thresholds:
        yield from threshold.cite


def test_a_quote_before_the_start_is_the_first_of_its_tests():
    for drug, known in GUIDE.monitoring.items():
        rows = [row for row in dmcalc.monitor(drug).rows if row.part == "baseline"]
        assert [row.quote for row in rows] == [tests.cite[0].quote for tests in known.baseline]


def test_a_drug_has_its_own_limits_and_no_others():
    for drug in GUIDE.monitoring:
        rows = [row for row in dmcalc.monitor(drug).rows if row.part == "limit"]
        own = [t for t in GUIDE.thresholds if drug in t.drugs]
        assert [(row.lab, row.quote) for row in rows] == [(t.lab, t.cite[0].quote) for t in own]


def test_a_drug_without_monitoring_leaves_that_of_the_next_one():
    alone, second = dmcalc.monitor("methotrexate"), dmcalc.monitor("ivig", "methotrexate")
    assert {note.message for note in alone.cautions} < {note.message for note in second.cautions}


@pytest.mark.parametrize(
    ("start", "weeks", "later"),
    [
        # six months are 168 days where nothing says from when, and the tests on day 169
        (None, 24, ["bone mineral density first on day 169"]),
        (None, 25, []),
        # from 1 November they are 181 days: day 182 is the last one of 26 weeks
        ("2026-11-01", 25, ["bone mineral density first on 2027-05-01"]),
        ("2026-11-01", 26, []),
    ],
)
def test_tests_that_are_due_after_the_last_week_are_not_lost(start, weeks, later):
    result = dmcalc.monitor("prednisone", start=start, weeks=weeks)
    told = [note.message for note in result.cautions if note.code == "first-later"]
    told = [message for message in told if "bone mineral density" in message]
    assert told == [f"Prednisone: {text}, after the weeks that are shown." for text in later]
    shown = {test for visit in result.visits for test in visit.tests}
    assert ("bone mineral density" in shown) is not bool(later)


@pytest.mark.parametrize("drug", sorted(GUIDE.monitoring))
def test_a_note_of_adults_is_for_adults_and_one_of_children_for_all(drug):
    notes = GUIDE.monitoring[drug].notes

    def told(**who):
        result = dmcalc.monitor(drug, **who)
        return {(note.code, note.message) for note in (*result.warnings, *result.cautions)}

    known = {(note.code, note.text) for note in notes}
    assert known <= told()
    assert known & told(age="9") == {(note.code, note.text) for note in notes if note.children}


@pytest.mark.parametrize(
    ("start", "stable", "day"),
    [
        ("2026-12-01", "2026-12-29", 29),
        ("2026-12-01", "2026-12-01", 1),
        ("2026-12-01", "4w", 29),
        (None, "28d", 29),
        (None, "1000d", 1001),
        (None, 29, 29),
        (None, None, 365),  # not in these 52 weeks
    ],
)
def test_a_dose_is_stable_from_a_date_a_length_or_a_day_on(start, stable, day):
    result = dmcalc.monitor("methotrexate", start=start, stable=stable)
    assert (result.stable_day, result.stable_assumed) == (day, stable is None)


@pytest.mark.parametrize("start", [None, "2026-12-30"])
def test_a_date_from_which_a_dose_is_stable_is_not_before_the_start(start):
    with pytest.raises(UsageError, match="needs a start that is not after it"):
        dmcalc.monitor("methotrexate", start=start, stable="2026-12-29")


def test_a_drug_is_in_the_table():
    with pytest.raises(UnknownNameError):
        dmcalc.monitor("aspirin")
    with pytest.raises(UsageError, match="no drug"):
        dmcalc.monitor()


@given(
    st.sampled_from([drug for drug, known in GUIDE.monitoring.items() if known.series]),
    st.integers(1, 300),
    st.integers(1, 120),
    st.one_of(st.none(), st.dates(datetime.date(2026, 1, 1), datetime.date(2030, 1, 1))),
)
@example("rituximab", 1, 53, datetime.date(2026, 1, 31))
def test_no_two_visits_are_farther_apart_than_the_longest_interval(drug, stable, weeks, start):
    found = visits(GUIDE, drug, start=start, weeks=weeks, stable=stable)
    assert [v.day for v in found] == sorted(v.day for v in found)
    assert all(1 < v.day <= weeks * 7 for v in found)
    for series in GUIDE.monitoring[drug].series:
        days = [1, *(v.day for v in found if v.tests == series.tests)]
        # months are counted from the first day of the phase: each has 31 days at the most
        longest = max(
            31 * p.every.low
            if p.every.period == "month"
            else add_interval(0, p.every, p.every.low, None)
            for p in series.phases
        )
        assert all(0 < b - a <= longest for a, b in itertools.pairwise(days))


def test_months_are_counted_from_the_phase():
    month = Interval(1, 1, "month")
    assert add_interval(1, month, 1, datetime.date(2026, 1, 31)) == 29  # 28 February
    assert add_interval(1, month, 1, datetime.date(2026, 2, 28)) == 29  # 28 March
    assert add_interval(1, month, 3, START) == 91  # 1 March 2027
    assert add_interval(8, month, 2, None) == 64
