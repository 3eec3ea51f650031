"""The shapes of the formulas of body size and the kidneys; their numbers stand in the table.

A shape without a root or a power is exact, as a fraction. A root or a power has no end as a decimal
number: it is computed with 40 digits. What is dispensed is rounded once, to 15 significant digits.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.patient.anthropometry import CM_PER_INCH
from dmcalc.text.numbers import format_exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dmcalc.patient.inputs import Sex
    from dmcalc.table.model.formula import Formula, Shape

DIGITS = 15
LONG = Context(prec=40, rounding=ROUND_HALF_UP)
#: How what is dispensed is rounded, in words.
SIGNIFICANT = f"half up to {DIGITS} significant digits"
_RESULT = Context(prec=DIGITS, rounding=ROUND_HALF_UP)


def significant(value: Fraction | Decimal) -> Decimal:
    """Return a value with 15 significant digits, half up; what has fewer stays as it is."""
    if isinstance(value, Fraction):
        return _RESULT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return _RESULT.plus(value)


def _numbers(formula: Formula) -> dict[str, Fraction]:
    return {key: Fraction(number.value) for key, number in formula.constants.items()}


def mass_index(kg: Decimal, cm: Decimal) -> Fraction:
    """Return weight over the square of height, in kg/m2."""
    return Fraction(kg) / (Fraction(cm) / 100) ** 2


def surface(formula: Formula, kg: Decimal, cm: Decimal) -> Decimal:
    """Return a body surface area in m2, 40 digits, by a root or by powers of height and weight."""
    numbers = {key: number.value for key, number in formula.constants.items()}
    if formula.shape == "root":
        return LONG.sqrt(LONG.divide(LONG.multiply(cm, kg), numbers["divisor"]))
    height = LONG.power(cm, numbers["height_exponent"])
    weight = LONG.power(kg, numbers["weight_exponent"])
    return LONG.multiply(LONG.multiply(numbers["factor"], height), weight)


def least_height(formula: Formula) -> Decimal:
    """Return the height in cm below which an ideal weight by inches is not given."""
    return formula.constants["from_inches"].value * CM_PER_INCH


def ideal(formula: Formula, cm: Decimal, sex: Sex) -> Fraction:
    """Return an ideal weight in kg: a base for the sex, and so much for each further inch."""
    numbers = _numbers(formula)
    inches = Fraction(cm) / Fraction(CM_PER_INCH)
    return numbers[f"base_{sex}"] + numbers["per_inch"] * (inches - numbers["from_inches"])


def adjusted(formula: Formula, kg: Decimal, ideal_kg: Fraction) -> Fraction:
    """Return ideal weight plus a share of what the actual weight is above it, in kg."""
    return ideal_kg + _numbers(formula)["share"] * (Fraction(kg) - ideal_kg)


def clearance(
    formula: Formula, kg: Fraction, years: int, creatinine: Fraction, sex: Sex
) -> Fraction:
    """Return a creatinine clearance in mL/min; ``creatinine`` is in mg/dL."""
    numbers = _numbers(formula)
    value = (numbers["age_from"] - years) * kg / (numbers["divisor"] * creatinine)
    return value * numbers["female_factor"] if sex == "female" else value


def filtration(formula: Formula, years: int, creatinine: Fraction, sex: Sex) -> Decimal:
    """Return an eGFR in mL/min/1.73 m2 with 40 digits; ``creatinine`` is in mg/dL."""
    numbers = {key: number.value for key, number in formula.constants.items()}
    serum = LONG.divide(Decimal(creatinine.numerator), Decimal(creatinine.denominator))
    ratio = LONG.divide(serum, numbers[f"kappa_{sex}"])
    one = Decimal(1)
    value = LONG.multiply(
        LONG.power(min(ratio, one), numbers[f"alpha_{sex}"]),
        LONG.power(max(ratio, one), numbers["exponent"]),
    )
    value = LONG.multiply(value, LONG.power(numbers["age_base"], Decimal(years)))
    value = LONG.multiply(value, numbers["factor"])
    return LONG.multiply(value, numbers["female_factor"]) if sex == "female" else value


def written(formula: Formula) -> str:
    """Write a formula for people: ``(140 - age) x weight in kg / (creatinine in mg/dL x 72)``.

    No x is between two numbers: on a page that is how often a dose is given.
    """
    numbers = {key: format_exact(number.value) for key, number in formula.constants.items()}
    return _WORDS[formula.shape].format_map(numbers)


_WORDS: Mapping[Shape, str] = {
    "quotient": "weight in kg / (height in m)^2",
    "root": "square root of (height in cm x weight in kg / {divisor})",
    "power": "{factor} x (height in cm)^{height_exponent} x (weight in kg)^{weight_exponent}",
    "line": "{base_male} kg for a man, {base_female} kg for a woman, and {per_inch} kg for each "
    "inch of height above {from_inches}",
    "share": "ideal weight + {share} x (actual weight - ideal weight)",
    "clearance": "({age_from} - age) x weight in kg / (creatinine in mg/dL x {divisor}); "
    "for a woman {female_factor} of it",
    "filtration": "{factor} x min(r, 1)^a x {age_base}^age x max(r, 1)^{exponent}; for a woman "
    "{female_factor} times that; r is (creatinine in mg/dL) / k; for a woman k {kappa_female} and "
    "a {alpha_female}, for a man k {kappa_male} and a {alpha_male}",
}
