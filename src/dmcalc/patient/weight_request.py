"""The dosing weight where one was requested, and who requested it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.patient.document import DosingWeightDocument, WeightChoice, WeightKind
from dmcalc.quantities.arithmetic import round_half_up
from dmcalc.results.base import ClinicalNote
from dmcalc.results.described import described_by
from dmcalc.text.numbers import format_exact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.quantities.amount import DoseRange
    from dmcalc.results.base import ClinicalWarning


class WeightComparison(NamedTuple):
    """What a row says of the weight that its dose goes by, in the names of its fields.

    The ends of the dose by the actual weight, and how much more they are, are in the row's unit;
    None where there is no dose.
    """

    dosing_weight_kg: Decimal
    weight_basis: WeightKind
    weight_policy: str | None
    low_actual: Decimal | None
    high_actual: Decimal | None
    saved_low: Decimal | None
    saved_high: Decimal | None


@described_by(DosingWeightDocument)
class DosingWeight(NamedTuple):
    """The weight in kg that doses of some drugs go by, never above the actual one."""

    #: Exact, or rounded down to 0.000001 kg.
    kg: Decimal
    actual_kg: Decimal
    #: The kind of weight that it is: where a policy does not hold, the actual one.
    basis: WeightKind
    asked: WeightChoice
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
    #: Keys of the formulas that it is based on.
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

    @property
    def kg_text(self) -> str:
        """It for people: ``82.279 kg``."""
        if self.basis == "actual":
            return f"{format_exact(self.kg)} kg"
        return f"{weight_shown(self.kg, self.actual_kg)} kg"

    @property
    def description(self) -> str:
        """It and who chose it: ``the adjusted weight, 82.279 kg, in place of ...``."""
        by = f", by the policy of {self.policy_name}" if self.policy_name else ""
        instead = (
            "" if self.basis == "actual" else f", in place of {format_exact(self.actual_kg)} kg"
        )
        return f"the {self.name}, {self.kg_text}{instead}{by}: {self.reason}"

    def compare(self, dose: DoseRange | None, actual: DoseRange | None) -> WeightComparison:
        """Compare a dose by this weight with the one by the actual weight: both are, or none is."""
        by = (self.kg, self.basis, self.policy)
        if dose is None:
            return WeightComparison(*by, None, None, None, None)
        assert actual is not None
        saved = actual.minus(dose)
        return WeightComparison(*by, actual.low, actual.high, saved.low, saved.high)

    def notes(
        self, drugs: Iterable[str]
    ) -> tuple[tuple[ClinicalWarning, ...], tuple[ClinicalNote, ...]]:
        """Return its warnings, and for each of some drugs that goes by it a note that says so."""
        text = f"The dose is computed with {self.description}."
        if self.policy_text:
            text += f" The policy: {self.policy_text}"
        text = " ".join([text, *self.readings])
        notes = [
            ClinicalNote("dosing-weight", "reading", drug, text, self.sources)
            for drug in dict.fromkeys(drugs)
            if drug in self.drugs
        ]
        return self.warnings, (*notes, *self.cautions)


ChosenWeight = Annotated[
    DosingWeight | None,
    "The weight that doses of some drugs go by; null where none was chosen, and all go by the "
    "actual one.",
]


def weight_shown(weight: Decimal, actual: Decimal) -> str:
    """Write a weight for people to 3 decimals half up, but never above the actual one."""
    near = round_half_up(Fraction(weight), 3)
    return format_exact(near if near < actual else weight)
