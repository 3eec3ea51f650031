"""Random questions to dmcalc, each with the answer that is worked out from the YAML beside it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import dmcalc
from tests import oracle
from tests.oracle import MICROGRAMS, patient, units
from tests.oracle.asking import (
    DRUGS,
    LARGEST_SURFACE,
    SEVERITIES,
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
from tests.oracle.patient import Known
from tests.oracle.schedule_questions import courses, infusion, landmarks, step, taper, titrate


def dose(chance: random.Random) -> Question:
    """Ask the doses of one drug for an adult, of all sources, with rules for the patient."""
    drug, kg, m2 = chance.choice(DRUGS), weight(chance), Fraction(chance.randint(110, 250), 100)
    severity, said = chance.choice([None, *SEVERITIES]), known(chance)
    text, answer = asked(
        dmcalc.dose,
        drug,
        alternatives=True,
        weight=written(kg),
        bsa=written(m2),
        **({} if severity is None else {"severity": severity}),
        **facts_of(said),
    )
    expected: dict[str, object] = {}
    for rule in oracle.rules():
        if rule.drug == drug:
            left = patient.left(rule, kg, m2, said)
            if left.refused:
                return Question(text, "refused", answer)
            expected[rule.name] = row_of(rule, left, kg, m2, severity)
    rows = answer if isinstance(answer, str) else [r for r in answer.rows if r.unit is not None]
    return Question(text, expected, rows if isinstance(rows, str) else answered_rows(rows))


def row_of(
    rule: oracle.Rule, left: patient.Left, kg: Fraction, m2: Fraction, severity: str | None
) -> tuple[object, ...]:
    """Return both ends of a row, whether its cap bit, what is suggested and what is left a day."""
    if left.low is None or left.high is None:
        return (None, None, None, None, None)
    low, high = Near(left.low, True), Near(left.high, False)
    end = rule.by_severity and severity and rule.by_severity[severity]
    daily: tuple[object, object] = (None, None)
    if rule.dose.per == "course" and rule.days is not None:
        daily = Near(left.low / rule.days[1], True), Near(left.high / rule.days[0], False)
    return low, high, {"low": low, "high": high}.get(end or ""), *daily


def answered_rows(rows: list[Any]) -> dict[str, object]:
    """Return the same of the rows that dmcalc answers."""
    return {
        row.regimen: tuple(
            fraction(value)
            for value in (row.low, row.high, row.suggested, row.daily_low, row.daily_high)
        )
        for row in rows
    }


def child(chance: random.Random) -> Question:
    """Ask the doses of one drug for a child, all of them under the highest cap for children."""
    age = chance.randint(4, 17)
    kg, height = Fraction(chance.randint(3 * age + 4, 4 * age + 12)), 80 + 5 * age
    m2 = Fraction(round(100 * math.sqrt(height * kg / 3600)), 100)
    drug = chance.choice(sorted({rule.drug for rule in oracle.juvenile()}))
    facts = {"age": age, "weight": int(kg), "bsa": written(m2)}
    text, answer = asked(dmcalc.dose, drug, **facts)
    expected = {}
    for rule in oracle.juvenile():
        if rule.drug == drug:
            low, high = oracle.ends(rule, kg, m2)
            whole = patient.Left(False, False, low, high)
            expected.setdefault(rule.name, row_of(rule, whole, kg, m2, None))
    return Question(
        text, expected, answer if isinstance(answer, str) else answered_rows(answer.rows)
    )


def check(chance: random.Random) -> Question:
    """Ask whether an order at, or just beside, an end is within one posology."""
    rule = chance.choice(
        [r for r in oracle.rules() if r.base and r.dose.per in ("day", "week") and not r.days]
    )
    kg, m2, said = weight(chance), Fraction(2), known(chance)
    left = patient.left(rule, kg, m2, said)
    end = chance.choice([left.low or Fraction(10), left.high or Fraction(10)])
    beside = chance.choice([-1, 0, 0, 1, chance.randint(-9000, 9000)])
    order = Fraction(int(end * 1000) + beside, 1000)
    order = max(order, Fraction(1, 1000))
    often = "once a week" if rule.dose.per == "week" else "daily"
    divided = oracle.table()["drugs"][rule.drug].get("divided")
    often += f" in {divided['times_daily']} doses" if divided else ""
    words = f"{written(order)} {rule.dose.unit} {often}"
    facts = {"weight": written(kg), **facts_of(said)}
    text, answer = asked(dmcalc.check, rule.drug, words, phase=rule.phase, **facts)
    if left.low is None or left.high is None:
        return Question(text, "refused", answer if isinstance(answer, str) else answer.verdict)
    verdict = "within" if left.low <= order <= left.high else "below"
    if order > left.high:
        cap = cap_of(rule)
        verdict = "above" if cap is None or order <= cap else "over-cap"
    single = order / (divided["times_daily"] if divided else 1)
    if any(single > most for most in single_maxima(rule, kg, said)):
        verdict = "over-cap"
    return Question(text, verdict, answer if isinstance(answer, str) else answer.verdict)


def single_maxima(rule: oracle.Rule, kg: Fraction, said: Known) -> list[Fraction]:
    """List the most that rules leave for one dose, in the unit of a regimen."""
    found = []
    for other in patient.of_drug(rule.drug):
        if other.get("max") and other.get("times") and patient.holds(other["when"], said):
            most = oracle.read_dose(other["max"])
            size = kg if most.basis == "kg" else 1
            found.append(
                most.high * size * Fraction(MICROGRAMS[most.unit], MICROGRAMS[rule.dose.unit])
            )
    return found


def dispense(chance: random.Random) -> Question:
    """Ask which units make an amount: exactly, with the fewest; vials cover it."""
    drug, market = chance.choice(DRUGS), chance.choice(["US", "UK", "EU"])
    rows = [rule for rule in oracle.rules() if rule.drug == drug]
    route = oracle.table()["drugs"][drug]["route"]
    rows = [rule for rule in rows if rule.route == route] or rows
    kg = Fraction(chance.randint(40, 150))
    m2 = LARGEST_SURFACE
    unit = rows[0].dose.unit
    most = max(
        oracle.ends(r, kg, m2)[1] * Fraction(MICROGRAMS[r.dose.unit], MICROGRAMS[unit])
        for r in rows
    )
    shelf = units.shelf(drug, market, unit)
    if shelf is None:
        return dispense(chance)
    smallest = min(shelf.strengths) / 2
    order = smallest * chance.randint(1, max(2, int(most * Fraction(6, 5) / smallest)))
    if order < Fraction(1, 1000) or order.denominator > 1000:
        order = Fraction(max(1, int(order)))
    facts: dict[str, Any] = {"weight": int(kg), "market": market}
    days = 1
    if rows[0].dose.per == "course":
        days = chance.randint(2, 5)
        facts["days"] = days
    text, answer = asked(dmcalc.dispense, drug, f"{written(order)} {unit}", **facts)
    single = order / days
    expected: object = "refused"
    if order <= most:
        if shelf.form == "vial":
            above = units.next_above(
                shelf, single if days == 1 else Fraction(single * 10**6 // 1, 10**6)
            )
            assert above is not None
            expected = above, units.made(shelf, above)
        elif (count := units.made(shelf, single)) is not None:
            expected = single, count
    if isinstance(answer, str):
        return Question(text, expected, answer)
    held = sum(
        Fraction(p.strength) * Fraction(MICROGRAMS[p.unit], MICROGRAMS[unit]) * Fraction(p.count)
        for p in answer.rows[0].products
    )
    return Question(text, expected, (held, sum(Fraction(p.count) for p in answer.rows[0].products)))


#: How often each is asked, of a hundred.
ASKED: dict[Callable[[random.Random], Question], int] = {
    dose: 40,
    check: 15,
    step: 3,
    taper: 10,
    titrate: 8,
    dispense: 10,
    infusion: 5,
    courses: 2,
    child: 5,
    landmarks: 2,
}


def question(seed: int, row: int) -> Question:
    """Ask the question of one row of a seed: the same at each run."""
    chance = random.Random(f"{seed}:{row}")
    (kind,) = chance.choices([*ASKED], [*ASKED.values()])
    return kind(chance)
