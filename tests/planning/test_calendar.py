"""What stands on a calendar besides the doses: tests, reviews, thresholds, and short lines."""

from __future__ import annotations

import datetime

import pytest

import dmcalc
from dmcalc import guideline
from dmcalc import table as tables
from dmcalc.errors import UsageError
from dmcalc.monitoring.visits import visits
from dmcalc.planning.events import CalendarEvent, Dating
from dmcalc.planning.plan import plan
from dmcalc.planning.steps import TreatmentHistory
from dmcalc.quantities.thresholds import DoseThreshold

START = datetime.date(2026, 12, 1)
SEVERE = {"weight": "70", "severity": "severe"}


@pytest.fixture(scope="module")
def severe():
    """Return the plan of severe weakness with methotrexate: the pulse, then prednisone on day 4."""
    return dmcalc.plan(**SEVERE, chosen=["methotrexate"], start=START)


def of(result, kind, drug):
    return [event for event in result.events if (event.kind, event.drug) == (kind, drug)]


@pytest.mark.parametrize(
    ("start", "months"),
    [
        # one month and six months after the first dose of prednisone, which is three days later
        ("2026-12-01", ["2027-01-04", "2027-06-04"]),
        ("2027-01-28", ["2027-02-28", "2027-07-31"]),
    ],
)
def test_tests_are_counted_from_the_first_dose_of_their_drug_not_from_the_pulse(start, months):
    guide = guideline.load().guideline
    begins = datetime.date.fromisoformat(start)
    result = dmcalc.plan(**SEVERE, start=start)
    before, *found = of(result, "test", "prednisone")
    assert (before.date, before.before) == (begins - datetime.timedelta(1), begins)
    assert before.quote == guide.monitoring["prednisone"].baseline[0].cite[0].quote
    first = begins + datetime.timedelta(3)
    # the last step of prednisone, from which the dose is stable, is on the 281st day of its own
    own = visits(guide, "prednisone", start=first, weeks=result.weeks, stable=281)
    last = begins + datetime.timedelta(weeks=result.weeks)
    assert [(e.date, e.days) for e in found] == [(v.date, 1) for v in own if v.date < last]
    assert [str(event.date) for event in found[:2]] == months


def test_a_review_has_all_days_in_which_a_source_looks(severe):
    found = {e.title: (str(e.date), e.days) for e in severe.events if e.kind == "review"}
    assert found == {
        "Steroid taper: after 3 to 4 weeks": ("2026-12-25", 7),
        "Steroid taper: after 6 weeks": ("2027-01-15", 1),
    }


@pytest.mark.parametrize(
    ("drug", "briefs"),
    [
        ("prednisone", ["1 of 50 mg, 1 of 20 mg", "1 of 50 mg, 1 of 10 mg"]),
        ("methotrexate", [f"on Tuesday, never daily; {n} of 2.5 mg" for n in (4, 6, 8)]),
    ],
)
def test_the_short_line_of_a_dose_names_its_units(severe, drug, briefs):
    assert [event.brief for event in of(severe, "dose", drug)][: len(briefs)] == briefs


@pytest.mark.parametrize(
    ("drug", "brief"),
    [
        ("mycophenolate", "1 tablet of 500 mg in the morning, 1 in the evening"),
        ("ivig", "over 2 to 5 days"),
    ],
)
def test_the_short_line_of_a_dose_says_how_it_is_divided(drug, brief):
    result = dmcalc.plan(weight="70", severity="mild", response="none", chosen=[drug])
    assert next(e.brief for e in result.events if e.kind in ("dose", "course")) == brief


def test_each_dose_but_the_first_depends_on_the_response(severe):
    first, *later = [event.text for event in of(severe, "dose", "prednisone")]
    assert "response allows it" not in first
    assert all(text.startswith("if the clinical response allows it; ") for text in later)


def test_a_threshold_names_the_drug_with_which_its_medicine_is_refused(severe):
    marks = [event for event in severe.events if event.step.startswith("pneumocystis")]
    assert len(marks) == 4
    assert {e.brief for e in marks} == {"With Methotrexate co-trimoxazole is refused"}


