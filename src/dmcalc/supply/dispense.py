"""``dispense``: from an amount to what leaves the counter, and what was rounded."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Self

from dmcalc.dispensing.packs import by_strength, packed
from dmcalc.dispensing.stock import Stocked, percent, shelf, times
from dmcalc.errors import RefusedError, UsageError
from dmcalc.quantities.arithmetic import EXACT, divide_inward, multiply, round_to_step
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import local_value_warnings, local_values_for
from dmcalc.results.described import described_by
from dmcalc.results.names import find_drug
from dmcalc.supply.document import DispenseDocument

if TYPE_CHECKING:
    from dmcalc.dispensing.packs import Packed
    from dmcalc.dispensing.solver import Nearest
    from dmcalc.dispensing.stock import Direction, Handed, Shelf
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
    products: tuple[Handed, ...]
    total_products: tuple[Handed, ...]
    waste: Decimal
    nearest: Nearest
    label: str
    sources: tuple[str, ...]
    #: The packs that hold it all; None where no size of a pack was given.
    packs: tuple[Packed, ...] | None = None
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
    stocked: Stocked | None = None,
    days: int = 1,
    round_to: Amount | None = None,
    direction: Direction | None = None,
    sizes: tuple[Handed, ...] = (),
) -> DispenseResult:
    """Find the units for an amount, given in equal doses over some days.

    With ``round_to`` the daily dose becomes a multiple of it; with ``direction`` a dose that whole
    units cannot make becomes the next one that they can; with neither a hospital's own rule counts,
    if it has one. ``sizes`` are the units in a pack of each
    strength. Raise RefusedError where no rounding is asked for and no combination makes the dose.
    """
    drug = find_drug(loaded.table, name)
    if not 1 <= days <= 31:
        raise UsageError(f"--days {days} is outside 1 to 31")
    if days > 1 and loaded.table.drugs[drug].once_weekly:
        raise RefusedError(
            f"{drug} is given once a week and never on consecutive days", "Leave --days out."
        )
    place = shelf(loaded.table, drug, amount.unit, stocked or Stocked())
    dose = divide_inward(amount.value, days, up=False) if days > 1 else amount.value
    names = place.names
    if round_to is None and direction is None and drug in loaded.rounding:
        from dmcalc.formulary.rounding import round_by_local_rule

        dose = round_by_local_rule(loaded.rounding[drug], dose, amount.unit)
        names = (*names, f"{drug}.rounding")
    local = local_values_for(loaded, *names)
    if round_to is not None:
        step = round_to.value_in(amount.unit)
        dose = round_to_step(dose, step, direction or "nearest")
    made = place.make(dose) if direction is None else place.make_toward(dose, direction)
    if made.dose is None or made.products is None:
        raise _no_combination(place, dose, made.nearest)
    if made.dose == 0:
        raise RefusedError(
            f"{format_plain(amount.value)} {amount.unit} rounds to nothing",
            "Round to a smaller step.",
        )
    dispensed = multiply(made.dose, Decimal(days))
    difference = EXACT.subtract(dispensed, amount.value)
    total = times(made.products, days)
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
        total_products=total,
        waste=multiply(made.waste, Decimal(days)),
        nearest=made.nearest,
        label=place.label,
        sources=place.sources,
        packs=packed(total, by_strength("--pack", sizes, place)) if sizes else None,
        warnings=local_value_warnings(local),
        local=local,
    )


def _no_combination(place: Shelf, dose: Decimal, near: Nearest) -> RefusedError:
    below, above = (
        f"{format_plain(value)} {place.unit} {word}" if value is not None else f"none {word}"
        for value, word in ((near.below, "below"), (near.above, "above"))
    )
    return RefusedError(
        f"no whole {place.form}s of {place.strengths()} make {format_plain(dose)} {place.unit}",
        f"The nearest doses: {below}, {above}. Round with --round, or name other strengths "
        "with --stock.",
    )
