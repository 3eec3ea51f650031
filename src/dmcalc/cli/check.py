"""The command ``check``."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit
from dmcalc.cli._words import drug_and_order
from dmcalc.errors import UsageError
from dmcalc.order.check_input import CheckInput, compute_check

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import StockOptions
    from dmcalc.patient.reader import PatientRequest

app = options.application()


class CheckOptions(CheckInput):
    """Which posology an order is compared with."""

    alternatives: options.Alternatives
    phase: Annotated[
        str | None,
        typer.Option(
            "--phase", metavar="NAME", help="Compare with this phase only: taper, target, start."
        ),
    ]


class WrittenOrder(NamedTuple):
    """The order: in plain words, or as FHIR has it."""

    drug: Annotated[
        str | None, typer.Argument(metavar="DRUG", help="A drug; dmcalc drugs lists them.")
    ] = None
    order: Annotated[
        list[str] | None,
        typer.Argument(metavar="ORDER", help="In plain words: 45 mg twice daily, 1 mg/kg/day."),
    ] = None
    fhir: Annotated[
        str | None,
        typer.Option("--fhir", metavar="FILE", help="A FHIR order instead; - is stdin."),
    ] = None
    named_drug: Annotated[
        str | None,
        typer.Option("--drug", metavar="NAME", help="Drug of the FHIR order, if it names none."),
    ] = None


@app.command(cls=options.Command)
@options.grouped
def check(
    context: typer.Context,
    *,
    written: WrittenOrder,
    patient: options.PatientOptions,
    compared: CheckOptions,
    products: options.ProductOptions,
    output: options.OutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Check an order against published doses.

    The answer is printed in each case. Exit 0 is within the limits of the reference, and made of
    whole units if the table has a product; 5 is not; 4 is that data are missing. Within is a
    comparison of one amount with one table, and no judgement of the order. Other medicines,
    conditions, genotype and kidneys are checked against the rules of the guideline, and the limits
    are those that they leave. An order of FHIR is verified, and its first step is checked.

    \b
    dmcalc check prednisone 60 mg daily --weight 70 --severity severe
    dmcalc check azathioprine "75 mg twice daily" --weight 70 --phase target
    dmcalc check methotrexate "20 mg once a week" --alternatives
    dmcalc check ivig "140 g over 2 days" --weight 70 --field verdict
    dmcalc check methotrexate "12.5 mg once a week" --egfr 45 --condition ild
    dmcalc check --fhir order.json --weight 50
    dmcalc check ivig "160 g over 2 days" -w 100 --height 175 --sex male --weight-policy ontario
    """
    request = output.request(patient)
    if written.fhir is not None:
        _check_fhir(request, written, compared, products.stocked(), output, receipt)
        return
    drug, order = drug_and_order(written.drug, written.order)
    if written.named_drug is not None:
        raise UsageError("--drug is for --fhir", "Leave it out: the drug comes before the order.")
    result = compute_check(request, drug, order, compared, products.stocked())
    emit(result, output, receipt, context, arguments={"drug": drug, "order": order})


def _check_fhir(
    request: "PatientRequest",
    written: WrittenOrder,
    compared: CheckOptions,
    stocked: "StockOptions",
    output: options.OutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Verify an order of FHIR, and check its first step for the patient."""
    from dmcalc.fhir.checks.patient import PatientCheck
    from dmcalc.fhir.sources import verify_files
    from dmcalc.fhir.verify import Verifier
    from dmcalc.results.names import find_drug

    if written.drug is not None:
        raise UsageError("--fhir takes neither a drug nor an order", "Name the drug with --drug.")
    if receipt.receipt is not None:
        raise UsageError(
            "a receipt is for an order in plain words", "Leave --receipt or --fhir out."
        )
    table = request.loaded.table
    drug = None if written.named_drug is None else find_drug(table, written.named_drug)
    patient = PatientCheck(request, compared, stocked)
    verifier = Verifier(request.loaded, drug=drug, strict=output.strict, patient=patient)
    emit(verify_files((written.fhir or "-",), verifier), output)
