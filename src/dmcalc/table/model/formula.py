"""The shape of a formula of body size or of the kidneys."""

from __future__ import annotations

from typing import Annotated, Literal

from dmcalc.quantities.bounds import Coefficient
from dmcalc.records import Record
from dmcalc.sources.cite import Cites, Note

Shape = Literal["quotient", "root", "power", "line", "share", "clearance", "filtration"]


class Formula(Record):
    """The numbers of a published formula of body size or of the kidneys."""

    name: Annotated[str, "Name for people."]
    shape: Annotated[Shape, "How its numbers are put together, and so what it computes."]
    cite: Annotated[Cites, "Sources; each number below is in one of the quotes."]
    constants: Annotated[dict[str, Coefficient], "Its numbers, by what they are."]
    default: Annotated[bool, "Whether it is taken where several compute the same."] = False
    reading: Annotated[str | None, "How the table reads what the sources give."] = None
    notes: Annotated[tuple[Note, ...], "Its limits: warnings, cautions and disagreements."] = ()


class Needs(Record):
    """What formulas of one shape compute, and the names of their numbers.

    ``any_sign`` are the numbers that may be below 0; ``share`` those that lie between 0 and 1.
    """

    measure: str
    constants: tuple[str, ...] = ()
    any_sign: tuple[str, ...] = ()
    share: tuple[str, ...] = ()


SHAPES: dict[Shape, Needs] = {
    "quotient": Needs("bmi"),
    "root": Needs("bsa_m2", ("divisor",)),
    "power": Needs("bsa_m2", ("factor", "height_exponent", "weight_exponent")),
    "line": Needs("ideal_weight_kg", ("base_male", "base_female", "per_inch", "from_inches")),
    "share": Needs("adjusted_weight_kg", ("share",), share=("share",)),
    "clearance": Needs("crcl_ml_min", ("age_from", "divisor", "female_factor")),
    "filtration": Needs(
        "egfr_ml_min_173m2",
        (
            *("factor", "kappa_female", "kappa_male", "alpha_female", "alpha_male"),
            *("exponent", "age_base", "female_factor"),
        ),
        any_sign=("alpha_female", "alpha_male", "exponent"),
        share=("age_base",),
    ),
}
#: What ``dmcalc body`` computes, in its order.
MEASURES = tuple(dict.fromkeys(needs.measure for needs in SHAPES.values()))


def measure(formula: Formula) -> str:
    """Return what a formula computes."""
    return SHAPES[formula.shape].measure
