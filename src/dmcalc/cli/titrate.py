"""The command ``titrate``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._format_options import TitrationFormatOptions
from dmcalc.cli._output import emit
from dmcalc.quantities.time import Weekday
from dmcalc.schedules.titration_input import TitrationInput, compute_titration

app = options.application()


class TitrationOptions(TitrationInput):
    """What the user chooses of a titration."""

    protocol: Annotated[
        str | None,
        typer.Option(
            "--protocol", "-p", metavar="ID", help="Which titration; the drug's default if none."
        ),
    ]
    start_dose: Annotated[
        str | None, typer.Option("--from", metavar="DOSE", help="Start dose instead: 50mg.")
    ]
    target: Annotated[
        str | None,
        typer.Option("--to", metavar="DOSE", help="Target dose (within the published range)."),
    ]
    increase: Annotated[
        str | None,
        typer.Option(
            "--increase", metavar="DOSE", help="Size of a step, if the source leaves it open: 5mg."
        ),
    ]
    hold: Annotated[
        str | None,
        typer.Option("--hold", metavar="LENGTH", help="How long to stay on the start dose: 6w."),
    ]
    interval: Annotated[
        str | None,
        typer.Option(
            "--interval",
            metavar="LENGTH",
            help="Length of a step, if the source leaves it open: 4w.",
        ),
    ]
    day: Annotated[
        Weekday | None,
        typer.Option(
            "--day", metavar="DAY", case_sensitive=False, help="Weekday of a once-weekly dose."
        ),
    ]
    packs: options.Packs
    start: options.Start


@app.command(cls=options.Command)
@options.grouped
def titrate(
    context: typer.Context,
    *,
    drug: options.Drug,
    patient: options.PatientOptions,
    titration: TitrationOptions,
    products: options.ProductOptions,
    output: options.OutputOptions,
    formats: TitrationFormatOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Compute a dose titration from start to target dose.

    Each dose is made of whole units and never more than the source gives. What a source leaves out
    is asked for, and what is chosen is said. Methotrexate is once a week, on the day of --day.

    \b
    dmcalc titrate azathioprine --weight 70
    dmcalc titrate methotrexate --day monday --start 2026-12-01
    dmcalc titrate ciclosporin --weight 70 --interval 2w
    """
    request = output.request(patient)
    result = compute_titration(request, drug, titration, products.stocked())
    emit(result, output, receipt, context, formats)