def test_reviews_in_weeks_need_no_first_day():
    result = dmcalc.plan(**SEVERE)
    found = {
        e.title.rpartition(": ")[2]: (e.day, e.days) for e in result.events if "after" in e.title
    }
    # 3 and 6 weeks from the first dose of prednisone, on day 4
    assert found == {"after 3 to 4 weeks": (25, 7), "after 6 weeks": (46, 1)}


def test_what_is_open_to_choose_is_said_until_it_is_chosen(severe):
    assert "choice-open" not in {note.code for note in severe.cautions}
    left = [note.message for note in dmcalc.plan(**SEVERE).cautions if note.code == "choice-open"]
    assert len(left) == 1
    assert "--with azathioprine or methotrexate" in left[0]


def test_a_quote_is_the_first_of_its_part_of_the_guide(severe):
    guide = guideline.load().guideline
    parts = {step.id: step for step in guide.plan.steps if step.population == "adult"}
    marks = {mark.id: mark for mark in guide.plan.marks}
    shown = [row for row in severe.rows if row.part == "plan"]
    assert [row.quote for row in shown] == [parts[row.step].cite[0].quote for row in shown]
    shown = [row for row in severe.rows if row.kind == "mark"]
    assert len({row.step for row in shown}) == len(marks)
    assert [row.quote for row in shown] == [marks[row.step].cite[0].quote for row in shown]


def test_pulses_that_come_again_quote_the_source_that_gives_them():
    (repeat,) = guideline.load().guideline.plan.repeats
    child = {"age": "9", "weight": "28", "bsa": "1", "chosen": ["methylprednisolone"]}
    shown = [e for e in dmcalc.plan(**child).events if e.title.endswith("further pulses")]
    assert [event.quote for event in shown] == [repeat.cite[0].quote]


@pytest.mark.parametrize(
    ("who", "code", "drug", "source"),
    [
        (
            {"weight": "70", "severity": "mild", "chosen": ["rituximab"]},
            *("not-yet", "rituximab", "managedermatomyositis"),
        ),
        (
            {**SEVERE, "response": "good", "chosen": ["prednisone"]},
            *("begins-again", "prednisone", "managedermatomyositis"),
        ),
        (
            {"age": "9", "weight": "28", "chosen": ["prednisone"], "protocol": "printo-2019"},
            *("no-pulses", "prednisone", "giancane-2019"),  # which reports it
        ),
    ],
)
def test_a_warning_of_the_plan_names_its_source(who, code, drug, source):
    told = [(w.drug, w.source) for w in dmcalc.plan(**who).warnings if w.code == code]
    assert told == [(drug, source)]


def test_a_drug_that_has_no_amount_says_why_and_not_what_to_give():
    result = dmcalc.plan(**SEVERE, chosen=["azathioprine"], tpmt="intermediate")
    (note,) = (note for note in result.cautions if note.code == "no-steps")
    assert note.message.startswith("Azathioprine: no source gives an amount of azathioprine")
    assert note.message.endswith("; its steps are not on the calendar.")
    assert {event.low for event in of(result, "dose", "azathioprine")} == {None}


def with_plan(**changes):
    """Return the guide with its plan changed."""
    guide = guideline.load()
    plan_ = guide.guideline.plan._replace(**changes)
    return guide._replace(guideline=guide.guideline._replace(plan=plan_))


@pytest.mark.parametrize(
    ("start", "pulse_first", "day"),
    [
        ("2026-12-01", False, "tuesday"),
        ("2026-12-06", False, "sunday"),
        # three days of pulse come first
        ("2026-12-01", True, "friday"),
        ("2026-12-04", True, "monday"),
        ("2026-12-03", True, "sunday"),
    ],
)
def test_a_weekly_drug_is_given_on_the_weekday_of_its_own_first_dose(
    loaded, person, start, pulse_first, day
):
    steps = guideline.load().guideline.plan.steps
    after = "parallel" if pulse_first else "corticosteroid"
    guide = with_plan(steps=tuple(s._replace(before=s.before and after) for s in steps))
    history = TreatmentHistory(chosen=("methotrexate",))
    dating = Dating(start=datetime.date.fromisoformat(start))
    result = plan(loaded, guide, person("70", "severe"), history, dating)
    first = of(result, "dose", "methotrexate")[0]
    assert first.brief == f"on {day.capitalize()}, never daily; 4 of 2.5 mg"
    assert first.date.strftime("%A").lower() == day


