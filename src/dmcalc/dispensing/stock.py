"""The stock of a drug: which whole units make a dose, and how many of each.

Tablets and capsules make a dose exactly or not at all. A vial is opened for a dose: the vials cover
it, and what is left over is waste.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from dmcalc.dispensing.solver import Nearest, Solver, Strength, solver_of
from dmcalc.errors import PatientError, UnknownNameError, UsageError, as_option, read
from dmcalc.quantities.amount import Amount, Mass, Per, converted, read_amount
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record
from dmcalc.results.base import ClinicalNote
from dmcalc.results.trace import noting
from dmcalc.table.model.drug import Form, Market, Product
from dmcalc.table.model.table import Table
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Path

Direction = Literal["nearest", "down", "up"]
#: More units than anyone counts out.
MOST = 100_000


class DispensedUnits(Record):
    """So many units of one strength; half a tablet counts 0.5."""

    strength: Annotated[Decimal, "What one unit holds."]
    unit: Annotated[Mass, "Unit of the strength."]
    #: Not ``tuple.count``: the JSON calls it so.
    count: Annotated[Decimal, "How many; half a tablet is 0.5."]  # type: ignore[assignment]


#: What is dispensed, strength by strength.
HandedUnits = tuple[Annotated[DispensedUnits, "So many units of one strength."], ...]


class CourseDays(Record):
    """A course in equal parts over a number of days."""

    days: Annotated[int, "Days that the course is divided over."]
    daily: Annotated[Decimal, "What is given on each of them."]
    products: Annotated[HandedUnits, "The units for one day."]


class UnitCombination(Record):
    """What makes one dose.

    ``dose`` is what is given: None where no combination makes it. ``waste`` is what opened vials
    leave over. ``nearest`` names the doses next to it that whole units make.
    """

    dose: Decimal | None
    products: tuple[DispensedUnits, ...] | None
    waste: Decimal
    nearest: Nearest


class Stock(Record):
    """What can be dispensed of one drug: strengths in one unit of mass, and the form they have."""

    drug: str
    unit: Mass
    units: tuple[Strength, ...]
    solver: Solver
    form: Form
    #: Each strength as its box says it: 500 mg, where the dose is in g.
    written: dict[Decimal, Amount]
    #: The units of each amount that was made before: there are no more than the units have sums.
    made: dict[Decimal, tuple[DispensedUnits, ...]]
    #: Where it comes from: a product of the table, or the stock that the user named.
    label: str
    sources: tuple[str, ...]
    #: What of the table it was made from, by name: its product, and those that say what is halved.
    names: tuple[str, ...]
    #: Its path in the table.
    paths: tuple[Path, ...]
    #: Into how many equal doses an amount is divided: each of them is made of whole units.
    times_daily: int

    def __hash__(self) -> int:
        """Tell it from others as an object: it keeps what was made of it."""
        return id(self)

    def make(self, dose: Decimal) -> UnitCombination:
        """Make a dose: exactly from tablets or capsules, covered by vials.

        The dose of a day that is taken several times is made of as many equal doses.
        """
        if trace := noting():
            for path in self.paths:
                trace.used(self.drug, *path, here=True)
        times = self.times_daily
        if times == 1:
            near = self.solver.nearest(dose)
        else:
            each = self.solver.nearest(dose / times)
            near = Nearest(*(None if amount is None else amount * times for amount in each))
        above = near.above
        total = above if self.form == "vial" else dose if above == dose else None
        if total is None:
            return UnitCombination(None, None, Decimal(), near)
        return UnitCombination(dose, self._units_of(total), total - dose, near)

    def _units_of(self, total: Decimal) -> tuple[DispensedUnits, ...]:
        """Return the fewest units that make an amount which they make exactly."""
        if total not in self.made:
            times = self.times_daily
            counts = self.solver.combination(total / times) or ()
            units = ((self.written[c.strength], c.count * times) for c in counts)
            self.made[total] = tuple(DispensedUnits(u.value, u.unit, count) for u, count in units)
        return self.made[total]

    def make_within(self, dose: Decimal, low: Decimal, high: Decimal) -> UnitCombination:
        """Make the dose nearest to ``dose`` that can be made and lies from low to high, ties up."""
        made = self.make(dose)
        if made.dose is not None:
            return made
        inside = [a for a in (made.nearest.above, made.nearest.below) if a and low <= a <= high]
        if not inside:
            return made
        near = min(inside, key=lambda amount: abs(amount - dose))
        return UnitCombination(near, self._units_of(near), Decimal(), Nearest(near, near))

    def makes_within(self, low: Decimal, high: Decimal) -> bool:
        """Tell whether some dose from low to high can be made; vials cover any."""
        if self.form == "vial":
            return True
        times = self.times_daily
        return self.solver.makes_within(low / times, high / times)

    def make_toward(self, dose: Decimal, direction: Direction) -> UnitCombination:
        """Make the dose that can be made next to ``dose`` in a direction, ties up."""
        made = self.make(dose)
        if made.dose is not None:
            return made
        below, above = made.nearest
        ends = {"down": [below], "up": [above], "nearest": [above, below]}[direction]
        near = [amount for amount in ends if amount is not None]
        return self.make(min(near, key=lambda amount: abs(amount - dose))) if near else made

    def strengths(self) -> str:
        """Name the strengths: ``1, 5, 20 mg``."""
        named = [self.written[unit.strength] for unit in sorted(self.units)]
        units = {amount.unit for amount in named}
        if len(units) == 1:
            return ", ".join(format_plain(amount.value) for amount in named) + f" {units.pop()}"
        return ", ".join(map(str, named))


class StockOptions(Record):
    """What the user entered of the stock."""

    market: Market = "US"
    stock: tuple[Amount, ...] = ()
    halves: bool = False
    product: str | None = None

    def of_one_drug(self, names: Sequence[str]) -> None:
        """Raise UsageError where strengths are in stock and not one drug is named to have them."""
        if self.stock and len(names) != 1:
            raise UsageError("‹stock› is of one drug", "Name the drug whose strengths those are.")


def multiply_units(products: Iterable[DispensedUnits], days: int) -> tuple[DispensedUnits, ...]:
    """Return what is dispensed for some days of one dose."""
    return tuple(product._replace(count=product.count * days) for product in products)


def units_in_all(products: Iterable[DispensedUnits]) -> Decimal:
    """Return how many units that are."""
    return sum((product.count for product in products), Decimal())


def mass_of(products: Iterable[DispensedUnits], unit: Mass) -> Decimal:
    """Return what units hold in all, in a unit of mass."""
    masses = (
        converted(product.strength, product.unit, unit) * product.count for product in products
    )
    return sum(masses, Decimal())


def sum_units(parts: Iterable[tuple[DispensedUnits, ...]]) -> tuple[DispensedUnits, ...]:
    """Add up what is dispensed, strength by strength, the largest first."""
    counts: dict[tuple[Decimal, Mass], Decimal] = {}
    for part in parts:
        for product in part:
            key = (product.strength, product.unit)
            counts[key] = counts.get(key, Decimal()) + product.count
    largest = sorted(counts, key=lambda key: converted(key[0], key[1], "mg"), reverse=True)
    return tuple(DispensedUnits(*key, counts[key]) for key in largest)


def minus_on_hand(
    products: Iterable[DispensedUnits], left: dict[Decimal, Decimal]
) -> tuple[DispensedUnits, ...]:
    """Take off what is left of each strength in mg; more than is needed leaves none to dispense."""
    needed = []
    for product in products:
        strength = converted(product.strength, product.unit, "mg")
        count = product.count - left.get(strength, Decimal())
        if count > 0:
            needed.append(product._replace(count=count))
    return tuple(needed)


def stock_of(
    table: Table, drug: str, unit: Mass, stocked: StockOptions, per: Per | None = None
) -> Stock:
    """Return what can be dispensed of a drug: the stock that is named, or a product of a market.

    Its amounts are single doses; ``per`` day they are divided where the table divides a day's dose.
    Halves are only of strengths that the table calls scored. Raise PatientError where the table has
    no product for the market, UnknownNameError for a product that it has not, and UsageError for
    halves of what is not scored.
    """
    market, stock, halves, product_id = stocked
    products = table.drugs[drug].products
    product = find_product(table, drug, market, product_id)
    if product is None and not stock:
        elsewhere = dict.fromkeys(m for p in products for m in p.markets)
        there = f" There are products for {', '.join(elsewhere)} (‹market›)." if elsewhere else ""
        why = table.drugs[drug].no_product.get(market)
        raise PatientError(
            f"the table has no product of {drug} for the market {market}"
            + (f": {why.removesuffix('.')}" if why else ""),
            f"Name the strengths in stock, e.g. ‹stock 20mg,5mg›.{there}",
        )
    scored = _scored([p for p in products if market in p.markets] if stock else [product], unit)
    named = stock or (product.strengths if product else ())
    written = {a.value_in(unit): a for a in named}
    strengths = list(written)
    if halves and not scored.intersection(strengths):
        makers = " or ".join(p.id for p in products if p.scored and market in p.markets)
        why = "None of them is scored." + (f" Some are: ‹product› {makers}" if makers else "")
        why = product.whole if product is not None and product.whole else why
        names = ", ".join(format_plain(strength) for strength in strengths)
        raise UsageError(f"no halves of {drug} {names} {unit}", why)
    units = tuple(Strength(strength, halves and strength in scored) for strength in strengths)
    form: Form = product.form if product else products[0].form if products else "tablet"
    used = [
        p
        for p in products
        if (p is product and not stock) or (stock and halves and p.scored and market in p.markets)
    ]
    made_of = tuple(f"{drug}.product.{p.id}" for p in used)
    origin = _origin(product, stock, market)
    paths = tuple(_paths(table, drug, product, stocked))
    times = (table.drugs[drug].times_daily if per == "day" else None) or 1
    solver = solver_of(units)
    return Stock(drug, unit, units, solver, form, written, {}, *origin, made_of, paths, times)


def find_product(table: Table, drug: str, market: Market, product_id: str | None) -> Product | None:
    """Return the product that is wanted, by its id or name, or the first of a market.

    Raise UnknownNameError for one that the table has not, and UsageError for one of prolonged
    release, whose amounts are not those of a dose that is divided.
    """
    entry = table.drugs[drug]
    if product_id is None:
        return next((p for p in entry.products if market in p.markets), None)
    word = product_id.lower()
    names = {p.id: p for p in entry.products} | {
        p.name.lower(): p for p in entry.products if p.name and market in p.markets
    }
    if word not in names:
        raise UnknownNameError(
            f"{drug} has no product {product_id!r}{near(word, names)}",
            f"Its products: {', '.join(p.id for p in entry.products)}",
        )
    if names[word].release == "prolonged" and entry.divided is not None:
        raise UsageError(
            f"{names[word].label} of {drug}: its doses here are for immediate release, which is "
            "taken in several doses a day",
            "The two are never put in each other's place.",
        )
    return names[word]


def _paths(
    table: Table, drug: str, product: Product | None, stocked: StockOptions
) -> Iterator[Path]:
    """Yield where the strengths of a product stand that is no stock, and all that may be halved."""
    for number, own in enumerate(table.drugs[drug].products):
        if own is product and not stocked.stock:
            yield "drugs", drug, "products", number, "strengths"
        if stocked.halves and (own is product or (stocked.stock and stocked.market in own.markets)):
            yield "drugs", drug, "products", number, "scored"


def stock_or_note(
    table: Table, drug: str, unit: Mass, stocked: StockOptions, per: Per | None = None
) -> tuple[Stock | None, tuple[ClinicalNote, ...]]:
    """Return the stock, or the caution that without a product the exact dose alone is listed."""
    try:
        return stock_of(table, drug, unit, stocked, per), ()
    except PatientError as error:
        return None, (
            ClinicalNote("no-product", "caution", drug, f"{error.named(as_option)[0]}.", ()),
        )


def _scored(products: Sequence[Product | None], unit: Mass) -> set[Decimal]:
    """Return the strengths that may be halved: none where a source says that units stay whole."""
    made = [product for product in products if product is not None]
    if any(product.whole is not None for product in made[:1]):
        return set()
    return {amount.value_in(unit) for product in made for amount in product.scored}


def _origin(
    product: Product | None, stock: Sequence[Amount], market: str
) -> tuple[str, tuple[str, ...]]:
    if stock or product is None:
        return "the stock named", ()
    keys = dict.fromkeys(cite.source for cite in product.cite)
    return f"{product.label}, {market}", tuple(keys)


def strengths(text: str | None) -> tuple[Amount, ...]:
    """Read the strengths in stock: ``20mg,5mg,1mg``; raise UsageError."""
    read_all = [read("stock", part, read_amount) for part in text.split(",")] if text else []
    return tuple(filter(None, read_all))


def counted_units(option: str, text: str | None) -> tuple[DispensedUnits, ...]:
    """Read a count for each strength, ``20mg:30,5mg:12``: units that are left, or in a pack."""
    units = []
    for part in text.split(",") if text else []:
        strength, _, count = part.partition(":")
        amount = read(option, strength, read_amount)
        if amount is None or not (count.isascii() and count.isdigit() and int(count) <= MOST):
            raise UsageError(f"‹{option}›: {part!r} is not a strength and a count, like 20mg:30")
        units.append(DispensedUnits(amount.value, amount.unit, Decimal(count)))
    return tuple(units)
