"""Titrations, courses of immunoglobulin, landmarks of children and infusions, from the YAML."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from tests.oracle import MICROGRAMS, Rule, ends, read_dose, read_range, rules, table
from tests.oracle.patient import Known, left, shares
from tests.oracle.units import Shelf, next_below, within

#: A month of weekly doses is 28 days.
DAYS = {"day": 1, "week": 7, "month": 28}


class Level(NamedTuple):
    """A dose as it is made of whole units, its exact amount, and its days; None is open."""

    dose: Fraction
    exact: Fraction
    days: int | None


class Rate(NamedTuple):
    """A part of an infusion: from which minute, how many, at which rate, and what is in by then."""

    minute: int
    minutes: Fraction
    rate: Fraction
    total: Fraction


def base(drug: str, phase: str) -> Rule | None:
    """Return the base regimen of a phase."""
    return next((r for r in rules() if r.base and r.drug == drug and r.phase == phase), None)


def period(text: str) -> tuple[int, int]:
    """Read ``4-6 weeks`` as days, shortest and longest."""
    numbers, word = text.split(" ")
    low, high = read_range(numbers)
    return int(low * DAYS[word.removesuffix("s")]), int(high * DAYS[word.removesuffix("s")])


def amount(text: str, kg: Fraction, unit: str) -> Fraction:
    """Read the low end of a rate for a patient, in a unit."""
    dose = read_dose(text)
    size = kg if dose.basis == "kg" else 1
    return dose.low * size * Fraction(MICROGRAMS[dose.unit], MICROGRAMS[unit])


def titration(
    key: str, kg: Fraction, known: Known, shelf: Shelf, *, named: bool, interval: int | None
) -> list[Level] | None:
    """Work out a titration; None where it is refused, or a dose that rules left is not made."""
    entry: dict[str, Any] = table()["titrations"][key]
    drug = entry["drug"]
    target, start = base(drug, "target"), base(drug, "start")
    assert target is not None
    unit = target.dose.unit
    aims = left(target, kg, Fraction(1), known)
    begins = None if start is None else left(start, kg, Fraction(1), known)
    if aims.low is None or aims.high is None or (begins is not None and begins.low is None):
        return None
    whole = ends(target, kg, Fraction(1))
    own = entry["levels"][0] if "levels" in entry else entry.get("start")
    first = None if own is None else amount(own, kg, unit) * entry.get("times_daily", 1)
    reduced = aims.high < whole[1] or aims.low < whole[0]
    if start is not None and begins is not None and begins.low is not None:
        lowered = begins.low < ends(start, kg, Fraction(1))[0]
        reduced = reduced or lowered
        if first is None or not named or lowered:
            first = begins.low * Fraction(MICROGRAMS[start.dose.unit], MICROGRAMS[unit])
    elif first is not None and reduced:
        # a share leaves the same of the start, and a maximum leaves what is below it
        left_of_it = aims.high / whole[1] if shares(drug, known) else Fraction(1)
        first = min(first * left_of_it, aims.high)
    assert first is not None
    limit = amount(entry["max"], kg, unit) if "max" in entry else None
    aim = aims.low
    if first >= aims.low:
        aim = aims.high if limit is None else max(first, min(aims.high, limit))
    most = aims.high if limit is None else max(aim, min(limit, aims.high))
    aim = within(shelf, aim, aims.low, most) or aim
    aim = aim if limit is None else min(aim, limit)
    made = []
    for exact, days in climb(entry, first, aim, kg, unit, interval):
        dose = next_below(shelf, exact)
        if dose is None or (reduced and exact == aim and dose != exact):
            return None  # no units make it, or nothing at or below it
        made.append(Level(dose, exact, days))
    return made


def climb(
    entry: dict[str, Any],
    first: Fraction,
    aim: Fraction,
    kg: Fraction,
    unit: str,
    interval: int | None,
) -> list[tuple[Fraction, int | None]]:
    """List the exact doses of a titration from the first to the aim, with their days."""
    every = period(entry["every"])[0] if "every" in entry else interval
    if "levels" in entry:
        listed = [amount(text, kg, unit) for text in entry["levels"]]
        last = min(aim, max(listed))
        below = [first, *(dose for dose in listed if first < dose < last)]
        return [*((dose, every) for dose in below if dose < last), (last, None)]
    hold = period(entry["hold"])[1] if "hold" in entry else None
    if "increase" not in entry:
        return [(first, hold), (aim, None)]
    step = amount(entry["increase"], kg, unit)
    assert every is not None
    found: list[tuple[Fraction, int | None]] = []
    dose, days = first, hold or every * entry.get("start_steps", 1)
    while dose < aim:
        found.append((dose, days))
        dose, days = dose + step, every
    return [*found, (aim, None)]


def courses(kg: Fraction, weeks: int) -> list[tuple[int, Fraction, Fraction]]:
    """List the courses of immunoglobulin: their week and both ends of the course."""
    first, later = base("ivig", "induction"), base("ivig", "maintenance")
    assert first is not None
    assert later is not None
    assert later.from_week is not None
    return [
        (week, *ends(later if week >= later.from_week else first, kg, Fraction(1)))
        for week in range(0, weeks, 4)
    ]


def landmarks(key: str, kg: Fraction) -> list[tuple[Fraction, Fraction]]:
    """List the doses of a child's landmarks, both ends; where the drug stops they are nothing.

    The start dose is at most the highest cap that a source gives for children.
    """
    taper = table()["landmark_tapers"][key]
    start, cap = (
        read_dose(taper["start"]),
        read_dose(table()["landmark_tapers"]["hinze-2018"]["max"]),
    )
    low, high = min(start.low * kg, cap.low), min(start.high * kg, cap.high)
    found = [(low, high)]
    for mark in taper["landmarks"]:
        if mark.get("stop"):
            found.append((Fraction(0), Fraction(0)))
        elif "percent" in mark:
            share = Fraction(str(mark["percent"]).removesuffix("%")) / 100
            found.append((low * share, high * share))
        else:
            dose = read_dose(mark["dose"])
            found.append((min(dose.low * kg, cap.low), min(dose.high * kg, cap.high)))
    return found


def infusion(
    drug: str, kg: Fraction, days: int | None, *, later: bool, at_risk: bool
) -> list[Rate]:
    """Run an infusion in mL where the product's concentration is known, else in mg."""
    entry = table()["drugs"][drug]
    plan = entry["infusion"]
    regimen = next(r for r in rules() if r.name == f"{drug}.{plan['regimen']}")
    total = ends(regimen, kg, Fraction(1))[1]
    if regimen.dose.per == "course":
        assert regimen.days is not None
        total /= days or regimen.days[1]
    hourly = Fraction(1)
    if "product" in plan:
        product = next(p for p in entry["products"] if p["id"] == plan["product"])
        held, _, per = product["concentration"].partition(" ")
        mg = Fraction(held) * Fraction(MICROGRAMS[per.split("/")[0]], MICROGRAMS["mg"])
        total, hourly = total * Fraction(MICROGRAMS[regimen.dose.unit], 1000) / mg, 60 * kg
    else:
        total *= Fraction(MICROGRAMS[regimen.dose.unit], 1000)
    ramp = next(
        r for r in plan["ramps"] if r.get("when", "any") in ("any", "later" if later else "first")
    )
    if "over" in ramp:
        minutes = read_range(ramp["over"].split(" ")[0])[0] * 60
        return [Rate(0, minutes, total * 60 / minutes, total)]
    most = number((ramp.get("max_at_risk") if at_risk else None) or ramp["max"])
    rates = [number(ramp["start"]), *map(number, ramp.get("then", ()))]
    if "by" in ramp:
        while rates[-1] < most:
            rates.append(rates[-1] + number(ramp["by"]))
    rates = list(dict.fromkeys(min(rate, most) for rate in rates))
    every = int(number(ramp["every"]))
    found, given, minute = list[Rate](), Fraction(0), 0
    for rate in rates:
        flow = rate * hourly
        minutes = (total - given) * 60 / flow
        if rate != rates[-1]:
            minutes = min(minutes, Fraction(every))
        given += flow * minutes / 60
        found.append(Rate(minute, minutes, flow, given))
        if given == total:
            break
        minute += every
    return found


def number(text: str) -> Fraction:
    """Read the number that a rate or a length begins with."""
    return Fraction(str(text).split(" ")[0])