@pytest.mark.parametrize(
    ("time", "ends"), [("> 2-4 weeks", ["2 weeks", "4 weeks"]), ("> 2 weeks", ["2 weeks"] * 2)]
)
def test_a_threshold_whose_dose_is_a_range_has_both_ends(loaded, person, time, ends):
    marks = guideline.load().guideline.plan.marks
    (mark,) = (mark for mark in marks if mark.id == "pneumocystis-eular")
    guide = with_plan(marks=(mark._replace(time=DoseThreshold.parse(time)),))
    result = plan(loaded, guide, person("70", "severe"))
    titles = [e.title for e in result.events if e.kind == "mark" and "more than" in e.title]
    doses = ["15 mg", "30 mg"]
    assert [title.partition("more than ")[2] for title in titles] == [
        f"{length} above {dose} daily" for length, dose in zip(ends, doses, strict=True)
    ]


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        # 0.75 mg/kg: of 18.75 mg no day is at 20 mg, whatever the first day is
        ("25", "It is not reached on this calendar. No day of the schedule is at 20 mg or more."),
        # of 22.5 mg 28 days are at it: whether that is a month depends on which one it is
        ("30", "Months are counted on the calendar: give --start. Days at 20 mg or more"),
    ],
)
def test_a_threshold_in_months_needs_a_first_day_only_where_a_dose_is_that_high(weight, said):
    result = dmcalc.plan(weight=weight, severity="mild", confirm_weight=True)
    (mark,) = (event for event in result.events if event.step == "pneumocystis-common")
    assert mark.day is None
    assert said in mark.text


def test_a_threshold_in_weeks_that_is_not_reached_is_not_left_open_for_a_first_day():
    # 0.75 mg/kg: 28 days of 33.75 mg are 4 weeks, and not more
    result = dmcalc.plan(weight="45", severity="mild")
    marks = [e for e in result.events if e.title.endswith("more than 4 weeks above 30 mg daily")]
    assert [mark.day for mark in marks] == [None]
    assert "It is not reached on this calendar. Days above 30 mg in the" in marks[0].text


def test_what_has_no_day_stands_after_the_last_day():
    # 4 weeks above 6 mg are full on day 28; no source gives rituximab a day
    result = dmcalc.plan(**SEVERE, chosen=["rituximab"], weeks=4)
    days = [event.day for event in result.events]
    assert 28 in days
    assert "rituximab" in {event.drug for event in result.events if event.day is None}
    assert days == sorted(days, key=lambda day: (day is None, day))


@pytest.mark.parametrize(("weeks", "given"), [(52, None), (1, 1), (520, 520)])
def test_a_calendar_has_as_many_weeks_as_it_is_given_and_else_a_year(weeks, given):
    assert dmcalc.plan(weight="70", severity="mild", weeks=given).weeks == weeks


@pytest.mark.parametrize("weeks", [0, 521])
def test_a_calendar_of_no_or_of_too_many_weeks_is_refused(weeks):
    with pytest.raises(UsageError, match=f"weeks {weeks} is outside 1 to 520"):
        dmcalc.plan(weight="70", severity="mild", weeks=weeks)


@pytest.mark.parametrize(("protocol", "weeks"), [("hinze-2018", 53), ("printo-2019", 105)])
def test_the_calendar_of_a_child_has_whole_weeks_up_to_the_last_milestone(protocol, weeks):
    # 12 and 24 months from 1 December 2026 are on days 366 and 732
    child = {"age": "9", "weight": "28", "bsa": "1", "chosen": ["prednisone"], "start": START}
    assert dmcalc.plan(**child, protocol=protocol).weeks == weeks


