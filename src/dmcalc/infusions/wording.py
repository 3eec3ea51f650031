"""How the rate of an infusion rises, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from dmcalc.table.model.infusion import Ramp


def ramp_text(ramp: Ramp) -> str:
    """Write how the rate of an infusion rises, as the sources give it."""
    if ramp.by is not None:
        text = f"{ramp.start}, rising by {ramp.by} every {ramp.every} to {ramp.max}"
    else:
        then = " and ".join(format_plain(rate.value) for rate in ramp.then)
        text = f"{ramp.start}, then {then} {ramp.start.unit}, {ramp.every} a step; max {ramp.max}"
    if ramp.max_at_risk is not None:
        text += f", at risk {ramp.max_at_risk}"
    return text
