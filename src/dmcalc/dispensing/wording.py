"""What is dispensed, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.text import timing
from dmcalc.text.numbers import format_exact, format_number, plural
from dmcalc.text.units import count_text, halves_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.dispensing.packs import PackCount
    from dmcalc.dispensing.stock import DispensedUnits

#: Less than this is no deviation: the part of a day has 6 decimals at the most.
_NOTHING = Decimal("0.001")


def units_text(products: Iterable[DispensedUnits], form: str) -> str:
    """Write what is dispensed: ``1 tablet of 50 mg and half a tablet of 5 mg``."""
    parts = [
        f"{count_text(p.count, form)} of {format_number(p.strength)} {p.unit}" for p in products
    ]
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else "nothing"


def counts_text(products: Iterable[DispensedUnits]) -> str:
    """Write what is dispensed, in units of a known form: ``1 of 50 mg, half of 5 mg``."""
    return ", ".join(
        f"{halves_text(p.count)} of {format_number(p.strength)} {p.unit}" for p in products
    )


def packs_text(packed: Iterable[PackCount], products: Iterable[DispensedUnits], form: str) -> str:
    """Write which packs hold what is dispensed: ``2 of 100 tablets of 20 mg, 98 over``."""
    parts = [
        f"{format_number(pack.packs)} of {format_number(pack.size)} {plural(pack.size, form)} of "
        f"{format_number(pack.strength)} {pack.unit}"
        f"{f', {halves_text(pack.over)} over' if pack.over else ''}"
        for pack in packed
    ]
    sized = {(pack.strength, pack.unit) for pack in packed}
    without = [
        f"{format_number(product.strength)} {product.unit}"
        for product in products
        if (product.strength, product.unit) not in sized
    ]
    if without:
        parts.append(f"no size of a pack is given for {', '.join(without)}")
    return "; ".join(parts) or "none"


def in_all(amount: Decimal, dispensed: Decimal) -> Decimal:
    """Return what is dispensed, for people: the amount where a day's part was only cut."""
    return amount if abs(dispensed - amount) < _NOTHING else dispensed


def deviation_text(amount: Decimal, percent: Decimal, unit: str) -> tuple[str, str] | None:
    """Say how far a dose is from the one required: ``2.8 g more``, ``2.04 per cent``."""
    if not amount:
        return None
    word = "more" if amount > 0 else "less"
    return f"{format_exact(abs(amount))} {unit} {word}", f"{format_exact(abs(percent))} per cent"


def single_dose(products: Iterable[DispensedUnits], times: int) -> tuple[DispensedUnits, ...]:
    """Return the units of one of several equal doses of a day."""
    return tuple(product._replace(count=product.count / times) for product in products)


def day_text(products: tuple[DispensedUnits, ...], form: str, times: int) -> str:
    """Write how the units of a day are taken, in equal doses.

    ``3 tablets of 500 mg in the morning, 3 in the evening``; as ``units_text`` where it is once.
    """
    single = single_dose(products, times)
    if times != 2:
        return f"{units_text(single, form)}{timing.times_daily(times) if times > 1 else ''}"
    first, *others = single
    again = "the same" if others else halves_text(first.count)
    return f"{units_text(single, form)} in the morning, {again} in the evening"


def instructions_text(
    products: tuple[DispensedUnits, ...], form: str, times: int, often: str
) -> str:
    """Write an order for a label, such as ``Take 3 tablets of 500 mg twice daily.``.

    ``products`` are the units of a day, or of what ``often`` says: ``once a week``.
    """
    return f"Take {units_text(single_dose(products, times), form)} {often}."
