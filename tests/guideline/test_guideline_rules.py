"""What the rules of a guideline refuse: the bundled one with one part changed."""

from __future__ import annotations

import datetime

import pytest

from dmcalc.guideline import load, monitoring, patient_rules, steps, validate
from dmcalc.quantities.time import Interval
from dmcalc.table import load as load_table

TABLE = load_table().table
GUIDE = load().guideline
RULES, PLAN = GUIDE.rules, GUIDE.plan


def found(problems):
    """Write problems as a person reads them: the path in the guideline, and what is wrong."""
    return [f"{'.'.join(map(str, path))}: {text}" for path, text in problems]


def ruled(number=0, **changes):
    """Find what is wrong with the rules for patients after a change in one of them."""
    every = list(RULES.rules)
    every[number] = every[number]._replace(**changes)
    return found(patient_rules.problems(RULES._replace(rules=tuple(every)), TABLE))


def test_a_rule_scales_with_a_share_and_caps_with_a_maximum():
    shares = [n for n, rule in enumerate(RULES.rules) if rule.then == "scale" and rule.share]
    caps = [n for n, rule in enumerate(RULES.rules) if rule.then == "cap"]
    warns = [n for n, rule in enumerate(RULES.rules) if rule.then == "warn"]
    assert ruled() == []
    share = "a share belongs to a rule that scales, and to no other"
    most = "a maximum belongs to a rule that caps, and to no other"
    for number, change, says in (
        (shares[0], {"share": None}, share),
        (warns[0], {"share": RULES.rules[shares[0]].share}, share),
        (caps[0], {"max": None}, most),
        (warns[0], {"max": RULES.rules[caps[0]].max}, most),
    ):
        assert ruled(number, **change) == [f"rules.rules.{number}: {says}"]


def test_a_rule_has_a_name_of_its_own_and_asks_something():
    assert ruled(1, id=RULES.rules[0].id) == [
        f"rules.rules.1.id: {RULES.rules[0].id!r} is there twice"
    ]
    nothing = type(RULES.rules[0].when)()
    assert "rules.rules.0.when: it says nothing: what holds in any case is a note of the drug" in (
        ruled(0, when=nothing)
    )


def planned(part, number=0, **changes):
    """Find what is wrong with the plan after a change in one of its parts."""
    every = list(getattr(PLAN, part))
    every[number] = every[number]._replace(**changes)
    return found(steps.problems(PLAN._replace(**{part: tuple(every)}), TABLE))


def test_steps_and_marks_of_a_plan_have_names_and_units():
    assert found(steps.problems(PLAN, TABLE)) == []
    mark = PLAN.marks[0]
    said = planned("marks", 1, id=mark.id)
    assert said == [f"plan.marks.1.id: {mark.id!r} is there twice"]
    unit = "plan.marks.0: the dose is in mg, and the time in days, weeks or months"
    assert planned("marks", dose=mark.time) == [unit]
    assert planned("marks", time=mark.dose) == [unit]
    assert planned("steps", begins=(), triggers=())[-1:] == [
        "plan.steps.0: it neither begins at a severity nor has a trigger"
    ]
    assert planned("repeats", regimen="prednisone.none") == [
        "plan.repeats.0.regimen: 'prednisone.none' is not a posology of the table"
    ]


def watched(**changes):
    """Find what is wrong with the tests under a drug after a change in its first phase."""
    drug = "methotrexate"
    known = GUIDE.monitoring[drug]
    number = next(n for n, series in enumerate(known.series) if len(series.phases) > 1)
    every = list(known.series)
    first, *others = every[number].phases
    every[number] = every[number]._replace(phases=(first._replace(**changes), *others))
    changed = {**GUIDE.monitoring, drug: known._replace(series=tuple(every))}
    problems = monitoring.problems(changed, GUIDE.thresholds, GUIDE.lab_tests, TABLE)
    return [said.partition(": ")[2] for said in found(problems)]


def test_a_phase_of_tests_ends_once_before_the_next():
    weeks = Interval(6, 6, "week")
    assert watched() == []
    assert watched(stable=weeks, lasts=weeks) == [
        "it ends twice: by a stable dose and by its length"
    ]
    assert watched(stable=None, lasts=None) == ["it does not end, and another phase comes after it"]
    assert watched(stable=None, lasts=weeks) == []


def test_a_limit_is_there_once_for_a_drug():
    twice = (*GUIDE.thresholds, GUIDE.thresholds[0])
    said = found(monitoring.problems(GUIDE.monitoring, twice, GUIDE.lab_tests, TABLE))
    first = GUIDE.thresholds[0]
    assert said == [
        f"thresholds.{len(GUIDE.thresholds)}.drugs: {drug} has a limit for {first.lab} already"
        for drug in first.drugs
    ]


@pytest.mark.parametrize(("days", "valid"), [(1, True), (0, False), (-1, False)])
def test_the_next_review_is_after_the_last(days, valid):
    changed = GUIDE._replace(review_by=GUIDE.reviewed + datetime.timedelta(days=days))
    said = found(validate._problems(changed, TABLE))
    assert said == ([] if valid else ["review_by: not after the day of review"])


def test_a_source_of_the_table_is_not_listed_again():
    key, source = next(iter(TABLE.sources.items()))
    changed = GUIDE._replace(sources={**GUIDE.sources, key: source})
    assert f"sources.{key}: the drug table lists it too: leave it out here" in found(
        validate._problems(changed, TABLE)
    )


def test_a_rule_on_two_drugs_warns_for_the_one_that_is_taken():
    (rule,) = (rule for rule in RULES.rules if rule.id == "azathioprine-allopurinol-nhs")
    rule = rule._replace(times=2, at_risk=True)
    assert rule.of("azathioprine") == rule
    assert rule.of("methotrexate") is None
    # what is left of azathioprine is not what is left of allopurinol
    turned = rule.of("allopurinol")
    assert (turned.drugs, turned.when.taking) == (("allopurinol",), ("azathioprine",))
    assert (turned.then, turned.share, turned.max, turned.times) == ("warn", None, None, None)
    assert turned.at_risk is False
    assert rule._replace(then="refuse").of("allopurinol").then == "refuse"
    # a drug of the kind that is taken, and one that is not
    assert rule.of("febuxostat", kinds=("allopurinol",)).then == "warn"
    assert rule.of("febuxostat", kinds=("diuretic",)) is None
