"""What is asked of a taper, as text, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import counted_units
from dmcalc.errors import UsageError, read
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import read_date, read_interval
from dmcalc.schedules.model import Choices, Supply
from dmcalc.schedules.taper import taper

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Direction, StockOptions
    from dmcalc.patient.patient import Patient
    from dmcalc.schedules.milestones import MilestoneResult
    from dmcalc.schedules.model import TaperResult
    from dmcalc.table.model.table import LoadedTable


class TaperInput(NamedTuple):
    """What is asked of a taper, as it is written; the fields bear Python's keywords."""

    protocol: str | None = None
    start_dose: str | None = None
    hold: str | None = None
    interval: str | None = None
    decrement: str | None = None
    weeks: int | None = None
    steps: str | None = None
    max_step: str | None = None
    on: str | None = None
    from_date: str | None = None
    flare: bool = False
    left: str | None = None
    packs: str | None = None
    start: str | None = None
    direction: Direction | None = None


def compute_taper(
    loaded: LoadedTable, patient: Patient, drug: str, request: TaperInput, stocked: StockOptions
) -> TaperResult | MilestoneResult:
    """Compute the taper that is asked for; raise UsageError, and the errors of ``taper``."""
    if request.from_date is not None and (request.on is None or request.start is not None):
        raise UsageError(
            "‹from_date› is the first day of the dose of ‹on›, and ‹start› that of another",
            "Give ‹on DOSE› with ‹from_date›, or ‹start› alone.",
        )
    choices = Choices(
        hold=read("hold", request.hold, read_interval),
        interval=read("interval", request.interval, read_interval),
        decrement=read("decrement", request.decrement, read_amount),
        weeks=request.weeks,
        steps=request.steps,
        max_step=read("max_step", request.max_step, read_amount),
        on=read("on", request.on, read_amount),
        flare=request.flare,
    )
    return taper(
        loaded,
        patient,
        drug,
        protocol=request.protocol,
        start_dose=read("from", request.start_dose, read_amount),
        start=read("start", request.start or request.from_date, read_date),
        choices=choices,
        supply=Supply(
            stocked,
            request.direction,
            counted_units("left", request.left),
            counted_units("pack", request.packs),
        ),
    )