def test_a_drug_that_is_only_to_be_chosen_has_the_warnings_of_the_patient_too():
    result = dmcalc.plan(weight="70", severity="moderate", taking=["allopurinol"])
    assert not of(result, "dose", "azathioprine")
    told = {warning.code for warning in result.warnings if warning.drug == "azathioprine"}
    assert {"rule-scale", "rule-warn"} <= told


def test_a_drug_that_was_chosen_early_has_the_warnings_of_the_patient_too():
    # tacrolimus has no schedule that would say so
    who = {"weight": "70", "severity": "mild", "taking": ["grapefruit"]}
    told = {w.code for w in dmcalc.plan(**who).warnings if w.drug == "tacrolimus"}
    assert told == set()
    result = dmcalc.plan(**who, chosen=["tacrolimus"])
    told = {w.code for w in result.warnings if w.drug == "tacrolimus"}
    assert {"not-yet", "rule-warn"} <= told


def without_schedules(loaded, drug, **changes):
    """Return the table with neither tapers nor titrations of a drug, and its regimens changed."""
    known = loaded.table
    entry = known.drugs[drug]
    regimens = tuple(regimen._replace(**changes) for regimen in entry.regimens)
    return loaded._replace(
        table=known._replace(
            course_tapers={k: t for k, t in known.course_tapers.items() if t.drug != drug},
            titrations={k: t for k, t in known.titrations.items() if t.drug != drug},
            drugs={**known.drugs, drug: entry._replace(regimens=regimens)},
        )
    )


def listed(loaded, person, drug, weeks=52) -> list[CalendarEvent]:
    """Return the doses of a drug on a calendar of a table."""
    history = TreatmentHistory(response="none", chosen=(drug,))
    who = person("70", "severe")
    result = plan(loaded, guideline.load(), who, history, Dating(weeks=weeks))
    return of(result, "dose", drug)


def test_a_dose_that_follows_from_a_week_on_is_on_the_first_day_of_that_week(person):
    # 2 g/kg from the start, and less from week 16: 16 x 7 days are over
    other = without_schedules(tables.load(), "ivig")
    assert [event.day for event in listed(other, person, "ivig")] == [1, 113]
    assert [event.day for event in listed(other, person, "ivig", 17)] == [1, 113]
    assert [event.day for event in listed(other, person, "ivig", 16)] == [1]


def test_the_only_dose_of_a_drug_is_on_the_first_day_whatever_it_is_called(person):
    one = without_schedules(tables.load(), "tacrolimus", phase="target")
    assert [event.day for event in listed(one, person, "tacrolimus")] == [1]
    both = without_schedules(tables.load(), "azathioprine", phase="target")
    assert [event.day for event in listed(both, person, "azathioprine")] == [None, None]
    # its tests are due before the first day of all
    history = TreatmentHistory(response="none", chosen=("azathioprine",))
    result = plan(both, guideline.load(), person("70", "severe"), history)
    first, second, *_ = of(result, "test", "azathioprine")
    assert [(first.day, first.before_day), second.day] == [(0, 1), 15]


def test_what_a_calendar_leaves_out_is_said_and_only_that():
    def left_out(weeks):
        result = dmcalc.plan(weight="70", severity="mild", weeks=weeks)
        return [note.message for note in result.cautions if note.code == "length"]

    (note,) = left_out(4)
    assert note == "What comes after week 4 is left out; --weeks shows more."
    assert left_out(520) == []


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        # of two steps that it is of, the one that something points to
        ({"response": "none"}, "other"),
        # and of two that something points to, the first
        ({"organs": ["lung"]}, "lung"),
        ({}, "lung"),
    ],
)
def test_a_chosen_drug_is_on_the_calendar_once_in_the_nearest_step(facts, step):
    result = dmcalc.plan(weight="70", severity="mild", chosen=["ciclosporin"], **facts)
    chosen = {row.step for row in result.rows if row.drug == "ciclosporin" and row.chosen}
    assert chosen == {step}
    assert {event.step for event in result.events if event.drug == "ciclosporin"} == {step}
