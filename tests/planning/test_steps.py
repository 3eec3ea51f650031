"""The state of a step by its triggers, for a guide whose plan says otherwise than today's."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

import dmcalc
from dmcalc import guideline
from dmcalc.audit.rules import rules_used
from dmcalc.planning.events import CalendarEvent, with_dates
from dmcalc.planning.plan import plan
from dmcalc.planning.receipt import note_plan
from dmcalc.planning.steps import TreatmentHistory
from dmcalc.results.trace import DOWN, recording, unnoted


def changed(step_id, **changes):
    """Return the guide with one step of adults changed, its triggers by what is changed of each."""
    guide = guideline.load()
    whole = guide.guideline.plan
    of_triggers = changes.pop("of_triggers", {})

    def change(step):
        if (step.id, step.population) != (step_id, "adult"):
            return step
        triggers = tuple(trigger._replace(**of_triggers) for trigger in step.triggers)
        return step._replace(**{"triggers": triggers, **changes})

    own = whole._replace(steps=tuple(map(change, whole.steps)))
    return guide._replace(guideline=guide.guideline._replace(plan=own))


@pytest.mark.parametrize(
    ("severity", "organs", "status"),
    [
        ("severe", ("lung",), "consider"),
        ("mild", ("lung",), "later"),
        ("severe", (), "later"),
    ],
)
def test_a_trigger_of_one_severity_points_to_nothing_at_another(
    loaded, person, severity, organs, status
):
    guide = changed("lung", of_triggers={"severities": ("severe",)})
    result = plan(loaded, guide, person("70", severity), TreatmentHistory(organs=organs))
    assert {step.step.id: step.status for step in result.steps}["lung"] == status


def test_a_step_that_nothing_points_to_is_left_out_and_the_others_stay(loaded, person):
    who = person("70", "mild")
    before = [step.step.id for step in plan(loaded, guideline.load(), who).steps]
    after = [step.step.id for step in plan(loaded, changed("pulse", triggers=()), who).steps]
    assert before[0] == "pulse"
    assert after == before[1:]


def test_tests_are_dated_before_the_day_of_the_first_dose():
    start = datetime.date(2026, 12, 1)
    event = CalendarEvent("s", "test", "t", "t", (), day=14, days=1, before_day=15)
    dated = with_dates(event, start)
    assert (dated.date, dated.end) == (datetime.date(2026, 12, 14), datetime.date(2026, 12, 14))
    assert dated.before == datetime.date(2026, 12, 15)
    assert with_dates(event, None) == event
    assert with_dates(event._replace(day=None), start) == event._replace(day=None)


def test_a_receipt_names_the_source_of_pulses_that_come_again(loaded, person):
    guide, child = guideline.load(), person("28", age="9")

    def figures(*chosen):
        with recording() as trace:
            plan(loaded, guide, child, TreatmentHistory(chosen=chosen))
        return {rule.figure for rule in rules_used(trace, loaded.table, guide)}

    repeat = "repeat methylprednisolone.hinze-2018"
    assert repeat in figures("methylprednisolone")
    assert repeat not in figures("prednisone")


@pytest.mark.parametrize(("chosen", "named"), [("prednisolone", True), ("prednisone", False)])
def test_a_receipt_names_why_a_drug_stands_in_for_another(loaded, person, chosen, named):
    guide = guideline.load()
    with recording() as trace:
        plan(loaded, guide, person("70", "severe"), TreatmentHistory(chosen=(chosen,)))
    figures = {rule.figure for rule in rules_used(trace, loaded.table, guide)}
    assert ("prednisolone instead of prednisone" in figures) is named


def test_a_rounding_without_a_field_stays_where_its_schedule_has_rows():
    """One that is refused after it was rounded leaves nothing in a receipt."""
    with unnoted():
        result = dmcalc.plan(weight="70", severity="severe")
        doses = dmcalc.dose("prednisone", weight="70", severity="severe")
    with recording() as trace:
        for part in ("", "schedules.prednisone", "schedules.prednis", "schedules.azathioprine"):
            with trace.under(part):
                trace.rounded(None, part, Fraction(1, 3), Decimal("0.33"), "mg", DOWN)
        note_plan(result, doses)
    assert [made.what for made in trace.roundings] == ["", "schedules.prednisone"]
