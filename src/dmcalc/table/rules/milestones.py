"""The rules that a taper by milestones must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.sources import quotes
from dmcalc.table.rules.shared import one_default, unlisted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.schedules import Milestone, MilestoneTaper
    from dmcalc.table.model.table import Table


def months(taper: MilestoneTaper) -> tuple[int, ...]:
    """Return the month of each milestone, counted from the start."""
    times = [0]
    for landmark in taper.landmarks:
        later = landmark.after.low if landmark.after else 0
        times.append(landmark.at.low if landmark.at else times[-1] + later)
    return tuple(times[1:])


def problems(table: Table) -> Iterator[Problem]:
    """Check every taper by milestones: its drug, its default, its times and its doses."""
    for name, taper in table.landmark_tapers.items():
        here: Path = ("landmark_tapers", name)
        yield from unlisted(taper.drugs, table.drugs, (*here, "drug"))
        if any(drug in table.drugs and table.drugs[drug].once_weekly for drug in taper.drugs):
            yield (*here, "drug"), "a taper of a daily dose is for a drug that is given every day"
        if name in table.tapers:
            yield here, "this name is also that of a taper of adults"
        yield from unlisted((taper.follows,), table.drugs, (*here, "follows"))
        yield from _start(table, taper, here)
        yield from _landmarks(taper, here)
    yield from one_default(table.landmark_tapers.values(), table.drugs, "tapers by milestones")


def _start(table: Table, taper: MilestoneTaper, here: Path) -> Iterator[Problem]:
    start, cap = taper.start, taper.max
    if (start.basis, start.per) != ("kg", "day") or start.low != start.high:
        yield (*here, "start"), f"{start}: milestones start from one dose per kg and day"
    if cap is not None and (cap.basis, cap.per) != (None, "day"):
        yield (*here, "max"), f"{cap} cannot cap {start}: it must be {start.unit}/day"
    if any(cite.source == table.base for cite in taper.cite):
        yield (*here, "cite"), "the reference gives no taper"


def _landmarks(taper: MilestoneTaper, here: Path) -> Iterator[Problem]:
    if not taper.landmarks:
        yield (*here, "landmarks"), "no milestones"
    for number, landmark in enumerate(taper.landmarks):
        yield from _landmark(taper, landmark, (*here, "landmarks", number))
    times = months(taper)
    if list(times) != sorted(set(times)):
        yield (*here, "landmarks"), "the milestones are not in order of time"
    shares = [landmark.percent.value for landmark in taper.landmarks if landmark.percent]
    rates = [landmark.dose.high for landmark in taper.landmarks if landmark.dose]
    if shares != sorted(shares, reverse=True) or rates != sorted(rates, reverse=True):
        yield (*here, "landmarks"), "a dose rises from one milestone to the next"
    if any(landmark.stop for landmark in taper.landmarks[:-1]):
        yield (*here, "landmarks"), "a milestone after the end"


def _landmark(taper: MilestoneTaper, landmark: Milestone, path: Path) -> Iterator[Problem]:
    if (landmark.at is None) == (landmark.after is None):
        yield path, "give either at, from the start, or after, from the milestone before"
    for key in ("at", "after"):
        time = getattr(landmark, key)
        if time is not None and (time.period != "month" or time.low != time.high):
            yield (*path, key), f"{time}: a milestone is at one number of months"
    if sum((landmark.percent is not None, landmark.dose is not None, landmark.stop)) != 1:
        yield path, "give one of percent, dose and stop"
    dose, start = landmark.dose, taper.start
    if dose is not None:
        alike = (dose.unit, dose.basis, dose.per) == (start.unit, start.basis, start.per)
        if not alike or dose.low != dose.high:
            yield (*path, "dose"), f"{dose} is not one dose like the start, {start}"
        elif dose.high > start.high:
            yield (*path, "dose"), f"{dose} is above the start, {start}"
    quoted = {share for cite in landmark.cite for share in quotes.shares(cite.quote or "")}
    for low, high in quotes.shares(landmark.condition or "") - quoted:
        yield (*path, "condition"), f"{low}-{high} per cent is in none of its quotes"
