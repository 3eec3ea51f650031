"""The rules of the guide as a receipt and ``why`` list them, each with its times and amounts."""

from __future__ import annotations

from collections import Counter

import pytest

from dmcalc import guideline, table
from dmcalc.audit.rules import rules_of_guideline, rules_of_table

GUIDE = guideline.load()
RULES = [*rules_of_guideline(GUIDE)]
TAPERS = table.load().table.daily_tapers


@pytest.mark.parametrize(
    ("drug", "figure", "value"),
    [
        ("allopurinol", "rule azathioprine-allopurinol-nhs", "taking azathioprine: warn: "),
        ("azathioprine", "rule azathioprine-allopurinol-nhs", "taking allopurinol: scale 1/4: "),
        (
            "mycophenolate",
            "rule mycophenolate-egfr-below-25",
            "eGFR below 25: cap 1 g/dose twice daily: ",
        ),
        ("azathioprine", "threshold wcc", "< 3.5 x10^9/L: Withhold and contact the specialist."),
        ("prednisone", "baseline tests", "peptic ulcer: history"),
        (
            "mycophenolate",
            "monitoring",
            "albumin, ALT or AST, full blood count, creatinine or eGFR: every 2 weeks until the "
            "dose is stable for 6 weeks, then every 3 months",
        ),
        ("ivig", "weight policy australia", "adjusted weight"),
        (
            "ivig",
            "weight policy nhs-form",
            "adjusted weight; bmi > 30; over ideal > 20%; height >= 132 cm",
        ),
        ("plan", "adult step skin, trigger 1", "if the skin is involved"),
        (
            "plan",
            "adult step reduce, trigger 1",
            "if there is clinical improvement after 3 to 4 weeks of the high dose; after 3-4 weeks",
        ),
        (
            "plan",
            "juvenile step intensify, trigger 1",
            "if the response is inadequate within the first 12 weeks; within 12 weeks",
        ),
        ("plan", "mark bone", ">= 2.5 mg daily for > 3 months"),
        ("plan", "mark adrenal", "> 4-6 mg daily for >= 3-4 weeks; persists 12 months"),
        (
            "plan",
            "repeat methylprednisolone.hinze-2018",
            "2 weeks, 4 weeks; then every 4-6 weeks for 6-12 months",
        ),
        ("plan", "prednisolone instead of prednisone", "Prednisolone was chosen"),
    ],
)
def test_a_rule_is_listed_with_its_times_and_amounts(drug, figure, value):
    values = [rule.value for rule in RULES if (rule.drug, rule.figure) == (drug, figure)]
    assert values
    whole = not value.endswith((": ", "chosen"))
    assert any(found == value if whole else found.startswith(value) for found in values)


def test_every_part_of_the_guide_is_listed():
    parts = Counter(rule.path[:2] if rule.path[0] == "plan" else rule.path[:1] for rule in RULES)
    guide = GUIDE.guideline
    assert parts == {
        ("rules",): sum(len(r.drugs) + len(r.when.taking) for r in guide.rules.rules),
        ("monitoring",): sum(len(m.baseline) + len(m.series) for m in guide.monitoring.values()),
        ("thresholds",): sum(len(limit.drugs) for limit in guide.thresholds),
        ("weight_policies",): sum(len(p.drugs) for p in guide.weight_policies.values()),
        ("plan", "steps"): sum(1 + len(step.triggers) for step in guide.plan.steps),
        ("plan", "marks"): len(guide.plan.marks),
        ("plan", "repeats"): len(guide.plan.repeats),
        ("plan", "stand_ins"): len(guide.plan.stand_ins),
    }


def test_every_rule_of_the_guide_has_a_source():
    for rule in RULES:
        assert rule.cites, rule.figure
        document = rule.document(GUIDE.works(table.load().table))
        assert document.where == ".".join(map(str, rule.path))
        for work in document.sources:
            known = (work.primary_title, work.primary_read)
            assert known == (None, None) if work.primary is None else None not in known


def test_which_end_of_a_dose_a_severity_points_to_is_listed_with_its_reading():
    listed = {rule.figure: rule for rule in rules_of_table(table.load().table)}
    rule = listed["induction by severity"]
    assert rule.value == "mild low, moderate high, severe high"
    notes = table.load().table.drugs["prednisone"].notes
    assert rule.cites == next(note.cite for note in notes if note.code == "severity-reading")
    holds = {f"taper {key} hold default": taper.hold_default for key, taper in TAPERS.items()}
    found = {figure: rule.value for figure, rule in listed.items() if figure in holds}
    assert found == {figure: str(hold) for figure, hold in holds.items() if hold is not None}
    assert found


def test_whether_a_drug_is_indicated_is_listed_as_the_table_says():
    bundled = table.load().table
    listed = {(rule.drug, rule.figure): rule.value for rule in rules_of_table(bundled)}
    for key, drug in bundled.drugs.items():
        for severity, indication in bundled.indications[drug.indication]._asdict().items():
            words = "yes" if indication.indicated else "no"
            assert listed[key, f"indicated in {severity} weakness"].startswith(f"{words}: ")
