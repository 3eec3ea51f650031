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
    from dmcalc.dispensing.stock import Direction, Stocked
    from dmcalc.patient.patient import Patient
    from dmcalc.schedules.milestones import LandmarkResult
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
    loaded: LoadedTable, patient: Patient, drug: str, asked: TaperInput, stocked: Stocked
) -> TaperResult | LandmarkResult:
    """Compute the taper that is asked for; raise UsageError, and the errors of ``taper``."""
    if asked.from_date is not None and (asked.on is None or asked.start is not None):
        raise UsageError(
            "‹from_date› is the first day of the dose of ‹on›, and ‹start› that of another",
            "Give ‹on DOSE› with ‹from_date›, or ‹start› alone.",
        )
    choices = Choices(
        hold=read("hold", asked.hold, read_interval),
        interval=read("interval", asked.interval, read_interval),
        decrement=read("decrement", asked.decrement, read_amount),
        weeks=asked.weeks,
        steps=asked.steps,
        max_step=read("max_step", asked.max_step, read_amount),
        on=read("on", asked.on, read_amount),
        flare=asked.flare,
    )
    return taper(
        loaded,
        patient,
        drug,
        protocol=asked.protocol,
        start_dose=read("from", asked.start_dose, read_amount),
        start=read("start", asked.start or asked.from_date, read_date),
        choices=choices,
        supply=Supply(
            stocked,
            asked.direction,
            counted_units("left", asked.left),
            counted_units("pack", asked.packs),
        ),
    )
