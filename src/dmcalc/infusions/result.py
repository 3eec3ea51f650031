"""The answer of ``infusion``: its document for machines, and what its page needs besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.dispensing.stock import StockOptions, UnitCombination, stock_or_note
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.results.described import described_by

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.applied_rule import AppliedRule
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.infusions.rate_steps import InfusionStep
    from dmcalc.patient.clinical_context import Circumstances, ClinicalContext
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import ChosenWeight, DosingWeight
    from dmcalc.quantities.amount import Mass
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.results.field_types import Clock, DrugKey, Sources
    from dmcalc.schedules.model import Choice
    from dmcalc.table.model.drug import Product
    from dmcalc.table.model.infusion import Infusion, Ramp, Turn
    from dmcalc.table.model.table import LoadedTable


class InfusionDocument:
    """The document of ``infusion``."""

    drug: DrugKey
    regimen: Annotated[str, "Name of the posology whose amount is given."]
    infusion: Annotated[Turn, "Which infusion the rates are for."]
    at_risk: Annotated[bool, "Whether the lower maximum for patients at risk was used."]
    population: Annotated[str, "Whom the sources give the rates for."]
    patient: Annotated[Patient, "Who is infused."]
    circumstances: Circumstances
    rules: Annotated[
        tuple[AppliedRule, ...],
        "The rules that apply to this patient; the strictest is used.",
    ]
    product: Annotated[
        str | None, "Name of the product within the drug, where its concentration is known."
    ]
    concentration: Annotated[str | None, "Its concentration, with unit."]
    no_volume: Annotated[str | None, "Why there are no mL, where there are none."]
    amount: Annotated[
        Decimal, "What this infusion gives; the day's share where the posology is a course."
    ]
    unit: Annotated[Mass, "Unit of amount and course."]
    amount_per_kg: Annotated[
        Decimal | None, "amount for one kg of weight; a quotient without an end is rounded."
    ]
    days: Annotated[int | None, "Days that the course is divided over."]
    course: Annotated[Decimal | None, "Amount of the whole course."]
    amount_actual: Annotated[
        Decimal | None,
        "amount by the actual weight, where another was chosen; null for an amount of --dose.",
    ]
    saved: Annotated[Decimal | None, "How much less amount is than that."]
    course_actual: Annotated[Decimal | None, "course by the actual weight."]
    course_saved: Annotated[Decimal | None, "How much less course is than that."]
    volume_ml: Annotated[Decimal | None, "Volume in mL."]
    duration_min: Annotated[Decimal, "Length in minutes, rounded half up to 0.01."]
    whole_minutes: Annotated[int, "Length with the last step rounded up to a whole minute."]
    starts: Annotated[Clock | None, "Time of the start."]
    ends: Annotated[Clock | None, "Time of the end."]
    ends_day: Annotated[int | None, "0 where it ends on the day of the start, 1 on the next."]
    steps: Annotated[tuple[InfusionStep, ...], "The steps, one after the other without a gap."]
    reading: Annotated[str | None, "How the table reads or joins what the sources give."]
    choices: Annotated[
        tuple[
            Annotated[
                Choice,
                "What was chosen, by the user or by default, inside what a source leaves open.",
            ],
            ...,
        ],
        "What was chosen inside what the sources leave open.",
    ]
    rounded: Annotated[tuple[str, ...], "What was rounded, and how."]
    sources: Sources
    pump_step: Annotated[
        Decimal | None, "To what multiple of mL/h rates are rounded down; null if to none."
    ]
    dosing_weight: ChosenWeight


@described_by(InfusionDocument)
class InfusionResult(NamedTuple):
    """The answer of ``dmcalc infusion``; what is described above is not described again."""

    loaded: LoadedTable
    patient: Patient
    #: The rules for this patient, None where nothing was entered that rules ask about.
    advice: PatientRules | None
    drug: str
    #: The infusion and the rates of the table, and the product where its concentration is known.
    plan: Infusion
    ramp: Ramp
    infused: Product | None
    at_risk: bool
    amount: Decimal
    unit: Mass
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
    amount_actual: Decimal | None = None
    course_actual: Decimal | None = None
    pump_step: Decimal | None = None
    kind: str = "infusion"

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
    def no_volume(self) -> str | None:
        """Why there are no mL, where there are none."""
        return self.plan.no_volume

    @property
    def reading(self) -> str | None:
        """How the table reads or joins what the sources give."""
        return self.ramp.reading

    @property
    def product(self) -> str | None:
        """Name of the product within the drug, where its concentration is known."""
        return self.infused.id if self.infused else None

    @property
    def vials(self) -> UnitCombination | None:
        """The whole vials of the amount: of this product, else of the US market."""
        options = StockOptions(product=self.product)
        if self.infused is not None:
            market, *_ = self.infused.markets
            options = options._replace(market=market)
        stock, _ = stock_or_note(self.loaded.table, self.drug, self.unit, options)
        return stock.make(self.amount) if stock is not None and stock.form == "vial" else None

    @property
    def concentration(self) -> str | None:
        """Concentration of the product, where it is known."""
        return str(self.infused.concentration) if self.infused else None

    @property
    def circumstances(self) -> ClinicalContext | None:
        """What rules ask about, None where nothing of it was entered."""
        return self.advice.context if self.advice else None

    @property
    def rules(self) -> tuple[AppliedRule, ...]:
        """The rules for this patient that hold for the drug."""
        return self.advice.applied(self.drug) if self.advice else ()

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guide that the rules are from, or the policy on weights."""
        return self.advice.guideline if self.advice else self.patient.guide

    @property
    def dosing_weight(self) -> DosingWeight | None:
        """The weight that doses per kg go by, where one was requested."""
        return self.patient.dosing

    @property
    def saved(self) -> Decimal | None:
        """How much less the amount is than by the actual weight."""
        return _less(self.amount_actual, self.amount)

    @property
    def course_saved(self) -> Decimal | None:
        """How much less the course is than by the actual weight."""
        return _less(self.course_actual, self.course)


def _less(actual: Decimal | None, amount: Decimal | None) -> Decimal | None:
    if actual is None:
        return None
    assert amount is not None
    return EXACT.subtract(actual, amount)
