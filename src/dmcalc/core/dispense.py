"""From an amount to what leaves the counter: whole units, their count, and what was rounded.

Tablets and capsules make a dose exactly or not at all. A vial is opened for a dose: the vials cover
it, and what is left over is waste.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from dmcalc.core.names import find_drug
from dmcalc.core.result import Caution, Warned, about_local, bearing, envelope
from dmcalc.core.solver import Nearest, Sums, Unit
from dmcalc.errors import PatientError, RefusedError, UsageError
from dmcalc.quantity import EXACT, Amount, Mass, converted, divided, plain, scaled
from dmcalc.table.model import Form, LoadedTable, Market, Product, Table

if TYPE_CHECKING:
    from dmcalc.table.local import LocalFigure

Direction = Literal["nearest", "down", "up"]

_ROUNDING = {"nearest": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}


class Handed(NamedTuple):
    """So many units of one strength; half a tablet counts 0.5."""

    strength: Decimal
    unit: Mass
    count: Decimal  # type: ignore[assignment]  # not tuple.count: the JSON calls it so


class Made(NamedTuple):
    """What makes one dose.

    ``dose`` is what is given: None where no combination makes it. ``waste`` is what is left in
    opened vials. ``nearest`` names the doses next to it that whole units make.
    """

    dose: Decimal | None
    products: tuple[Handed, ...] | None
    waste: Decimal
    nearest: Nearest


class Shelf(NamedTuple):
    """What can be handed out of one drug: strengths in one unit of mass, and the form they have."""

    drug: str
    unit: Mass
    units: tuple[Unit, ...]
    form: Form
    #: Each strength as its box says it: 500 mg, where the dose is in g.
    written: dict[Decimal, Amount]
    #: Where it comes from: a product of the table, or the stock that the user named.
    label: str
    sources: tuple[str, ...] = ()
    #: What of the table it was made from, by name: its product, and those that say what is halved.
    names: tuple[str, ...] = ()

    def make(self, dose: Decimal, most: Decimal | None = None) -> Made:
        """Make a dose: exactly from tablets or capsules, covered by vials.

        ``most`` is the largest of several doses, so that one search serves all of them.
        """
        sums = self._sums(most or dose)
        near = sums.nearest(dose)
        total = near.above if self.form == "vial" else dose
        counts = None if total is None else sums.combination(total)
        if counts is None or total is None:
            return Made(None, None, Decimal(0), near)
        products = tuple(Handed(*self.written[c.strength], c.count) for c in counts)
        return Made(dose, products, total - dose, near)

    def make_within(self, dose: Decimal, low: Decimal, high: Decimal) -> Made:
        """Make the dose nearest to ``dose`` that can be made and lies from low to high, ties up."""
        made = self.make(dose, high)
        if made.dose is not None:
            return made
        inside = [a for a in (made.nearest.above, made.nearest.below) if a and low <= a <= high]
        if not inside:
            return made
        return self.make(min(inside, key=lambda found: abs(found - dose)), high)

    def make_toward(self, dose: Decimal, direction: Direction) -> Made:
        """Make the dose that can be made next to ``dose`` in a direction, ties up."""
        made = self.make(dose)
        if made.dose is not None:
            return made
        near = made.nearest
        asked = {"down": [near.below], "up": [near.above], "nearest": [near.above, near.below]}
        found = [a for a in asked[direction] if a is not None]
        return self.make(min(found, key=lambda a: abs(a - dose))) if found else made

    def strengths(self) -> str:
        """Name the strengths: ``1, 5, 20 mg``."""
        named = [self.written[unit.strength] for unit in sorted(self.units)]
        if len({amount.unit for amount in named}) == 1:
            return ", ".join(plain(amount.value) for amount in named) + f" {named[0].unit}"
        return ", ".join(map(str, named))

    def _sums(self, dose: Decimal) -> Sums:
        return _searched(self.units, dose + max(unit.strength for unit in self.units))


@lru_cache(maxsize=4)
def _searched(units: tuple[Unit, ...], limit: Decimal) -> Sums:
    return Sums(units, limit)


class Stocked(NamedTuple):
    """What the user said of the shelf; the fields are those of ``shelf``."""

    market: Market = "US"
    stock: tuple[Amount, ...] = ()
    halves: bool = False


class DispenseResult(NamedTuple):
    """The answer of ``dmcalc dispense``. Without ``days`` it is one dose."""

    loaded: LoadedTable
    drug: str
    amount: Decimal
    unit: str
    form: str
    #: What is given in all, and its distance from the amount asked for.
    dispensed: Decimal
    deviation: Decimal
    deviation_percent: Decimal
    days: int
    daily: Decimal
    #: For one day, and for all days.
    products: tuple[Handed, ...]
    total_products: tuple[Handed, ...]
    waste: Decimal
    nearest: Nearest
    label: str
    sources: tuple[str, ...]
    warnings: tuple[Warned, ...] = ()
    cautions: tuple[Caution, ...] = ()
    local: "tuple[LocalFigure, ...]" = ()
    kind: str = "dispense"

    def document(self) -> dict[str, Any]:
        """Return the whole result for JSON."""
        return {
            **envelope(self.kind, self.loaded),
            **self.records()[0],
            "warnings": self.warnings,
            "cautions": self.cautions,
            "disclaimer": self.loaded.table.disclaimer,
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the one row."""
        row = self._asdict()
        return [
            {k: v for k, v in row.items() if k not in ("loaded", "warnings", "cautions", "kind")}
        ]


