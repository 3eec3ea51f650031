"""What pages say of the dosing weight, where one was requested."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock
from dmcalc.quantities.arithmetic import round_half_up
from dmcalc.text.numbers import format_exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.pages.model import References
    from dmcalc.patient.weight_request import DosingWeight
    from dmcalc.table.model.table import Table


def block(
    weight: DosingWeight,
    table: Table,
    drugs: Iterable[str],
    references: References,
    lines: Iterable[tuple[str, str]],
) -> ListBlock:
    """Return the block on the weight of some drugs; ``lines`` are further lines of it."""
    names = [table.drugs[drug].name for drug in dict.fromkeys(drugs) if drug in weight.drugs]
    cited = references.cite(weight.sources)
    items = [(f"{name}:", f"{weight.description}. {cited}") for name in names]
    items += lines
    items += [("the policy:", weight.policy_text)] if weight.policy_text else []
    figures = _figures(weight)
    items += [("from:", f"{figures}.")] if figures else []
    items += [("how it is read:", reading) for reading in weight.readings]
    # how the weight itself was rounded, before anything was multiplied by it
    if Fraction(weight.kg) != weight.exact["kg"]:
        items.append(
            ("computed with:", f"{format_exact(weight.kg)} kg, rounded down to 0.000001 kg.")
        )
    return ListBlock("Dosing weight", tuple(items))


def _figures(weight: DosingWeight) -> str:
    """Name the measures that the weight is based on, to 3 decimals half up."""
    named = {
        "body mass index": (weight.bmi, ""),
        "ideal weight": (weight.ideal_kg, " kg"),
        "adjusted weight": (weight.adjusted_kg, " kg"),
    }
    return ", ".join(
        f"{name} {format_exact(round_half_up(Fraction(value), 3))}{unit}"
        for name, (value, unit) in named.items()
        if value is not None
    )
