"""``plan``: the treatment of one patient in steps, to discuss, with a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.dose import dose, rules_for
from dmcalc.dosing.one_drug import refuse_drug
from dmcalc.errors import PatientError
from dmcalc.planning import calendar, notes, steps
from dmcalc.planning.document import PlanDocument, PlanRow
from dmcalc.planning.events import CalendarEvent, Dating
from dmcalc.planning.receipt import note_plan
from dmcalc.planning.steps import PlacedStep, TreatmentHistory
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading, source_keys
from dmcalc.results.described import described_by

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.dose import DoseResult
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.steps import Plan
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import LoadedTable


@described_by(PlanDocument)
class PlanResult(NamedTuple):
    """The answer of ``dmcalc plan``."""

    loaded: LoadedTable
    guide: LoadedGuideline
    patient: Patient
    situation: TreatmentHistory
    dating: Dating
    steps: tuple[PlacedStep, ...]
    events: tuple[CalendarEvent, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    #: Length of the calendar.
    weeks: int
    kind: str = "plan"

    @property
    def advice(self) -> PatientRules | None:
        """The rules for this patient, None where no fact that rules use was entered."""
        return rules_for(self.patient)

    @property
    def circumstances(self) -> ClinicalContext | None:
        """What rules ask about, the drugs that were chosen among it; None where nothing was."""
        return self.patient.context

    @property
    def start(self) -> datetime.date | None:
        """First day of the calendar."""
        return self.dating.start

    @property
    def rows(self) -> tuple[PlanRow, ...]:
        """The steps, then the events of the calendar."""
        return plan_rows(self.steps, self.events)


def plan(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    patient: Patient,
    situation: TreatmentHistory | None = None,
    dating: Dating | None = None,
) -> PlanResult:
    """Lay out the treatment of one patient.

    Raise PatientError where the severity of an adult or the weight is missing, UnknownNameError for
    a drug or taper that the table does not hold, RefusedError for a chosen drug that a rule for the
    patient refuses, and UsageError for choices that exclude each other.
    """
    dating = dating or Dating()
    if patient.severity is None and patient.population == "adult":
        raise PatientError(
            "the severity is missing; the plan depends on it",
            "Give ‹severity› mild, moderate or severe. How to grade it: dmcalc severity",
        )
    situation = steps.resolve_history(loaded, situation or TreatmentHistory())
    guide_plan = guide.guideline.plan
    treatment_plan = guide_plan.of_table(loaded.table.drugs)
    own_plan, stand_ins = steps.with_stand_ins(treatment_plan, situation.chosen)
    guide = guide._replace(guideline=guide.guideline._replace(plan=own_plan))
    of_patient = [s for s in own_plan.steps if s.population == patient.population]
    drugs = tuple(dict.fromkeys(drug for step in of_patient for drug in step.drugs))
    steps.refuse_conflicts(situation, of_patient, drugs)
    for drug in situation.chosen:
        if not _has_posology(loaded, patient, drug):
            raise PatientError(
                f"the table has no paediatric dose of {drug}",
                "An adult dose is never scaled down.",
            )
        refuse_drug(patient, drug)
    with_posology = [d for d in drugs if _has_posology(loaded, patient, d)]
    doses = dose(loaded, patient, with_posology, stocked=dating.stocked)
    rows = {drug: tuple(row for row in doses.rows if row.drug == drug) for drug in drugs}
    placed = tuple(steps.place_steps(loaded, guide.guideline, patient, situation, rows, of_patient))
    if dating.taper is not None:
        steps.refuse_taper(loaded.table, patient, dating.taper, placed)
    planned = calendar.build_calendar(
        loaded, guide, patient, placed, dating, first=situation.response is None
    )
    warnings, cautions = notes.plan_notes(loaded, guide.guideline, patient, placed, situation)
    in_place = (
        ClinicalNote("stand-in", "reading", s.drug, s.text, source_keys(s.cite)) for s in stand_ins
    )
    result = PlanResult(
        loaded=loaded,
        guide=guide,
        patient=patient,
        situation=situation,
        dating=dating,
        steps=placed,
        events=planned.events,
        warnings=tuple(dict.fromkeys((*_of_doses(doses, placed), *warnings, *planned.warnings))),
        cautions=tuple(
            dict.fromkeys(
                (
                    *in_place,
                    *_not_in_table(loaded, guide_plan),
                    *_not_addressed(placed, doses, situation),
                    *cautions,
                    *planned.cautions,
                )
            )
        ),
        weeks=planned.weeks,
    )
    note_plan(result, doses)
    return result


def _has_posology(loaded: LoadedTable, patient: Patient, drug: str) -> bool:
    """Tell whether the table has posology of a drug for such a patient."""
    return not patient.child or bool(loaded.table.drugs[drug].juvenile)


def _active_drugs(placed: Iterable[PlacedStep]) -> tuple[str, ...]:
    """List the drugs that may come into use, in the order of the steps."""
    return tuple(
        dict.fromkeys(
            option.drug
            for step in placed
            for option in step.options
            if step.status in steps.ACTIVE or option.chosen or option.refused
        )
    )


def _of_doses(doses: DoseResult, placed: Iterable[PlacedStep]) -> Iterator[ClinicalWarning]:
    """Yield what is missing for an amount, and what rules say, of the drugs that may be used."""
    drugs = _active_drugs(placed)
    yield from (w for w in doses.warnings if w.code.startswith("no-body-") and w.drug in drugs)
    if doses.advice is not None:
        yield from doses.advice.warnings(drugs)


def _not_in_table(loaded: LoadedTable, guide_plan: Plan) -> Iterator[ClinicalNote]:
    """Say which drugs of the guide's plan another table than its own does not hold."""
    named = dict.fromkeys(drug for step in guide_plan.steps for drug in step.drugs)
    absent = ", ".join(drug for drug in named if drug not in loaded.table.drugs)
    if absent:
        text = (
            f"Not in this table, and so not in the plan: {absent}. Steps, tests and rules are "
            "the guide's, which may be for another disease."
        )
        yield ClinicalNote("not-in-table", "caution", None, text, (), brief=text)


