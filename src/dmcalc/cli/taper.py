"""Compute a published taper or a schedule of courses; without a drug, list them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit
from dmcalc.errors import UsageError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

app = options.application()


@app.command()
def taper(
    drug: Annotated[str | None, typer.Argument(help="A drug that has a taper.")] = None,
    weight: options.Weight = None,
    severity: options.Severity = None,
    confirm_weight: options.ConfirmWeight = False,
    protocol: Annotated[
        str | None, typer.Option("--protocol", "-p", help="The schedule; the drug's default.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="Daily start dose with its unit: 60mg.")
    ] = None,
    hold: Annotated[
        str | None, typer.Option("--hold", help="How long the start dose is kept: 3w.")
    ] = None,
    interval: Annotated[
        str | None, typer.Option("--interval", help="Length of a step, where it is open: 8w.")
    ] = None,
    decrement: Annotated[
        str | None, typer.Option("--decrement", help="Size of a step, where it is open: 10mg.")
    ] = None,
    weeks: Annotated[
        int | None, typer.Option("--weeks", help="Length of a schedule of courses, in weeks.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", help="First day, to put dates on it: 2026-12-01.")
    ] = None,
    plot: Annotated[
        bool, typer.Option("--plot", help="Draw the doses as bars too: the same as --format plot.")
    ] = False,
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
) -> None:
    """Compute a published taper or a schedule of courses; without a drug, list them.

    The start dose is the table's for weight and severity, or the one given with --from. A schedule
    ends where its source ends, and says so. Choices stay inside what the source leaves open.

    \b
    dmcalc taper
    dmcalc taper prednisone --weight 70 --severity severe
    dmcalc taper prednisone --from 60mg --protocol etg --start 2026-12-01
    dmcalc taper ivig --weight 70 --weeks 24 --plot
    dmcalc taper prednisone --from 60mg --start 2026-12-01 --format ics
    """
    from dmcalc import patient, quantity
    from dmcalc.core.schedule import Choices
    from dmcalc.core.taper import list_protocols
    from dmcalc.core.taper import taper as compute
    from dmcalc.table import load

    if plot and form not in ("table", "plot"):
        raise UsageError(f"--plot is a format of its own, beside {form}", "Leave one of them out.")
    loaded = load(table)
    out = Out("plot" if plot else form, output, field, no_color, quiet, strict)
    if drug is None:
        emit(list_protocols(loaded), out)
        return
    who = patient.read(
        loaded.table.limits, weight=weight, severity=severity, confirm_weight=confirm_weight
    )
    choices = Choices(
        hold=_read("--hold", hold, quantity.read_interval),
        interval=_read("--interval", interval, quantity.read_interval),
        decrement=_read("--decrement", decrement, quantity.read_amount),
        weeks=weeks,
    )
    result = compute(
        loaded,
        who,
        drug,
        protocol=protocol,
        start_dose=_read("--from", from_, quantity.read_amount),
        start=_read("--start", start, _date),
        choices=choices,
    )
    emit(result, out)


def _read(option: str, text: str | None, parse: Callable[[str], T]) -> T | None:
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _date(text: str) -> datetime.date:
    import datetime

    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date written like 2026-12-01") from None
