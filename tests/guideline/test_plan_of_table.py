"""The plan for a table of one's own that lacks a drug: what is left of it, and what is not."""

from __future__ import annotations

import pytest

from dmcalc import guideline, table

PLAN = guideline.load().guideline.plan
DRUGS = frozenset(table.load().table.drugs)


def test_the_plan_of_the_whole_table_is_the_plan():
    assert PLAN.of_table(DRUGS) == PLAN


@pytest.mark.parametrize("lacking", sorted(DRUGS))
def test_without_a_drug_the_steps_of_others_are_the_same(lacking):
    left = PLAN.of_table(DRUGS - {lacking})
    kept = [s for s in PLAN.steps if s.drugs != (lacking,) and s.needs != lacking]
    # of two populations one may have a step with the id of the other
    assert [(s.population, s.id) for s in left.steps] == [(s.population, s.id) for s in kept]
    for step, before in zip(left.steps, kept, strict=True):
        assert step.drugs == tuple(drug for drug in before.drugs if drug != lacking)
        for trigger, whole in zip(step.triggers, before.triggers, strict=True):
            if whole.since == lacking:  # there is no first dose to count from
                assert (trigger.since, trigger.after, trigger.within) == (None, None, None)
                assert trigger.text == whole.text
            else:
                assert trigger == whole


def test_without_any_drug_what_needs_none_is_left():
    left = PLAN.of_table(())
    assert {s.id for s in left.steps} == {s.id for s in PLAN.steps if not s.drugs and not s.needs}
    assert left.steps
    assert (left.marks, left.repeats, left.stand_ins) == ((), (), ())


@pytest.mark.parametrize(
    ("lacking", "marks", "repeats", "stand_ins"),
    [
        ("prednisone", 0, 1, 0),
        ("prednisolone", len(PLAN.marks), 1, 0),  # it stands in for prednisone
        ("methylprednisolone", len(PLAN.marks), 0, 1),
        ("rituximab", len(PLAN.marks), 1, 1),
    ],
)
def test_thresholds_pulses_and_substitutes_go_with_their_drugs(lacking, marks, repeats, stand_ins):
    left = PLAN.of_table(DRUGS - {lacking})
    assert (len(left.marks), len(left.repeats), len(left.stand_ins)) == (marks, repeats, stand_ins)