def _not_addressed(
    placed: Iterable[PlacedStep], doses: DoseResult, history: TreatmentHistory
) -> tuple[ClinicalNote, ...]:
    """Say which facts of the patient no rule covers; the drugs of the plan are left out."""
    advice = stated_rules(doses.advice, history)
    return () if advice is None else advice.not_addressed(_active_drugs(placed))


def stated_rules(advice: PatientRules | None, history: TreatmentHistory) -> PatientRules | None:
    """Return the rules for what was entered of the patient, without the drugs that were chosen."""
    if advice is None:
        return None
    taking = tuple(drug for drug in advice.context.taking if drug not in history.chosen)
    return advice._replace(context=advice.context._replace(taking=taking))


def plan_rows(steps: Iterable[PlacedStep], events: Iterable[CalendarEvent]) -> tuple[PlanRow, ...]:
    """Return the steps and then the events of the calendar."""
    return (*(row for placed in steps for row in _of_step(placed)), *map(_of_event, events))


def _of_step(placed: PlacedStep) -> Iterator[PlanRow]:
    step = placed.step
    measure = PlanRow(
        part="plan",
        step=step.id,
        kind="measure",
        status=placed.status,
        title=step.title,
        text=step.text,
        why=tuple(trigger.text for trigger in placed.why),
        sources=source_keys((*step.cite, *(c for t in placed.why for c in t.cite))),
        quote=leading(step.cite).quote,
        listed=placed.listed,
    )
    if not placed.options:
        yield measure
    for option in placed.options:
        of_drug = measure._replace(
            kind="drug",
            choice=step.choice,
            chosen=option.chosen,
            drug=option.drug,
            name=option.name,
        )
        if not option.tolerated:
            yield of_drug._replace(text="not tolerated")
        elif not option.rows:
            yield of_drug._replace(text="the table has no dose of it for this patient")
        else:
            for row in option.rows:
                sources = tuple(dict.fromkeys((*measure.sources, *row.sources)))
                yield of_drug._replace(
                    text=row.sentence,
                    regimen=row.regimen,
                    low=row.low,
                    high=row.high,
                    suggested=row.suggested,
                    unit=row.unit,
                    per=row.per,
                    sources=sources,
                    local=row.local,
                    basis=row.basis,
                    per_basis_low=row.per_basis_low,
                    per_basis_high=row.per_basis_high,
                    capped=row.capped,
                    population=row.population,
                    reading=row.reading,
                    refused=row.refused,
                    low_before=row.low_before,
                    high_before=row.high_before,
                )


def _of_event(event: CalendarEvent) -> PlanRow:
    fields = event._asdict()
    reached = fields.pop("mark")
    del fields["before_day"], fields["brief"], fields["origin"]
    return PlanRow(part="calendar", **fields, **(reached._asdict() if reached else {}))
