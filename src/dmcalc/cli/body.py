"""The command ``body``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Asked, Out, emit

app = options.application()


@app.command()
def body(
    context: typer.Context,
    weight: options.Weight = None,
    confirm_weight: options.ConfirmWeight = False,
    height: options.Height = None,
    sex: options.Sex = None,
    age: options.Age = None,
    creatinine: options.Creatinine = None,
    formula: Annotated[
        str | None,
        typer.Option(
            "--formula", metavar="NAME", help="Formula of body surface; if not given, mosteller."
        ),
    ] = None,
    crcl_weight: Annotated[
        Literal["actual", "ideal", "adjusted"],
        typer.Option(
            "--crcl-weight",
            case_sensitive=False,
            help="Weight that the creatinine clearance is computed with.",
        ),
    ] = "actual",
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    overlay: options.Overlays = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
    receipt: options.Receipt = None,
    receipt_for: options.ReceiptFor = None,
) -> None:
    """Compute body size and kidney function, each by a published formula with its limits.

    Body mass index, body surface, ideal and adjusted weight, creatinine clearance and filtration
    rate: as far as what is given allows. What is left out is named, with the reason. Only for
    adults.

    \b
    dmcalc body --weight 70 --height 175cm
    dmcalc body --weight 70 --height 5ft9in --sex female --age 45 --creatinine 0.9mg/dL
    dmcalc body --height 175 --sex male --age 60 --creatinine 80umol/L --crcl-weight ideal
    dmcalc body --sex female --age 55 --creatinine 0.9mg/dL --field egfr_ml_min_173m2
    dmcalc body --weight 70 --height 175 --formula haycock --field bsa_m2
    """
    from dmcalc.patient import anthropometry, patient
    from dmcalc.patient.body import body as compute

    loaded = options.load(table, overlay)
    limits = loaded.table.limits
    who = patient.read(limits, weight=weight, confirm_weight=confirm_weight, age=age)
    build = anthropometry.read(limits, height=height, sex=sex, creatinine=creatinine)
    result = compute(loaded, who, build, formula=formula, crcl_weight=crcl_weight)
    emit(
        result,
        Out(form, output, field, no_color, quiet, strict, Asked(context, receipt, receipt_for)),
    )
