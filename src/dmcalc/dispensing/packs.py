"""Packs: how many whole packs hold the units of a schedule.

No source in the table gives the size of a pack, so the sizes are the user's own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.errors import UsageError
from dmcalc.quantities.amount import converted
from dmcalc.quantities.base import format_plain
from dmcalc.results.trace import PACKS, noting, quotient

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import DispensedUnits, Stock
    from dmcalc.quantities.amount import Mass


class PackCount(NamedTuple):
    """So many packs of one strength, each of ``size`` units; ``over`` is what stays in them."""

    strength: Annotated[Decimal, "What one unit holds."]
    unit: Annotated[Mass, "Unit of the strength."]
    size: Annotated[int, "Units in a pack, as they were given."]
    packs: Annotated[int, "How many packs."]
    over: Annotated[Decimal, "Units that stay in them."]


#: The packs of what is dispensed, strength by strength.
Packs = tuple[Annotated[PackCount, "So many packs of one strength."], ...]


def packs_needed(
    products: tuple[DispensedUnits, ...], sizes: dict[Decimal, Decimal], where: str = ""
) -> tuple[PackCount, ...]:
    """Return the packs for what is dispensed, strength by strength, in the order of ``products``.

    ``sizes`` are the units in a pack of each strength in mg; a strength without a size has no
    packs. Half a tablet takes one out of its pack. ``where`` is the part of the answer that has
    them, ``totals.`` or none.
    """
    packs: list[PackCount] = []
    for product in products:
        size = sizes.get(converted(product.strength, product.unit, "mg"))
        if size is not None:
            whole, rest = divmod(product.count, size)
            count = int(whole) + (rest > 0)
            over = count * size - product.count
            if trace := noting():
                name, exact = f"{where}packs.{len(packs)}.packs", quotient(product.count, size)
                trace.rounded(name, f"packs of {int(size)}", exact, count, "packs", PACKS)
            packs.append(PackCount(product.strength, product.unit, int(size), count, over))
    return tuple(packs)


def counts_by_strength(
    option: str, units: tuple[DispensedUnits, ...], stock: Stock | None
) -> dict[Decimal, Decimal]:
    """Return the counts that the user gave, by the strength in mg.

    Raise UsageError for a strength that is not in stock, is named twice, or has a count of 0.
    """
    counts: dict[Decimal, Decimal] = {}
    for unit in units:
        strength = converted(unit.strength, unit.unit, "mg")
        what = f"‹{option}›: {format_plain(unit.strength)} {unit.unit}"
        if stock is None or converted(strength, "mg", stock.unit) not in stock.written:
            there = f"On it: {stock.strengths()}. " if stock else ""
            raise UsageError(f"{what} is not in stock", f"{there}Name others with ‹stock›.")
        if strength in counts or unit.count < 1:
            fault = "is named twice" if strength in counts else "has a count of 0"
            raise UsageError(f"{what} {fault}", "Write each strength once: 20mg:100,5mg:30.")
        counts[strength] = unit.count
    return counts
