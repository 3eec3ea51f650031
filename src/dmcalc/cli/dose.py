"""The command ``dose``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._format_options import DoseFormatOptions
from dmcalc.cli._output import emit
from dmcalc.dosing.dose_input import DoseInput, compute_dose

app = options.application()


class DoseOptions(DoseInput):
    """Which posology is computed."""

    planned: Annotated[
        bool, typer.Option("--planned", help="The named drugs are to be given together.")
    ]
    alternatives: options.Alternatives


@app.command(cls=options.Command)
@options.grouped
def dose(
    context: typer.Context,
    *,
    drugs: options.Drugs = None,
    patient: options.PatientOptions,
    posology: DoseOptions,
    products: options.ProductOptions,
    output: options.OutputOptions,
    formats: DoseFormatOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Compute the doses for one patient.

    Each row says whether the drug is indicated at this severity, and why. Weight is needed by the
    doses per kg and by no others; without severity nothing is suggested or called indicated. With
    an age under 18 only paediatric posology applies. What is entered of other drugs, conditions,
    genotype and kidneys is checked against the rules of the guide, and the stricter of two counts.

    \b
    dmcalc dose --weight 70 --severity severe
    dmcalc dose prednisone -w 154lb -s mild --field suggested
    dmcalc dose tacrolimus --weight 70 --alternatives
    dmcalc dose methotrexate --age 9 --weight 28 --height 132
    dmcalc dose azathioprine -w 70 --taking allopurinol --egfr 45
    dmcalc dose --weight 70 --format csv --output doses.csv
    """
    request = output.request(patient)
    result = compute_dose(request, drugs or (), posology, products.stocked())
    emit(result, output, receipt, context, formats)
