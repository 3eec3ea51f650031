"""What formulas and equivalents must keep to: each number that a shape needs, and no other.

The table has the numbers; how they are put together is in ``patient/formulas.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.sources import quotes
from dmcalc.table.model.formula import MEASURES, SHAPES, measure
from dmcalc.table.rules.shared import names_are_one_drugs, unlisted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.equivalence import Equivalence, Equivalent
    from dmcalc.table.model.formula import Formula
    from dmcalc.table.model.table import Table


def problems(table: Table) -> Iterator[Problem]:
    """Find faults of formulas and of equivalents."""
    for key, formula in table.formulas.items():
        yield from _numbers(formula, ("formulas", key))
    for name in MEASURES:
        keys = [key for key, formula in table.formulas.items() if measure(formula) == name]
        defaults = [key for key in keys if table.formulas[key].default]
        if len(keys) > 1 and len(defaults) != 1:
            message = f"{len(defaults)} defaults among the formulas for {name}: name one"
            yield ("formulas", (defaults or keys)[-1]), message
    if table.equivalence is not None:
        yield from _equivalence(table.equivalence)


def _numbers(formula: Formula, here: Path) -> Iterator[Problem]:
    needs = SHAPES[formula.shape]
    missing = [name for name in needs.constants if name not in formula.constants]
    if missing:
        yield (*here, "constants"), f"no {missing[0]}: the shape {formula.shape} needs it"
    for name, value in formula.constants.items():
        path = (*here, "constants", name)
        if name not in needs.constants:
            yield path, f"not a number of the shape {formula.shape}"
        elif name in needs.share and not 0 < value.value < 1:
            yield path, f"{value} is not between 0 and 1"
        elif name not in needs.any_sign and value.value <= 0:
            yield path, f"{value} is not above 0"


def _equivalence(equivalence: Equivalence) -> Iterator[Problem]:
    here: Path = ("equivalence",)
    yield from unlisted((equivalence.to,), equivalence.drugs, (*here, "to"))
    if not equivalence.routes:
        yield (*here, "routes"), "no route: say for which the sources give the amounts"
    if not equivalence.pulses:
        yield (*here, "pulses"), "no pulse: say from which amount on nothing is converted"
    for key, drug in equivalence.drugs.items():
        yield from _amount(equivalence, drug, (*here, "drugs", key, "amount"))
    for number, pulse in enumerate(equivalence.pulses):
        path = (*here, "pulses", number)
        yield from unlisted(
            (pulse.drug,), equivalence.drugs, (*path, "drug"), "one of the equivalents"
        )
        if pulse.drug in equivalence.drugs and pulse.amount.value <= 0:
            yield (*path, "amount"), f"{pulse.amount} is not above 0"
    yield from names_are_one_drugs(equivalence.drugs, equivalence.absent, (*here, "drugs"))


def _amount(equivalence: Equivalence, drug: Equivalent, path: Path) -> Iterator[Problem]:
    """An amount is equivalent to another only where one quote has both."""
    compared = equivalence.drugs.get(equivalence.to)
    if compared is None:
        return
    both = (drug.amount, compared.amount)
    if drug.amount.value <= 0:
        yield path, f"{drug.amount} is not above 0"
    elif not any(c.quote and all(quotes.in_quote(a, c.quote) for a in both) for c in drug.cite):
        yield path, f"no quote has it together with {compared.amount} of {equivalence.to}"
