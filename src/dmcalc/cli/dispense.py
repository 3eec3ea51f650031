"""The command ``dispense``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit
from dmcalc.cli._words import drug_and_order
from dmcalc.errors import UsageError
from dmcalc.supply.dispense import compute_dispensing
from dmcalc.supply.request import DispenseInput

app = options.application()


class DispenseOptions(DispenseInput):
    """How an amount is dispensed."""

    days: Annotated[
        str | None,
        typer.Option(
            "--days", metavar="N", help="Days to divide a course over: 2, or each of 2..5."
        ),
    ]
    for_: Annotated[
        str | None,
        typer.Option("--for", metavar="LENGTH", help="Length of the supply of an order: 28d, 4w."),
    ]
    round_to: Annotated[
        str | None,
        typer.Option(
            "--round-to", metavar="AMOUNT", help="Round a daily dose to a multiple of: 5g."
        ),
    ]
    direction: options.Direction
    packs: options.Packs
    confirm_amount: Annotated[bool, typer.Option("--confirm-amount", help="Accept a large amount.")]
    label: Annotated[bool, typer.Option("--label", help="Print the directions for a label alone.")]


@app.command(cls=options.Command)
@options.grouped
def dispense(
    context: typer.Context,
    *,
    drug: options.Drug,
    amount: Annotated[
        list[str] | None,
        typer.Argument(metavar="AMOUNT", help="An amount, 62.5mg, or an order: 70 mg daily."),
    ] = None,
    patient: options.PatientOptions,
    products: options.ProductOptions,
    supply: DispenseOptions,
    output: options.OutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Find the tablets, capsules or vials to dispense.

    An amount is one giving, or a course of immunoglobulin; an order is dispensed for as long as
    --for says. More than the largest dose of the patient is refused. Where no combination makes the
    amount it is refused, with the nearest amounts, unless --round or --round-to is given. Vials
    cover a dose; what is left in them is waste.

    \b
    dmcalc dispense prednisone 62.5mg
    dmcalc dispense prednisone 62.5mg --stock 20mg,5mg --halves
    dmcalc dispense prednisone "70 mg daily" --for 28d --weight 70
    dmcalc dispense mycophenolate "1.5 g twice daily" --label
    dmcalc dispense ivig 140g --days 2
    dmcalc dispense ivig 140g --days 2..5
    dmcalc dispense ivig 137.2g --days 2 --round-to 5g
    """
    request = output.request(patient)
    name, order = drug_and_order(drug, amount, "dispense")
    result = compute_dispensing(request, name, order, supply, products.stocked())
    if supply.label:
        if output.format != "table" or output.field is not None:
            raise UsageError(
                "‹label› prints words and takes no --format and no --field",
                "Leave one of them out: --field instructions has the same words.",
            )
        output = output._replace(field="instructions")
    emit(result, output, receipt, context, arguments={"drug": name, "amount": order})
