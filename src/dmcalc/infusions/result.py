"""The answer of ``infusion``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.infusions.document import InfusionDocument
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.results.base import (
    ClinicalNote,
    ClinicalWarning,
)
from dmcalc.results.described import described_by
from dmcalc.schedules.model import Choice

if TYPE_CHECKING:
    from dmcalc.dosing.adjustments import Advice, AppliedRule
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.infusions.rate_steps import InfusionStep
    from dmcalc.patient.clinical_context import Circumstances
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import DosingWeight
    from dmcalc.table.model.drug import Drug, Product
    from dmcalc.table.model.infusion import Infusion, Ramp, Turn
    from dmcalc.table.model.table import LoadedTable


@described_by(InfusionDocument)
class InfusionResult(NamedTuple):
    """The answer of ``dmcalc infusion``."""

    loaded: LoadedTable
    patient: Patient
    drug: str
    ramp: Ramp
    at_risk: bool
    #: What is given at this infusion; the day's share where the regimen is a course.
    amount: Decimal
    unit: str
    amount_per_kg: Decimal | None
    days: int | None
    course: Decimal | None
    volume_ml: Decimal | None
    duration_min: Decimal
    whole_minutes: int
    starts: str | None
    ends: str | None
    ends_day: int | None
    steps: tuple[InfusionStep, ...]
    choices: tuple[Choice, ...]
    rounded: tuple[str, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    sources: tuple[str, ...]
    #: Amount and course by the actual weight, where another is asked for; an amount that the user
    #: gave goes by none.
    amount_actual: Decimal | None = None
    course_actual: Decimal | None = None
    kind: str = "infusion"
    #: The rules for this patient, None where nothing was said that rules ask about.
    advice: Advice | None = None

    @property
    def rows(self) -> tuple[InfusionStep, ...]:
        """The steps."""
        return self.steps

    @property
    def regimen(self) -> str:
        """Name of the posology whose amount is given."""
        return f"{self.drug}.{self.plan.regimen}"

    @property
    def infusion(self) -> Turn:
        """Which infusion the rates are for."""
        return self.ramp.when

    @property
    def population(self) -> str:
        """Whom the sources give the rates for."""
        return self.plan.population

    @property
    def circumstances(self) -> Circumstances | None:
        """What rules ask about, None where nothing of it was said."""
        return self.advice.known if self.advice else None

    @property
    def concentration(self) -> str | None:
        """Concentration of the product, where it is known."""
        return str(self.infused.concentration) if self.infused else None

    @property
    def no_volume(self) -> str | None:
        """Why there are no mL, where there are none."""
        return self.plan.no_volume

    @property
    def saved(self) -> Decimal | None:
        """How much less the amount is than by the actual weight."""
        return _less(self.amount_actual, self.amount)

    @property
    def course_saved(self) -> Decimal | None:
        """How much less the course is than by the actual weight."""
        return _less(self.course_actual, self.course)

    @property
    def reading(self) -> str | None:
        """How the table reads or joins what the sources give."""
        return self.ramp.reading

    @property
    def dosing_weight(self) -> DosingWeight | None:
        """The weight that doses per kg go by, where one was asked for."""
        return self.patient.dosing

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guide that the rules are from, or the policy on weights."""
        return self.advice.guideline if self.advice else self.patient.guide

    @property
    def rules(self) -> tuple[AppliedRule, ...]:
        """The rules for this patient that hold for the drug."""
        return self.advice.applied(self.drug) if self.advice else ()

    @property
    def plan(self) -> Infusion:
        """The infusion as the table holds it."""
        plan = self.loaded.table.drugs[self.drug].infusion
        assert plan is not None
        return plan

    @property
    def product(self) -> str | None:
        """Name of the product within the drug, where its concentration is known."""
        return self.infused.id if self.infused else None

    @property
    def infused(self) -> Product | None:
        """The product that is infused, where its concentration is known."""
        return product_of(self.loaded.table.drugs[self.drug], self.plan)


def _less(actual: Decimal | None, amount: Decimal | None) -> Decimal | None:
    """Return how much less an amount is than that by the actual weight."""
    return None if actual is None or amount is None else EXACT.subtract(actual, amount)


def product_of(drug: Drug, plan: Infusion) -> Product | None:
    """Return the product that is infused, where its concentration is known."""
    return next((p for p in drug.products if p.id == plan.product), None)