def dispense(
    loaded: LoadedTable,
    name: str,
    amount: Amount,
    *,
    stocked: Stocked | None = None,
    days: int = 1,
    round_to: Amount | None = None,
    direction: Direction | None = None,
) -> DispenseResult:
    """Find the units for an amount, given in equal doses over some days.

    With ``round_to`` the daily dose becomes a multiple of it; with ``direction`` a dose that whole
    units cannot make becomes the next one that they can. Raise RefusedError where neither is asked
    for and no combination makes the dose.
    """
    drug = find_drug(loaded.table, name)
    if not 1 <= days <= 31:
        raise UsageError(f"--days {days} is outside 1 to 31")
    if days > 1 and loaded.table.drugs[drug].once_weekly:
        raise RefusedError(
            f"{drug} is given once a week and never on consecutive days", "Leave --days out."
        )
    place = shelf(loaded.table, drug, amount.unit, stocked or Stocked())
    dose = divided(amount.value, days, up=False) if days > 1 else amount.value
    names = place.names
    if round_to is None and direction is None and drug in loaded.rounding:
        from dmcalc.core.local import by_rule

        dose = by_rule(loaded.rounding[drug], dose, amount.unit)
        names = (*names, f"{drug}.rounding")
    local = bearing(loaded, *names)
    if round_to is not None:
        step = converted(round_to.value, round_to.unit, amount.unit)
        dose = rounded_to(dose, step, direction or "nearest")
    made = place.make(dose) if direction is None else place.make_toward(dose, direction)
    if made.dose is None or made.products is None:
        raise _no_combination(place, dose, made.nearest)
    if made.dose == 0:
        raise RefusedError(
            f"{plain(amount.value)} {amount.unit} rounds to nothing", "Round to a smaller step."
        )
    dispensed = scaled(made.dose, Decimal(days))
    difference = EXACT.subtract(dispensed, amount.value)
    return DispenseResult(
        loaded=loaded,
        drug=drug,
        amount=amount.value,
        unit=amount.unit,
        form=place.form,
        dispensed=dispensed,
        deviation=difference,
        deviation_percent=percent(difference, amount.value),
        days=days,
        daily=made.dose,
        products=made.products,
        total_products=times(made.products, days),
        waste=scaled(made.waste, Decimal(days)),
        nearest=made.nearest,
        label=place.label,
        sources=place.sources,
        warnings=about_local(local),
        local=local,
    )


def rounded_to(amount: Decimal, step: Decimal, direction: Direction) -> Decimal:
    """Round an amount to a multiple of a step; ties go half up."""
    return (amount / step).quantize(Decimal(1), rounding=_ROUNDING[direction]) * step


def percent(difference: Decimal, whole: Decimal) -> Decimal:
    """Return a difference in per cent of a whole, to 2 places half up."""
    return (difference * 100 / whole).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def times(products: Iterable[Handed], days: int) -> tuple[Handed, ...]:
    """Return what is handed out for some days of one dose."""
    return tuple(product._replace(count=product.count * days) for product in products)


