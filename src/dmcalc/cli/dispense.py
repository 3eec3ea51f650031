"""The command ``dispense``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Asked, Out, emit

app = options.application()


@app.command()
def dispense(
    context: typer.Context,
    drug: options.Drug,
    amount: Annotated[str, typer.Argument(help="An amount with its unit: 62.5mg, 140g.")],
    market: options.Market = "US",
    stock: options.Stock = None,
    halves: options.Halves = False,
    days: Annotated[
        str,
        typer.Option("--days", metavar="N", help="Equal doses over 2 days, or over each of 2..5."),
    ] = "1",
    round_to: Annotated[
        str | None,
        typer.Option("--round-to", metavar="AMOUNT", help="Round a daily dose to a multiple: 5g."),
    ] = None,
    direction: options.Direction = None,
    packs: options.Packs = None,
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
    """Find the tablets, capsules or vials for an amount: the fewest units that make it exactly.

    Where no combination makes the amount it is refused, with the nearest amounts, unless --round or
    --round-to is given. Vials cover a dose; what is left in them is waste.

    \b
    dmcalc dispense prednisone 62.5mg
    dmcalc dispense prednisone 62.5mg --stock 20mg,5mg --halves
    dmcalc dispense ivig 140g --days 2
    dmcalc dispense ivig 140g --days 2..5
    dmcalc dispense ivig 137.2g --days 2 --round-to 5g
    """
    from dmcalc.dispensing.stock import Stocked
    from dmcalc.errors import UsageError, read
    from dmcalc.quantities.amount import read_amount
    from dmcalc.supply.dispense import dispense as compute
    from dmcalc.supply.dispense_days import dispense_days, read_days

    asked = read("AMOUNT", amount, read_amount)
    span = read("--days", days, read_days)
    assert asked is not None and span is not None
    stocked = Stocked(market, options.stock(stock), halves)
    step = read("--round-to", round_to, read_amount)
    sizes = options.counted("--pack", packs)
    out = Out(form, output, field, no_color, quiet, strict, Asked(context, receipt, receipt_for))
    loaded = options.load(table, overlay)
    if span[0] < span[1]:
        if sizes:
            raise UsageError("--pack is for one number of days", "Name it: --days 2.")
        emit(
            dispense_days(
                loaded, drug, asked, span, stocked=stocked, round_to=step, direction=direction
            ),
            out,
        )
        return
    result = compute(
        loaded,
        drug,
        asked,
        stocked=stocked,
        days=span[0],
        round_to=step,
        direction=direction,
        sizes=sizes,
    )
    emit(result, out)
