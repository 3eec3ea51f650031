"""The dosages of an order as steps: which follow one another, and whether each day has its dose."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from dmcalc.quantities.arithmetic import to_decimal
from dmcalc.quantities.base import format_plain
from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.findings import Findings, Path
    from dmcalc.fhir.resource.reading import Dosage

_DAY = datetime.timedelta(days=1)
_SECOND = datetime.timedelta(seconds=1)


class DosageGroup:
    """Dosages that hold at the same time: one step of the order."""

    def __init__(self, dosages: Sequence[Dosage]) -> None:
        """Take the dosages with one sequence number."""
        self.dosages = tuple(dosages)
        timings = [dosage.timing for dosage in dosages if dosage.timing is not None]
        self.understood = len(timings) == len(dosages) and all(d.high for d in dosages)
        self.timed = len(timings) == len(dosages)
        starts = [timing.start for timing in timings if timing.start]
        ends = [timing.end for timing in timings]
        self.start = min(starts, default=None)
        self.end = max((end for end in ends if end), default=None) if all(ends) else None
        lengths = [timing.days for timing in timings]
        self.days = max((length for length in lengths if length), default=None)
        if not all(lengths):
            self.days = None
        elif self.start and self.end:
            self.days = (self.end - self.start).days + 1
        self.alternates = len(timings) == 2 and all(t.every_days == 2 for t in timings)
        #: Days between the starts of two dosages; None where one has no date.
        self.days_apart = abs((starts[1] - starts[0]).days) if len(starts) == 2 else None

    @property
    def alternates_in_turn(self) -> bool:
        """Whether it is two doses on alternate days whose dates do not meet."""
        return self.alternates and self.days_apart is not None and self.days_apart % 2 == 1

    @property
    def path(self) -> Path:
        """The path of its first dosage."""
        return self.dosages[0].path

    def at(self, *keys: str) -> Path:
        """Return the path of a part of its timing."""
        return (*self.path, "timing", "repeat", *keys)

    def average(self) -> tuple[str, str, Fraction] | None:
        """Return what it comes to a day, with the unit that this is compared in."""
        kinds = {d.high.base for d in self.dosages if d.high}
        if len(kinds) != 1 or not self.understood:
            return None
        total = Fraction(0)
        for dosage in self.dosages:
            rate = dosage.timing.per_day if dosage.timing else None
            if rate is None or dosage.high is None:
                return None
            total += Fraction(dosage.high.in_base) * rate
        return (*kinds.pop(), total)


def by_the_clock(dosages: Sequence[Dosage]) -> list[Dosage]:
    """Let a dosage end the day before the next one begins, where their times meet."""
    met = list(dosages)
    ends_are_starts = False
    for number, (before, after) in enumerate(pairwise(dosages)):
        first, second = before.timing, after.timing
        if first and second and first.moments and second.moments:
            (begin, end), start = first.moments, second.moments[0]
            apart = start - end
            if datetime.timedelta(0) <= apart <= _SECOND and begin.date() < start.date():
                met[number] = _ending(before, begin.date(), start.date() - _DAY)
                ends_are_starts = ends_are_starts or not apart
    last = met[-1].timing if met else None
    if ends_are_starts and last and last.moments and last.end:
        begin, end = last.moments
        if begin.time() == end.time() and begin.date() < last.end:
            met[-1] = _ending(met[-1], begin.date(), last.end - _DAY)
    return met


def _ending(dosage: Dosage, start: datetime.date, end: datetime.date) -> Dosage:
    assert dosage.timing is not None  # it has a start
    days = (end - start).days + 1
    return dosage._replace(timing=dosage.timing._replace(end=end, days=days))


def arrange(
    dosages: Sequence[Dosage], drug: str, findings: Findings, *, apart: bool = False
) -> list[DosageGroup]:
    """Put dosages into steps in their order, and add what is wrong with order, dates and length.

    With ``apart`` days between the steps are meant: those of courses, and of one of several orders
    that make the doses together.
    """
    groups = _by_sequence(dosages, findings)
    for group in groups:
        if len(group.dosages) > 1:
            _at_the_same_time(group, findings)
            if not apart:
                _days_without(group, findings)
    starts = [group.start for group in groups if group.start]
    if not apart:
        _rises(groups, findings)
    if starts != sorted(starts):
        findings.add(
            "sequence-order",
            (*groups[0].path,),
            "the numbers of the steps and their dates are in another order",
        )
        groups.sort(key=lambda group: group.start or datetime.date.max)
    else:
        _one_after_another(groups, None if apart else drug, findings)
    return groups


def _by_sequence(dosages: Sequence[Dosage], findings: Findings) -> list[DosageGroup]:
    if len(dosages) < 2:
        return [DosageGroup([dosage]) for dosage in dosages]
    numbers = [dosage.sequence for dosage in dosages]
    if None in numbers:
        findings.add(
            "sequence-missing",
            dosages[numbers.index(None)].path,
            "the dosages have no numbers of their order; read one after the other",
        )
        clocks = [dosage.timing.clock if dosage.timing else () for dosage in dosages]
        if _disjoint(clocks) and not any(d.timing and d.timing.start for d in dosages):
            return [DosageGroup(dosages)]
        return [DosageGroup([dosage]) for dosage in dosages]
    ordered = sorted({number for number in numbers if number is not None})
    if ordered != list(range(1, len(ordered) + 1)):
        findings.add(
            "sequence-skips",
            (*dosages[0].path, "sequence"),
            f"the numbers of the steps are {', '.join(map(str, ordered[:20]))}",
        )
    return [DosageGroup([d for d in dosages if d.sequence == number]) for number in ordered]


def _disjoint(sets: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether none is empty, and no two have anything in common."""
    return all(sets) and len(set().union(*sets)) == sum(map(len, sets))


