"""The command ``check``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit
from dmcalc.order.check_input import CheckInput, compute_check

app = options.application()


class CheckOptions(CheckInput):
    """Which posology an order is compared with."""

    alternatives: options.Alternatives
    phase: Annotated[
        str | None,
        typer.Option("--phase", metavar="NAME", help="Compare with this phase alone: target."),
    ]


@app.command()
@options.grouped
def check(
    context: typer.Context,
    *,
    drug: options.Drug,
    order: Annotated[
        str, typer.Argument(help='An order in plain words: "45 mg twice daily", "1 mg/kg/day".')
    ],
    patient: options.PatientOptions,
    compared: CheckOptions,
    products: options.ProductOptions,
    output: options.OutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Check an order against the table: within its limits, below, above, over the cap, refused.

    The answer is printed in each case. Exit 0 is within the limits of the base page, and made of
    whole units if the table has a product; 5 is not; 4 is that data are missing. Within is a
    comparison of one amount with one table, and no judgement of the order. What is said of other
    drugs, conditions, genotype and kidneys is held against the rules of the guide, and the limits
    are those that they leave.

    \b
    dmcalc check prednisone "60 mg daily" --weight 70 --severity severe
    dmcalc check azathioprine "75 mg twice daily" --weight 70 --phase target
    dmcalc check methotrexate "20 mg once a week" --alternatives
    dmcalc check ivig "140 g over 2 days" --weight 70 --field verdict
    dmcalc check methotrexate "12.5 mg once a week" --egfr 45 --condition ild
    dmcalc check ivig "160 g over 2 days" -w 100 --height 175 --sex male --weight-policy ontario
    """
    request = output.request(patient)
    result = compute_check(request, drug, order, compared, products.stocked())
    emit(result, output, receipt, context)
