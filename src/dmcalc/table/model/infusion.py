"""The shapes of an infusion: how much at a time, and how fast."""

from __future__ import annotations

from typing import Annotated, Literal

from dmcalc.quantities.flow import InfusionRate
from dmcalc.quantities.time import Duration
from dmcalc.records import Record
from dmcalc.sources.cite import Cites, Note

Turn = Literal["any", "first", "later"]


class Ramp(Record):
    """How fast an infusion runs: a start rate that rises step by step to a maximum.

    Where the sources give a time in place of rates it runs at one rate ``over`` that time.
    """

    cite: Annotated[Cites, "Sources; each figure above is in one of the quotes."]
    start: Annotated[InfusionRate | None, "Rate of the first step."] = None
    every: Annotated[
        Duration | None, "How long each step lasts; the last one, until all is given."
    ] = None
    max: Annotated[
        InfusionRate | None, "Rate that is never exceeded; the last step runs at it."
    ] = None
    over: Annotated[Duration | None, "How long it runs at one rate, in place of rates."] = None
    at_least: Annotated[Duration | None, "Shortest time that a source allows for it."] = None
    when: Annotated[Turn, "Whether it is for a first or a later infusion, or for any."] = "any"
    then: Annotated[tuple[InfusionRate, ...], "Rates of the steps after the first, if listed."] = ()
    by: Annotated[InfusionRate | None, "Amount by which each step rises, if it is the same."] = None
    max_at_risk: Annotated[
        InfusionRate | None, "Maximum for patients whom a source calls at risk."
    ] = None
    reading: Annotated[str | None, "How the table reads or joins what the sources give."] = None


class Infusion(Record):
    """How a drug is run in: how much at a time, of which product, and how fast."""

    population: Annotated[str, "Whom the sources give the rates for."]
    regimen: Annotated[str, "Base regimen whose amount is given; a course is divided over days."]
    ramps: Annotated[tuple[Ramp, ...], "One for any infusion, or one for the first and later ones."]
    cite: Annotated[Cites, "Sources of the infusion as a whole."]
    product: Annotated[str | None, "Product that is infused as it is, with its concentration."] = (
        None
    )
    no_volume: Annotated[str | None, "Why there are no mL, where there is no such product."] = None
    within: Annotated[Duration | None, "Longest time from pooling to the end."] = None
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()
