"""The command ``plan``."""

from typing import Annotated, Literal, NamedTuple

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


class HistoryOptions(NamedTuple):
    """The treatment so far, and what the prescriber chose."""

    chosen: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="DRUG", help="A drug that is chosen; may be repeated."),
    ] = None
    not_tolerated: Annotated[
        list[str] | None,
        typer.Option("--not-tolerated", metavar="DRUG", help="A drug that cannot be given."),
    ] = None
    response: Annotated[
        Literal["none", "partial", "good"] | None,
        typer.Option("--response", case_sensitive=False, help="Response to the treatment so far."),
    ] = None
    organs: Annotated[
        list[str] | None,
        typer.Option("--organ", metavar="ORGAN", help="Involved: lung, skin, heart, swallowing."),
    ] = None


class CalendarOptions(NamedTuple):
    """From when and for how long the calendar runs, and what is chosen for it."""

    start: options.Start = None
    weeks: Annotated[
        int | None,
        typer.Option(
            "--weeks",
            metavar="N",
            help="Length of the calendar in weeks; a year, or up to a child's last landmark.",
        ),
    ] = None
    pulse_days: Annotated[
        int | None, typer.Option("--pulse-days", metavar="N", help="Days of an intravenous pulse.")
    ] = None
    taper: Annotated[
        str | None,
        typer.Option("--taper", metavar="ID", help="Which taper; dmcalc taper lists them."),
    ] = None
    market: options.Market = "US"


@app.command()
@options.grouped
def plan(
    *,
    patient: options.PatientOptions,
    history: HistoryOptions,
    calendar: CalendarOptions,
    output: options.OutputOptions,
) -> None:
    """Lay out the treatment of one patient in steps, with a calendar: a plan to discuss.

    It is no order. Where a source leaves a choice it stays open until --with names a drug; what
    begins, and what is chosen, goes on the calendar. With --response the treatment has begun: then
    only what is chosen does.

    \b
    dmcalc plan --weight 70 --severity severe
    dmcalc plan -w 70 -s severe --with azathioprine --start 2026-12-01
    dmcalc plan -w 70 -s moderate --response partial --with ivig --organ lung
    dmcalc plan --age 9 --weight 28 --height 132 --with prednisone --start 2026-12-01
    dmcalc plan -w 70 -s severe --with methotrexate --start 2026-12-01 --format ics
    """
    from dmcalc import guideline
    from dmcalc.dispensing.stock import Stocked
    from dmcalc.errors import read
    from dmcalc.patient.inputs import USES, read_patient, with_unused
    from dmcalc.planning.events import Dating
    from dmcalc.planning.plan import plan as compute
    from dmcalc.planning.steps import TreatmentHistory
    from dmcalc.quantities.time import read_date

    loaded = output.load()
    whole = guideline.load(output.guide)
    who = read_patient(loaded, patient, USES["plan"], guide=whole)
    situation = TreatmentHistory(
        history.response,
        options.names(history.organs),
        options.names(history.chosen),
        options.names(history.not_tolerated),
    )
    dating = Dating(
        start=read("start", calendar.start, read_date),
        weeks=calendar.weeks,
        pulse_days=calendar.pulse_days,
        taper=calendar.taper,
        stocked=Stocked(calendar.market),
    )
    result = compute(loaded, whole, who, situation, dating)
    emit(with_unused(result, who.unused), output)
