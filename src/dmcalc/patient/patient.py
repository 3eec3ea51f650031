"""The patient: what is known of one, read strictly and checked for plausibility."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from dmcalc.errors import PatientError
from dmcalc.patient.age import read_age
from dmcalc.patient.document import PatientDocument
from dmcalc.quantities.amount import SizeBasis
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.quantities.base import DECIMALS, SQUARE_METRE, format_plain
from dmcalc.quantities.bounds import BodySurfaceRange, WeightRange
from dmcalc.records import Record
from dmcalc.results.base import ClinicalWarning
from dmcalc.results.described import described_by
from dmcalc.results.trace import used
from dmcalc.table.model.drug import SEVERITIES, Severity
from dmcalc.table.model.table import Limits
from dmcalc.text.numbers import plural
from dmcalc.text.spelling import as_key

if TYPE_CHECKING:
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.weight_request import DosingWeight

#: The international avoirdupois pound is 0.45359237 kg by definition (agreement of 1959), and a
#: stone is 14 of them.
KG_PER_LB = Decimal("0.45359237")
LB_PER_STONE = 14

#: The population below the age of an adult.
JUVENILE = "juvenile"
_WEIGHT = rf"([0-9]{{1,6}}{DECIMALS}) ?(kgs?|kilos?|kilograms?|lbs?|pounds?)?"
_STONES = r"([0-9]{1,2}) ?(?:st|stones?)(?: ?([0-9]{1,2}(?:\.[0-9]{1,3})?) ?(?:lbs?|pounds?)?)?"
_FLAGS = re.ASCII | re.IGNORECASE
_BSA = rf"([0-9]{DECIMALS}) ?(?:{SQUARE_METRE})?"


@described_by(PatientDocument)
class Patient(Record):
    """An adult or a child. What is None is not known, and a dose that needs it is refused."""

    weight_kg: Decimal | None = None
    severity: Severity | None = None
    bsa_m2: Decimal | None = None
    #: Whether the weight lies outside the usual limits and was confirmed.
    unusual_weight: bool = False
    #: The weight as it was given, where that was not in kg.
    given_weight: str | None = None
    #: ``adult``, or ``juvenile`` below the age of an adult.
    population: str = "adult"
    #: Age in whole years, where it is known.
    age_years: int | None = None
    #: The height, and the key of the formula that the body surface area was computed with from it.
    height_cm: Decimal | None = None
    bsa_formula: str | None = None
    #: Age in months, where it was given so.
    age_months: int | None = None
    #: The weight that doses of some drugs go by, where one was requested.
    dosing: DosingWeight | None = None
    #: What rules ask about, where it is looked at, and the guideline that has them.
    context: ClinicalContext | None = None
    rules_guideline: LoadedGuideline | None = None
    #: Warnings of facts: what is unusual and was confirmed, and what was not stated.
    fact_warnings: tuple[ClinicalWarning, ...] = ()
    #: The facts that were entered and that a command does not use.
    unused: tuple[str, ...] = ()
    #: Whether a pregnancy is possible by sex and age, and nothing on it was entered.
    pregnancy_open: bool = True

    @property
    def child(self) -> bool:
        """Whether only juvenile posology applies."""
        return self.population == JUVENILE

    @property
    def adult_age(self) -> int | None:
        """The age of an adult, in whole years, where it is known."""
        return None if self.child else self.age_years

    def of(self, drug: str) -> Self:
        """Return the patient that a dose of a drug is computed for: of the weight it goes by."""
        if self.dosing is None or drug not in self.dosing.drugs:
            return self
        if self.dosing.policy is not None:
            used(drug, "weight_policies", self.dosing.policy)
        return self._replace(weight_kg=self.dosing.kg, dosing=None)

    @property
    def actual(self) -> Self:
        """The patient whose doses all go by the actual weight."""
        return self._replace(dosing=None)

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guide that says by which weight doses go, where one was requested."""
        return self.dosing.guideline if self.dosing else None

    def size(self, basis: SizeBasis) -> Decimal | None:
        """Return what a dose on this basis is multiplied by: kg or m2."""
        return self.weight_kg if basis == "kg" else self.bsa_m2


def read(
    limits: Limits,
    *,
    weight: str | None = None,
    severity: str | None = None,
    bsa: str | None = None,
    confirm_weight: bool = False,
    age: str | None = None,
) -> Patient:
    """Read a patient as written: weight (``70kg``, ``154lb``, ``11st 6lb``), surface in m2, age.

    Raise PatientError where a value cannot be read or is not plausible.
    """
    years, months = (None, None) if age is None else read_age(age)
    child = years is not None and years < limits.adult_age
    surfaces = limits.juvenile_body_surface if child else limits.body_surface
    who = Patient(
        severity=None if severity is None else _severity(severity),
        bsa_m2=None if bsa is None else _surface(bsa, surfaces),
        population=JUVENILE if child else "adult",
        age_years=years,
        age_months=months,
    )
    if weight is None:
        return who
    kg, as_written = _kilograms(weight)
    usual = limits.juvenile_weight if child else limits.weight
    unusual = _unusual(
        kg, as_written, usual, limits.confirmed_weight, child=child, confirmed=confirm_weight
    )
    return who._replace(weight_kg=kg, unusual_weight=unusual, given_weight=as_written)


