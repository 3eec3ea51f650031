"""The weight that doses of some drugs go by where it was asked for, and who asked for it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.patient import Patient
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.table.model.table import LoadedTable

WeightKind = Literal["actual", "ideal", "adjusted"]
Basis = Literal["actual", "ideal", "adjusted", "policy"]


class Wanted(NamedTuple):
    """What is asked of a weight, as it is written; None where nothing is."""

    basis: str | None = None
    policy: str | None = None
    height: str | None = None
    sex: str | None = None

    def __bool__(self) -> bool:
        """Tell whether a weight is asked for: a policy that is named asks for its own."""
        return self.basis is not None or self.policy is not None


class DosingWeight(NamedTuple):
    """The weight in kg that doses of some drugs go by, never above the actual one."""

    #: Exact, or rounded down to 0.000001 kg.
    kg: Decimal
    actual_kg: Decimal
    #: The kind of weight that it is: where a policy does not hold, the actual one.
    basis: WeightKind
    asked: Basis
    #: Key, name and words of the policy; None where none was named.
    policy: str | None
    policy_name: str | None
    policy_text: str | None
    #: How sources are read, of the policy and of the formulas.
    readings: tuple[str, ...]
    #: Why it is that weight.
    reason: str
    #: Keys of the drugs whose doses go by it.
    drugs: tuple[str, ...]
    #: In kg/m2 and kg, None where they were not looked at; exact, or rounded down to 0.000001.
    bmi: Decimal | None
    ideal_kg: Decimal | None
    adjusted_kg: Decimal | None
    #: Keys of the formulas that it rests on.
    formulas: tuple[str, ...]
    sources: tuple[str, ...]
    #: The same figures before they were rounded, by their names.
    exact: dict[str, Fraction]
    #: What the notes on the policy and the formulas say.
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    #: The guide that has the policies, and says which drugs they are for.
    guideline: LoadedGuideline

    @property
    def name(self) -> str:
        """What it is called: ``adjusted weight``."""
        return f"{self.basis} weight"

    def document(self) -> dict[str, Any]:
        """Return it for machines, without the guide's version."""
        return {key: getattr(self, key) for key in KEYS}


KEYS = (
    *("kg", "actual_kg", "basis", "asked", "policy", "policy_name", "policy_text"),
    *("readings", "reason", "drugs", "bmi", "ideal_kg", "adjusted_kg", "formulas", "sources"),
)


def sized(
    loaded: LoadedTable,
    patient: Patient,
    names: Iterable[str],
    wanted: Wanted,
    guideline: LoadedGuideline | None = None,
) -> Patient:
    """Return a patient with the body surface of a height, and the weight that doses go by.

    Each is there where it was asked for. Raise the errors of ``surface.with_height`` and of
    ``dosed``.
    """
    if wanted.height is not None:
        from dmcalc.patient.body_surface import with_height

        patient = with_height(loaded.table, patient, wanted.height)
    return dosed(loaded, patient, names, wanted, guideline) if wanted else patient


def dosed(
    loaded: LoadedTable,
    patient: Patient,
    names: Iterable[str],
    wanted: Wanted,
    guideline: LoadedGuideline | None = None,
) -> Patient:
    """Return a patient with the weight that is asked for, to dose the drugs that are named by.

    Without names it is for all drugs. Raise UsageError where none of them takes another weight,
    UnknownNameError for a policy or drug that there is not, and PatientError for a child and where
    the weight cannot be known.
    """
    from dmcalc.guideline import load as load_guideline
    from dmcalc.patient import anthropometry
    from dmcalc.patient.dosing_weight import with_dosing
    from dmcalc.results.names import find_drugs

    table = loaded.table
    drugs = find_drugs(table, names)
    build = anthropometry.read(
        table.limits, height=wanted.height, sex=wanted.sex, child=patient.child
    )
    return with_dosing(table, guideline or load_guideline(), patient, build, wanted, drugs)


def shown(weight: Decimal, actual: Decimal) -> str:
    """Write a weight for people to 3 decimals half up, but never above the actual one."""
    from dmcalc.quantities.arithmetic import round_half_up
    from dmcalc.text.numbers import format_exact

    near = round_half_up(Fraction(weight), 3)
    return format_exact(near if near < actual else weight)
