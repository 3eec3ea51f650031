"""What the bounds of growth must keep to: ages without a gap, up to that of an adult."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from dmcalc.table.rules.shared import unlisted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Problem
    from dmcalc.table.model.table import Table


def problems(table: Table) -> Iterator[Problem]:
    """Find bands that are empty, or that do not meet, and ages of children without one."""
    if table.growth is None:
        return
    bands = table.growth.bands
    if not bands or bands[0].from_months != 0:
        yield ("growth", "bands"), "the first band begins at birth, at 0 months"
    for number, band in enumerate(bands):
        if band.from_months >= band.to_months:
            yield ("growth", "bands", number), "it ends before it begins"
        named, path = (band.weights_of, band.heights_of), ("growth", "bands", number)
        yield from unlisted(named, table.sources, path, "one of the sources")
    for number, (before, after) in enumerate(itertools.pairwise(bands), 1):
        if before.to_months != after.from_months:
            where = ("growth", "bands", number, "from_months")
            yield where, f"the band before it ends at {before.to_months} months"
    adult = table.limits.adult_age * 12
    if bands and bands[-1].to_months < adult:
        yield ("growth", "bands"), f"no band for children from {bands[-1].to_months} months"
