"""The patient: what is known of one, read strictly and checked for plausibility."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.errors import PatientError
from dmcalc.quantity import EXACT, plain

if TYPE_CHECKING:
    from dmcalc.quantity import Basis
    from dmcalc.table.model import Limits, Severity

#: The international avoirdupois pound is 0.45359237 kg by definition (agreement of 1959).
KG_PER_LB = Decimal("0.45359237")

_WEIGHT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?(kg|lb)?", re.ASCII)
_BSA = re.compile(r"([0-9]\.[0-9]{1,4}|[0-9]) ?(?:m2)?", re.ASCII)


class Patient(NamedTuple):
    """An adult. What is None is not known, and a dose that needs it is refused."""

    weight_kg: Decimal | None = None
    severity: Severity | None = None
    bsa_m2: Decimal | None = None
    #: Whether the weight lies outside the usual limits and was confirmed.
    unusual_weight: bool = False
    population: str = "adult"

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
        }


def read(
    limits: Limits,
    *,
    weight: str | None = None,
    severity: Severity | None = None,
    bsa: str | None = None,
    confirm_weight: bool = False,
) -> Patient:
    """Read a patient as written: weight in kg (``70``, ``70kg``) or lb (``154lb``), surface in m2.

    Raise PatientError where a value cannot be read or is not plausible.
    """
    kg = None if weight is None else _weight(weight, limits, confirm_weight=confirm_weight)
    usual = limits.weight
    unusual = kg is not None and not usual.low <= kg <= usual.high
    return Patient(kg, severity, None if bsa is None else _surface(bsa), unusual)


def _weight(text: str, limits: Limits, *, confirm_weight: bool) -> Decimal:
    found = _WEIGHT.fullmatch(text.strip())
    if found is None:
        raise PatientError(
            f"the weight {text!r} cannot be read", "Write kg or lb: 70, 70.5, 70kg or 154lb."
        )
    kg = Decimal(found[1])
    if found[2] == "lb":
        kg = EXACT.multiply(kg, KG_PER_LB)
    usual, confirmed = limits.weight, limits.confirmed_weight
    if usual.low <= kg <= usual.high:
        return kg
    written = f"{text.strip()} ({plain(kg)} kg)" if found[2] == "lb" else f"{plain(kg)} kg"
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
    return kg


def _surface(text: str) -> Decimal:
    found = _BSA.fullmatch(text.strip())
    if found is None or not Decimal("0.5") <= Decimal(found[1]) <= 4:
        raise PatientError(
            f"the body surface {text!r} is not plausible", "Write m2, from 0.5 to 4: --bsa 1.85"
        )
    return Decimal(found[1])
