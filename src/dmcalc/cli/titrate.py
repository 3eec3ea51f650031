"""The command ``titrate``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Asked, Out, emit

app = options.application()


@app.command()
def titrate(
    context: typer.Context,
    drug: options.Drug,
    weight: options.Weight = None,
    confirm_weight: options.ConfirmWeight = False,
    protocol: Annotated[
        str | None,
        typer.Option("--protocol", "-p", metavar="ID", help="Which way up; the drug's default."),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DOSE", help="First dose instead: 50mg.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="DOSE", help="Dose to reach, inside the base page's target."),
    ] = None,
    increase: Annotated[
        str | None,
        typer.Option("--increase", metavar="DOSE", help="Size of a step, where it is open: 5mg."),
    ] = None,
    hold: Annotated[
        str | None,
        typer.Option("--hold", metavar="LENGTH", help="How long the first dose is kept: 6w."),
    ] = None,
    interval: Annotated[
        str | None,
        typer.Option("--interval", metavar="LENGTH", help="Length of a step, where open: 4w."),
    ] = None,
    day: Annotated[
        Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        | None,
        typer.Option("--day", case_sensitive=False, help="Weekday of a dose once a week."),
    ] = None,
    packs: options.Packs = None,
    start: options.Start = None,
    market: options.Market = "US",
    stock: options.Stock = None,
    halves: options.Halves = False,
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    overlay: options.Overlays = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
    receipt: options.Receipt = None,
    receipt_for: options.ReceiptFor = None,
) -> None:
    """Compute the way up from a start dose to the target, where a source gives one.

    Each dose is made of whole units and never more than the source gives. What a source leaves out
    is asked for, and what is chosen is said. Methotrexate is once a week, on the day of --day.

    \b
    dmcalc titrate azathioprine --weight 70
    dmcalc titrate methotrexate --day monday --start 2026-12-01
    dmcalc titrate ciclosporin --weight 70 --interval 2w
    """
    from dmcalc.dispensing.stock import Stocked
    from dmcalc.errors import read
    from dmcalc.patient import patient
    from dmcalc.quantities.amount import read_amount
    from dmcalc.quantities.time import read_date, read_interval
    from dmcalc.schedules.model import Choices, Supply
    from dmcalc.schedules.titration import titrate as compute

    loaded = options.load(table, overlay)
    limits = loaded.table.limits
    result = compute(
        loaded,
        patient.read(limits, weight=weight, confirm_weight=confirm_weight),
        drug,
        protocol=protocol,
        start_dose=read("--from", from_, read_amount),
        target=read("--to", to, read_amount),
        increase=read("--increase", increase, read_amount),
        choices=Choices(
            hold=read("--hold", hold, read_interval),
            interval=read("--interval", interval, read_interval),
        ),
        supply=Supply(
            Stocked(market, options.stock(stock), halves), packs=options.counted("--pack", packs)
        ),
        start=read("--start", start, read_date),
        day=day,
    )
    emit(
        result,
        Out(form, output, field, no_color, quiet, strict, Asked(context, receipt, receipt_for)),
    )