def added(parts: Iterable[tuple[Handed, ...]]) -> tuple[Handed, ...]:
    """Add up what is handed out, strength by strength, the largest first."""
    counts: dict[tuple[Decimal, Mass], Decimal] = {}
    for part in parts:
        for product in part:
            key = (product.strength, product.unit)
            counts[key] = counts.get(key, Decimal(0)) + product.count
    largest = sorted(counts, key=lambda key: converted(key[0], key[1], "mg"), reverse=True)
    return tuple(Handed(*key, counts[key]) for key in largest)


def less(products: Iterable[Handed], left: Iterable[Handed]) -> tuple[Handed, ...]:
    """Take off what is left, strength by strength; more than is needed leaves none to hand out."""
    rest = {(product.strength, product.unit): product.count for product in left}
    needed = []
    for product in products:
        count = product.count - rest.get((product.strength, product.unit), Decimal(0))
        if count > 0:
            needed.append(product._replace(count=count))
    return tuple(needed)


def shelf(table: Table, drug: str, unit: Mass, stocked: Stocked) -> Shelf:
    """Return what can be handed out of a drug: the stock that is named, or a product of a market.

    Halves are only of strengths that the table calls scored. Raise PatientError where the table has
    no product for the market, and UsageError for halves of what is not scored.
    """
    market, stock, halves = stocked
    products = table.drugs[drug].products
    product = next((p for p in products if market in p.markets), None)
    if product is None and not stock:
        elsewhere = dict.fromkeys(m for p in products for m in p.markets)
        there = f" It has some for {', '.join(elsewhere)} (--market)." if elsewhere else ""
        raise PatientError(
            f"the table has no product of {drug} for the market {market}",
            f"Name the strengths on your shelf, e.g. --stock 20mg,5mg.{there}",
        )
    scored = _scored(products, product, unit)
    named = stock or (product.strengths if product else ())
    written = {converted(a.value, a.unit, unit): a for a in named}
    strengths = list(written)
    if halves and not scored.intersection(strengths):
        why = product.whole if product is not None and product.whole else "None of them is scored."
        names = ", ".join(plain(strength) for strength in strengths)
        raise UsageError(f"no halves of {drug} {names} {unit}", why)
    units = tuple(Unit(strength, halves and strength in scored) for strength in strengths)
    form: Form = product.form if product else products[0].form if products else "tablet"
    used = [p for p in products if (halves and p.scored) or (p is product and not stock)]
    made_of = tuple(f"{drug}.product.{p.id}" for p in used)
    return Shelf(drug, unit, units, form, written, *_origin(product, stock, market), made_of)


def stocked_shelf(
    table: Table, drug: str, unit: Mass, stocked: Stocked
) -> tuple[Shelf | None, tuple[Caution, ...]]:
    """Return the shelf, or the caution that there is no product and the exact dose stands alone."""
    try:
        return shelf(table, drug, unit, stocked), ()
    except PatientError as error:
        return None, (Caution("no-product", "caution", drug, f"{error.message}.", ()),)


def _scored(products: tuple[Product, ...], product: Product | None, unit: Mass) -> set[Decimal]:
    """Return the strengths that may be halved: none where a source says that units stay whole."""
    if product is not None and product.whole is not None:
        return set()
    return {converted(a.value, a.unit, unit) for p in products for a in p.scored}


def _origin(
    product: Product | None, stock: Sequence[Amount], market: str
) -> tuple[str, tuple[str, ...]]:
    if stock or product is None:
        return "the stock named", ()
    name = f"{product.name}, " if product.name else ""
    keys = dict.fromkeys(cite.source for cite in product.cite)
    return f"{name}{product.form}s, {market}", tuple(keys)


def _no_combination(place: Shelf, dose: Decimal, near: Nearest) -> RefusedError:
    below, above = (
        f"{plain(value)} {place.unit} {word}" if value is not None else f"none {word}"
        for value, word in ((near.below, "below"), (near.above, "above"))
    )
    return RefusedError(
        f"no whole {place.form}s of {place.strengths()} make {plain(dose)} {place.unit}",
        f"The nearest doses: {below}, {above}. Round with --round, or name other strengths "
        "with --stock.",
    )
