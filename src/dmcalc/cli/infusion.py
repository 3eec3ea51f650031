"""The command ``infusion``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli import _patient
from dmcalc.cli._output import Asked, Out, emit
from dmcalc.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

app = options.application()


@app.command()
def infusion(
    context: typer.Context,
    drug: Annotated[str, typer.Argument(help="A drug that has infusion rates.")],
    weight: options.Weight = None,
    confirm_weight: options.ConfirmWeight = False,
    age: options.Age = None,
    height: options.Height = None,
    sex: options.Sex = None,
    weight_basis: options.WeightBasis = None,
    weight_policy: options.WeightPolicy = None,
    taking: options.Taking = None,
    condition: options.Condition = None,
    egfr: options.Egfr = None,
    crcl: options.Crcl = None,
    creatinine: options.Creatinine = None,
    days: Annotated[
        int | None,
        typer.Option("--days", help="Days that a course is divided over; if not given, the most."),
    ] = None,
    dose: Annotated[
        str | None, typer.Option("--dose", help="What this infusion gives, with its unit: 30g.")
    ] = None,
    at_risk: Annotated[
        bool,
        typer.Option("--at-risk", help="At risk of thrombosis or renal dysfunction: slower."),
    ] = False,
    later: Annotated[
        bool, typer.Option("--later", help="Not the first infusion, where later ones are faster.")
    ] = False,
    at: Annotated[
        str | None, typer.Option("--at", help="Time of the start, for clock times: 09:00.")
    ] = None,
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
    """Compute how a dose is infused: rates, steps, clock times, duration.

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
    from dmcalc.infusions.infusion import infusion as compute
    from dmcalc.patient import patient
    from dmcalc.quantities.amount import read_amount
    from dmcalc.quantities.time import read_time

    loaded = options.load(table, overlay)
    who = patient.read(loaded.table.limits, weight=weight, confirm_weight=confirm_weight, age=age)
    patient.adults_only(who, "the infusions")
    if any(given is not None for given in (weight_basis, weight_policy, height)):
        from dmcalc.cli import _weights

        wanted = _weights.Wanted(weight_basis, weight_policy, height, sex)
        who = _weights.weighed(loaded, who, (drug,), wanted, guide)
    result = compute(
        loaded,
        who,
        drug,
        days=days,
        dose=_read("--dose", dose, read_amount),
        at_risk=at_risk,
        later=later,
        at=_read("--at", at, read_time),
        advice=_patient.advice(context, loaded, who, (drug,)),
    )
    emit(
        result,
        Out(form, output, field, no_color, quiet, strict, Asked(context, receipt, receipt_for)),
    )


def _read(option: str, text: str | None, parse: Callable[[str], T]) -> T | None:
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None
