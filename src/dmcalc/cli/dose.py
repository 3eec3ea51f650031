"""The command ``dose``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli import _patient
from dmcalc.cli._output import Asked, Out, emit

app = options.application()


@app.command()
def dose(
    context: typer.Context,
    drugs: options.Drugs = None,
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
    planned: options.Planned = False,
    alternatives: Annotated[
        bool, typer.Option("--alternatives", help="Add the posology of other sources.")
    ] = False,
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
    """Compute the doses of some drugs, or of all, for one patient.

    Each row says whether the drug is indicated at this severity, and why. Weight is needed by the
    doses per kg and by no others; without severity nothing is suggested or called indicated. With
    an age under 18 only posology of children applies. What is said of other drugs, conditions,
    genotype and kidneys is held against the rules of the guide, and the stricter of two counts.

    \b
    dmcalc dose --weight 70 --severity severe
    dmcalc dose prednisone -w 154lb -s mild --field suggested
    dmcalc dose tacrolimus --weight 70 --alternatives
    dmcalc dose methotrexate --age 9 --weight 28 --height 132
    dmcalc dose azathioprine -w 70 --taking allopurinol --egfr 45
    dmcalc dose --weight 70 --format csv --output doses.csv
    """
    from dmcalc.dispensing.stock import Stocked
    from dmcalc.dosing.dose import dose as compute
    from dmcalc.patient import patient

    loaded = options.load(table, overlay)
    who = patient.read(
        loaded.table.limits,
        weight=weight,
        severity=severity,
        bsa=bsa,
        age=age,
        confirm_weight=confirm_weight,
    )
    stocked = Stocked(market, options.stock(stock), halves)
    named = drugs or ()
    if any(given is not None for given in (height, weight_basis, weight_policy)):
        from dmcalc.cli import _weights

        wanted = _weights.Wanted(weight_basis, weight_policy, height, sex)
        who = _weights.sized(loaded, who, named, wanted, guide)
    result = compute(
        loaded,
        who,
        named,
        alternatives=alternatives,
        stocked=stocked,
        advice=_patient.advice(context, loaded, who, named),
    )
    emit(
        result,
        Out(form, output, field, no_color, quiet, strict, Asked(context, receipt, receipt_for)),
    )
