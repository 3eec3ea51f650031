"""The days of a plan's events where the guide would say otherwise than today's."""

from __future__ import annotations

import datetime

import pytest

from dmcalc import guideline
from dmcalc.planning.events import monitoring_events, review_event
from dmcalc.planning.steps import Option
from dmcalc.quantities.time import Interval

GUIDE = guideline.load().guideline


@pytest.mark.parametrize(
    ("interval", "within", "delay", "days"),
    [
        ("2-6 weeks", False, 0, (15, 28)),
        ("2-6 weeks", False, 3, (18, 28)),
        ("6 weeks", False, 3, (46, 1)),
        ("12 weeks", True, 3, (4, 84)),
        # from 1 December to 1 March, and to 1 June
        ("3-6 months", False, 0, (91, 92)),
    ],
)
def test_a_review_has_all_days_that_its_source_leaves_open(interval, within, delay, days):
    step = next(step for step in GUIDE.plan.steps if step.triggers)
    time = Interval.parse(interval)
    trigger = step.triggers[0]._replace(
        after=None if within else time, within=time if within else None
    )
    event = review_event(step, trigger, datetime.date(2026, 12, 1), delay)
    assert (event.day, event.days) == days


@pytest.mark.parametrize("before", [1, 8])
def test_the_first_tests_are_due_on_the_day_before_the_first_dose(before):
    option = Option("prednisone", "Prednisone", (), tolerated=True, chosen=True)
    first, *later = monitoring_events(GUIDE, None, 52, option, "step", 10, 1, before)
    assert (first.day, first.before_day) == (before - 1, before)
    assert all(event.day > 10 and event.before_day is None for event in later)
