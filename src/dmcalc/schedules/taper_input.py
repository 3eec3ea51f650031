"""What is asked of a taper, as text, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import counted_units
from dmcalc.errors import UsageError, read
from dmcalc.patient.inputs import with_unused
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import read_date, read_length, read_weeks
from dmcalc.schedules.model import Choices, Supply
from dmcalc.schedules.taper import taper

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Direction, StockOptions
    from dmcalc.patient.inputs import PatientRequest
    from dmcalc.schedules.milestones import MilestoneResult
    from dmcalc.schedules.model import TaperResult


class TaperInput(NamedTuple):
    """What is asked of a taper, as it is written; the fields bear Python's keywords."""

    protocol: str | None = None
    start_dose: str | None = None
    hold: str | None = None
    interval: str | None = None
    decrement: str | None = None
    weeks: str | None = None
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
    request: PatientRequest, drug: str, options: TaperInput, stocked: StockOptions
) -> TaperResult | MilestoneResult:
    """Compute the taper that is asked for; raise UsageError, and the errors of ``taper``."""
    patient = request.read("taper", (drug,))
    if options.from_date is not None and (options.on is None or options.start is not None):
        raise UsageError(
            "‹from_date› is the first day of the dose of ‹on›, and ‹start› that of another",
            "Give ‹on DOSE› with ‹from_date›, or ‹start› alone.",
        )
    choices = Choices(
        hold=read("hold", options.hold, read_length),
        interval=read("interval", options.interval, read_length),
        decrement=read("decrement", options.decrement, read_amount),
        weeks=read("weeks", options.weeks, read_weeks),
        steps=options.steps,
        max_step=read("max_step", options.max_step, read_amount),
        on=read("on", options.on, read_amount),
        flare=options.flare,
    )
    result = taper(
        request.loaded,
        patient,
        drug,
        protocol=options.protocol,
        start_dose=read("from", options.start_dose, read_amount),
        start=read("start", options.start or options.from_date, read_date),
        choices=choices,
        supply=Supply(
            stocked,
            options.direction,
            counted_units("left", options.left),
            counted_units("pack", options.packs),
        ),
    )
    return with_unused(result, patient.unused)
