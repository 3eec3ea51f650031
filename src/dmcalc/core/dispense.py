"""From an amount to what leaves the counter: whole units, their count, and what was rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.core.solver import Nearest, Sums, Unit
from dmcalc.errors import PatientError, UsageError
from dmcalc.quantity import converted, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.quantity import Amount, Mass
    from dmcalc.table.model import Form, Market, Product, Table

MARKETS: tuple[Market, ...] = ("US", "UK", "EU")


class Handed(NamedTuple):
    """So many units of one strength; half a tablet counts 0.5."""

    strength: Decimal
    unit: str
    count: Decimal  # type: ignore[assignment]  # not tuple.count: the JSON calls it so


class Dispensed(NamedTuple):
    """What is handed out for an amount; None where no combination makes it."""

    amount: Decimal
    unit: str
    dispensed: Decimal | None
    #: Of the exact amount, above 0 where more is handed out than asked for.
    deviation_percent: Decimal | None
    products: tuple[Handed, ...] | None
    nearest: Nearest


class Shelf(NamedTuple):
    """What can be handed out of one drug: strengths in one unit of mass, and the form they have."""

    drug: str
    unit: Mass
    units: tuple[Unit, ...]
    form: Form
    #: Where it comes from: a product of the table, or the stock that the user named.
    label: str
    sources: tuple[str, ...] = ()

    def exactly(self, amount: Decimal) -> Dispensed:
        """Make an amount exactly, or name the nearest ones that can be made."""
        sums = self._sums(amount)
        return self._handed(sums, amount, amount if sums.combination(amount) else None)

    def within(self, amount: Decimal, low: Decimal, high: Decimal) -> Dispensed:
        """Make the reachable amount nearest to ``amount`` that lies from low to high.

        Of two that are equally near the higher one is taken: ties go half up.
        """
        sums = self._sums(max(amount, high))
        near = sums.nearest(amount)
        inside = [a for a in (near.above, near.below) if a is not None and low <= a <= high]
        chosen = min(inside, key=lambda found: abs(found - amount), default=None)
        return self._handed(sums, amount, chosen)

    def toward(self, amount: Decimal, direction: str) -> Dispensed:
        """Make the reachable amount next to ``amount``: "down", "up" or "nearest", ties up."""
        sums = self._sums(amount)
        near = sums.nearest(amount)
        choices = {"down": (near.below,), "up": (near.above,), "nearest": (near.above, near.below)}
        found = [a for a in choices[direction] if a is not None]
        chosen = min(found, key=lambda a: abs(a - amount), default=None)
        return self._handed(sums, amount, chosen)

    def _sums(self, amount: Decimal) -> Sums:
        return Sums(self.units, amount + max(unit.strength for unit in self.units))

    def _handed(self, sums: Sums, amount: Decimal, made: Decimal | None) -> Dispensed:
        if made is None:
            return Dispensed(amount, self.unit, None, None, None, sums.nearest(amount))
        counts = sums.combination(made) or ()
        return Dispensed(
            amount=amount,
            unit=self.unit,
            dispensed=made,
            deviation_percent=percent(made - amount, amount),
            products=tuple(Handed(count.strength, self.unit, count.count) for count in counts),
            nearest=sums.nearest(amount),
        )


def percent(difference: Decimal, whole: Decimal) -> Decimal:
    """Return a difference in per cent of a whole, to 2 places half up."""
    return (difference * 100 / whole).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def shelf(
    table: Table,
    drug: str,
    unit: Mass,
    *,
    market: Market = "US",
    stock: Sequence[Amount] = (),
    halves: bool = False,
) -> Shelf:
    """Return what can be handed out of a drug: the stock that is named, or a product of a market.

    Halves are only of strengths that the table calls scored. Raise PatientError where the table has
    no product for the market, and UsageError for halves of what is not scored.
    """
    products = table.drugs[drug].products
    product = next((p for p in products if market in p.markets), None)
    if product is None and not stock:
        elsewhere = dict.fromkeys(m for p in products for m in p.markets)
        there = f" It has some for {', '.join(elsewhere)} (--market)." if elsewhere else ""
        raise PatientError(
            f"the table has no product of {drug} for the market {market}",
            f"Name the strengths on your shelf, e.g. --stock 20mg,5mg.{there}",
        )
    scored = {converted(a.value, a.unit, unit) for p in products for a in p.scored}
    if product is not None and product.whole is not None:
        scored = set()
    strengths = [converted(a.value, a.unit, unit) for a in stock or _strengths(product)]
    if halves and not scored.intersection(strengths):
        why = product.whole if product is not None and product.whole else "None of them is scored."
        names = ", ".join(plain(strength) for strength in strengths)
        raise UsageError(f"no halves of {drug} {names} {unit}", why)
    units = tuple(Unit(strength, halves and strength in scored) for strength in strengths)
    form: Form = product.form if product else products[0].form if products else "tablet"
    return Shelf(drug, unit, units, form, *_origin(product, stock, market))


def _strengths(product: Product | None) -> Sequence[Amount]:
    return product.strengths if product else ()


def _origin(
    product: Product | None, stock: Sequence[Amount], market: str
) -> tuple[str, tuple[str, ...]]:
    if stock or product is None:
        return "the stock named", ()
    name = f"{product.name}, " if product.name else ""
    keys = dict.fromkeys(cite.source for cite in product.cite)
    return f"{name}{product.form}s, {market}", tuple(keys)
