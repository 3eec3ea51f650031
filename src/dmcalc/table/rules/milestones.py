"""The rules that a taper by landmarks must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.sources import quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.table.model.schedules import Milestone, MilestoneTaper
    from dmcalc.table.model.table import Table

    Path = tuple[str | int, ...]
    Problem = tuple[Path, str]


def months(taper: MilestoneTaper) -> tuple[int, ...]:
    """Return the month of each landmark, counted from the start."""
    found = [0]
    for landmark in taper.landmarks:
        later = landmark.after.low if landmark.after else 0
        found.append(landmark.at.low if landmark.at else found[-1] + later)
    return tuple(found[1:])


def problems(table: Table) -> Iterator[Problem]:
    """Check every taper by landmarks: its drug, its default, its times and its doses."""
    for name, taper in table.landmark_tapers.items():
        here: Path = ("landmark_tapers", name)
        if taper.drug not in table.drugs:
            yield (*here, "drug"), f"{taper.drug!r} is not one of the drugs"
        elif table.drugs[taper.drug].once_weekly:
            yield (*here, "drug"), "a taper of a daily dose is for a drug that is given every day"
        if name in table.tapers:
            yield here, "this name also stands for a taper of adults"
        if taper.follows is not None and taper.follows not in table.drugs:
            yield (*here, "follows"), f"{taper.follows!r} is not one of the drugs"
        yield from _start(table, taper, here)
        yield from _landmarks(taper, here)
    for drug in {taper.drug for taper in table.landmark_tapers.values()} & table.drugs.keys():
        those = [taper for taper in table.landmark_tapers.values() if taper.drug == drug]
        if sum(taper.default for taper in those) != 1:
            yield ("drugs", drug), "of its tapers by landmarks exactly one is the default"


def _start(table: Table, taper: MilestoneTaper, here: Path) -> Iterator[Problem]:
    start, cap = taper.start, taper.max
    if (start.basis, start.per) != ("kg", "day") or start.low != start.high:
        yield (*here, "start"), f"{start}: landmarks start from one dose per kg and day"
    if cap is not None and (cap.basis, cap.per) != (None, "day"):
        yield (*here, "max"), f"{cap} cannot cap {start}: it must be {start.unit}/day"
    if any(cite.source == table.base for cite in taper.cite):
        yield (*here, "cite"), "the base page gives no taper"


def _landmarks(taper: MilestoneTaper, here: Path) -> Iterator[Problem]:
    if not taper.landmarks:
        yield (*here, "landmarks"), "no landmarks"
    for number, landmark in enumerate(taper.landmarks):
        path: Path = (*here, "landmarks", number)
        yield from _landmark(taper, landmark, path)
    times = months(taper)
    if list(times) != sorted(set(times)):
        yield (*here, "landmarks"), "the landmarks are not in order of time"
    shares = [one.percent.value for one in taper.landmarks if one.percent is not None]
    rates = [one.dose.high for one in taper.landmarks if one.dose is not None]
    if shares != sorted(shares, reverse=True) or rates != sorted(rates, reverse=True):
        yield (*here, "landmarks"), "a dose rises from one landmark to the next"
    if any(one.stop for one in taper.landmarks[:-1]):
        yield (*here, "landmarks"), "a landmark after the end"


def _landmark(taper: MilestoneTaper, landmark: Milestone, path: Path) -> Iterator[Problem]:
    if (landmark.at is None) == (landmark.after is None):
        yield path, "give either at, from the start, or after, from the landmark before"
    for key in ("at", "after"):
        time = getattr(landmark, key)
        if time is not None and (time.period != "month" or time.low != time.high):
            yield (*path, key), f"{time}: a landmark is at one number of months"
    said = (landmark.percent is not None, landmark.dose is not None, landmark.stop)
    if sum(said) != 1:
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
        yield (*path, "condition"), f"{low}-{high} per cent stands in none of its quotes"
