"""The time of day that a text says against that of the structure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dmcalc.fhir.findings import Findings, Path
    from dmcalc.fhir.resource.timing import Timing
    from dmcalc.fhir.sig import SigStep

#: The hours that a part of the day can mean. They are wide, and parts that follow one another
#: have hours in common: only what nobody takes for the same is found.
_MORNING, _NOON = frozenset(range(5, 12)), frozenset((12, 13))
_AFTERNOON, _EVENING = frozenset(range(12, 18)), frozenset(range(16, 24))
_NIGHT = frozenset((*range(18, 24), *range(5)))
#: By the last word of a text, and by the code of an event; others have no hours of their own.
_PARTS = {
    **dict.fromkeys(("morning", "breakfast", "MORN", "CM", "ACM", "PCM"), _MORNING),
    **dict.fromkeys(("noon", "NOON"), _NOON),
    **dict.fromkeys(("AFT", "CD", "ACD", "PCD"), _AFTERNOON),
    **dict.fromkeys(("evening", "EVE", "CV", "ACV", "PCV"), _EVENING),
    **dict.fromkeys(("night", "bedtime", "NIGHT", "HS"), _NIGHT),
}
_TIME = r"(?:at )?([0-9]?[0-9]):([0-9]{2})(?::[0-9.]+)?"  # few orders are searched with it


def check_clock(
    step: SigStep, when: Timing, path: Path, findings: Findings, who: str = "the text"
) -> None:
    """Find a time of day in a text that is none of those of the structure."""
    if step.clock is None or not when.clock or when.shifted:
        return
    if any(_may_be_same(step.clock, part) for part in when.clock):
        return
    coded = ", ".join(part[:5] if ":" in part else part for part in when.clock)
    findings.add(
        "text-time",
        path,
        f"{who} says {step.clock}, the structure {coded}",
        expected=coded,
        got=step.clock,
    )


def _may_be_same(words: str, part: str) -> bool:
    """Tell whether two times of day can be one; what is not known to differ can."""
    first, second = re.fullmatch(_TIME, words), re.fullmatch(_TIME, part)
    if first and second:
        return [*map(int, first.groups())] == [*map(int, second.groups())]
    hours, others = _hours(words, first), _hours(part, second)
    return hours is None or others is None or not hours.isdisjoint(others)


def _hours(words: str, time: re.Match[str] | None) -> frozenset[int] | None:
    if time is None:
        return _PARTS.get(words.split()[-1].partition(".")[0]) if words.strip() else None
    hour = int(time[1])
    # half past eleven is noon too, and the small hours are night and morning
    return frozenset((hour, hour + 1, max(hour, 5)))
