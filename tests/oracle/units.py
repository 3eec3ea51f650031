"""Whole units, by trying every sum: what they make, with how many, and what is next to it."""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, NamedTuple

from tests.oracle import MICROGRAMS, table


class Shelf(NamedTuple):
    """The strengths of the first product of a market, in one unit, and its form."""

    strengths: tuple[Fraction, ...]
    form: str
    times: int


@cache
def shelf(drug: str, market: str, unit: str, per: str | None = None) -> Shelf | None:
    """Return what a drug is made of; amounts of a day are divided where the table divides them."""
    entry = table()["drugs"][drug]
    product: dict[str, Any] | None = next(
        (p for p in entry["products"] if market in p["markets"]), None
    )
    if product is None:
        return None
    strengths = []
    for text in product["strengths"]:
        value, _, of = text.partition(" ")
        strengths.append(Fraction(value) * Fraction(MICROGRAMS[of], MICROGRAMS[unit]))
    divided = entry.get("divided") if per == "day" else None
    return Shelf(tuple(strengths), product["form"], divided["times_daily"] if divided else 1)


@lru_cache(maxsize=64)
def fewest(strengths: tuple[Fraction, ...], up_to: Fraction) -> dict[Fraction, int]:
    """Return each amount that units make up to one, with the fewest units that make it."""
    found = {Fraction(0): 0}
    row = [Fraction(0)]
    count = 0
    while row:
        count += 1
        following = []
        for amount in row:
            for strength in strengths:
                total = amount + strength
                if total <= up_to and total not in found:
                    found[total] = count
                    following.append(total)
        row = following
    return found


def made(shelf: Shelf, amount: Fraction) -> int | None:
    """Return the fewest units of one giving that make an amount exactly; None if none do."""
    single = amount / shelf.times
    return fewest(shelf.strengths, rounded_up(single, shelf)).get(single)


def next_below(shelf: Shelf, amount: Fraction) -> Fraction | None:
    """Return the largest amount at or below one that units make."""
    single = amount / shelf.times
    sums = [total for total in fewest(shelf.strengths, rounded_up(single, shelf)) if total]
    return max((t * shelf.times for t in sums if t <= single), default=None)


def next_above(shelf: Shelf, amount: Fraction) -> Fraction | None:
    """Return the smallest amount at or above one that units make."""
    single = amount / shelf.times
    sums = [total for total in fewest(shelf.strengths, rounded_up(single, shelf)) if total]
    return min((t * shelf.times for t in sums if t >= single), default=None)


def within(shelf: Shelf, amount: Fraction, low: Fraction, high: Fraction) -> Fraction | None:
    """Return the amount that units make next to one, from low to high; of two the larger."""
    if made(shelf, amount) is not None:
        return amount
    near = [next_above(shelf, amount), next_below(shelf, amount)]
    inside = [other for other in near if other is not None and low <= other <= high]
    return min(inside, key=lambda other: abs(other - amount), default=None)


def rounded_up(amount: Fraction, shelf: Shelf) -> Fraction:
    """Return a limit that many amounts share, above the next amount that units make."""
    largest = max(shelf.strengths)
    return (amount // largest + 2) * largest
