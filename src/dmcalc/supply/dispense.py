"""``dispense``: from an amount to what leaves the counter, and what was rounded."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Self

from dmcalc.dispensing.packs import counts_by_strength, packs_needed
from dmcalc.dispensing.stock import StockOptions, deviation_percent, multiply_units, stock_of
from dmcalc.errors import RefusedError, UsageError
from dmcalc.formulary.rounding import round_by_local_rule
from dmcalc.quantities.arithmetic import EXACT, divide_inward, multiply, round_to_step
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import local_value_warnings, local_values_for
from dmcalc.results.described import described_by
from dmcalc.results.names import find_drug
from dmcalc.results.trace import PERCENT, noting, quotient
from dmcalc.supply.document import DispenseDocument

if TYPE_CHECKING:
    from dmcalc.dispensing.packs import PackCount
    from dmcalc.dispensing.solver import Nearest
    from dmcalc.dispensing.stock import Direction, DispensedUnits, Stock
    from dmcalc.quantities.amount import Amount, Mass
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.table.model.local_values import LocalValue
    from dmcalc.table.model.table import LoadedTable


@described_by(DispenseDocument)
class DispenseResult(NamedTuple):
    """The answer of ``dmcalc dispense``. Without ``days`` it is one dose."""

    loaded: LoadedTable
    drug: str
    amount: Decimal
    unit: Mass
    form: str
    #: What is given in all, and its distance from the amount asked for.
    dispensed: Decimal
    deviation: Decimal
    deviation_percent: Decimal
    days: int
    daily: Decimal
    #: For one day, and for all days.
    products: tuple[DispensedUnits, ...]
    total_products: tuple[DispensedUnits, ...]
    waste: Decimal
    nearest: Nearest
    label: str
    sources: tuple[str, ...]
    #: The packs that hold it all; None where no size of a pack was given.
    packs: tuple[PackCount, ...] | None = None
    warnings: tuple[ClinicalWarning, ...] = ()
    cautions: tuple[ClinicalNote, ...] = ()
    #: The local figures that bear on it.
    local: tuple[LocalValue, ...] = ()
    kind: str = "dispense"

    @property
    def rows(self) -> tuple[Self, ...]:
        """The one row, which is the document itself."""
        return (self,)


def dispense(
    loaded: LoadedTable,
    name: str,
    amount: Amount,
    *,
    stocked: StockOptions | None = None,
    days: int = 1,
    round_to: Amount | None = None,
    direction: Direction | None = None,
    sizes: tuple[DispensedUnits, ...] = (),
) -> DispenseResult:
    """Find the units for an amount, given in equal doses over some days.

    With ``round_to`` the daily dose becomes a multiple of it; with ``direction`` a dose that whole
    units cannot make becomes the next one that they can; with neither a hospital's own rule counts,
    if it has one. ``sizes`` are the units in a pack of each
    strength. Raise RefusedError where no rounding is asked for and no combination makes the dose.
    """
    drug = find_drug(loaded.table, name)
    if not 1 <= days <= 31:
        raise UsageError(f"‹days› {days} is outside 1 to 31")
    if days > 1 and loaded.table.drugs[drug].once_weekly:
        raise RefusedError(
            f"{drug} is given once a week and never on consecutive days", "Leave ‹days› out."
        )
    stock = stock_of(loaded.table, drug, amount.unit, stocked or StockOptions())
    dose = divide_inward(amount.value, days, up=False) if days > 1 else amount.value
    names = stock.names
    if round_to is None and direction is None and drug in loaded.rounding:
        dose = round_by_local_rule(loaded.rounding[drug], dose, amount.unit)
        names = (*names, f"{drug}.rounding")
    local = local_values_for(loaded, *names)
    if round_to is not None:
        step = round_to.value_in(amount.unit)
        dose = round_to_step(dose, step, direction or "nearest")
    combination = stock.make(dose) if direction is None else stock.make_toward(dose, direction)
    if combination.dose is None or combination.products is None:
        raise _no_combination(stock, dose, combination.nearest)
    if combination.dose == 0:
        raise RefusedError(
            f"{format_plain(amount.value)} {amount.unit} rounds to nothing",
            "Round to a smaller step.",
        )
    dispensed = multiply(combination.dose, Decimal(days))
    difference = EXACT.subtract(dispensed, amount.value)
    share = deviation_percent(difference, amount.value)
    if trace := noting():
        units = f"to whole {stock.form}s, or to the multiple that is asked for"
        what, unit = "in all" if days == 1 else f"in all, over {days} days", amount.unit
        if days > 1:
            each = quotient(amount.value, days)
            trace.rounded("daily", f"each of {days} days", each, combination.dose, unit, units)
        trace.rounded("dispensed", what, amount.value, dispensed, unit, units)
        off = quotient(difference * 100, amount.value)
        trace.rounded("deviation_percent", f"{what}: deviation", off, share, "per cent", PERCENT)
    total = multiply_units(combination.products, days)
    return DispenseResult(
        loaded=loaded,
        drug=drug,
        amount=amount.value,
        unit=amount.unit,
        form=stock.form,
        dispensed=dispensed,
        deviation=difference,
        deviation_percent=share,
        days=days,
        daily=combination.dose,
        products=combination.products,
        total_products=total,
        waste=multiply(combination.waste, Decimal(days)),
        nearest=combination.nearest,
        label=stock.label,
        sources=stock.sources,
        packs=packs_needed(total, counts_by_strength("pack", sizes, stock)) if sizes else None,
        warnings=local_value_warnings(local),
        local=local,
    )


def _no_combination(stock: Stock, dose: Decimal, nearest: Nearest) -> RefusedError:
    below, above = (
        f"{format_plain(value)} {stock.unit} {word}" if value is not None else f"none {word}"
        for value, word in ((nearest.below, "below"), (nearest.above, "above"))
    )
    return RefusedError(
        f"no whole {stock.form}s of {stock.strengths()} make {format_plain(dose)} {stock.unit}",
        f"The nearest doses: {below}, {above}. Round with ‹round›, or name other strengths "
        "with ‹stock›.",
    )