def adults_only(patient: Patient, what: str) -> None:
    """Refuse a child where the request is for adults; raise PatientError."""
    if patient.child:
        raise PatientError(
            f"{what} of the table are for adults, and this is a child aged {aged(patient)}",
            "A dose for a child is never scaled from that of an adult.",
        )


def aged(patient: Patient) -> str:
    """Write an age that is known: ``9 years``, ``1 year``; below 2 years in months, if known."""
    months = patient.age_months
    if months is not None and months < 24:
        return f"{months} {plural(months, 'month')}"
    years = patient.age_years
    assert years is not None
    return f"{years} {plural(years, 'year')}"


def _severity(text: str) -> Severity:
    for severity in SEVERITIES:
        if as_key(text) == severity:
            return severity
    raise PatientError(
        f"the severity {text!r} is not known", f"It is one of {', '.join(SEVERITIES)}."
    )


def _kilograms(text: str) -> tuple[Decimal, str | None]:
    """Return a weight in kg, and as it was written where that was in lb or in stones."""
    match = re.fullmatch(_WEIGHT, text.strip(), _FLAGS)
    if match is not None:
        number = Decimal(match[1])
        if (match[2] or "kg").lower().startswith("k"):
            return number, None
        return EXACT.multiply(number, KG_PER_LB), f"{format_plain(number)} lb"
    stones = re.fullmatch(_STONES, text.strip(), re.ASCII | re.IGNORECASE)
    pounds = Decimal((stones and stones[2]) or 0)
    if stones is None or pounds >= LB_PER_STONE:
        comma = " Write a point for decimals." if "," in text else ""
        raise PatientError(
            f"the weight {text!r} cannot be read",
            f"Write kg, lb, or stones and pounds: 70, 70.5, 70kg, 154lb, 11st 6lb.{comma}",
        )
    whole = EXACT.add(EXACT.multiply(Decimal(stones[1]), Decimal(LB_PER_STONE)), pounds)
    rest = f" {format_plain(pounds)} lb" if pounds else ""
    return EXACT.multiply(whole, KG_PER_LB), f"{stones[1]} st{rest}"


def _unusual(
    kg: Decimal,
    as_written: str | None,
    usual: WeightRange,
    most: WeightRange,
    *,
    child: bool,
    confirmed: bool,
) -> bool:
    """Tell whether a weight is outside the usual limits; refuse it where that is not confirmed."""
    whose = "a child" if child else "an adult"
    if usual.low <= kg <= usual.high:
        return False
    written = f"{as_written} ({format_plain(kg)} kg)" if as_written else f"{format_plain(kg)} kg"
    if not most.low <= kg <= most.high:
        raise PatientError(
            f"a weight of {written} is not plausible for {whose}",
            f"dmcalc takes {format_plain(usual.low)} to {format_plain(usual.high)} kg, and up to "
            f"{format_plain(most.high)} kg with ‹confirm_weight›. Check the number and its unit.",
        )
    if not confirmed:
        raise PatientError(
            f"a weight of {written} is unusual: {whose} weighs "
            f"{format_plain(usual.low)} to {format_plain(usual.high)} kg",
            "If it is right, confirm it with ‹confirm_weight›."
            + ("" if child else " For a child, give ‹age›."),
        )
    return True


def _surface(text: str, plausible: BodySurfaceRange) -> Decimal:
    match = re.fullmatch(_BSA, text.strip(), re.ASCII)
    if match is None or not plausible.low <= Decimal(match[1]) <= plausible.high:
        low, high = (format_plain(end) for end in (plausible.low, plausible.high))
        raise PatientError(
            f"the body surface area {text!r} is not plausible",
            f"Write m2, from {low} to {high}: ‹bsa 1.85›",
        )
    return Decimal(match[1])


def unusual_weight_warning(patient: Patient) -> Iterator[ClinicalWarning]:
    """Warn of a weight, or of another size for the age, that is unusual and was confirmed."""
    yield from patient.fact_warnings
    if patient.unusual_weight and patient.weight_kg is not None:
        weight = format_plain(patient.weight_kg)
        yield ClinicalWarning(
            "unusual-weight",
            None,
            f"A weight of {weight} kg is outside the usual limits and was confirmed.",
            None,
        )
