"""What machines read of ``infusion`` beside its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dosing.adjustments import AppliedRule
    from dmcalc.infusions.rate_steps import InfusionStep
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import DosingWeight
    from dmcalc.quantities.amount import Mass
    from dmcalc.results.described import Clock, DrugKey, Sources
    from dmcalc.schedules.model import Choice
    from dmcalc.table.model.infusion import Turn


class InfusionDocument:
    """The document of ``infusion``."""

    drug: DrugKey
    regimen: Annotated[str, "Name of the posology whose amount is given."]
    infusion: Annotated[Turn, "Which infusion the rates are for."]
    at_risk: Annotated[bool, "Whether the lower maximum for patients at risk was asked for."]
    population: Annotated[str, "Whom the sources give the rates for."]
    patient: Annotated[Patient, "Who is infused."]
    circumstances: Annotated[
        ClinicalContext | None,
        "What was said of the patient that rules ask about; null where nothing was.",
    ]
    rules: Annotated[
        tuple[AppliedRule, ...],
        "The rules for this patient that hold, the stricter of which counts.",
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
        "amount by the actual weight, where another was asked for; null for an amount of --dose.",
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
    dosing_weight: Annotated[
        DosingWeight | None,
        "The weight that doses of some drugs go by; null where none was asked for, and all go by "
        "the actual one.",
    ]
