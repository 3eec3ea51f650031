"""The weight that doses of some drugs go by where it was asked for, and who asked for it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from dmcalc.patient.document import DosingWeightDocument, WeightKind
from dmcalc.quantities.arithmetic import round_half_up
from dmcalc.results.described import described_by
from dmcalc.text.numbers import format_exact

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.results.base import ClinicalNote, ClinicalWarning

Basis = Literal["actual", "ideal", "adjusted", "policy"]


@described_by(DosingWeightDocument)
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


def weight_shown(weight: Decimal, actual: Decimal) -> str:
    """Write a weight for people to 3 decimals half up, but never above the actual one."""
    near = round_half_up(Fraction(weight), 3)
    return format_exact(near if near < actual else weight)