def _at_the_same_time(group: DosageGroup, findings: Findings) -> None:
    """Judge dosages with one number: times of the day, weekdays or alternate days part them."""
    timings = [dosage.timing for dosage in group.dosages if dosage.timing]
    where = (*group.dosages[1].path, "sequence")
    if len(timings) < len(group.dosages):
        return
    if _disjoint([t.clock for t in timings]) or _disjoint([t.weekdays for t in timings]):
        findings.add("concurrent", where, f"{len(timings)} dosages hold at the same time")
        return
    pair, apart = len(timings) == 2, group.days_apart
    if pair and (any(t.every_days == 2 for t in timings) or apart == 1):
        if group.alternates_in_turn:
            return
        same = "both on the same days" if group.alternates else "and one of them is coded daily"
        findings.add(
            "alternate-days",
            (*group.dosages[1].path, "timing"),
            f"two doses on alternate days, {same}",
        )
        return
    doses = " + ".join(str(dosage.high) for dosage in group.dosages if dosage.high)
    findings.add(
        "sequence-repeated",
        where,
        f"{len(timings)} dosages have the same number, which means at the same time: {doses}",
    )


def _days_without(group: DosageGroup, findings: Findings) -> None:
    """Find days of a step on which neither of its two doses on alternate days is given."""
    if group.end is None or not group.alternates_in_turn:
        return
    for dosage in group.dosages:
        assert group.start is not None and dosage.timing is not None  # so it alternates in turn
        start, end = dosage.timing.start, dosage.timing.end
        assert start is not None and end is not None
        last = start + (end - start) // (2 * _DAY) * 2 * _DAY
        early, late = (start - group.start) // (2 * _DAY), (group.end - last) // (2 * _DAY)
        if early or late:
            days, first = early + late, start - early * 2 * _DAY if early else last + 2 * _DAY
            findings.add(
                "step-gap",
                (*dosage.path, "timing"),
                f"{days} {plural(days, 'day')} with neither of the two doses on alternate days, "
                f"the first is {first}",
            )


def _rises(groups: Sequence[DosageGroup], findings: Findings) -> None:
    for before, after in pairwise(groups):
        first, second = before.average(), after.average()
        if first and second and first[:2] == second[:2] and second[2] > first[2]:
            weekly = any(d.timing and d.timing.every_days == 7 for d in after.dosages)
            less, more = (to_decimal(end[2] * (7 if weekly else 1)) for end in (first, second))
            message = (
                f"the dose rises from {format_plain(less)} to {format_plain(more)} {second[1]} "
                f"{'a week' if weekly else 'a day'}"
            )
            findings.add("dose-rises", after.path, message, expected=less, got=more)


def _one_after_another(groups: list[DosageGroup], drug: str | None, findings: Findings) -> None:
    """Give each step its days; find days without a dose, with two, and steps without an end."""
    before: DosageGroup | None = None
    for number, group in enumerate(groups):
        last = number == len(groups) - 1
        if group.timed and group.days is None:
            dosage, *_ = group.dosages
            if not last:
                where = dosage.at("timing", "repeat")
                findings.add("bounds-missing", where, f"step {number + 1} has no length")
            elif not dosage.of_text:
                findings.add("open-end", group.path, "the last step has no end")
        if group.start is None and before is not None and before.end and group.days:
            group.start = before.end + _DAY
        if group.start and group.days:
            group.end = _later(group.start, group.days - 1)
        if before is not None and before.end and group.start:
            _gap_or_overlap(before.end, group, drug, findings)
        before = group
    _counted_against_bounds(groups, findings)


def _gap_or_overlap(
    end: datetime.date, group: DosageGroup, drug: str | None, findings: Findings
) -> None:
    assert group.start is not None  # checked before
    expected = end + _DAY
    gap = (group.start - expected).days
    here, days = group.at("boundsPeriod", "start"), abs(gap)
    if gap > 0 and drug is not None:
        listed = (
            f"{expected}"
            if days == 1
            else (
                f"{expected} and {group.start - _DAY}"
                if days == 2
                else f"{expected} to {group.start - _DAY}"
            )
        )
        message = f"{days} {plural(days, 'day')} without {drug}: {listed}"
        code = "step-gap"
    elif gap < 0:
        message = f"{days} {plural(days, 'day')} in two steps: from {group.start} to {end}"
        code = "step-overlap"
    else:
        return
    findings.add(code, here, message, expected=str(expected), got=str(group.start))


def _counted_against_bounds(groups: Sequence[DosageGroup], findings: Findings) -> None:
    """Find a count of doses that lasts other than the bounds, of the step or of all steps."""
    total = sum(filter(None, (group.days for group in groups)))
    for group in groups:
        for dosage in group.dosages:
            when = dosage.timing
            bounds = None if when is None else when.bounds_days
            if when is None or bounds is None:
                continue
            assert when.days is not None  # its doses were counted
            if bounds not in (when.days, total):
                findings.add(
                    "timing-invalid",
                    (*dosage.path, "timing", "repeat", "count"),
                    f"the count lasts {when.days} days, the bounds {bounds}",
                    expected=Decimal(bounds),
                    got=Decimal(when.days),
                )


def _later(day: datetime.date, days: int) -> datetime.date | None:
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        return None
