"""Do the commands agree on random patients? ``make agree`` asks 200, the tests 20.

For each patient and drug ``dose`` says whether the drug is refused and the most that it gives. No
other command gives more, and a refusal of ``dose`` is one everywhere. Amounts are compared exactly.
Rows of a batch are held against the commands as well (``rows.py``).
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import dmcalc
from dmcalc import guideline, table
from dmcalc.errors import DmcalcError, ExitCode, PatientError, RefusedError
from dmcalc.quantities.amount import converted
from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from dmcalc.dosing.dose_row import DoseRow

LOADED = table.load()
TABLE = LOADED.table
RULES = guideline.load().guideline.rules
AT_RISK = {rule.id for rule in RULES.rules if rule.at_risk}
Facts = dict[str, Any]
#: How an order of so much is written, by the time that the amount is for.
ORDERED = {"day": ("daily", "daily in 2 doses"), "week": ("once a week",)}
#: How the refusal of an amount begins that no whole units make.
NO_UNITS = ("no whole ", "no tablet of ", "no capsule of ", "no vial of ")
#: The drug has no such schedule, or none for a child.
NO_SCHEDULE = (ExitCode.UNKNOWN, ExitCode.PATIENT)


class Disagreement(NamedTuple):
    """Where a command does not say what ``dose`` says of a drug for a patient."""

    drug: str
    command: str
    what: str
    facts: Facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.drug}: {self.command}: {self.what} ({facts})"


class Limits(NamedTuple):
    """What ``dose`` says of a drug: refused, or the most by the time that it is for, in mg.

    Of a drug that is withheld less is asked for, without a figure: only its tests are listed.
    """

    refused: bool
    most: dict[str, Decimal]
    rows: tuple[DoseRow, ...] = ()
    withheld: bool = False


def patient(chance: random.Random) -> Facts:
    """Return the facts of a random patient, one in six of them a child."""
    severity = chance.choice(["mild", "moderate", "severe"])
    if chance.random() < 1 / 6:
        age = chance.randint(4, 17)
        low, high = 3 * age + 4, 4 * age + 12
        return {"age": age, "weight": chance.randint(low, high), "height": 80 + 5 * age}
    facts: Facts = {
        "weight": Decimal(chance.randint(80, 280)) / 2,
        "height": chance.randint(150, 195),
        "severity": severity,
    }
    maybe = {
        "age": lambda: chance.randint(18, 90),
        "egfr": lambda: chance.randint(8, 110),
        "crcl": lambda: chance.randint(8, 110),
        "tpmt": lambda: chance.choice(["normal", "intermediate", "poor"]),
        "nudt15": lambda: chance.choice(["normal", "intermediate", "poor"]),
        "taking": lambda: chance.sample([*RULES.taken, *TABLE.drugs], chance.randint(1, 2)),
        "conditions": lambda: chance.sample(list(RULES.conditions), chance.randint(1, 2)),
    }
    for name, draw in maybe.items():
        if chance.random() < 0.35:
            facts[name] = draw()
    return facts


def limits(drug: str, facts: Facts) -> Limits | None:
    """Return what ``dose`` says; None where it gives no amount for this patient."""
    try:
        result = dmcalc.dose(drug, **facts)
    except DmcalcError as error:
        return Limits(refused=True, most={}) if error.exit_code == ExitCode.REFUSED else None
    if "no-dose-genotype" in {warning.code for warning in result.warnings}:
        return Limits(refused=True, most={}, withheld=True)
    rows = result.rows
    most: dict[str, Decimal] = {}
    for row in rows:
        if row.high is not None:
            most[row.per] = max(most.get(row.per, Decimal(0)), converted(row.high, row.unit, "mg"))
    return Limits(refused=False, most=most, rows=rows) if most else None


def above(amounts: Iterator[tuple[str, Decimal | None, str | None]], most: Limits) -> str | None:
    """Say which of some amounts is more than the most for its time; None where none is."""
    for per, amount, unit in amounts:
        if amount is None or unit is None:
            continue
        most_mg = most.most.get(per)
        given = converted(amount, unit, "mg")  # type: ignore[arg-type]
        if most_mg is not None and given > most_mg:
            return f"gives {given} mg a {per}, above {most_mg} mg"
    return None


def schedule(compute: Callable[..., Any], drug: str, facts: Facts, most: Limits) -> str | None:
    """Say what a taper or a titration gives above the most, or that it does not refuse."""
    options = {}
    if compute is dmcalc.titrate:
        titrations = [t for t in TABLE.titrations.values() if t.drug == drug]
        options = {"day": "monday"} if TABLE.drugs[drug].once_weekly else {}
        options |= {"interval": "4 weeks"} if any(t.every is None for t in titrations) else {}
    try:
        result = compute(drug, **options, **facts)
    except DmcalcError as error:
        if most.refused and error.exit_code not in (ExitCode.REFUSED, *NO_SCHEDULE):
            return f"exits with {error.exit_code.value}, where dose refuses with 5"
        return None
    if most.refused:
        return "is answered, where dose refuses"
    steps = result.steps if hasattr(result, "steps") else ()
    return above(((s.per, s.high, s.unit) for s in steps), most)


def plan(drug: str, facts: Facts, most: Limits) -> str | None:
    """Say what a plan puts on its calendar above the most, or of a drug that dose refuses."""
    try:
        result = dmcalc.plan(chosen=[drug], start="2026-12-01", **facts)
    except RefusedError:
        return None if most.refused else "refuses, where dose does not"
    rows = [r for r in result.rows if r.drug == drug and r.kind == "dose" and r.high is not None]
    if most.refused:
        return "has it on the calendar, where dose refuses" if rows else None
    return above(((row.per, row.high, row.unit) for row in rows), most)


def step(mg: Decimal) -> Decimal:
    """Return the least by which an order can differ from an amount, in mg."""
    return Decimal(1) if mg >= 10_000 else Decimal("0.001")


def written(mg: Decimal) -> str:
    """Write an amount as an order has it, and no more than it."""
    rounded = mg.quantize(step(mg), ROUND_DOWN)
    return f"{format_plain(rounded / 1000)} g" if mg >= 10_000 else f"{format_plain(rounded)} mg"


def verdict(drug: str, mg: Decimal, per: str, facts: Facts) -> str:
    """Return the verdict of an order of so much; the milder one of how it may be divided."""
    verdicts = []
    for frequency in ORDERED[per]:
        try:
            verdicts.append(dmcalc.check(drug, f"{written(mg)} {frequency}", **facts).verdict)
        except (RefusedError, PatientError) as error:
            verdicts.append("refused" if error.exit_code == ExitCode.REFUSED else "no answer")
    return "within" if "within" in verdicts else verdicts[0]


def check(drug: str, facts: Facts, most: Limits) -> str | None:
    """Say whether the most is not within, or a tenth more is, or what is refused is judged."""
    if most.refused:
        per = "week" if TABLE.drugs[drug].once_weekly else "day"
        judged = verdict(drug, Decimal(10), per, facts)
        as_refused = ("refused", "wrong-frequency", "no answer")
        return None if judged in as_refused else f"says {judged}, where dose refuses"
    for per, amount in most.most.items():
        if per not in ORDERED:
            continue
        judged = verdict(drug, amount, per, facts)
        if judged not in ("within", "wrong-frequency", "no answer"):
            return f"calls the most of dose {judged}"
        if verdict(drug, amount * Decimal("1.1"), per, facts) == "within":
            return "calls a tenth more than the most of dose within"
    return None


def handed_out(drug: str, mg: Decimal, facts: Facts, times: int = 1) -> Decimal | str:
    """Return what is dispensed of an amount, rounded down to whole units, in mg, or why not.

    The amount of a day is divided into equal doses where the table divides it.
    """
    order = f"{written(mg)} daily in {times} doses" if times > 1 else written(mg)
    options = {"for_": "1d"} if times > 1 else {}
    try:
        row = dmcalc.dispense(drug, order, direction="down", **options, **facts).rows[0]
    except RefusedError as error:
        return error.message
    return converted(row.dispensed, row.unit, "mg")


def largest_giving(drug: str, facts: Facts) -> Decimal:
    """Return the most at a time of all sources, in mg: of the drug's own route if it has one.

    Where a rule reduced the dose the sources beside the reference are not asked.
    """
    given = dmcalc.dose(drug, alternatives=True, **facts).rows
    rows = [row for row in given if row.high is not None]
    rows = [row for row in rows if row.route == TABLE.drugs[drug].route] or rows
    if any(row.base and row.low_before is not None for row in rows):
        rows = [row for row in rows if row.base]
    return max(converted(row.high, row.unit, "mg") for row in rows if row.high is not None)


def dispense(drug: str, facts: Facts, most: Limits) -> str | None:
    """Say whether an amount of dose is not dispensed, or one above the largest giving is."""
    if most.refused:
        given = handed_out(drug, Decimal(50), facts)
        return "hands it out, where dose refuses" if isinstance(given, Decimal) else None
    for row in most.rows:
        for amount in (row.low, row.high):
            if amount is None:
                continue
            mg = converted(amount, row.unit, "mg")
            given = handed_out(drug, mg, facts, row.times_daily or 1)
            if isinstance(given, str) and not given.startswith(NO_UNITS):
                return f"refuses {mg} mg of {row.regimen}: {given}"
            if isinstance(given, Decimal) and given > mg:
                return f"hands out {given} mg for {mg} mg of {row.regimen}"
    above_all = largest_giving(drug, facts)
    above_all += step(above_all)
    given = handed_out(drug, above_all, facts)
    return None if isinstance(given, str) else f"hands out {above_all} mg, above the largest dose"


def infusion(drug: str, facts: Facts, most: Limits) -> str | None:
    """Say whether an infusion gives more than dose, or runs faster than the table's maximum."""
    try:
        result = dmcalc.infusion(drug, **facts)
    except DmcalcError as error:
        refused = error.exit_code == ExitCode.REFUSED
        return "refuses, where dose does not" if refused and not most.refused else None
    if most.refused:
        return "is answered, where dose refuses"
    once = converted(result.amount, result.unit, "mg")
    mg = once * (result.days or 1)
    if mg > max(most.most.values()):
        return f"gives {mg} mg, above {max(most.most.values())} mg"
    if sum(converted(each.amount, each.unit, "mg") for each in result.steps) > once:
        return "gives more by its steps than in all"
    at_risk = not AT_RISK.isdisjoint(rule.id for row in most.rows for rule in row.rules)
    fastest = result.ramp.max_at_risk if at_risk else result.ramp.max
    if fastest is not None and fastest.unit == "mL/kg/min":
        rates = [each.rate_ml_kg_min for each in result.steps]
    else:
        rates = [each.rate_mg_h for each in result.steps]
    fast = max(rate for rate in rates if rate is not None)
    if fastest is not None and fast > fastest.value:
        return f"runs at {fast}, above {fastest}"
    return None


