"""The document of ``plan`` for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.patient import Patient
    from dmcalc.planning.steps import Status, TreatmentHistory
    from dmcalc.quantities.amount import Per
    from dmcalc.results.field_types import FirstQuote, Local, Sources


class PlanRow(NamedTuple):
    """A step of the plan for one of its drugs, or an event of the calendar."""

    part: Annotated[
        Literal["plan", "calendar"], "Whether it is a step of the plan or an event of the calendar."
    ]
    step: Annotated[str, "Name of the step; of an event that is none, of the drug or of the mark."]
    kind: Annotated[
        Literal["drug", "measure", "dose", "course", "test", "mark", "review", "landmark"],
        "What it is: of a step drug or measure, of an event one of the others.",
    ]
    status: Annotated[
        Status | None,
        "Of a step: whether it is for now, is to be checked first, begins, has begun, is not "
        "possible, is to be considered, or is for later if needed.",
    ] = None
    title: Annotated[str, "What it is, for people."] = ""
    text: Annotated[
        str, "What there is to know of it: the order of a dose, what the source says of a measure."
    ] = ""
    why: Annotated[tuple[str, ...] | None, "Of a step: what points to it, or would."] = None
    choice: Annotated[
        Literal["all", "one", "any"] | None,
        "Of a drug: whether it is given, one of several, or any of them.",
    ] = None
    chosen: Annotated[bool | None, "Of a drug: whether it is on the calendar."] = None
    drug: Annotated[str | None, "Key of the drug."] = None
    name: Annotated[str | None, "Its name, for people."] = None
    regimen: Annotated[str | None, "Name of the posology: drug and phase."] = None
    low: Annotated[Decimal | None, "Low end of the dose."] = None
    high: Annotated[Decimal | None, "High end of the dose."] = None
    suggested: Annotated[
        Decimal | None, "The end that the severity points to, by the table's reading."
    ] = None
    unit: Annotated[str | None, "Unit of the amounts."] = None
    per: Annotated[Per | None, "What an amount is for."] = None
    day: Annotated[
        int | None,
        "Of an event: its first day, from 1; 0 for what is due before the first; null where no "
        "source gives one.",
    ] = None
    days: Annotated[int | None, "Its length in days; null where it is open."] = None
    date: Annotated[datetime.date | None, "Its first day as a date."] = None
    end: Annotated[datetime.date | None, "Its last day as a date."] = None
    total_low: Annotated[Decimal | None, "Of a dose: least amount of the drug by its end."] = None
    total_high: Annotated[Decimal | None, "Most."] = None
    sources: Sources = ()
    quote: FirstQuote = None
    local: Local = ()
    basis: Annotated[Literal["kg", "m2"] | None, "What a dose is multiplied by."] = None
    per_basis_low: Annotated[Decimal | None, "Low end for one kg or m2, after the cap."] = None
    per_basis_high: Annotated[Decimal | None, "High end."] = None
    capped: Annotated[bool | None, "Of a drug: whether the cap changed an end of its dose."] = None
    population: Annotated[
        str | None,
        "Of a drug: whom the source gives the dose for, where it is not the reference's.",
    ] = None
    reading: Annotated[
        str | None, "Of a drug: how the table reads its source, and what that does not say."
    ] = None
    refused: Annotated[
        bool | None,
        "Of a drug: whether a rule for this patient refuses it; null where no rule was applied.",
    ] = None
    low_before: Annotated[
        Decimal | None, "Of a drug: low end before a rule for this patient reduced it."
    ] = None
    high_before: Annotated[Decimal | None, "High end before that."] = None
    listed: Annotated[
        tuple[str, ...] | None,
        "Of a step: the features of high risk, or the measures, that go with it.",
    ] = None
    before: Annotated[
        datetime.date | None, "Of tests: the day of the first dose, before which they are due."
    ] = None
    prednisone_equivalent_low: Annotated[
        Decimal | None,
        "Of a corticosteroid by mouth: least running total in mg of prednisone or its equivalent, "
        "without pulses.",
    ] = None
    prednisone_equivalent_high: Annotated[Decimal | None, "Most."] = None
    mark_dose: Annotated[Decimal | None, "Of a mark: the daily dose of its threshold."] = None
    mark_dose_unit: Annotated[Literal["mg"] | None, "Its unit."] = None
    mark_dose_exceeded: Annotated[
        bool | None, "Whether the days count above that dose only; else at it too."
    ] = None
    mark_time: Annotated[Decimal | None, "The length of time of the threshold."] = None
    mark_time_unit: Annotated[Literal["day", "week", "month"] | None, "Its unit."] = None
    mark_time_exceeded: Annotated[
        bool | None, "Whether it is more than that time; else that time is enough."
    ] = None
    mark_days: Annotated[
        int | None, "Days of the schedule at such a dose, without its open last step."
    ] = None
    mark_weeks: Annotated[int | None, "Whole weeks in those days."] = None
    mark_open: Annotated[bool | None, "Whether the open last step is at such a dose too."] = None


class PlanDocument:
    """The document of ``plan``."""

    patient: Annotated[Patient, "Whom the plan is for."]
    circumstances: Annotated[
        ClinicalContext | None,
        "Facts of the patient that rules use, as entered, with the chosen drugs; null where none "
        "was.",
    ]
    situation: Annotated[TreatmentHistory, "What was entered of the treatment so far."]
    start: Annotated[datetime.date | None, "First day of the calendar."]
    weeks: Annotated[int, "Length of the calendar in weeks."]
    rows: Annotated[tuple[PlanRow, ...], "The steps, then the events of the calendar."]
