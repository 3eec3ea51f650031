"""Pulses on the calendar of a plan, what begins after them, and how long a risk lasts."""

from __future__ import annotations

import datetime

import pytest

import dmcalc
from dmcalc import guideline
from dmcalc import table as tables
from dmcalc.errors import UsageError
from dmcalc.patient.patient import Patient, read
from dmcalc.planning.exposure import exposure_events
from dmcalc.planning.plan import plan
from dmcalc.planning.pulses import pulse_row
from dmcalc.planning.steps import Option, TreatmentHistory
from dmcalc.quantities.thresholds import DoseThreshold
from dmcalc.quantities.time import months_later

from .test_plan import SEVERE, START, daily

CHILD = {"age": "9", "weight": "28", "bsa": "1", "chosen": ["methylprednisolone", "prednisone"]}


@pytest.mark.parametrize(
    ("protocol", "months"), [("hinze-2018", (1, 2, 4, 6, 12)), ("printo-2019", (2, 6, 24))]
)
def test_the_months_of_a_child_are_counted_from_the_day_after_the_pulses(protocol, months):
    result = dmcalc.plan(**CHILD, protocol=protocol, start=START)
    begins = START + datetime.timedelta(days=3)  # after pulses of 3 days
    (first,) = (e for e in result.events if e.kind == "dose" and e.drug == "prednisone")
    assert first.date == begins
    landmarks = [event for event in result.events if event.kind == "landmark"]
    assert [event.date for event in landmarks] == [months_later(begins, n) for n in months]
    assert result.weeks == -(-landmarks[-1].day // 7)  # whole weeks up to the last
    assert "no-pulses" not in {warning.code for warning in result.warnings}
    undated = dmcalc.plan(**CHILD, protocol=protocol)
    assert {e.day for e in undated.events if e.kind == "landmark"} == {None}
    assert undated.weeks == 52


def doses(result, drug):
    """Return day and text of the doses of a drug."""
    return [(e.day, e.text) for e in result.events if e.kind == "dose" and e.drug == drug]


def test_a_drug_without_a_schedule_begins_after_the_pulses_and_no_day_is_made_up():
    ((day, text),) = doses(dmcalc.plan(**SEVERE, chosen=["prednisolone"]), "prednisolone")
    assert day == 4  # after 3 days of pulses
    assert "no source in the table gives its day" not in text
    induction, maintenance = doses(dmcalc.plan(**SEVERE, chosen=["rituximab"]), "rituximab")
    assert (induction[0], maintenance[0]) == (1, None)
    assert "no source in the table gives its day" not in induction[1]
    assert "no source in the table gives its day" in maintenance[1]


@pytest.mark.parametrize(
    ("changes", "pulse"),
    [
        ({}, True),
        ({"phase": "start"}, False),
        ({"per": "course"}, False),
        ({"days_low": None}, False),
    ],
)
def test_a_pulse_is_a_daily_dose_of_some_days(row, changes, pulse):
    dose = row("methylprednisolone.pulse")._replace(**changes)
    option = Option(dose.drug, dose.name, (dose,), tolerated=True, chosen=True)
    assert (pulse_row(option) is dose) == pulse


@pytest.mark.parametrize(
    ("days", "said"), [(None, "the fewest days"), (3, "3 days"), (4, "4 days"), (5, "5 days")]
)
def test_the_days_of_a_pulse_are_chosen_within_those_of_its_source(days, said):
    result = dmcalc.plan(**SEVERE, pulse_days=days)
    (note,) = [note.message for note in result.cautions if note.code == "pulse-days"]
    assert f"the source gives 3 to 5 days; the calendar has {said}." in note
    (pulse,) = [e for e in result.events if e.kind == "dose" and e.drug == "methylprednisolone"]
    assert (pulse.day, pulse.days) == (1, days or 3)


@pytest.mark.parametrize("days", [2, 6])
def test_days_of_a_pulse_that_no_source_gives_are_refused(days):
    with pytest.raises(UsageError, match="outside what the table gives") as caught:
        dmcalc.plan(**SEVERE, pulse_days=days)
    assert caught.value.hint == "It gives 3 to 5 days."


@pytest.mark.parametrize(("tolerated", "named"), [(True, ["--with prednisone"]), (False, [])])
def test_pulses_alone_name_the_daily_dose_that_their_source_gives_with_them(tolerated, named):
    child = {**CHILD, "chosen": ["methylprednisolone"]}
    result = dmcalc.plan(**child, not_tolerated=[] if tolerated else ["prednisone"])
    notes = [note.message for note in result.cautions if note.code == "no-daily-dose"]
    assert [note.rpartition("calendar: ")[2] for note in notes] == named


def test_what_a_schedule_chose_of_a_range_is_said_with_the_range():
    notes = dmcalc.plan(**SEVERE).cautions
    said = [note.message for note in notes if note.code == "chosen"]
    assert "Prednisone: hold 4 weeks of 3 to 4 weeks, by hhe-2018." in said
    assert any(text.startswith("Prednisone: start dose 70 mg") for text in said)


def marks(doses, start=START, **changes):
    """Return the thresholds of bone protection on a calendar of such doses, changed."""
    guide = guideline.load()
    plan = guide.guideline.plan
    mark = next(mark for mark in plan.marks if mark.id == "bone")._replace(**changes)
    guide = guide._replace(guideline=guide.guideline._replace(plan=plan._replace(marks=(mark,))))
    events = [event._replace(drug="prednisone", name="Prednisone") for event in daily(doses)]
    return list(exposure_events(tables.load().table, guide, Patient(), events, start))


AT_20 = DoseThreshold.parse(">= 20 mg")
WEEK = DoseThreshold.parse(">= 1 week")


def test_the_first_stretch_that_is_long_enough_is_the_one_that_counts():
    (mark,) = marks([(20, 5), (5, 3), (20, 9)], dose=AT_20, time=WEEK, due=None)
    assert mark.day == 15  # the seventh day from the ninth on


UNREACHED = "It is not reached on this calendar."


@pytest.mark.parametrize(
    ("persists", "doses", "start", "until"),
    [
        ("12 months", [(20, 10)], START, "If the last dose is on 2026-12-10, until 2027-12-10."),
        ("12 months", [(20, 10)], None, ""),
        ("12 months", [(20, 5)], START, ""),
        (None, [(20, 10)], START, ""),
    ],
)
def test_how_long_a_risk_lasts_is_counted_from_the_last_dose(persists, doses, start, until):
    adrenal = next(m for m in guideline.load().guideline.plan.marks if m.id == "adrenal")
    changes = {"dose": AT_20, "time": WEEK, "due": None}
    lasts = adrenal.persists if persists else None
    (mark,) = marks(doses, start, persists=lasts, **changes)
    assert mark.text.rpartition("days.")[2].strip() == until


@pytest.mark.parametrize(("weight", "capped"), [("28", False), ("30", False), ("31", True)])
def test_the_start_dose_of_a_child_says_where_a_cap_lowered_it(weight, capped):
    child = {"age": "9", "weight": weight, "bsa": "1.2", "chosen": ["prednisone"]}
    ((_, text),) = doses(dmcalc.plan(**child), "prednisone")
    assert (
        text.startswith("capped; ") == capped
    )  # 2 mg/kg up to 60 mg at the least, which 30 kg have


@pytest.mark.parametrize("start", [START, None])
def test_a_milestone_asks_for_the_first_day_where_none_is_known(start):
    events = dmcalc.plan(**CHILD, start=start).events
    texts = [event.text for event in events if event.kind == "landmark"]
    assert [("give --start" in text) for text in texts] == [start is None] * 5


def test_pulses_come_again_whatever_else_the_guide_repeats(loaded):
    guide = guideline.load()
    (repeat,) = guide.guideline.plan.repeats
    other = repeat._replace(regimen="ivig.induction")
    own = guide.guideline._replace(plan=guide.guideline.plan._replace(repeats=(other, repeat)))
    child = read(loaded.table.limits, age="9", weight="28")
    history = TreatmentHistory(chosen=("methylprednisolone",))
    result = plan(loaded, guide._replace(guideline=own), child, history)
    assert [e.title for e in result.events if e.title.endswith("further pulses")]


def test_pulses_that_come_again_add_up():
    # 20 to 30 mg/kg of 28 kg are 560 to 840 mg on each of three days, three times
    result = dmcalc.plan(**{**CHILD, "chosen": ["methylprednisolone"]})
    given = [event for event in result.events if event.day and event.total_low is not None]
    totals = [(event.day, event.total_low, event.total_high) for event in given]
    assert totals == [(1, 1680, 2520), (15, 3360, 5040), (29, 5040, 7560)]
