"""The options of ``plan`` besides the patient's facts, and how they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc import guideline
from dmcalc.errors import read
from dmcalc.patient.inputs import with_unused
from dmcalc.planning.events import Dating
from dmcalc.planning.plan import plan
from dmcalc.planning.steps import TreatmentHistory
from dmcalc.quantities.time import read_day, read_weeks
from dmcalc.text.spelling import listed_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.dispensing.stock import StockOptions
    from dmcalc.guideline.steps import Response
    from dmcalc.patient.reader import PatientRequest
    from dmcalc.planning.plan import PlanResult


class PlanInput(NamedTuple):
    """The request for a plan, as text; the fields are Python's keywords."""

    chosen: Sequence[str] | None = None
    not_tolerated: Sequence[str] | None = None
    response: Response | None = None
    organs: Sequence[str] | None = None
    start: str | None = None
    weeks: str | None = None
    pulse_days: int | None = None
    protocol: str | None = None


def compute_plan(request: PatientRequest, options: PlanInput, stocked: StockOptions) -> PlanResult:
    """Lay out the treatment of a patient; raise UsageError, and the errors of ``plan``."""
    request = request._replace(guide=request.guide or guideline.load())
    history = TreatmentHistory(
        options.response,
        (*request.facts.organs, *listed_names(options.organs)),
        listed_names(options.chosen),
        listed_names(options.not_tolerated),
    )
    patient = request.read("plan", together=history.chosen)
    dating = Dating(
        start=read("start", options.start, read_day),
        weeks=read("weeks", options.weeks, read_weeks),
        pulse_days=options.pulse_days,
        taper=options.protocol,
        stocked=stocked,
    )
    assert request.guide is not None
    result = plan(request.loaded, request.guide, patient, history, dating)
    return with_unused(result, patient.unused)
