"""The command ``convert``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command()
@options.grouped
def convert(
    context: typer.Context,
    *,
    amount: Annotated[str, typer.Argument(help="An amount with its unit: 40mg.")],
    given: Annotated[str, typer.Argument(metavar="FROM", help="The glucocorticoid that it is of.")],
    wanted: Annotated[str, typer.Argument(metavar="TO", help="The one to express it in.")],
    route: Annotated[
        str | None,
        typer.Option("--route", metavar="ROUTE", help="How it is given: oral or intravenous."),
    ] = None,
    output: options.TableOutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Convert an amount of a glucocorticoid into what sources call equivalent of another.

    The ratio is exact. It is of the effect on inflammation, by mouth or intravenously; other routes
    and pulses are refused.

    \b
    dmcalc convert 40mg prednisone methylprednisolone
    dmcalc convert 100mg hydrocortisone prednisolone --route intravenous
    dmcalc convert 6mg dexamethasone prednisone --field amount
    """
    from dmcalc.equivalence import convert as compute
    from dmcalc.errors import read
    from dmcalc.quantities.amount import read_amount

    asked = read("amount", amount, read_amount)
    assert asked is not None
    loaded = output.load()
    result = compute(loaded, asked, given, wanted, route=route)
    emit(result, output, receipt, context)
