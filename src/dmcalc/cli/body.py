"""The command ``body``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit
from dmcalc.patient.body_input import BodyInput, compute_body
from dmcalc.patient.document import WeightKind

app = options.application()


class BodyOptions(BodyInput):
    """Which formula of body surface area is used, and which weight for the clearance."""

    formula: Annotated[
        str | None,
        typer.Option("--formula", metavar="NAME", help="BSA formula; mosteller if none."),
    ]
    crcl_weight: Annotated[
        WeightKind,
        typer.Option(
            "--crcl-weight",
            metavar="WEIGHT",
            case_sensitive=False,
            help="CrCl weight: actual, ideal or adjusted.",
        ),
    ]


@app.command(cls=options.Command)
@options.grouped
def body(
    context: typer.Context,
    *,
    patient: options.PatientOptions,
    choices: BodyOptions,
    output: options.OutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Compute body size and renal function.

    Body mass index, body surface area, ideal and adjusted weight, creatinine clearance and
    filtration rate: as far as what is given allows. What is left out is named, with the reason.
    Under 18 it is the body surface area alone, since the other formulas are for adults.

    \b
    dmcalc body --weight 70 --height 175cm
    dmcalc body --weight 70 --height 5ft9in --sex female --age 45 --creatinine 0.9mg/dL
    dmcalc body --height 175 --sex male --age 60 --creatinine 80umol/L --crcl-weight ideal
    dmcalc body --sex female --age 55 --creatinine 0.9mg/dL --field egfr_ml_min_173m2
    dmcalc body --weight 70 --height 175 --formula haycock --field bsa_m2
    dmcalc body --age 2 --weight 12 --height 86
    """
    emit(compute_body(output.request(patient), choices), output, receipt, context)
