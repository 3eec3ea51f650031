"""The command ``plan``."""

from typing import Annotated, Literal

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._format_options import PlanFormatOptions
from dmcalc.cli._output import emit
from dmcalc.dispensing.stock import StockOptions
from dmcalc.errors import UsageError
from dmcalc.planning.plan_input import PlanInput, compute_plan

app = options.application()


class PlanOptions(PlanInput):
    """The treatment so far, what the prescriber chose, and the calendar."""

    chosen: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="DRUGS", help="Drugs to include in the plan, with commas."),
    ]
    not_tolerated: Annotated[
        list[str] | None,
        typer.Option("--not-tolerated", metavar="DRUGS", help="Drugs that cannot be given."),
    ]
    response: Annotated[
        Literal["none", "partial", "good"] | None,
        typer.Option(
            "--response",
            metavar="RESPONSE",
            case_sensitive=False,
            help="Response so far: none, partial or good.",
        ),
    ]
    organs: Annotated[
        list[str] | None,
        typer.Option("--organ", hidden=True, help="An organ: see --condition."),
    ]
    start: options.Start
    weeks: Annotated[
        str | None,
        typer.Option(
            "--weeks",
            metavar="LENGTH",
            help="Length of the calendar: 26, 26w; a year if none.",
        ),
    ]
    pulse_days: Annotated[
        int | None, typer.Option("--pulse-days", metavar="N", help="Days of the intravenous pulse.")
    ]
    protocol: Annotated[
        str | None,
        typer.Option(
            "--protocol", "-p", metavar="ID", help="Which taper; dmcalc taper lists them."
        ),
    ]


@app.command(cls=options.Command)
@options.grouped
def plan(
    context: typer.Context,
    *,
    patient: options.PatientOptions,
    choices: PlanOptions,
    taper: Annotated[
        str | None, typer.Option("--taper", hidden=True, help="The same as --protocol.")
    ] = None,
    market: options.Market = "US",
    output: options.OutputOptions,
    formats: PlanFormatOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Draft the treatment of one patient, with a calendar.

    It is not an order. Where a source leaves a choice it stays open until --with names a drug; what
    begins, and what is chosen, goes on the calendar. With --response the treatment has begun: then
    only what is chosen does.

    \b
    dmcalc plan --weight 70 --severity severe
    dmcalc plan -w 70 -s severe --with azathioprine --start 2026-12-01
    dmcalc plan -w 70 -s moderate --response partial --with ivig --condition lung
    dmcalc plan --age 9 --weight 28 --height 132 --with prednisone --start 2026-12-01
    dmcalc plan -w 70 -s severe --with methotrexate --start 2026-12-01 --format ics
    """
    request = output.request(patient)
    if taper is not None and choices.protocol is not None:
        raise UsageError("‹protocol› and ‹taper› both name the taper", "Give one of them.")
    choices = choices._replace(protocol=choices.protocol or taper)
    result = compute_plan(request, choices, StockOptions(market))
    emit(result, output, receipt, context, formats)
