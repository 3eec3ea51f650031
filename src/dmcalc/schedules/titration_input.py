"""What is asked of a titration, as text, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import counted_units
from dmcalc.errors import read
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import read_date, read_interval
from dmcalc.schedules.model import Choices, Supply
from dmcalc.schedules.titration import titrate

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Stocked
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
    loaded: LoadedTable, patient: Patient, drug: str, asked: TitrationInput, stocked: Stocked
) -> TaperResult:
    """Compute the titration that is asked for; raise UsageError, and the errors of ``titrate``."""
    return titrate(
        loaded,
        patient,
        drug,
        protocol=asked.protocol,
        start_dose=read("from", asked.start_dose, read_amount),
        target=read("to", asked.target, read_amount),
        increase=read("increase", asked.increase, read_amount),
        choices=Choices(
            hold=read("hold", asked.hold, read_interval),
            interval=read("interval", asked.interval, read_interval),
        ),
        supply=Supply(stocked, packs=counted_units("pack", asked.packs)),
        start=read("start", asked.start, read_date),
        day=asked.day,
    )
