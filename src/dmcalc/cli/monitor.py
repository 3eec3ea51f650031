"""The command ``monitor``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit
from dmcalc.monitoring.monitor_input import MonitorInput, compute_monitoring

app = options.application()


class MonitorOptions(MonitorInput):
    """From when and for how long."""

    start: options.Start
    weeks: Annotated[
        str | None,
        typer.Option("--weeks", metavar="LENGTH", help="Length: 26, 26w; a year if none."),
    ]
    stable: Annotated[
        str | None,
        typer.Option(
            "--stable",
            metavar="WHEN",
            help="When the dose is stable: a date, or 8w from --start.",
        ),
    ]


@app.command(cls=options.Command)
@options.grouped
def monitor(
    context: typer.Context,
    *,
    drugs: options.NamedDrugs,
    patient: options.PatientOptions,
    period: MonitorOptions,
    output: options.OutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """List the monitoring for one or more drugs.

    The intervals are those of the sources, most of them for rheumatology. Where one goes on until
    the dose is stable, --stable says from when it is; without it they go on to the end.

    \b
    dmcalc monitor azathioprine --start 2026-12-01
    dmcalc monitor methotrexate prednisone --weeks 26
    dmcalc monitor azathioprine --start 2026-12-01 --stable 2026-12-29
    """
    result = compute_monitoring(output.request(patient), drugs, period)
    emit(result, output, receipt, context)
