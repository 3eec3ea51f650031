"""Your own schedule: the small language of ``--steps``, and the levels that it stands for.

::

    hold 4w; -10mg/4w to 20mg; -20%/4w to 10mg; 10mg/5mg alternate days 4w; 5mg 2w

A part is a hold, a decrease by an amount or a percentage (once, or again and again down to a dose),
two doses on alternate days, or a dose. Each ends with its length in days or weeks.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.errors import RefusedError, UsageError
from dmcalc.quantities.amount import Amount, read_amount
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.time import read_interval

if TYPE_CHECKING:
    from dmcalc.quantities.amount import Mass

MAX_LEVELS = 200

_AMOUNT = r"[0-9.]+ ?[a-zA-Z]+"
_LENGTH = r"[0-9]+ ?[a-zA-Z]+"
_PARTS = {
    "hold": re.compile(rf"hold (?P<length>{_LENGTH})"),
    "less": re.compile(
        rf"-(?P<down>{_AMOUNT}|[0-9.]+ ?%)/(?P<length>{_LENGTH})(?: to (?P<to>{_AMOUNT}))?"
    ),
    "alternate": re.compile(
        rf"(?P<first>{_AMOUNT})/(?P<second>{_AMOUNT}) alternate days (?P<length>{_LENGTH})"
    ),
    "dose": re.compile(rf"(?P<dose>{_AMOUNT}) (?P<length>{_LENGTH})"),
}
_EXAMPLES = "hold 4w; -10mg/4w to 20mg; -20%/4w; 40mg/20mg alternate days 4w; 5mg 2w"


class Level(NamedTuple):
    """A dose and its days; ``alternate`` is the dose of every second day where that is another."""

    dose: Decimal
    days: int | None
    alternate: Decimal | None = None


def levels(text: str, start: Decimal, unit: Mass, max_step: Amount | None) -> list[Level]:
    """Return the levels of a schedule from a start dose, in the order of its parts.

    A decrease goes on from the dose before it, which after alternate days is the lower one. Raise
    UsageError that points at the character, and RefusedError for a step over ``max_step``.
    """
    found: list[Level] = []
    dose = start
    at = 0
    for part in text.split(";"):
        where = at + len(part) - len(part.lstrip())
        at += len(part) + 1
        added = _part(part.strip(), _Place(text, where, unit), dose)
        _check(dose, added, max_step, unit)
        found += added
        dose = min(found[-1].dose, found[-1].alternate or found[-1].dose)
        if len(found) > MAX_LEVELS:
            raise _Place(text, where, unit).error(f"more than {MAX_LEVELS} steps")
    return [level for level in found if level.dose > 0]


class _Place(NamedTuple):
    """Where a part stands in the text, so that an error can point at it."""

    text: str
    at: int
    unit: Mass

    def error(self, problem: str) -> UsageError:
        pointer = " " * self.at + "^"
        return UsageError(
            f"‹steps›: {problem}, at character {self.at + 1}\n  {self.text}\n  {pointer}",
            f"Write parts like: {_EXAMPLES}",
        )

    def amount(self, text: str) -> Decimal:
        try:
            read = read_amount(text) if Decimal(re.sub(r"[^0-9.]", "", text)) else None
        except (ValueError, ArithmeticError):
            raise self.error(f"{text!r} is not an amount with its unit, like 5mg") from None
        return read.value_in(self.unit) if read else Decimal(0)

    def days(self, text: str) -> int:
        try:
            interval = read_interval(text)
        except ValueError:
            raise self.error(f"{text!r} is not a length like 28d or 4w") from None
        return interval.low * (7 if interval.period == "week" else 1)


def _part(part: str, place: _Place, dose: Decimal) -> list[Level]:
    if not part:
        raise place.error("a part that is empty")
    for kind, pattern in _PARTS.items():
        if found := pattern.fullmatch(part):
            days = place.days(found["length"])
            if kind == "hold":
                return [Level(dose, days)]
            if kind == "dose":
                return [Level(place.amount(found["dose"]), days)]
            if kind == "alternate":
                first, second = place.amount(found["first"]), place.amount(found["second"])
                return [Level(first, days, second)]
            return _decrease(found, place, dose, days)
    raise place.error(f"{part!r} cannot be read")


def _decrease(found: re.Match[str], place: _Place, dose: Decimal, days: int) -> list[Level]:
    """Go down once, or down to a dose; a step that would pass that dose stops there."""
    down, share = found["down"], None
    if down.endswith("%"):
        share = Decimal(down.rstrip("% "))
        if not 0 < share < 100:
            raise place.error(f"{down} is not between 0% and 100%")
    by = Decimal(0) if share is not None else place.amount(down)
    if share is None and by <= 0:
        raise place.error(f"-{down} is no decrease")

    def lower(value: Decimal) -> Decimal:
        if share is None:
            return EXACT.subtract(value, by)
        return value * (100 - share) / 100

    if found["to"] is None:
        after = lower(dose)
        if after < 0:
            raise place.error(f"{format_plain(dose)} {place.unit} cannot go down by {down}")
        return [Level(after, days)]
    end = place.amount(found["to"])
    if end >= dose:
        raise place.error(f"{found['to']} is not below {format_plain(dose)} {place.unit}")
    if share is not None and end == 0:
        raise place.error("a percentage never reaches 0: end it at a dose")
    result: list[Level] = []
    while dose > end and len(result) <= MAX_LEVELS:
        dose = max(lower(dose), end)
        result.append(Level(dose, days))
    return result


def _check(before: Decimal, added: list[Level], max_step: Amount | None, unit: Mass) -> None:
    """Refuse a step down that is larger than the largest that is allowed."""
    if max_step is None:
        return
    most = max_step.value_in(unit)
    for level in added:
        step = before - level.dose
        if step > most:
            raise RefusedError(
                f"the step from {format_plain(before)} to {format_plain(level.dose)} {unit} is "
                f"more than {format_plain(most)} {unit}",
                "Make the step smaller, or change ‹max_step›.",
            )
        before = level.dose
