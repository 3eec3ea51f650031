"""How often a dosage is given: its figures, times of the day and weekdays as one frequency."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.fhir.findings import quoted
from dmcalc.fhir.resource.json_text import list_of
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record
from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.findings import Findings, Path

#: A longer step is not a step: it would run out of the calendar.
MOST_DAYS = 36_525
_PERIODS = ("s", "min", "h", "d", "wk", "mo", "a")
#: Codes of timings (v3-GTSAbbreviation): so many times in so many days.
_CODES = {
    **{"QD": (1, 1), "BID": (2, 1), "TID": (3, 1), "QID": (4, 1), "QOD": (1, 2)},
    **{"AM": (1, 1), "PM": (1, 1), "BED": (1, 1), "WK": (1, 7)},
    **{f"Q{hours}H": (24 // hours, 1) for hours in (1, 2, 3, 4, 6, 8)},
}
#: What abbreviations of a frequency say, in words that a text may have.
_IN_FULL = {
    **{"QD": "daily", "BID": "twice daily", "TID": "three times daily", "QID": "4 times daily"},
    **{"BD": "twice daily", "TDS": "three times daily", "QDS": "4 times daily"},
    **{"QOD": "every other day", "QW": "once a week", "WK": "once a week"},
    **{"AM": "in the morning", "PM": "daily", "BED": "at bedtime"},
    **{f"Q{hours}H": f"every {hours} hours" for hours in (1, 2, 3, 4, 6, 8, 12, 24)},
}
#: Events that happen with each meal; how many meals that are is not stated.
_MEALS = frozenset({"C", "AC", "PC"})
#: Parts of the day, in which a dose may be given twice; all other events happen once a day.
_PARTS = ("MORN", "AFT", "EVE", "NIGHT", "IMD")


class Frequency(Record):
    """So many times in so many days; without times a single dose."""

    times: Fraction | None
    every_days: int = 1
    weekdays: tuple[str, ...] = ()
    #: Times of the day or events, which tell concurrent dosages apart.
    clock: tuple[str, ...] = ()


def of_code(concept: object) -> set[tuple[int, int]]:
    """Return so many times in so many days by each code of a timing."""
    codings = concept.get("coding") if isinstance(concept, dict) else None
    codes = [coding.get("code") for coding in list_of(codings) if isinstance(coding, dict)]
    return {_CODES[code] for code in codes if isinstance(code, str) and code in _CODES}


def words_of(concept: object) -> tuple[str, ...]:
    """Return what the code of a timing says, each once, with its abbreviations in full."""
    if not isinstance(concept, dict):
        return ()
    said = [concept.get("text")]
    for coding in list_of(concept.get("coding")):
        if isinstance(coding, dict):
            code = coding.get("code")
            known = isinstance(code, str) and code in _IN_FULL
            said += [coding.get("display"), code if known else None]
    words = [one.removesuffix(" (qualifier value)") for one in said if isinstance(one, str)]
    return tuple(dict.fromkeys(_IN_FULL.get(_plain(one), one) for one in words))


def _plain(words: str) -> str:
    return words.replace(".", "").replace(" ", "").upper()


def read(
    repeat: dict[str, object], path: Path, findings: Findings, coded: tuple[int, int] | None
) -> Frequency | None:
    """Read how often a repeat says; None where that was not understood or contradicts itself."""
    for name in ("frequencyMax", "periodMax", "countMax"):
        if name in repeat:
            findings.add("not-understood", (*path, name), "a range of times is not a step")
            return None
    clock = tuple(str(part) for key in ("timeOfDay", "when") for part in list_of(repeat.get(key)))
    weekdays = tuple(str(part) for part in list_of(repeat.get("dayOfWeek")))
    if _repeated(repeat, path, findings):
        return None
    frequency, period, unit = (repeat.get(k) for k in ("frequency", "period", "periodUnit"))
    if repeat.get("count") == 1 and frequency is None:
        return Frequency(None, clock=clock)
    if period is None:
        if frequency is not None:
            findings.add(
                "not-understood", path, "a frequency without a period: the frequency is not stated"
            )
            return None
        if not clock and not weekdays:
            if coded is not None:
                return Frequency(Fraction(coded[0]), coded[1])
            findings.add("not-understood", path, "the frequency is not stated")
            return None
        period, unit = (1, "wk") if weekdays else (1, "d")
    if not isinstance(period, int | Decimal) or unit not in _PERIODS:
        return None
    if isinstance(frequency, int) and frequency < 1:
        return None
    times = Fraction(frequency if isinstance(frequency, int) else 1)
    timed = _in_days(times, period, unit, path, findings)
    if timed is None:
        return None
    if _MEALS.intersection(clock) and (frequency is None or (times == 1 and len(clock) > 1)):
        findings.add("not-understood", (*path, "when"), "how many meals a day is not stated")
        return None
    where = (*path, "frequency" if frequency is not None else "period")
    often = _with_events(*timed, clock, weekdays, where, findings)
    if often is None:
        return None
    if coded is not None and Fraction(coded[0], coded[1]) != often[0] / often[1]:
        findings.add(
            "timing-invalid",
            (*path[:-1], "code"),
            "the code of the timing says another frequency than its figures",
        )
        return None
    return Frequency(*often, weekdays, clock)


def _repeated(repeat: dict[str, object], path: Path, findings: Findings) -> bool:
    """Find a weekday or time of the day that is listed twice."""
    before = len(findings.entries)
    for name in ("dayOfWeek", "timeOfDay", "when"):
        listed = [str(part) for part in list_of(repeat.get(name))]
        again = next((part for n, part in enumerate(listed) if part in listed[:n]), None)
        if again is not None:
            findings.add("timing-invalid", (*path, name), f"{quoted(again)} is there twice")
    return len(findings.entries) > before


def _with_events(
    times: Fraction,
    every: int,
    clock: Sequence[str],
    weekdays: Sequence[str],
    path: Path,
    findings: Findings,
) -> tuple[Fraction, int] | None:
    """Return how often with the times of the day on each weekday, which figures must agree with.

    ``path`` is that of the figure that counts.
    Once in a period is each of its times, on each of its days; any other figure counts them all.
    """
    if not clock and not weekdays:
        return times, every
    at, on = max(len(clock), 1), max(len(weekdays), 1)
    if weekdays and every > 1 and every % 7:
        findings.add(
            "timing-invalid",
            (*path[:-1], "dayOfWeek"),
            f"every {every} days, and on days of the week",
        )
        return None
    by_week = bool(weekdays) and every > 1
    all_times = Fraction(at * on if by_week else at)
    if times == 1:
        times = all_times
    elif not _agree(times, all_times, every, clock, weekdays):
        days = f" on {on} {plural(on, 'day')}" if by_week else ""
        of_days = by_week and at == 1
        how = " a week" if of_days else f", and {at} {plural(at, 'time')} of the day"
        findings.add(
            "timing-invalid",
            (*path[:-1], "dayOfWeek") if of_days else path,
            f"{format_plain(int(times))} times{how}{days}",
            expected=Decimal(int(all_times)),
            got=Decimal(int(times)),
        )
        return None
    return (times * on, 7) if weekdays and every == 1 else (times, every)


def _agree(
    times: Fraction, all_times: Fraction, every: int, clock: Sequence[str], weekdays: Sequence[str]
) -> bool:
    """Tell whether a frequency of more than 1 can be that of its times and days."""
    if _MEALS.intersection(clock):
        return True
    exact = len(clock) > 1 or any(part.partition(".")[0] not in _PARTS for part in clock)
    if weekdays and every > 1:
        return times == all_times or (len(weekdays) == 1 and not exact)
    if every > 1:  # on some days of the period
        return times % all_times == 0
    return times == all_times or not exact


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
