"""The command ``convert``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit
from dmcalc.cli._words import amount_and_drugs

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def convert(
    context: typer.Context,
    *,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help="An amount, its drug and another: 40mg DRUG to DRUG."),
    ],
    route: Annotated[
        str | None,
        typer.Option("--route", metavar="ROUTE", help="How it is given: oral or intravenous."),
    ] = None,
    output: options.TableOutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Convert a glucocorticoid dose into another's.

    The ratio is exact. It is of the effect on inflammation, by mouth or intravenously; other routes
    and pulses are refused.

    \b
    dmcalc convert 40mg prednisone to methylprednisolone
    dmcalc convert 100mg hydrocortisone prednisolone --route intravenous
    dmcalc convert 6mg dexamethasone prednisone --field amount
    """
    from dmcalc.equivalence import convert as compute
    from dmcalc.errors import read
    from dmcalc.quantities.amount import read_amount

    amount, drug, other = amount_and_drugs(words)
    mass = read("amount", amount, read_amount)
    assert mass is not None
    result = compute(output.load(), mass, drug, other, route=route)
    arguments = {"amount": amount, "given": drug, "wanted": other}
    emit(result, output, receipt, context, arguments=arguments)
