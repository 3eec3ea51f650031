"""The command ``check``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli import _patient
from dmcalc.cli._output import Asked, Out, emit

app = options.application()


@app.command()
def check(
    context: typer.Context,
    drug: options.Drug,
    order: Annotated[
        str, typer.Argument(help='An order in plain words: "45 mg twice daily", "1 mg/kg/day".')
    ],
    weight: options.Weight = None,
    severity: options.Severity = None,
    bsa: options.Surface = None,
    confirm_weight: options.ConfirmWeight = False,
    age: options.Age = None,
    height: options.Height = None,
    sex: options.Sex = None,
    weight_basis: options.WeightBasis = None,
    weight_policy: options.WeightPolicy = None,
    taking: options.Taking = None,
    condition: options.Condition = None,
    tpmt: options.Tpmt = None,
    nudt15: options.Nudt15 = None,
    egfr: options.Egfr = None,
    crcl: options.Crcl = None,
    creatinine: options.Creatinine = None,
    alternatives: Annotated[
        bool, typer.Option("--alternatives", help="Add the posology of other sources.")
    ] = False,
    phase: Annotated[
        str | None,
        typer.Option("--phase", metavar="NAME", help="Compare with this phase alone: target."),
    ] = None,
    market: options.Market = "US",
    stock: options.Stock = None,
    halves: options.Halves = False,
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
    from dmcalc.dispensing.stock import Stocked
    from dmcalc.errors import ExitCode
    from dmcalc.order.check import check as compare
    from dmcalc.order.parse import read_order
    from dmcalc.patient import patient

    asked = read_order(order)
    loaded = options.load(table, overlay)
    who = patient.read(
        loaded.table.limits,
        weight=weight,
        severity=severity,
        bsa=bsa,
        confirm_weight=confirm_weight,
        age=age,
    )
    if any(given is not None for given in (height, weight_basis, weight_policy)):
        from dmcalc.cli import _weights

        wanted = _weights.Wanted(weight_basis, weight_policy, height, sex)
        who = _weights.sized(loaded, who, (drug,), wanted, guide)
    result = compare(
        loaded,
        who,
        drug,
        asked,
        alternatives=alternatives,
        phase=phase,
        stocked=Stocked(market, options.stock(stock), halves),
        advice=_patient.advice(context, loaded, who, (drug,)),
    )
    code = ExitCode.OK
    try:
        emit(
            result,
            Out(form, output, field, no_color, quiet, strict, Asked(context, receipt, receipt_for)),
        )
    except typer.Exit as stop:
        code = ExitCode(stop.exit_code)
    # a verdict counts more than a warning, or than a reader that has gone
    raise typer.Exit(result.exit_code or code)
