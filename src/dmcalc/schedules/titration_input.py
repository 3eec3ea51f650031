"""What is asked of a titration, as text, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import counted_units
from dmcalc.errors import read
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import read_date, read_interval
from dmcalc.schedules.model import Supply
from dmcalc.schedules.titration import TitrationChoices, titrate

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import StockOptions
    from dmcalc.patient.patient import Patient
    from dmcalc.schedules.model import TaperResult
    from dmcalc.table.model.table import LoadedTable


class TitrationInput(NamedTuple):
    """What is asked of a titration, as it is written; the fields bear Python's keywords."""

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
    loaded: LoadedTable, patient: Patient, drug: str, request: TitrationInput, stocked: StockOptions
) -> TaperResult:
    """Compute the titration that is asked for; raise UsageError, and the errors of ``titrate``."""
    choices = TitrationChoices(
        protocol=request.protocol,
        start_dose=read("from", request.start_dose, read_amount),
        target=read("to", request.target, read_amount),
        increase=read("increase", request.increase, read_amount),
        hold=read("hold", request.hold, read_interval),
        interval=read("interval", request.interval, read_interval),
        start=read("start", request.start, read_date),
        day=request.day,
    )
    supply = Supply(stocked, packs=counted_units("pack", request.packs))
    return titrate(loaded, patient, drug, choices, supply)
