"""What the rules of a guideline refuse: the bundled one with one part changed."""

from __future__ import annotations

import datetime

import pytest

from dmcalc.guideline import (
    care,
    load,
    monitoring,
    patient_rules,
    steps,
    validate,
    weight_policies,
)
from dmcalc.quantities.thresholds import ResultLimit
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


def rule(drug, taking):
    """Return a rule on one drug beside others, whose quote names none of them."""
    first = RULES.rules[0]
    when = type(first.when)(taking=taking)
    return first._replace(id=f"{drug}-{'-'.join(taking)}", drugs=(drug,), when=when)


@pytest.mark.parametrize(
    ("drug", "taking", "twice"),
    [
        ("methotrexate", ("azathioprine",), True),
        ("methotrexate", ("allopurinol", "azathioprine"), True),
        ("methotrexate", ("ciclosporin",), False),  # the first rule is on this drug, not beside it
        ("ciclosporin", ("azathioprine",), False),
        ("ciclosporin", ("tacrolimus",), False),
    ],
)
def test_a_rule_on_two_drugs_of_the_table_is_there_once(drug, taking, twice):
    """It holds both ways by itself: the second one would warn of the same twice."""
    every = (rule("azathioprine", ("methotrexate",)), rule(drug, taking))
    said = found(patient_rules.problems(RULES._replace(rules=every), TABLE))
    both = "rules.rules.1.when.taking: 'azathioprine-methotrexate' holds both ways"
    assert (f"{both}: leave it out here" in said) is twice


@pytest.mark.parametrize(
    ("name", "quote", "named"),
    [
        ("methotrexate", "with Methotrexate, and", True),
        ("mycophenolate", "with mycophenolate-mofetil", True),  # by an alias of the table
        ("potassium-sparing-diuretic", "a Potassium sparing diuretic", True),
        ("st-johns-wort", "methotrexate", False),
        ("allopurinol", None, False),
    ],
)
def test_a_medicine_that_is_taken_is_named_in_a_quote(name, quote, named):
    """By any of its names, and in large letters too; the sign between its words may be none."""
    own = rule("azathioprine", (name,))
    own = own._replace(cite=(own.cite[0]._replace(quote=quote),))
    said = found(patient_rules.problems(RULES._replace(rules=(own,)), TABLE))
    assert (f"rules.rules.0.when.taking: {name!r} is in none of its quotes" in said) is not named


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


@pytest.mark.parametrize(
    ("number", "before", "reported"),
    [(0, "parallel", False), (0, "intensify", True), (9, "intensify", False), (9, "pulse", True)],
)
def test_a_step_is_before_one_for_the_same_patients(number, before, reported):
    says = f"plan.steps.{number}.before: {before!r} is not a step for the same population"
    assert planned("steps", number, before=before) == ([says] if reported else [])


DRUGS = ("azathioprine", "methotrexate", "ciclosporin")


@pytest.mark.parametrize("choice", ["all", "one", "any"])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_choice_is_between_two_drugs_at_least(choice, count):
    says = ["plan.steps.0.choice: there is nothing to choose between"]
    nothing = choice != "all" and count < 2
    assert planned("steps", choice=choice, drugs=DRUGS[:count]) == (says if nothing else [])


@pytest.mark.parametrize("number", [0, 3])  # one that begins at a severity, one with a trigger
def test_a_step_begins_at_a_severity_or_by_a_trigger(number):
    step = PLAN.steps[number]
    assert planned("steps", number, begins=("severe",), triggers=()) == []
    assert planned("steps", number, begins=(), triggers=PLAN.steps[3].triggers) == []
    says = f"plan.steps.{number}: it neither begins at a severity nor has a trigger"
    assert planned("steps", number, begins=(), triggers=()) == [says], step.id


