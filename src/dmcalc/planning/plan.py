"""``plan``: the treatment of one patient in steps, to discuss, with a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.dose import dose
from dmcalc.errors import PatientError
from dmcalc.planning import calendar, notes
from dmcalc.planning import steps as placing
from dmcalc.planning.document import PlanDocument, PlanRow
from dmcalc.planning.rows import plan_rows
from dmcalc.planning.steps import Option, Placed, Situation, Status
from dmcalc.results.base import ClinicalNote, ClinicalWarning
from dmcalc.results.described import described_by

if TYPE_CHECKING:
    import datetime

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.patient import Patient
    from dmcalc.planning.events import Dating, Event
    from dmcalc.table.model.table import LoadedTable

__all__ = ["Option", "Placed", "PlanResult", "Situation", "Status", "plan"]


@described_by(PlanDocument)
class PlanResult(NamedTuple):
    """The answer of ``dmcalc plan``."""

    loaded: LoadedTable
    guide: LoadedGuideline
    patient: Patient
    situation: Situation
    dating: Dating
    steps: tuple[Placed, ...]
    events: tuple[Event, ...]
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
    situation: Situation | None = None,
    dating: Dating | None = None,
) -> PlanResult:
    """Lay out the treatment of one patient.

    Raise PatientError where the severity of an adult or the weight is missing, UnknownNameError for
    a drug or taper that the table does not hold, and UsageError for choices that exclude each
    other.
    """
    from dmcalc.planning.events import Dating

    dating = dating or Dating()
    if patient.severity is None and patient.population == "adult":
        raise PatientError(
            "the severity is missing; the steps of the treatment go by it",
            "Give --severity mild, moderate or severe. How to grade it: dmcalc severity",
        )
    situation = placing.read(loaded, situation or Situation())
    steps = [s for s in guide.guideline.plan.steps if s.population == patient.population]
    known = tuple(dict.fromkeys(drug for step in steps for drug in step.drugs))
    placing.check(situation, steps, known)
    for drug in situation.chosen:
        if not calendar.has_posology(loaded, patient, drug):
            raise PatientError(
                f"the table has no posology for children for {drug}",
                "An adult dose is never scaled down.",
            )
    rows, lacking = _rows(loaded, patient, known)
    placed = tuple(placing.placed(loaded, guide.guideline, patient, situation, rows, steps))
    if dating.taper is not None:
        placing.check_taper(loaded.table, patient, dating.taper, placed)
    found = calendar.events(
        loaded, guide, patient, placed, dating, first=situation.response is None
    )
    warnings, cautions = notes.told(loaded, guide.guideline, patient, placed, situation)
    near = {o.drug for one in placed if one.status in placing.NEAR for o in one.options}
    return PlanResult(
        loaded=loaded,
        guide=guide,
        patient=patient,
        situation=situation,
        dating=dating,
        steps=placed,
        events=found.events,
        warnings=tuple(
            dict.fromkeys(
                (*(w for w in lacking if w.drug in near), *warnings, *found.told.warnings)
            )
        ),
        cautions=tuple(dict.fromkeys((*cautions, *found.told.cautions))),
        weeks=found.weeks,
    )


def _rows(
    loaded: LoadedTable, patient: Patient, drugs: tuple[str, ...]
) -> tuple[dict[str, tuple[DoseRow, ...]], list[ClinicalWarning]]:
    """Compute the doses of the drugs that have any for this patient, by drug.

    With them goes what is missing for an amount.
    """
    found = dose(loaded, patient, [d for d in drugs if calendar.has_posology(loaded, patient, d)])
    lacking = [warning for warning in found.warnings if warning.code.startswith("no-body-")]
    return {drug: tuple(r for r in found.rows if r.drug == drug) for drug in drugs}, lacking
