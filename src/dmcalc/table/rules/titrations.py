"""The rules that a titration must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.table.rules.shared import one_default, unlisted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.drug import Drug
    from dmcalc.table.model.schedules import Titration
    from dmcalc.table.model.table import Table


def problems(table: Table) -> Iterator[Problem]:
    """Check every titration against its drug: its time, its default, what it leaves open."""
    for name, titration in table.titrations.items():
        here: Path = ("titrations", name)
        yield from unlisted((titration.drug,), table.drugs, (*here, "drug"))
        if titration.drug in table.drugs:
            yield from _titration(titration, table.drugs[titration.drug], here)
            if name in table.tapers:
                yield here, "this name is also that of a taper"
    yield from one_default(table.titrations.values(), table.drugs, "titrations")


def _titration(titration: Titration, drug: Drug, here: Path) -> Iterator[Problem]:
    targets = [r.dose.per for r in drug.regimens if r.phase == "target" and r.dose is not None]
    if not targets:
        yield (*here, "drug"), "this drug has no target on the reference"
        return
    per = targets[0]
    rates = [(key, getattr(titration, key)) for key in ("start", "increase", "max")]
    for key, rate in [*rates, *(("levels", level) for level in titration.levels)]:
        by_dose = key == "start" and titration.times_daily is not None and per == "day"
        if rate is not None and rate.per != ("dose" if by_dose else per):
            weekly = "this drug is given once a week: " if drug.once_weekly else ""
            yield (*here, key), f"{weekly}{rate} is not in {rate.unit}/{per}, as its target is"
    if titration.levels and titration.every is None:
        yield here, "levels need the length of each, in every"
    day_after = titration.day_after
    if day_after is not None and not (drug.once_weekly and day_after.dose.per == "week"):
        yield (*here, "day_after"), "a day after is for a weekly dose of a drug given once a week"
    if titration.hold is not None and titration.hold.period == "month":
        yield (*here, "hold"), f"{titration.hold}: a hold is in days or weeks"