@pytest.mark.parametrize(
    ("drug", "instead_of"), [("prednisone", "prednison"), ("prednison", "prednisone")]
)
def test_both_of_the_drugs_that_stand_in_are_of_the_table(drug, instead_of):
    assert planned("stand_ins", drug=drug, instead_of=instead_of) == [
        "plan.stand_ins.0: 'prednison' is not a drug of the table"
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
    assert watched(stable=weeks, lasts=None) == []


def test_a_limit_is_there_once_for_a_drug():
    twice = (*GUIDE.thresholds, GUIDE.thresholds[0])
    said = found(monitoring.problems(GUIDE.monitoring, twice, GUIDE.lab_tests, TABLE))
    first = GUIDE.thresholds[0]
    assert said == [
        f"thresholds.{len(GUIDE.thresholds)}.drugs: {drug} has a limit for {first.lab} already"
        for drug in first.drugs
    ]


def limited(**changes):
    """Find what is wrong with the limits after one more, the first with a change."""
    every = (*GUIDE.thresholds, GUIDE.thresholds[0]._replace(**changes))
    problems = found(monitoring.problems(GUIDE.monitoring, every, GUIDE.lab_tests, TABLE))
    return [said.removeprefix(f"thresholds.{len(GUIDE.thresholds)}.") for said in problems]


#: The first limit is that of white cells, below 3.5 x10^9/L.
OTHERS = {"population": "Others"}
LIMITS = [
    (OTHERS, []),
    ({"limit": ResultLimit.parse("> 20 x10^9/L")}, []),
    ({"limit": ResultLimit.parse("< 3.5 g/L"), **OTHERS}, ["limit: it is not in x10^9/L"]),
    ({"limit": ResultLimit.parse("> 30% above baseline"), **OTHERS},
     ["limit: creatinine is compared with its baseline"]),
    ({"lab": "creatinine", **OTHERS}, ["limit: creatinine is compared with its baseline"]),
    ({"drugs": ("azathioprin",), **OTHERS}, ["drugs: 'azathioprin' is not a drug of the table"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), LIMITS, ids=lambda value: str(value)[:80])
def test_a_limit_has_another_side_or_population_and_the_unit_of_its_test(change, says):
    assert limited(**change) == says


@pytest.mark.parametrize(
    ("lab", "limit", "is_of"),
    [
        ("systolic", 140, True),
        ("systolic", 40, False),  # the end of 140
        ("systolic", 90, False),
        ("diastolic", 90, True),
        ("diastolic", 9, False),
        ("diastolic", 140, False),
    ],
)
def test_a_pressure_is_that_of_its_pair(lab, limit, is_of):
    number, threshold = next((n, t) for n, t in enumerate(GUIDE.thresholds) if t.lab == "systolic")
    cite = (threshold.cite[0]._replace(quote="greater than 140/90mmHg"),)
    changed = {"lab": lab, "limit": ResultLimit.parse(f"> {limit} mmHg"), "cite": cite}
    every = (threshold._replace(**changed),)
    said = found(monitoring.problems(GUIDE.monitoring, every, GUIDE.lab_tests, TABLE))
    says = f"thresholds.0.limit: {limit} is not the {lab} pressure of its quote"
    assert said == ([] if is_of else [says]), number


def cared(**changes):
    """Find what is wrong with the care after a change in it."""
    return found(care.problems(GUIDE.care._replace(**changes), GUIDE.severity, set(TABLE.sources)))


def test_a_reference_of_the_page_is_listed_and_there_once():
    first, second, *rest = GUIDE.care.references
    own = [*found(care.problems(GUIDE.care, GUIDE.severity, set(TABLE.sources)))]
    assert own == []
    assert cared(references=(first, second, first, *rest)) == [
        f"care.references.2: {first!r} is there twice"
    ]
    assert cared(references=(first, "nobody")) == [
        "care.references.1: 'nobody' is not one of the sources"
    ]
    assert cared(page="nobody") == ["care.page: 'nobody' is not one of the sources"]


@pytest.mark.parametrize(
    ("quote", "says"),
    [
        ("from 7 to 9.5 of 10", []),
        ("from 7 to 9 of 10", ["9.5"]),
        ("from 17 to 95 of 10", ["7", "9.5"]),
        (None, ["7", "9.5", "10"]),
    ],
)
def test_each_number_of_a_grade_is_in_a_quote(quote, says):
    """That of a name is none: MMT8 is a scale."""
    scale = GUIDE.severity.scales[0]
    grade = scale.grades[0]._replace(value="MMT8 of 7-9.5 out of 10")
    scale = scale._replace(grades=(grade,), cite=(scale.cite[0]._replace(quote=quote),))
    severity = GUIDE.severity._replace(scales=(scale,))
    path = "severity.scales.0.grades.0.value"
    assert found(care.problems(GUIDE.care, severity, set(TABLE.sources))) == [
        f"{path}: the number {number} is in none of its quotes" for number in says
    ]


@pytest.mark.parametrize(
    ("key", "taken"),
    [("actual", True), ("policy", True), ("ideal", True), ("adjusted", True), ("mine", False)],
)
def test_a_weight_policy_is_not_called_like_a_kind_of_weight(key, taken):
    policy = next(iter(GUIDE.weight_policies.values()))
    says = [f"weight_policies.{key}: that is the name of a kind of weight"]
    assert found(weight_policies.problems({key: policy}, TABLE)) == (says if taken else [])


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
