"""Random questions on tapers, titrations, courses, landmarks and infusions."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import dmcalc
from tests import oracle
from tests.oracle import patient, schedules, units
from tests.oracle.asking import (
    DRUGS,
    SEVERITIES,
    TITRATIONS,
    Near,
    Question,
    asked,
    cap_of,
    facts_of,
    fraction,
    known,
    weight,
    written,
)


def taper(chance: random.Random) -> Question:
    """Ask the steps of a daily taper, from a start dose or from the one of the severity."""
    key = chance.choice([*oracle.table()["daily_tapers"]])
    least, most = {"etg": (51, 150), "ese-es-2024": (11, 160)}.get(key, (1, 200))
    slow = chance.random() < 0.3
    options: dict[str, Any] = {"protocol": key}
    if slow and key == "hhe-2018":
        options["interval"] = "12w"
    start = Fraction(chance.randint(least, most), 2)
    if chance.random() < 0.5:
        kg, severity = weight(chance, 40, 200), chance.choice(SEVERITIES)
        rule = next(r for r in oracle.rules() if r.name == "prednisone.induction")
        start = oracle.ends(rule, kg, Fraction(1))[0 if severity == "mild" else 1]
        cap = oracle.table()["daily_tapers"][key].get("max")
        start = min(start, oracle.read_dose(cap).low) if cap else start
        options |= {"weight": written(kg), "severity": severity}
    else:
        options["start_dose"] = f"{written(start)}mg"
    text, answer = asked(dmcalc.taper, "prednisone", **options)
    slow = "interval" in options
    expected = [(level.dose, level.days) for level in oracle.levels(key, start, slow=slow)]
    if isinstance(answer, str):
        return Question(text, expected, answer)
    return Question(text, expected, [(fraction(s.low), s.days) for s in answer.steps])


def step(chance: random.Random) -> Question:
    """Ask whether an order is a step of a published taper from the dose of the severity."""
    kg, severity = Fraction(chance.randint(40, 120)), chance.choice(SEVERITIES)
    rule = next(r for r in oracle.rules() if r.name == "prednisone.induction")
    start = oracle.ends(rule, kg, Fraction(1))[0 if severity == "mild" else 1]
    steps = set()
    for key, entry in oracle.table()["daily_tapers"].items():
        first = min(start, oracle.read_dose(entry["max"]).low) if "max" in entry else start
        if first > oracle.read_dose(entry["bands"][-1]["until"]).low:
            steps |= {level.dose for level in oracle.levels(key, first)}
    order = chance.choice([*steps, Fraction(chance.randint(1, 120), 2)])
    words, facts = f"{written(order)} mg daily", {"weight": int(kg), "severity": severity}
    text, answer = asked(dmcalc.check, "prednisone", words, phase="taper", **facts)
    cap = cap_of(rule)
    assert cap is not None
    verdict = "within" if order in steps else "not-a-step" if order <= cap else "over-cap"
    return Question(text, verdict, answer if isinstance(answer, str) else answer.verdict)


def titrate(chance: random.Random) -> Question:
    """Ask the steps of a titration, in whole units, for an adult with rules."""
    key = chance.choice(TITRATIONS)
    entry = oracle.table()["titrations"][key]
    drug, kg, said = entry["drug"], Fraction(chance.randint(40, 150)), known(chance)
    named = chance.random() < 0.5 or not entry.get("default")
    options: dict[str, Any] = {"protocol": key} if named else {}
    interval = None
    if "every" not in entry and "increase" in entry:
        interval, options["interval"] = 28, "4w"
    if patient.is_once_weekly(drug):
        options["day"] = "monday"
    goal = schedules.base(drug, "target")
    assert goal is not None
    per = "week" if patient.is_once_weekly(drug) else "day"
    shelf = units.shelf(drug, "US", goal.dose.unit, per)
    assert shelf is not None
    text, answer = asked(dmcalc.titrate, drug, weight=int(kg), **options, **facts_of(said))
    levels = schedules.titration(key, kg, said, shelf, named=named, interval=interval)
    expected: object = "refused"
    if levels is not None:
        expected = [(level.dose, level.days) for level in levels]
    if isinstance(answer, str):
        return Question(text, expected, answer)
    return Question(text, expected, [(fraction(s.low), s.days) for s in answer.steps])


def infusion(chance: random.Random) -> Question:
    """Ask the rates of an infusion, minute by minute."""
    drug = chance.choice([d for d in DRUGS if "infusion" in oracle.table()["drugs"][d]])
    kg, said = weight(chance, 35, 200), known(chance)
    options: dict[str, Any] = {}
    later = False
    if drug == "ivig" and chance.random() < 0.7:
        options["days"] = chance.randint(2, 5)
    if drug == "rituximab" and chance.random() < 0.5:
        options["later"] = later = True
    text, answer = asked(dmcalc.infusion, drug, weight=written(kg), **options, **facts_of(said))
    holding = [rule for rule in patient.of_drug(drug) if patient.holds(rule["when"], said)]
    if any(rule["then"] == "refuse" for rule in holding):
        return Question(text, "refused", answer)
    at_risk = any(rule.get("at_risk") for rule in holding)
    run = schedules.infusion(drug, kg, options.get("days"), later=later, at_risk=at_risk)
    expected = [
        (rate.minute, rounded(rate.minutes), Near(rate.rate, False), Near(rate.total, False))
        for rate in run
    ]
    if isinstance(answer, str):
        return Question(text, expected, answer)
    steps = [
        (
            each.minute,
            fraction(each.minutes),
            fraction(each.rate_mg_h if each.rate_ml_h is None else each.rate_ml_h),
            fraction(each.total_amount if each.total_volume_ml is None else each.total_volume_ml),
        )
        for each in answer.steps
    ]
    return Question(text, expected, steps)


def rounded(value: Fraction) -> Fraction:
    """Round half up to a hundredth."""
    return Fraction((value * 100 + Fraction(1, 2)) // 1, 100)


def courses(chance: random.Random) -> Question:
    """Ask the courses of immunoglobulin by week."""
    kg, weeks = weight(chance, 35, 200), 4 * chance.randint(1, 13)
    text, answer = asked(dmcalc.taper, "ivig", weight=written(kg), weeks=weeks)
    expected = schedules.courses(kg, weeks)
    if isinstance(answer, str):
        return Question(text, expected, answer)
    steps = [(each.week, fraction(each.low), fraction(each.high)) for each in answer.steps]
    return Question(text, expected, steps)


def landmarks(chance: random.Random) -> Question:
    """Ask a child's landmarks: shares of a start dose under its cap."""
    age, key = chance.randint(4, 17), chance.choice([*oracle.table()["landmark_tapers"]])
    kg = Fraction(chance.randint(3 * age + 4, 4 * age + 12))
    facts = {"age": age, "weight": int(kg), "protocol": key}
    text, answer = asked(dmcalc.taper, "prednisone", **facts)
    if isinstance(answer, str):
        return Question(text, schedules.landmarks(key, kg), answer)
    rows = [(fraction(row.low), fraction(row.high)) for row in (answer.start, *answer.rows)]
    return Question(text, schedules.landmarks(key, kg), rows)