def monitor(drug: str, facts: Facts, most: Limits) -> str | None:
    """Say whether the tests are listed for a drug that dose refuses, or refused for another."""
    try:
        dmcalc.monitor(drug, **facts)
    except DmcalcError as error:
        refused = error.exit_code == ExitCode.REFUSED
        return "refuses, where dose does not" if refused and not most.refused else None
    return "lists its tests, where dose refuses" if most.refused and not most.withheld else None


COMMANDS: dict[str, Callable[[str, Facts, Limits], str | None]] = {
    "taper": lambda *of: schedule(dmcalc.taper, *of),
    "titrate": lambda *of: schedule(dmcalc.titrate, *of),
    "plan": plan,
    "check": check,
    "dispense": dispense,
    "infusion": infusion,
    "monitor": monitor,
}


def disagreements(seed: int, patients: int) -> Iterator[Disagreement]:
    """List where the commands disagree on so many patients drawn from a seed."""
    chance = random.Random(seed)
    for _ in range(patients):
        facts = patient(chance)
        for drug in TABLE.drugs:
            most = limits(drug, facts)
            if most is None:
                continue
            for command, compare in COMMANDS.items():
                if what := compare(drug, facts, most):
                    yield Disagreement(drug, command, what, facts)


def main() -> int:
    """Print the seed and each disagreement; return 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.patients} patients")
    from tests.properties import rows  # which draws its patients from here

    found = list(disagreements(options.seed, options.patients))
    for what in rows.differences(options.seed, options.patients):
        found.append(Disagreement("rows", "batch", what, {}))
    shown: Counter[tuple[str, str]] = Counter()
    for each in found:
        shown[each.drug, each.command] += 1
        if shown[each.drug, each.command] <= 3:
            print(each)
    print(f"{len(found)} disagreements")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
