"""The command ``infusion``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit
from dmcalc.infusions.infusion import InfusionInput, compute_infusion

app = options.application()


class InfusionOptions(InfusionInput):
    """What the user chooses of an infusion."""

    days: Annotated[
        int | None,
        typer.Option("--days", metavar="N", help="Days of the course; the most if none."),
    ]
    dose: Annotated[
        str | None, typer.Option("--dose", metavar="DOSE", help="Dose of this infusion: 30g.")
    ]
    at_risk: Annotated[
        bool,
        typer.Option("--at-risk", help="At risk of thrombosis or kidney injury: slower."),
    ]
    later: Annotated[
        bool, typer.Option("--later", help="A later infusion, where those are faster.")
    ]
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="Start time: 09:00.")]
    product: options.Product
    pump_step: Annotated[
        str | None,
        typer.Option("--pump-step", metavar="ML", help="Round rates down for the pump: 1 or 0.1."),
    ]


@app.command(cls=options.Command)
@options.grouped
def infusion(
    context: typer.Context,
    *,
    drug: Annotated[str, typer.Argument(metavar="DRUG", help="A drug that has infusion rates.")],
    patient: options.PatientOptions,
    choices: InfusionOptions,
    output: options.OutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Compute infusion rates, steps and clock times.

    The rate rises step by step to the maximum of the source and never above it; each step up is for
    a patient who tolerated the one before. The amount is the table's, or the one given with --dose.
    A condition or an age that puts the patient at risk lowers the rate as --at-risk does.

    \b
    dmcalc infusion ivig --weight 70 --at 09:00
    dmcalc infusion ivig --weight 70 --days 2 --at-risk
    dmcalc infusion ivig --weight 70 --condition thrombosis-risk
    dmcalc infusion ivig --weight 70 --dose 30g --format csv
    dmcalc infusion rituximab
    dmcalc infusion rituximab --later --at 13:30
    """
    result = compute_infusion(output.request(patient), drug, choices)
    emit(result, output, receipt, context)
