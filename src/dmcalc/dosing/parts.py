"""The parts of a row that are computed only where they are requested."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What of a row is computed only where it is requested, and the fields that it fills.
PARTS = {
    "ratio": ("per_basis_low", "per_basis_high"),
    "daily": ("daily_low", "daily_high", "text"),
    "text": ("text",),
    "units": (
        *("dispensed_low", "dispensed_high", "deviation_low_percent", "deviation_high_percent"),
        *("products_low", "products_high", "form", "local", "products_by_days"),
    ),
}
ALL_PARTS = frozenset(PARTS)


def parts_of(fields: Iterable[str] | None) -> frozenset[str]:
    """Return the parts of a row that some of its fields need; all parts where none is named."""
    if fields is None:
        return ALL_PARTS
    requested = frozenset(fields)
    return frozenset(part for part, filled in PARTS.items() if not requested.isdisjoint(filled))
