"""An infusion in words: how its rate rises, and what of it is rounded."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.quantities.arithmetic import round_half_up, to_decimal
from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from dmcalc.infusions.amount import InfusionAmount
    from dmcalc.table.model.infusion import Ramp


def ramp_text(ramp: Ramp) -> str:
    """Write how the rate of an infusion rises, or how long it takes, as the sources give it."""
    if ramp.over is not None:
        least = f"; at least {ramp.at_least}" if ramp.at_least else ""
        return f"at one rate over {ramp.over}{least}"
    assert ramp.start is not None  # proved when the table was loaded
    if ramp.by is not None:
        text = f"{ramp.start}, rising by {ramp.by} every {ramp.every} to {ramp.max}"
    else:
        then = " and ".join(format_plain(rate.value) for rate in ramp.then)
        text = f"{ramp.start}, then {then} {ramp.start.unit}, {ramp.every} a step; max {ramp.max}"
    if ramp.max_at_risk is not None:
        text += f", at risk {ramp.max_at_risk}"
    return text


def rounded_texts(
    amount: InfusionAmount, length: Fraction, pump_step: Decimal | None
) -> Iterator[str]:
    """Say once what is rounded for the pump, has no end as a decimal number, or no whole minute."""
    if pump_step is not None:
        yield (
            f"Rates are rounded down to a multiple of {pump_step} mL/h, a step of the pump; times "
            "and amounts follow them."
        )
    if Fraction(to_decimal(amount.amount)) != amount.amount:
        assert amount.course is not None
        yield (
            f"A course of {format_plain(amount.course)} {amount.unit} does not "
            f"divide evenly over {amount.days} days: a day's amount is rounded down to 0.000001 "
            f"{amount.unit}."
        )
    if length.denominator != 1:
        minutes = round_half_up(length, 2)
        how = "" if Fraction(minutes) == length else ", rounded half up to 0.01"
        yield (
            f"The infusion lasts {format_plain(minutes)} minutes{how}; for people and for the "
            "clock the last step is rounded up to a whole minute."
        )
