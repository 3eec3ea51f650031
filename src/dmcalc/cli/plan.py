"""The command ``plan``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def plan(
    weight: options.Weight = None,
    severity: options.Severity = None,
    confirm_weight: options.ConfirmWeight = False,
    age: options.Age = None,
    height: options.Height = None,
    bsa: options.Surface = None,
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="DRUG", help="A drug that is chosen; may be repeated."),
    ] = None,
    not_tolerated: Annotated[
        list[str] | None,
        typer.Option("--not-tolerated", metavar="DRUG", help="A drug that cannot be given."),
    ] = None,
    response: Annotated[
        Literal["none", "partial", "good"] | None,
        typer.Option("--response", case_sensitive=False, help="Response to the treatment so far."),
    ] = None,
    organ: Annotated[
        list[str] | None,
        typer.Option("--organ", metavar="ORGAN", help="Involved: lung, skin, heart, swallowing."),
    ] = None,
    start: options.Start = None,
    weeks: Annotated[
        int | None,
        typer.Option(
            "--weeks",
            metavar="N",
            help="Length of the calendar in weeks; a year, or up to a child's last landmark.",
        ),
    ] = None,
    pulse_days: Annotated[
        int | None, typer.Option("--pulse-days", metavar="N", help="Days of an intravenous pulse.")
    ] = None,
    taper: Annotated[
        str | None,
        typer.Option("--taper", metavar="ID", help="Which taper; dmcalc taper lists them."),
    ] = None,
    market: options.Market = "US",
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    guide: options.GuideFile = None,
    overlay: options.Overlays = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
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
    from dmcalc import guideline as guides
    from dmcalc.dispensing.stock import Stocked
    from dmcalc.errors import read
    from dmcalc.patient import patient
    from dmcalc.planning.events import Dating
    from dmcalc.planning.plan import plan as compute
    from dmcalc.planning.steps import Situation
    from dmcalc.quantities.time import read_date

    loaded = options.load(table, overlay)
    who = patient.read(
        loaded.table.limits,
        weight=weight,
        severity=severity,
        bsa=bsa,
        age=age,
        confirm_weight=confirm_weight,
    )
    if height is not None:
        from dmcalc.patient.body_surface import with_height

        who = with_height(loaded.table, who, height)
    situation = Situation(
        response, options.names(organ), options.names(with_), options.names(not_tolerated)
    )
    dating = Dating(
        start=read("--start", start, read_date),
        weeks=weeks,
        pulse_days=pulse_days,
        taper=taper,
        stocked=Stocked(market),
    )
    result = compute(loaded, guides.load(guide), who, situation, dating)
    emit(result, Out(form, output, field, no_color, quiet, strict))
