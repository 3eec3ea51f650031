"""The command ``dispense``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit
from dmcalc.supply.dispense_input import DispenseInput, compute_dispensing

app = options.application()


class DispenseOptions(DispenseInput):
    """How an amount is handed out."""

    days: Annotated[
        str,
        typer.Option("--days", metavar="N", help="Equal doses over 2 days, or over each of 2..5."),
    ]
    round_to: Annotated[
        str | None,
        typer.Option("--round-to", metavar="AMOUNT", help="Round a daily dose to a multiple: 5g."),
    ]
    direction: options.Direction
    packs: options.Packs


@app.command()
@options.grouped
def dispense(
    context: typer.Context,
    *,
    drug: options.Drug,
    amount: Annotated[str, typer.Argument(help="An amount with its unit: 62.5mg, 140g.")],
    patient: options.PatientOptions,
    products: options.ProductOptions,
    supply: DispenseOptions,
    output: options.OutputOptions,
    receipt: options.ReceiptOptions,
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
    request = output.request(patient)
    result = compute_dispensing(request, drug, amount, supply, products.stocked())
    emit(result, output, receipt, context)
