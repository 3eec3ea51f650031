"""The patient: what is known of one, read strictly and checked for plausibility."""

import re
from decimal import Decimal
from typing import NamedTuple

from dmcalc.errors import PatientError
from dmcalc.quantity import EXACT, Basis, plain
from dmcalc.table.model import SEVERITIES, Limits, Severity

#: The international avoirdupois pound is 0.45359237 kg by definition (agreement of 1959).
KG_PER_LB = Decimal("0.45359237")

#: Older than anyone has been.
OLDEST = 130
_WEIGHT = r"([0-9]{1,6}(?:\.[0-9]{1,9})?) ?(kg|lbs?)?"
_AGE = r"([0-9]{1,4}) ?(y|years?|mo|months?)?"
_BSA = r"([0-9]\.[0-9]{1,4}|[0-9]) ?(?:m2)?"


class Patient(NamedTuple):
    """An adult. What is None is not known, and a dose that needs it is refused."""

    weight_kg: Decimal | None = None
    severity: Severity | None = None
    bsa_m2: Decimal | None = None
    #: Whether the weight lies outside the usual limits and was confirmed.
    unusual_weight: bool = False
    #: The weight as it was given, where that was not in kg.
    given_weight: str | None = None
    population: str = "adult"
    #: Age in whole years, where it is known.
    age_years: int | None = None

    def size(self, basis: Basis) -> Decimal | None:
        """Return what a dose on this basis is multiplied by: kg or m2."""
        return self.weight_kg if basis == "kg" else self.bsa_m2

    def document(self) -> dict[str, object]:
        """Return what machine outputs say of the patient."""
        return {
            "weight_kg": self.weight_kg,
            "bsa_m2": self.bsa_m2,
            "severity": self.severity,
            "population": self.population,
            "age_years": self.age_years,
        }


def read(
    limits: Limits,
    *,
    weight: str | None = None,
    severity: Severity | None = None,
    bsa: str | None = None,
    confirm_weight: bool = False,
    age: str | None = None,
) -> Patient:
    """Read a patient as written: weight in kg or lb (``70kg``, ``154lb``), surface in m2, age.

    Raise PatientError where a value cannot be read or is not plausible.
    """
    if severity is not None and severity not in SEVERITIES:
        raise PatientError(
            f"the severity {severity!r} is not known", f"It is one of {', '.join(SEVERITIES)}."
        )
    surface = None if bsa is None else _surface(bsa)
    years = None if age is None else _adult(age, limits)
    if weight is None:
        return Patient(severity=severity, bsa_m2=surface, age_years=years)
    kg, pounds = _kilograms(weight)
    given = f"{plain(pounds)} lb" if pounds is not None else None
    _plausible(kg, given, limits, confirm_weight=confirm_weight)
    unusual = not limits.weight.low <= kg <= limits.weight.high
    return Patient(kg, severity, surface, unusual, given, age_years=years)


def _kilograms(text: str) -> tuple[Decimal, Decimal | None]:
    """Return a weight in kg, and in lb where it was given so."""
    found = re.fullmatch(_WEIGHT, text.strip(), re.ASCII | re.IGNORECASE)
    if found is None:
        comma = " Write a point for decimals." if "," in text else ""
        raise PatientError(
            f"the weight {text!r} cannot be read", f"Write kg or lb: 70, 70.5, 70kg, 154lb.{comma}"
        )
    number = Decimal(found[1])
    if (found[2] or "kg").lower() == "kg":
        return number, None
    return EXACT.multiply(number, KG_PER_LB), number


def _plausible(kg: Decimal, given: str | None, limits: Limits, *, confirm_weight: bool) -> None:
    """Refuse a weight outside the limits, or outside the usual ones where it is not confirmed."""
    usual, confirmed = limits.weight, limits.confirmed_weight
    if usual.low <= kg <= usual.high:
        return
    written = f"{given} ({plain(kg)} kg)" if given else f"{plain(kg)} kg"
    if not confirmed.low <= kg <= confirmed.high:
        raise PatientError(
            f"a weight of {written} is not plausible for an adult",
            f"dmcalc takes {plain(usual.low)} to {plain(usual.high)} kg, and up to "
            f"{plain(confirmed.high)} kg with --confirm-weight. Check the number and its unit.",
        )
    if not confirm_weight:
        raise PatientError(
            f"a weight of {written} is unusual: an adult weighs "
            f"{plain(usual.low)} to {plain(usual.high)} kg",
            "If it is right, confirm it with --confirm-weight. dmcalc has no doses for children.",
        )


def _adult(text: str, limits: Limits) -> int:
    """Return an age in whole years; refuse one below that of an adult: the table has no other."""
    found = re.fullmatch(_AGE, text.strip(), re.ASCII | re.IGNORECASE)
    months = bool(found and found[2] and found[2].lower().startswith("m"))
    years = -1 if found is None else int(found[1]) // (12 if months else 1)
    if not 0 <= years <= OLDEST:
        raise PatientError(
            f"the age {text!r} is not plausible", "Write years or months: 45, 45y, 18 months."
        )
    if years < limits.adult_age:
        raise PatientError(
            f"the table has no doses for a patient of {text.strip()}: they are for adults, from "
            f"{limits.adult_age} years",
            "A dose for a child is never scaled from that of an adult.",
        )
    return years


def _surface(text: str) -> Decimal:
    found = re.fullmatch(_BSA, text.strip(), re.ASCII)
    if found is None or not Decimal("0.5") <= Decimal(found[1]) <= 4:
        raise PatientError(
            f"the body surface {text!r} is not plausible", "Write m2, from 0.5 to 4: --bsa 1.85"
        )
    return Decimal(found[1])
