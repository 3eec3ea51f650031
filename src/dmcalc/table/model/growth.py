"""Bounds of plausible weight and height by age: a guard against slips, not a clinical figure."""

from __future__ import annotations

from typing import Annotated

from dmcalc.quantities.bounds import HeightRange, NumberRange, WeightRange
from dmcalc.records import Record
from dmcalc.sources.cite import Cites


class GrowthBand(Record):
    """Children of an age, girls and boys together."""

    from_months: Annotated[int, "The age in months at which the band begins."]
    to_months: Annotated[int, "The age at which the next one begins: not included."]
    weight: Annotated[WeightRange, "Weights that are taken as they are."]
    height: Annotated[HeightRange, "Lengths or heights that are taken as they are."]
    bmi: Annotated[NumberRange, "Weight over height squared, in kg/m2, where both are known."]
    weights_of: Annotated[str, "Key of the source of the weights."]
    heights_of: Annotated[str, "Key of the source of the heights and of the body mass index."]


class Growth(Record):
    """Weights and heights beyond which a program asks whether they are right."""

    reading: Annotated[str, "How the bounds follow from the sources."]
    cite: Annotated[Cites, "Sources of the charts."]
    bands: Annotated[tuple[GrowthBand, ...], "The ages, one after the other from birth."]
