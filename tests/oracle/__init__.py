"""The rules of dosing once more, in fractions, from the YAML: no code in common with dmcalc.

``make oracle`` asks dmcalc random questions and compares each answer with what is worked out here.
Only ``asking`` and the modules of questions know dmcalc; a test holds that.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DATA = Path(__file__).parents[2] / "data"

POUND = Fraction("0.45359237")
MICROGRAMS = {"mcg": 1, "mg": 1000, "g": 1_000_000}
DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7}


class Dose(NamedTuple):
    """A written dose: its ends, unit, what it is multiplied by, and the time it is for."""

    low: Fraction
    high: Fraction
    unit: str
    basis: str | None
    per: str | None


class Rule(NamedTuple):
    """A regimen of the table that has an amount."""

    name: str
    base: bool
    dose: Dose
    cap: Dose | None
    days: tuple[int, int] | None
    drug: str = ""
    phase: str = ""
    route: str = ""
    #: Which end each severity points to: ``{"mild": "low"}``.
    by_severity: dict[str, str] | None = None
    from_week: int | None = None


class Level(NamedTuple):
    """A step of a taper: its dose, and its days where the source gives them."""

    dose: Fraction
    days: int | None


@cache
def table() -> dict[str, Any]:
    """Read the YAML as any reader does."""
    return read_file("drugs.yaml")


@cache
def guide() -> dict[str, Any]:
    """Read the guideline, for its rules for patients."""
    return read_file("guide.yaml")


def read_file(name: str) -> dict[str, Any]:
    """Read one of the YAML files."""
    text = (DATA / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


def read_range(text: str) -> tuple[Fraction, Fraction]:
    """Read ``2-5`` or ``2``."""
    ends = [Fraction(part) for part in text.split("-")]
    return ends[0], ends[-1]


def read_dose(text: str) -> Dose:
    """Read ``0.75-1 mg/kg/day``, or ``20 mg``."""
    numbers, units = text.split(" ")
    unit, *rest = units.split("/")
    basis = rest.pop(0) if rest and rest[0] in ("kg", "m2") else None
    return Dose(*read_range(numbers), unit, basis, rest[0] if rest else None)


def read_days(text: str) -> tuple[int, int]:
    """Read ``4-12 weeks`` as days."""
    numbers, period = text.split(" ")
    low, high = read_range(numbers)
    return int(low * DAYS[period]), int(high * DAYS[period])


@cache
def rules() -> list[Rule]:
    """List every regimen of adults with an amount, base and alternatives."""
    return regimens("regimens", "alternatives")


@cache
def juvenile() -> list[Rule]:
    """List every regimen of children with an amount, under the highest cap that a source gives."""
    found = []
    for rule in regimens("juvenile"):
        caps = [other.cap for other in regimens("juvenile") if other.drug == rule.drug]
        for taper in table()["landmark_tapers"].values():
            if rule.drug in (taper["drug"], *taper.get("also", ())) and "max" in taper:
                caps.append(read_dose(taper["max"]))
        known = [cap for cap in caps if cap is not None and cap.per == rule.dose.per]
        highest = max(known, key=lambda cap: cap.high * MICROGRAMS[cap.unit], default=None)
        found.append(rule._replace(cap=rule.cap or highest))
    return found


@cache
def regimens(*parts: str) -> list[Rule]:
    """List every regimen with an amount in some parts of each drug."""
    found = []
    for drug, entry in table()["drugs"].items():
        for part in parts:
            for regimen in entry.get(part, []):
                if "dose" not in regimen:
                    continue
                found.append(
                    Rule(
                        f"{drug}.{regimen.get('id', regimen['phase'])}",
                        part == "regimens",
                        read_dose(regimen["dose"]),
                        read_dose(regimen["max"]) if "max" in regimen else None,
                        read_days(regimen["days"]) if "days" in regimen else None,
                        drug,
                        regimen["phase"],
                        regimen.get("route", entry["route"]),
                        regimen.get("by_severity"),
                        regimen.get("from_week"),
                    )
                )
    return found


def kilograms(text: str) -> Fraction:
    """Read a weight: ``70``, ``70kg``, ``154lb``."""
    number = Fraction(re.sub(r"[a-z]+$", "", text))
    return number * POUND if text.endswith("lb") else number


def ends(rule: Rule, kg: Fraction, m2: Fraction) -> tuple[Fraction, Fraction]:
    """Compute both ends of a dose after its cap."""
    size = {"kg": kg, "m2": m2, None: Fraction(1)}[rule.dose.basis]
    low, high = rule.dose.low * size, rule.dose.high * size
    if rule.cap is None:
        return low, high
    factor = Fraction(MICROGRAMS[rule.cap.unit], MICROGRAMS[rule.dose.unit])
    low_cap, high_cap = rule.cap.low * factor, rule.cap.high * factor
    return (
        low_cap if low_cap < low else low,
        high_cap if high_cap < high else high,
    )


def levels(protocol: str, first: Fraction, slow: bool = False) -> list[Level]:
    """Go down the bands of a daily taper: shortest steps and smallest cuts, or longest steps.

    A dose inside the first band is held at first; one below it is not.
    """
    taper = table()["daily_tapers"][protocol]
    found: list[Level] = []
    dose = first
    for band in taper["bands"]:
        until = read_dose(band["until"]).low
        cut = read_dose(band["decrease"]).low
        days = read_days(band["every"])[1 if slow else 0]
        while dose > until:
            found.append(Level(dose, days))
            dose = dose - cut if dose - cut > until else until
    if "hold" in taper and first > read_dose(taper["bands"][0]["until"]).low:
        hold = read_days(taper.get("hold_default", taper["hold"]))[0]
        found[0] = found[0]._replace(days=hold)
    return [*found, Level(dose, None)] if dose else found
