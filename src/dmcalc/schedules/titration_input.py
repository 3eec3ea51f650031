"""The options of ``titrate`` as text, and how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import counted_units
from dmcalc.errors import read
from dmcalc.patient.inputs import with_unused
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import read_day, read_length
from dmcalc.schedules.model import Supply
from dmcalc.schedules.titration import refuse_what_no_unit_makes, titrate
from dmcalc.schedules.titration_doses import TitrationChoices

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import StockOptions
    from dmcalc.patient.reader import PatientRequest
    from dmcalc.schedules.model import TaperResult


class TitrationInput(NamedTuple):
    """The request for a titration, as text; the fields are Python's keywords."""

    protocol: str | None = None
    start_dose: str | None = None
    target: str | None = None
    increase: str | None = None
    hold: str | None = None
    interval: str | None = None
    day: str | None = None
    packs: str | None = None
    start: str | None = None


def compute_titration(
    request: PatientRequest, drug: str, options: TitrationInput, stocked: StockOptions
) -> TaperResult:
    """Compute the requested titration; raise UsageError, and the errors of ``titrate``."""
    patient = request.read("titrate", (drug,))
    choices = TitrationChoices(
        protocol=options.protocol,
        start_dose=read("from", options.start_dose, read_amount),
        target=read("to", options.target, read_amount),
        increase=read("increase", options.increase, read_amount),
        hold=read("hold", options.hold, read_length),
        interval=read("interval", options.interval, read_length),
        start=read("start", options.start, read_day),
        day=options.day,
    )
    supply = Supply(stocked, packs=counted_units("pack", options.packs))
    result = titrate(request.loaded, patient, drug, choices, supply)
    refuse_what_no_unit_makes(result)
    return with_unused(result, patient.unused)
