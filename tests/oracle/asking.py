"""What dmcalc is asked of whom, and how its answers are held against those of the oracle."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from dmcalc.errors import DmcalcError, ExitCode
from tests import oracle
from tests.oracle import MICROGRAMS
from tests.oracle.patient import Known

SEVERITIES = ("mild", "moderate", "severe")
GENOTYPES = ("normal", "intermediate", "poor")
#: A millionth: where a quotient does not come out even it is rounded so far, into the range.
MILLIONTH = Fraction(1, 1_000_000)
#: Titrations whose source says by how much a step goes up.
TITRATIONS = [k for k, t in oracle.table()["titrations"].items() if k != "prometheus"]
#: Of an adult whose body surface is not known, in m2.
LARGEST_SURFACE = Fraction(4)
DRUGS = list(oracle.table()["drugs"])


class Question(NamedTuple):
    """What was asked, what the oracle says and what dmcalc does."""

    asked: str
    expected: object
    answered: object


class Near(NamedTuple):
    """An end of a dose that may be rounded into its range, ``up`` for the low one."""

    exact: Fraction
    up: bool

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Fraction):
            return NotImplemented
        off = other - self.exact if self.up else self.exact - other
        return 0 <= off < MILLIONTH

    __hash__ = None  # type: ignore[assignment]


def asked(call: Callable[..., Any], *args: object, **facts: object) -> tuple[str, Any]:
    """Ask dmcalc; return how, and its answer, or ``refused``, or another error."""
    words = [*map(repr, args), *(f"{name}={value!r}" for name, value in facts.items())]
    text = f"dmcalc.{call.__name__}({', '.join(words)})"
    try:
        return text, call(*args, **facts)
    except DmcalcError as error:
        refused = error.exit_code == ExitCode.REFUSED
        return text, "refused" if refused else f"{error.exit_code}: {error.message}"


def fraction(value: Any) -> Fraction | None:
    """Return a number of an answer; None where it has none."""
    return None if value is None else Fraction(value)


def written(value: Fraction) -> str:
    """Write a number with an end in decimals."""
    return format(float(value), ".10f").rstrip("0").rstrip(".")


def weight(chance: random.Random, low: int = 30, high: int = 300) -> Fraction:
    """Draw a weight in kg with up to 3 decimals, a whole one as often."""
    if chance.random() < 0.5:
        return Fraction(chance.randint(low, high))
    return Fraction(chance.randint(low * 1000, high * 1000), 1000)


def known(chance: random.Random) -> Known:
    """Draw what is said of an adult: half of them nothing, the others some of it."""
    if chance.random() < 0.4:
        return Known()
    rules = oracle.guide()["rules"]

    def draw(share: float) -> bool:
        return chance.random() < share

    return Known(
        taking=tuple(chance.sample([*rules["taken"], *DRUGS], 2)) if draw(0.3) else (),
        conditions=tuple(chance.sample([*rules["conditions"]], 1)) if draw(0.3) else (),
        tpmt=chance.choice(GENOTYPES) if draw(0.2) else None,
        nudt15=chance.choice(GENOTYPES) if draw(0.2) else None,
        egfr=chance.randint(5, 120) if draw(0.4) else None,
        crcl=chance.randint(5, 120) if draw(0.3) else None,
        age=chance.randint(18, 95) if draw(0.4) else None,
    )


def facts_of(said: Known) -> dict[str, Any]:
    """Return what was said as dmcalc's keywords."""
    return {name: value for name, value in said._asdict().items() if value not in (None, ())}


def cap_of(rule: oracle.Rule) -> Fraction | None:
    """Return the cap of the high end of a regimen, in its unit; None where it has none."""
    if rule.cap is None:
        return None
    return rule.cap.high * Fraction(MICROGRAMS[rule.cap.unit], MICROGRAMS[rule.dose.unit])
