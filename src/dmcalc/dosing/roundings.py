"""What was rounded in the dose of a regimen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.results.trace import INWARD, PERCENT, RATIO, quotient

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.dosing.regimen import ExactEnds
    from dmcalc.results.trace import Trace


def note_roundings(trace: Trace, row: DoseRow, size: Decimal | None, exact: ExactEnds) -> None:
    """Note what was rounded in a row, its low end first."""
    lows = (row.low, row.per_basis_low, row.daily_low, row.dispensed_low, row.deviation_low_percent)
    highs = (
        *(row.high, row.per_basis_high, row.daily_high, row.dispensed_high),
        row.deviation_high_percent,
    )
    for end, before, figures, days in (
        ("low", exact[0], lows, row.days_high),
        ("high", exact[1], highs, row.days_low),
    ):
        amount, ratio, daily, dispensed, share = figures
        assert amount is not None and row.unit is not None
        what = f"{row.regimen}, {end} end"
        trace.rounded(end, f"{what}: reduced", before, amount, row.unit, INWARD)
        if ratio is not None and size:
            of, unit = quotient(amount, size), f"{row.unit}/{row.basis}"
            trace.rounded(f"per_basis_{end}", f"{what}: ratio", of, ratio, unit, RATIO)
        if daily is not None and days:
            of = quotient(amount, days)
            trace.rounded(f"daily_{end}", f"{what}: daily", of, daily, row.unit, INWARD)
        if dispensed is not None and share is not None:
            how = f"to whole {row.form}s, inside the range"
            label = f"{what}: dispensed"
            trace.rounded(f"dispensed_{end}", label, amount, dispensed, row.unit, how)
            of, label = quotient((dispensed - amount) * 100, amount), f"{what}: deviation"
            trace.rounded(f"deviation_{end}_percent", label, of, share, "per cent", PERCENT)
