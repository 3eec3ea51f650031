"""What the rules of the guideline leave of a dose for one patient, worked out from the YAML."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from tests.oracle import DATA, MICROGRAMS, Dose, Rule, ends, guide, read_dose, table


class Known(NamedTuple):
    """What is said of an adult: other medicines, conditions, genotypes, kidneys, age."""

    taking: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    tpmt: str | None = None
    nudt15: str | None = None
    egfr: int | None = None
    crcl: int | None = None
    age: int | None = None


class Left(NamedTuple):
    """What is left of a dose: its ends, or none where it is refused or withheld."""

    refused: bool
    withheld: bool
    low: Fraction | None
    high: Fraction | None


@cache
def kinds() -> dict[str, set[str]]:
    """Read the classes that each medicine is in."""
    found: dict[str, set[str]] = {}
    with (DATA / "medicines" / "classes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["medicine"], set()).add(row["class"])
    return found


def as_known(name: str) -> set[str]:
    """Return the names by which rules may speak of a medicine."""
    # beside ciclosporin the drugs with a rule on this kind are refused, or ciclosporin itself
    return {name} | (kinds().get(name, set()) if name != "ciclosporin" else {"antirheumatic-drug"})


@cache
def of_drug(drug: str) -> list[dict[str, Any]]:
    """List the rules of a drug; one on two drugs of the table holds for either, without figures."""
    found = []
    for rule in guide()["rules"]["rules"]:
        when = rule["when"]
        if drug in rule["drugs"]:
            found.append(rule)
        elif not as_known(drug).isdisjoint(when.get("taking", ())):
            effect = "warn" if rule["then"] in ("scale", "cap") else rule["then"]
            turned = {**when, "taking": rule["drugs"]}
            found.append({**rule, "then": effect, "when": turned, "share": None, "max": None})
    return found


def in_band(text: str, known: Known) -> bool:
    """Tell whether a measure lies in a band: ``egfr 30-59``, to just below 60; ``age >= 71``."""
    measure, _, rest = text.partition(" ")
    value = getattr(known, measure)
    if value is None:
        return False
    if span := re.fullmatch("([0-9]+)-([0-9]+)", rest):
        return int(span[1]) <= value < int(span[2]) + 1
    sign, _, limit = rest.partition(" ")
    return {
        "<": value < int(limit),
        "<=": value <= int(limit),
        ">": value > int(limit),
        ">=": value >= int(limit),
    }[sign]


def holds(when: dict[str, Any], known: Known) -> bool:
    """Tell whether all that a rule asks for is so."""
    taken = {name for taken in known.taking for name in as_known(taken)}
    said = set(known.conditions)
    kidneys = known.egfr is not None or known.crcl is not None
    return (
        ("taking" not in when or not taken.isdisjoint(when["taking"]))
        and ("conditions" not in when or not said.isdisjoint(when["conditions"]))
        and ("tpmt" not in when or known.tpmt in when["tpmt"])
        and ("nudt15" not in when or known.nudt15 in when["nudt15"])
        and all(in_band(band, known) for band in when.get("bands", ()))
        and (not when.get("kidneys") or kidneys)
        and (not when.get("aged") or known.age is not None)
        and said.isdisjoint(when.get("unless", ()))
    )


def left(rule: Rule, kg: Fraction, m2: Fraction, known: Known) -> Left:
    """Work out what the rules for a patient leave of a regimen: of each end the smallest."""
    holding = [other for other in of_drug(rule.drug) if holds(other["when"], known)]
    if any(other["then"] == "refuse" for other in holding):
        return Left(refused=True, withheld=False, low=None, high=None)
    if any(unanswered(other, holding) for other in holding if other["then"] == "withhold"):
        return Left(refused=False, withheld=True, low=None, high=None)
    low, high = least, most = ends(rule, kg, m2)
    for other in holding:
        if other.get("share"):
            parts = [Fraction(part) for part in str(other["share"]).split("-")]
            least, most = min(least, low * parts[0]), min(most, high * parts[-1])
        if other.get("max"):
            limit = maximum(read_dose(other["max"]), other.get("times"), rule, kg)
            if limit is not None:
                least, most = min(least, limit), min(most, limit)
    return Left(refused=False, withheld=False, low=least, high=most)


def shares(drug: str, known: Known) -> bool:
    """Tell whether a rule leaves a share of a drug for a patient."""
    return any(rule.get("share") and holds(rule["when"], known) for rule in of_drug(drug))


def unanswered(withholding: dict[str, Any], holding: list[dict[str, Any]]) -> bool:
    """Tell whether no share is given for the genotype of which less is asked for."""
    genes = {gene for gene in ("tpmt", "nudt15") if gene in withholding["when"]}
    return not any(
        other.get("share") and genes <= {g for g in ("tpmt", "nudt15") if g in other["when"]}
        for other in holding
    )


def maximum(most: Dose, times: int | None, rule: Rule, kg: Fraction) -> Fraction | None:
    """Return the most of a rule in the unit of a regimen; None where it is for another time."""
    if ("day" if times else most.per) != rule.dose.per:
        return None
    size = kg if most.basis == "kg" else 1
    return (
        most.high
        * size
        * (times or 1)
        * Fraction(MICROGRAMS[most.unit], MICROGRAMS[rule.dose.unit])
    )


def is_once_weekly(drug: str) -> bool:
    """Tell whether the table gives a drug once a week."""
    return bool(table()["drugs"][drug].get("once_weekly"))
