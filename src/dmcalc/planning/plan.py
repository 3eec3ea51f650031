"""``plan``: the treatment of one patient in steps, to discuss, with a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.dose import dose
from dmcalc.errors import PatientError
from dmcalc.planning import calendar, notes, steps
from dmcalc.planning.document import PlanDocument, PlanRow
from dmcalc.planning.events import CalendarEvent, Dating
from dmcalc.planning.steps import PlacedStep, TreatmentHistory
from dmcalc.results.base import ClinicalNote, ClinicalWarning, source_keys
from dmcalc.results.described import described_by

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.guideline.model import LoadedGuideline
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
    a drug or taper that the table does not hold, and UsageError for choices that exclude each
    other.
    """
    dating = dating or Dating()
    if patient.severity is None and patient.population == "adult":
        raise PatientError(
            "the severity is missing; the steps of the treatment go by it",
            "Give ‹severity› mild, moderate or severe. How to grade it: dmcalc severity",
        )
    situation = steps.resolve_history(loaded, situation or TreatmentHistory())
    own_plan, stand_ins = steps.with_stand_ins(guide.guideline.plan, situation.chosen)
    guide = guide._replace(guideline=guide.guideline._replace(plan=own_plan))
    of_patient = [s for s in own_plan.steps if s.population == patient.population]
    drugs = tuple(dict.fromkeys(drug for step in of_patient for drug in step.drugs))
    steps.refuse_conflicts(situation, of_patient, drugs)
    for drug in situation.chosen:
        if not calendar.has_posology(loaded, patient, drug):
            raise PatientError(
                f"the table has no posology for children for {drug}",
                "An adult dose is never scaled down.",
            )
    rows, missing = _rows(loaded, patient, drugs)
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
    active = {
        option.drug
        for placed_step in placed
        if placed_step.status in steps.ACTIVE
        for option in placed_step.options
    }
    return PlanResult(
        loaded=loaded,
        guide=guide,
        patient=patient,
        situation=situation,
        dating=dating,
        steps=placed,
        events=planned.events,
        warnings=tuple(
            dict.fromkeys((*(w for w in missing if w.drug in active), *warnings, *planned.warnings))
        ),
        cautions=tuple(dict.fromkeys((*in_place, *cautions, *planned.cautions))),
        weeks=planned.weeks,
    )


def _rows(
    loaded: LoadedTable, patient: Patient, drugs: tuple[str, ...]
) -> tuple[dict[str, tuple[DoseRow, ...]], list[ClinicalWarning]]:
    """Compute the doses of the drugs that have any for this patient, by drug.

    With them goes what is missing for an amount.
    """
    result = dose(loaded, patient, [d for d in drugs if calendar.has_posology(loaded, patient, d)])
    missing = [warning for warning in result.warnings if warning.code.startswith("no-body-")]
    return {drug: tuple(r for r in result.rows if r.drug == drug) for drug in drugs}, missing


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
        quote=step.cite[0].quote,
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
            yield of_drug._replace(text="the table has no posology of it for this patient")
        else:
            for row in option.rows:
                sources = tuple(dict.fromkeys((*measure.sources, *row.sources)))
                yield of_drug._replace(
                    text=row.text,
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
                )


def _of_event(event: CalendarEvent) -> PlanRow:
    fields = event._asdict()
    reached = fields.pop("mark")
    del fields["before_day"]
    return PlanRow(part="calendar", **fields, **(reached._asdict() if reached else {}))
