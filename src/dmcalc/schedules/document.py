"""The document of a schedule for machines, but for its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dosing.applied_rule import AppliedRule
    from dmcalc.patient.clinical_context import Circumstances
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import ChosenWeight
    from dmcalc.quantities.time import Weekday
    from dmcalc.results.field_types import DrugKey, Sources
    from dmcalc.schedules.milestones import FullDose, MilestoneDose
    from dmcalc.schedules.model import Choice, CompanionDose, PatientDose, Step, Totals


class ScheduleColumns(NamedTuple):
    """What each line says of the schedule that it is a step of."""

    drug: DrugKey
    protocol: Annotated[str, "Key of the protocol."]
    weight_kg: Annotated[Decimal | None, "Body weight in kg."]


class TaperDocument:
    """The document of ``taper`` and ``titrate``."""

    drug: DrugKey
    protocol: Annotated[str, "Key of the protocol; own for steps of one's own."]
    name: Annotated[str, "Name of the protocol, for people."]
    population: Annotated[str, "Whom the source gives it for."]
    patient: Annotated[Patient, "Whom the schedule is for."]
    circumstances: Circumstances
    doses: Annotated[
        tuple[PatientDose, ...],
        "What the table gives this patient, as the rules for this patient leave it; empty where "
        "the schedule goes by a dose of the user's alone.",
    ]
    rules: Annotated[tuple[AppliedRule, ...], "The rules that hold for this patient."]
    steps: Annotated[tuple[Step, ...], "The steps, one after the other without a gap."]
    totals: Annotated[Totals, "Sums over all steps of known length."]
    choices: Annotated[
        tuple[
            Annotated[
                Choice,
                "What was chosen, by the user or by default, inside what a source leaves open.",
            ],
            ...,
        ],
        "What was chosen inside what the source leaves open.",
    ]
    day: Annotated[Weekday | None, "Weekday of a drug that is given once a week."]
    day_after: Annotated[
        CompanionDose | None,
        "What the source gives on the day after each dose that is once a week.",
    ]
    ends: Annotated[str, "What the source says, or does not say, of the time after the last step."]
    sources: Sources
    dosing_weight: ChosenWeight


class LandmarkColumns(NamedTuple):
    """What each line says of the taper that it is a milestone of."""

    drug: DrugKey
    protocol: Annotated[str, "Key of the taper."]
    weight_kg: Annotated[Decimal | None, "Body weight in kg."]


class LandmarksDocument:
    """The document of ``taper`` for a child."""

    drug: DrugKey
    protocol: Annotated[str, "Key of the taper."]
    name: Annotated[str, "Name of the taper, for people."]
    population: Annotated[str, "Whom the source gives it for."]
    patient: Annotated[Patient, "Whom the milestones are for."]
    start: Annotated[FullDose, "The start dose, of which the milestones are shares, a day."]
    rows: Annotated[tuple[MilestoneDose, ...], "The milestones, in order of time."]
    between: Annotated[str, "What holds between the milestones."]
    ends: Annotated[str, "What the source says, or does not say, of the end."]
    sources: Sources
