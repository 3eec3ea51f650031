"""The command ``taper``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Asked, Out, emit

app = options.application()

#: The options that the landmarks of a child take, beside those of the output.
OF_CHILDREN = frozenset(
    {"--age", "--confirm-weight", "--from", "--protocol", "--start", "--weight"}
)
#: Those of a receipt, and the drug itself.
OF_ANY = frozenset({"drug", "--receipt", "--receipt-for"})


@app.command()
def taper(
    context: typer.Context,
    drug: Annotated[str | None, typer.Argument(help="A drug that has a taper.")] = None,
    weight: options.Weight = None,
    severity: options.Severity = None,
    confirm_weight: options.ConfirmWeight = False,
    age: options.Age = None,
    height: options.Height = None,
    sex: options.Sex = None,
    weight_basis: options.WeightBasis = None,
    weight_policy: options.WeightPolicy = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            "--protocol",
            "-p",
            metavar="ID",
            help="Which of its schedules; dmcalc taper lists them.",
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="DOSE", help="Daily start dose with its unit: 60mg."),
    ] = None,
    hold: Annotated[
        str | None,
        typer.Option("--hold", metavar="LENGTH", help="How long the start dose is kept: 3w."),
    ] = None,
    interval: Annotated[
        str | None,
        typer.Option(
            "--interval", metavar="LENGTH", help="Length of a step, where it is open: 8w."
        ),
    ] = None,
    decrement: Annotated[
        str | None,
        typer.Option("--decrement", metavar="DOSE", help="Size of a step, where it is open: 10mg."),
    ] = None,
    weeks: Annotated[
        int | None,
        typer.Option("--weeks", metavar="N", help="Length of a schedule of courses, in weeks."),
    ] = None,
    steps: Annotated[
        str | None,
        typer.Option(
            "--steps", metavar="STEPS", help='Your own: "hold 4w; -10mg/4w to 20mg; -20%/4w".'
        ),
    ] = None,
    max_step: Annotated[
        str | None,
        typer.Option("--max-step", metavar="DOSE", help="Largest step down of your own: 5mg."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DOSE", help="The dose the patient is on: go on from there."),
    ] = None,
    from_date: Annotated[
        str | None, typer.Option("--from-date", metavar="DATE", help="First day of that dose.")
    ] = None,
    flare: Annotated[
        bool, typer.Option("--flare", help="It flared at --on: back to the dose before it.")
    ] = False,
    left: Annotated[
        str | None,
        typer.Option("--left", metavar="LIST", help="Units left from before: 20mg:30,5mg:12."),
    ] = None,
    packs: options.Packs = None,
    start: options.Start = None,
    market: options.Market = "US",
    stock: options.Stock = None,
    halves: options.Halves = False,
    direction: options.Direction = None,
    plot: Annotated[
        bool, typer.Option("--plot", help="Draw the doses as bars too: the same as --format plot.")
    ] = False,
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    guide: options.GuideFile = None,
    overlay: options.Overlays = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
    receipt: options.Receipt = None,
    receipt_for: options.ReceiptFor = None,
) -> None:
    """Compute a published taper or a schedule of courses; without a drug, list them.

    The start dose is the table's for weight and severity, or the one given with --from. A schedule
    ends where its source ends, and says so. Choices stay inside what the source leaves open. With
    an age under 18 the answer is the landmarks of a child's taper, and nothing between them.

    \b
    dmcalc taper
    dmcalc taper prednisone --weight 70 --severity severe
    dmcalc taper prednisone --from 60mg --protocol etg --start 2026-12-01
    dmcalc taper prednisone --from 60mg --steps "hold 4w; -10mg/4w to 20mg; -2.5mg/4w to 0mg"
    dmcalc taper prednisone --age 9 --weight 28 --protocol hinze-2018
    dmcalc taper prednisone --on 35mg --from-date 2027-02-01
    dmcalc taper ivig --weight 70 --weeks 24 --plot
    dmcalc taper prednisone --from 60mg --start 2026-12-01 --format ics
    """
    from dmcalc.catalogue.drugs import list_protocols
    from dmcalc.dispensing.stock import Stocked
    from dmcalc.errors import UsageError, read
    from dmcalc.patient import patient
    from dmcalc.quantities.amount import read_amount
    from dmcalc.quantities.time import read_date, read_interval
    from dmcalc.schedules.model import Choices, Supply
    from dmcalc.schedules.taper import taper as compute

    if plot and form not in ("table", "plot"):
        raise UsageError(f"--plot is a format of its own, beside {form}", "Leave one of them out.")
    loaded = options.load(table, overlay)
    out = Out(
        "plot" if plot else form,
        output,
        field,
        no_color,
        quiet,
        strict,
        Asked(context, receipt, receipt_for),
    )
    if drug is None:
        named = options.named(context)
        if named:
            raise UsageError(
                f"no drug is named, and {named[0]} is for one",
                "Name it, or leave the other options out.",
            )
        emit(list_protocols(loaded), out)
        return
    if from_date is not None and (on is None or start is not None):
        raise UsageError(
            "--from-date is the first day of the dose of --on, and --start that of another",
            "Give --on DOSE with --from-date, or --start alone.",
        )
    who = patient.read(
        loaded.table.limits,
        weight=weight,
        severity=severity,
        confirm_weight=confirm_weight,
        age=age,
    )
    if any(given is not None for given in (weight_basis, weight_policy, height, sex)):
        from dmcalc.cli import _weights

        wanted = _weights.Wanted(weight_basis, weight_policy, height, sex)
        who = _weights.weighed(loaded, who, (drug,), wanted, guide)
    if who.child:
        others = [option for option in options.named(context) if option not in OF_CHILDREN | OF_ANY]
        if others:
            raise UsageError(
                f"{others[0]} is for the steps of a taper, and those of children are landmarks",
                f"Beside the drug they take {', '.join(sorted(OF_CHILDREN))}.",
            )
    choices = Choices(
        hold=read("--hold", hold, read_interval),
        interval=read("--interval", interval, read_interval),
        decrement=read("--decrement", decrement, read_amount),
        weeks=weeks,
        steps=steps,
        max_step=read("--max-step", max_step, read_amount),
        on=read("--on", on, read_amount),
        flare=flare,
    )
    result = compute(
        loaded,
        who,
        drug,
        protocol=protocol,
        start_dose=read("--from", from_, read_amount),
        start=read("--start", start or from_date, read_date),
        choices=choices,
        supply=Supply(
            Stocked(market, options.stock(stock), halves),
            direction,
            options.counted("--left", left),
            options.counted("--pack", packs),
        ),
    )
    emit(result, out)
