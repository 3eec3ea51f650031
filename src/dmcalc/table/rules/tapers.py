"""The rules that a taper must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.quantities.time import DAYS
from dmcalc.table.rules.shared import one_default, unlisted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.quantities.time import Interval
    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.drug import Drug, Regimen
    from dmcalc.table.model.schedules import DailyTaper
    from dmcalc.table.model.table import Table


def problems(table: Table) -> Iterator[Problem]:
    """Check every taper against its drug: its default, its bands without gap or overlap."""
    for name, taper in table.tapers.items():
        part = "daily_tapers" if name in table.daily_tapers else "course_tapers"
        yield from unlisted(taper.drugs, table.drugs, (part, name, "drug"))
    yield from one_default(table.tapers.values(), table.drugs, "tapers")
    for name, courses in table.course_tapers.items():
        if name in table.daily_tapers:
            yield ("course_tapers", name), "this name is also that of a taper of a daily dose"
        if courses.drug in table.drugs:
            yield from _courses(table.drugs[courses.drug], ("course_tapers", name))
    for name, daily in table.daily_tapers.items():
        for drug in daily.drugs:
            if drug in table.drugs:
                yield from _daily(table.drugs[drug], ("daily_tapers", name, "drug"))
        yield from _bands(daily, ("daily_tapers", name))


def _daily(drug: Drug, path: Path) -> Iterator[Problem]:
    """A daily taper starts at a daily dose, and is never for a drug that is given once a week.

    A drug of the base posology has a dose by severity, or a single one, to start at; of another
    one the user names it.
    """
    if drug.regimens and drug.starting is None:
        yield path, "this drug has no daily regimen by severity, or of one dose, to start at"
    starts = [drug.starting] if drug.starting else list(drug.alternatives)
    if drug.once_weekly or any(r.dose is None or r.dose.per != "day" for r in starts):
        yield path, "a taper of a daily dose is for a drug that is given every day"


def _courses(drug: Drug, path: Path) -> Iterator[Problem]:
    """Courses follow from the base regimens: each in one unit, at one interval, from its week."""
    first = drug.regimens[0] if drug.regimens else None
    for regimen in drug.regimens:
        rate, every = regimen.dose, regimen.every
        if rate is None or (rate.per, rate.basis) != ("course", "kg"):
            yield (*path, "drug"), f"{regimen.phase}: courses need an amount per kg and course"
        if every is None or every.low != every.high or every.period != "week":
            yield (*path, "drug"), f"{regimen.phase}: courses need one interval in weeks"
        if first is not None and (every != first.every or _unit(regimen) != _unit(first)):
            problem = f"{regimen.phase}: not at the interval or in the unit of the first"
            yield (*path, "drug"), problem
    weeks = [regimen.from_week or 0 for regimen in drug.regimens]
    if weeks != sorted(set(weeks)) or weeks[:1] != [0]:
        yield (*path, "drug"), "the regimens of its drug do not follow each other from week 0"


def _unit(regimen: Regimen) -> str | None:
    return regimen.dose.unit if regimen.dose else None


def _bands(taper: DailyTaper, path: Path) -> Iterator[Problem]:
    if taper.hold_default is not None and not _inside(taper.hold_default, taper.hold):
        yield (*path, "hold_default"), f"{taper.hold_default} is outside the hold, {taper.hold}"
    for key in ("hold", "hold_default"):
        length = getattr(taper, key)
        if length is not None and length.period not in DAYS:
            yield (*path, key), f"{length}: a hold is in days or weeks"
    if taper.hold_default is not None and taper.hold_default.low != taper.hold_default.high:
        yield (*path, "hold_default"), f"{taper.hold_default}: a default is one length, not a range"
    if taper.max is not None and taper.bands and taper.max.unit != taper.bands[0].until.unit:
        yield (*path, "max"), f"{taper.max} is not in {taper.bands[0].until.unit}"
    if taper.hold is not None and taper.hold_default is None and taper.hold.low != taper.hold.high:
        yield (*path, "hold"), "a range needs hold_default"
    if not taper.bands:
        yield (*path, "bands"), "no bands"
    upper = None
    for number, band in enumerate(taper.bands):
        where: Path = (*path, "bands", number)
        if band.every.period not in DAYS:
            yield (*where, "every"), "the length of a step is in days or weeks"
        if upper is not None and band.starts_at is not None and band.starts_at != upper:
            what = "overlaps" if band.starts_at.value > upper.value else "leaves a gap to"
            yield (*where, "starts_at"), f"{band.starts_at} {what} the band above, until {upper}"
        top = band.starts_at or upper
        if top is not None and (top.unit != band.until.unit or band.until.value >= top.value):
            yield (*where, "until"), f"{band.until} is not below {top}: the band is empty"
        if band.decrease.unit != band.until.unit:
            yield (*where, "decrease"), f"{band.decrease} is not in {band.until.unit}"
        upper = band.until


def _inside(chosen: Interval, allowed: Interval | None) -> bool:
    return (
        allowed is not None
        and chosen.period == allowed.period
        and allowed.low <= chosen.low <= chosen.high <= allowed.high
    )
