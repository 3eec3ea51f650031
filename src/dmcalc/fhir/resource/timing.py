"""When a dosage is given: how often, from when to when, for how many days."""

from __future__ import annotations

import datetime
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.fhir.resource import frequency, quantity
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record

if TYPE_CHECKING:
    from dmcalc.fhir.findings import Findings, Path
    from dmcalc.fhir.sig import SigStep

#: Events that no minutes are before or after: with a meal.
_WITHOUT_OFFSET = frozenset({"C", "CM", "CD", "CV"})
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = datetime.timedelta(days=1)
_SECOND = datetime.timedelta(seconds=1)


class Timing(Record):
    """When a dosage is given; what is None is not stated or was not understood."""

    #: So many times in so many days; None where that is not known, or of a single dose.
    times: Fraction | None = None
    every_days: int = 1
    single: bool = False
    #: First and last day; ``moments`` are the two with their times, where they have some.
    start: datetime.date | None = None
    end: datetime.date | None = None
    moments: tuple[datetime.datetime, datetime.datetime] | None = None
    #: Length in days where bounds or a count give it.
    days: int | None = None
    #: That of the bounds alone, where a count says another.
    bounds_days: int | None = None
    weekdays: tuple[str, ...] = ()
    #: Times of the day or events, which tell concurrent dosages apart.
    clock: tuple[str, ...] = ()
    #: Whether it is minutes before or after its events.
    shifted: bool = False
    #: The words of its code, which say how often too.
    words: tuple[str, ...] = ()

    @property
    def per_day(self) -> Fraction | None:
        """Administrations a day."""
        return None if self.times is None else self.times / self.every_days

    def administrations(self, days: int) -> tuple[int, int]:
        """Return the fewest and the most times in so many days."""
        if self.times is None:
            return 1, 1
        if self.every_days == 7 and self.times == len(self.weekdays):
            if self.start is not None:
                first = self.start.weekday()
                on = {WEEKDAYS.index(day) for day in self.weekdays if day in WEEKDAYS}
                count = sum((first + day) % 7 in on for day in range(days % 7))
                return ((days // 7) * len(on) + count,) * 2
        elif self.times == 1:
            return (-(-days // self.every_days),) * 2
        exact = self.times * days / self.every_days
        return int(exact), -int(-exact // 1)


def read(timing: object, path: Path, findings: Findings) -> Timing | None:
    """Read a Timing; None where how often was not understood, with a finding that says why."""
    if not isinstance(timing, dict) or not timing:
        return None
    if "event" in timing:
        findings.add("not-understood", (*path, "event"), "single dates are not read as steps")
        return None
    repeat = timing.get("repeat")
    code = timing.get("code")
    codes = frequency.of_code(code)
    if len(codes) > 1:
        message = "the codes of the timing say several frequencies"
        findings.add("timing-invalid", (*path, "code"), message)
        return None
    coded = next(iter(codes), None)
    if not isinstance(repeat, dict) or not repeat:
        if coded is not None:
            return Timing(Fraction(coded[0]), coded[1], words=frequency.words_of(code))
        findings.add("not-understood", path, "the frequency is not understood")
        return None
    where = (*path, "repeat")
    if _faulty(repeat, where, findings):
        return None
    often = frequency.read(repeat, where, findings, coded)
    timed = None if often is None else _of_frequency(often)
    before = len(findings.entries)
    bounded = _bounds(timed or Timing(), repeat, where, findings)
    if timed is None:
        return None
    faults = (finding.code != "duration-as-course" for finding in findings.entries[before:])
    if bounded is None or any(faults):
        return None
    words, shifted = frequency.words_of(code), "offset" in repeat
    return bounded._replace(words=words, shifted=shifted) if words or shifted else bounded


def of_sig(step: SigStep) -> Timing:
    """Return when a step of a sig is given."""
    end = None
    if step.start and step.days:
        end = step.start + datetime.timedelta(days=step.days - 1)
    times = None if step.times is None else Fraction(step.times)
    weekdays = (step.weekday[:3],) if step.weekday else ()
    return Timing(
        times,
        step.every_days,
        step.times is None,
        step.start,
        end,
        days=step.days,
        weekdays=weekdays,
    )


def _of_frequency(often: frequency.Frequency) -> Timing:
    if often.times is None:
        return Timing(single=True, days=1, clock=often.clock)
    return Timing(often.times, often.every_days, weekdays=often.weekdays, clock=often.clock)


def _faulty(repeat: dict[str, object], path: Path, findings: Findings) -> bool:
    """Hold a repeat against the invariants of FHIR; tell whether it breaks one."""
    before = len(findings.entries)
    for name, unit, rule in (
        ("duration", "durationUnit", "tim-1"),
        ("period", "periodUnit", "tim-2"),
    ):
        value = repeat.get(name)
        if value is not None and repeat.get(unit) is None:
            findings.add(
                "timing-incomplete", path, f"the {name} has no unit ({rule})", expected=unit
            )
        if isinstance(value, int | Decimal) and (value < 0 or (name == "period" and value == 0)):
            findings.add(
                "timing-invalid",
                (*path, name),
                f"the {name} is {format_plain(value)}",
                got=Decimal(value),
            )
    for most, least in (
        ("periodMax", "period"),
        ("durationMax", "duration"),
        ("countMax", "count"),
        ("frequencyMax", "frequency"),
    ):
        high, low = repeat.get(most), repeat.get(least)
        if most in repeat and least not in repeat:
            findings.add(
                "timing-incomplete",
                (*path, most),
                f"{most} is there without {least}",
                expected=least,
            )
        elif isinstance(high, int | Decimal) and isinstance(low, int | Decimal) and high < low:
            findings.add(
                "timing-invalid",
                (*path, most),
                f"{most} is {format_plain(high)}, below the {least}, {format_plain(low)}",
                got=Decimal(high),
            )
    if "timeOfDay" in repeat and "when" in repeat:
        findings.add(
            "timing-invalid", (*path, "when"), "timeOfDay and when are both there (tim-10)"
        )
    if "offset" in repeat:
        when = repeat.get("when")
        if not isinstance(when, list) or _WITHOUT_OFFSET.intersection(map(str, when)):
            findings.add(
                "timing-incomplete",
                (*path, "offset"),
                "minutes before or after no event that has such (tim-9)",
                expected="when",
            )
    return len(findings.entries) > before


def _bounds(
    timed: Timing, repeat: dict[str, object], path: Path, findings: Findings
) -> Timing | None:
    """Add when a dosage begins and ends, and how long it lasts."""
    days = timed.days
    if "boundsRange" in repeat:
        findings.add(
            "not-understood", (*path, "boundsRange"), "a length that is a range is not a step"
        )
        return None
    if "boundsDuration" in repeat:
        length = quantity.read(repeat["boundsDuration"], (*path, "boundsDuration"), findings)
        if length is not None:
            days = _length(length, (*path, "boundsDuration"), findings)
    elif "boundsPeriod" in repeat:
        timed = _period(timed, repeat["boundsPeriod"], (*path, "boundsPeriod"), findings)
        if timed.start and timed.end:
            days = (timed.end - timed.start).days + 1
    duration, unit = repeat.get("duration"), repeat.get("durationUnit")
    if isinstance(duration, int | Decimal) and unit in ("d", "wk", "mo", "a"):
        length = quantity.Measure(Decimal(duration), unit, "time")
        read_as = quantity.days_of(length)
        length_text = "" if read_as is None else f"; read as the length of the step: {read_as} days"
        findings.add(
            "duration-as-course",
            (*path, "duration"),
            f"'duration' is the length of one administration{length_text if days is None else ''}",
            got=Decimal(duration),
        )
        days = read_as if days is None else days
    count = repeat.get("count")
    if isinstance(count, int) and count > 0 and timed.per_day:
        counted = -(-count // timed.per_day)
        if counted != days:
            timed = timed._replace(end=None)
        days, timed = int(counted), timed._replace(bounds_days=days)
    if days is not None and days > frequency.MOST_DAYS:
        findings.add("not-understood", path, "the step is longer than a lifetime")
        return None
    return timed._replace(days=days)


def _length(length: quantity.Measure, path: Path, findings: Findings) -> int | None:
    days = quantity.days_of(length)
    if days is None or days < 1:
        why = "a month has no length" if length.unit in ("mo", "a") else "write whole days or weeks"
        findings.add("not-understood", path, f"the length is not understood: {why}")
        return None
    return days


def _period(period_timing: Timing, period: object, path: Path, findings: Findings) -> Timing:
    """Add the days of a Period; its end belongs to it."""
    if not isinstance(period, dict):
        return period_timing
    first, last = (_moment(period.get(end), (*path, end), findings) for end in ("start", "end"))
    if first and last and last < first:
        findings.add(
            "bounds-reversed",
            path,
            f"the period ends {last.date()}, before it starts, {first.date()} (per-1)",
        )
        return period_timing
    timed = [isinstance(text := period.get(end), str) and "T" in text for end in ("start", "end")]
    end = None if last is None else last.date()
    moments = None
    if first and last and all(timed):
        moments = first, last
        # from 08:00 to 07:59:59 of the eighth day are seven days
        span = last - first + _SECOND
        end = first.date() + datetime.timedelta(days=-(-span // _DAY) - 1)
    return period_timing._replace(start=first and first.date(), end=end, moments=moments)


def _moment(text: object, path: Path, findings: Findings) -> datetime.datetime | None:
    """Read a date or a date with its time, as it was written where it was written."""
    if text is None:
        return None
    if isinstance(text, str) and len(text) < len("2026-12-01"):
        findings.add("not-understood", path, "a month or a year is not a day")
        return None
    if isinstance(text, str):
        with suppress(ValueError):
            return datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    findings.add("wrong-type", path, "this is not a day of the calendar")
    return None


def check_period(period: object, path: Path, findings: Findings) -> None:
    """Find a period that ends before it starts."""
    if isinstance(period, dict):
        _period(Timing(), period, path, findings)
