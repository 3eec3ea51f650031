"""When a dosage is given: how often, from when to when, for how many days."""

from __future__ import annotations

import datetime
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.fhir.resource import quantity
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record

if TYPE_CHECKING:
    from dmcalc.fhir.findings import Findings, Path
    from dmcalc.fhir.sig import SigStep

#: A longer step is not a step: it would run out of the calendar.
MOST_DAYS = 36_525
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PERIODS = ("s", "min", "h", "d", "wk", "mo", "a")
#: Codes of timings (v3-GTSAbbreviation): so many times in so many days.
_TIMING_CODES = {"QD": (1, 1), "BID": (2, 1), "TID": (3, 1), "QID": (4, 1), "QOD": (1, 2)}
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

    @property
    def per_day(self) -> Fraction | None:
        """Administrations a day."""
        return None if self.times is None else self.times / self.every_days


def read(timing: object, path: Path, findings: Findings) -> Timing | None:
    """Read a Timing; None where how often was not understood, with a finding that says why."""
    if not isinstance(timing, dict) or not timing:
        return None
    if "event" in timing:
        findings.add("not-understood", (*path, "event"), "single dates are not read as steps")
        return None
    repeat = timing.get("repeat")
    coded = _of_code(timing.get("code"))
    if not isinstance(repeat, dict) or not repeat:
        if coded is not None:
            return Timing(Fraction(coded[0]), coded[1])
        findings.add("not-understood", path, "the frequency is not understood")
        return None
    where = (*path, "repeat")
    if _faulty(repeat, where, findings):
        return None
    timed = _frequency(repeat, where, findings, coded)
    before = len(findings.found)
    bounded = _bounds(timed or Timing(), repeat, where, findings)
    if timed is None:
        return None
    faults = (finding.code != "duration-as-course" for finding in findings.found[before:])
    return None if any(faults) else bounded


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


def _of_code(concept: object) -> tuple[int, int] | None:
    codings = concept.get("coding") if isinstance(concept, dict) else None
    for coding in codings if isinstance(codings, list) else ():
        code = coding.get("code") if isinstance(coding, dict) else None
        if isinstance(code, str) and code in _TIMING_CODES:
            return _TIMING_CODES[code]
    return None


def _faulty(repeat: dict[str, object], path: Path, findings: Findings) -> bool:
    """Hold a repeat against the invariants of FHIR; tell whether it breaks one."""
    before = len(findings.found)
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
        if most in repeat and least not in repeat:
            findings.add(
                "timing-incomplete",
                (*path, most),
                f"{most} is there without {least}",
                expected=least,
            )
    if "timeOfDay" in repeat and "when" in repeat:
        findings.add(
            "timing-invalid", (*path, "when"), "timeOfDay and when are both there (tim-10)"
        )
    return len(findings.found) > before


def _frequency(
    repeat: dict[str, object], path: Path, findings: Findings, coded: tuple[int, int] | None
) -> Timing | None:
    for name in ("frequencyMax", "periodMax", "countMax"):
        if name in repeat:
            findings.add("not-understood", (*path, name), "a range of times is not a step")
            return None
    clock = tuple(str(part) for key in ("timeOfDay", "when") for part in _list(repeat.get(key)))
    weekdays = tuple(str(part) for part in _list(repeat.get("dayOfWeek")))
    frequency, period, unit = (repeat.get(k) for k in ("frequency", "period", "periodUnit"))
    if repeat.get("count") == 1 and frequency is None:
        return Timing(single=True, days=1, clock=clock)
    if period is None:
        if frequency is not None:
            findings.add(
                "not-understood", path, "a frequency without a period: the frequency is not stated"
            )
            return None
        if clock or weekdays:
            period, unit = (1, "wk") if weekdays else (1, "d")
            frequency = max(len(clock), 1) * max(len(weekdays), 1)
        elif coded is not None:
            return Timing(Fraction(coded[0]), coded[1])
        else:
            findings.add("not-understood", path, "the frequency is not stated")
            return None
    if not isinstance(period, int | Decimal) or unit not in _PERIODS:
        return None
    if isinstance(frequency, int) and frequency < 1:
        return None
    times = Fraction(frequency if isinstance(frequency, int) else 1)
    if times == 1 and clock and not weekdays:
        times = Fraction(len(clock))
    elif len(clock) > 1 and times != len(clock) and not weekdays:
        findings.add(
            "timing-invalid",
            (*path, "frequency"),
            f"{times} times, and {len(clock)} times of the day",
            expected=Decimal(len(clock)),
            got=Decimal(int(times)),
        )
        return None
    timed = _in_days(times, period, unit, path, findings)
    if timed is None:
        return None
    times, every = timed
    if weekdays:
        if every == 1:
            times, every = times * len(weekdays), 7
        elif len(weekdays) > 1 and times not in (
            *(1, len(weekdays)),
            len(weekdays) * len(clock),
        ):
            findings.add(
                "timing-invalid",
                (*path, "dayOfWeek"),
                f"{times} times a week on {len(weekdays)} days",
            )
            return None
        elif every == 7:
            times = max(times, Fraction(len(weekdays)))
    if coded is not None and Fraction(coded[0], coded[1]) != times / every:
        findings.add(
            "timing-invalid",
            (*path[:-1], "code"),
            "the code of the timing says another frequency than its figures",
        )
        return None
    return Timing(times, every, weekdays=weekdays, clock=clock)


def _in_days(
    times: Fraction, period: int | Decimal, unit: str, path: Path, findings: Findings
) -> tuple[Fraction, int] | None:
    """Return how often as times in whole days: every 8 hours is 3 times in 1 day."""
    length = Fraction(period)
    if unit in ("d", "wk"):
        length *= 7 if unit == "wk" else 1
        if length.denominator == 1 and length <= MOST_DAYS:
            return times, int(length)
    elif unit in ("h", "min"):
        length /= 24 if unit == "h" else 24 * 60
        per_day = times / length
        if per_day.denominator == 1:
            return per_day, 1
        if length.denominator == 1:
            return times, int(length)
    why = "a month has no length" if unit in ("mo", "a") else "it is not a whole number of days"
    findings.add("not-understood", (*path, "period"), f"the period is not understood: {why}")
    return None


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
    if days is not None and days > MOST_DAYS:
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


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
