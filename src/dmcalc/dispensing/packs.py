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
    from dmcalc.dispensing.stock import Handed, Shelf
    from dmcalc.quantities.amount import Mass


class Packed(NamedTuple):
    """So many packs of one strength, each of ``size`` units; ``over`` is what stays in them."""

    strength: Annotated[Decimal, "What one unit holds."]
    unit: Annotated[Mass, "Unit of the strength."]
    size: Annotated[int, "Units in a pack, as they were given."]
    packs: Annotated[int, "How many packs."]
    over: Annotated[Decimal, "Units that stay in them."]


#: The packs of what is handed out, strength by strength.
Packs = tuple[Annotated[Packed, "So many packs of one strength."], ...]


def packed(
    products: tuple[Handed, ...], sizes: dict[Decimal, Decimal], where: str = ""
) -> tuple[Packed, ...]:
    """Return the packs for what is handed out, strength by strength, in the order of ``products``.

    ``sizes`` are the units in a pack of each strength in mg; a strength without a size has no
    packs. Half a tablet takes one out of its pack. ``where`` is the part of the answer that has
    them, ``totals.`` or none.
    """
    found: list[Packed] = []
    for product in products:
        size = sizes.get(converted(product.strength, product.unit, "mg"))
        if size is not None:
            whole, rest = divmod(product.count, size)
            packs = int(whole) + (rest > 0)
            over = packs * size - product.count
            if trace := noting():
                place, exact = f"{where}packs.{len(found)}.packs", quotient(product.count, size)
                trace.rounded(place, f"packs of {int(size)}", exact, packs, "packs", PACKS)
            found.append(Packed(product.strength, product.unit, int(size), packs, over))
    return tuple(found)


def by_strength(
    option: str, given: tuple[Handed, ...], place: Shelf | None
) -> dict[Decimal, Decimal]:
    """Return the counts that the user gave, by the strength in mg.

    Raise UsageError for a strength that is not on the shelf, is named twice, or has a count of 0.
    """
    found: dict[Decimal, Decimal] = {}
    for unit in given:
        strength = converted(unit.strength, unit.unit, "mg")
        what = f"‹{option}›: {format_plain(unit.strength)} {unit.unit}"
        if place is None or converted(strength, "mg", place.unit) not in place.written:
            there = f"On it: {place.strengths()}. " if place else ""
            raise UsageError(f"{what} is not on the shelf", f"{there}Name others with ‹stock›.")
        if strength in found or unit.count < 1:
            fault = "is named twice" if strength in found else "has a count of 0"
            raise UsageError(f"{what} {fault}", "Write each strength once: 20mg:100,5mg:30.")
        found[strength] = unit.count
    return found
