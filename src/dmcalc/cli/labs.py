"""The command ``labs``."""

from typing import Annotated, NamedTuple

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


def _lab(*names: str, help: str) -> typer.models.OptionInfo:
    info: typer.models.OptionInfo = typer.Option(*names, metavar="VALUE", help=help)
    return info


class ResultOptions(NamedTuple):
    """Results of blood tests; creatinine and eGFR are facts of the patient."""

    wcc: Annotated[
        str | None,
        _lab("--wcc", "--wbc", help="White cells in x10^9/L: 3.1, 3100/uL."),
    ] = None
    neutrophils: Annotated[str | None, _lab("--neutrophils", help="Neutrophils in x10^9/L.")] = None
    platelets: Annotated[str | None, _lab("--platelets", "--plt", help="Platelets in x10^9/L.")] = (
        None
    )
    alt: Annotated[str | None, _lab("--alt", help="ALT in units/L.")] = None
    ast: Annotated[str | None, _lab("--ast", help="AST in units/L.")] = None
    eosinophils: Annotated[str | None, _lab("--eosinophils", help="Eosinophils in x10^9/L.")] = None
    mcv: Annotated[str | None, _lab("--mcv", help="Mean cell volume in fL: 90.")] = None
    albumin: Annotated[str | None, _lab("--albumin", help="Albumin in g/L: 40.")] = None
    bp: Annotated[str | None, _lab("--bp", help="Blood pressure in mmHg: 128/82.")] = None
    baseline_creatinine: Annotated[
        str | None, _lab("--baseline-creatinine", help="Creatinine at the start, with its unit.")
    ] = None


@app.command(cls=options.Command)
@options.grouped
def labs(
    context: typer.Context,
    *,
    drugs: options.NamedDrugs,
    patient: options.PatientOptions,
    results: ResultOptions,
    output: options.OutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Check blood results against action thresholds.

    A result at a limit has not reached it, unless the source counts that: then the limit says "or
    more". One that has is exit code 5, after the answer, as is a rule that the patient meets. A
    rule without a number on a result is named, and the exit code is 6. No limit crossed
    means only that: it does not say that a drug may be given.

    \b
    dmcalc labs azathioprine --wcc 4.2 --alt 40
    dmcalc labs mycophenolate --bp 128/82 --egfr 75 --albumin 41
    dmcalc labs methotrexate --creatinine 90umol/L --baseline-creatinine 80umol/L
    """
    from dmcalc.monitoring.labs_input import compute_labs

    result = compute_labs(output.request(patient), drugs, results._asdict())
    emit(result, output, receipt, context)
