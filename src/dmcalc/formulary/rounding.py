"""What local figures do to an answer; imported only where a table has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.quantities.amount import converted
from dmcalc.results.base import ClinicalWarning
from dmcalc.supply.dispense import rounded_to
from dmcalc.text.numbers import ranges_in_words, with_thousands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from dmcalc.quantities.amount import Mass
    from dmcalc.table.model.local_values import LocalFigure, Rounding


def by_rule(rule: Rounding, dose: Decimal, unit: Mass, most: Decimal | None = None) -> Decimal:
    """Round what is given on one day by the hospital's own rule.

    Where that would be more than ``most`` it is rounded down, and a dose never becomes nothing.
    """
    step = converted(rule.to.value, rule.to.unit, unit)
    near = rounded_to(dose, step, rule.direction)
    if most is not None and near > most:
        near = rounded_to(dose, step, "down")
    return near or dose


def inside(rule: Rounding, unit: Mass, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Round both ends of a dose by the hospital's rule, each where that stays inside the range."""
    near = [by_rule(rule, end, unit, high) for end in (low, high)]
    first, last = (n if n >= low else end for n, end in zip(near, (low, high), strict=True))
    return first, last


def warned(found: Iterable[LocalFigure]) -> Iterator[ClinicalWarning]:
    """Warn, once each, of local figures that are looser than the table's, or that win over others.

    How looser is decided stands in ``dmcalc.formulary.permissiveness``.
    """
    for local in dict.fromkeys(found):
        value, base = (spoken(text) for text in (local.value, local.base or "none"))
        if local.looser:
            message = (
                f"{local.figure}: the local value of {local.overlay}, {value}, is looser than the "
                f"table's, {base}."
            )
            yield ClinicalWarning("local-looser", local.drug, message, None)
        if local.wins_over:
            message = (
                f"{local.figure}: set by {', '.join(local.wins_over)} and again by "
                f"{local.overlay}, whose value counts: {value}."
            )
            yield ClinicalWarning("local-twice", local.drug, message, None)


def spoken(text: str) -> str:
    """Write a value of the table or of an overlay for people: ``60 to 80 mg/day``."""
    return ranges_in_words(with_thousands(text))
