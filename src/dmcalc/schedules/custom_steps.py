"""Your own schedule: the small language of ``--steps``, and the levels that it means.

::

    hold 4w; -10mg/4w to 20mg; -20%/4w to 10mg; 10mg/5mg alternate days 4w; 5mg 2w

A part is a hold, a decrease by an amount or a percentage (once, or again and again down to a dose),
two doses on alternate days, or a dose. Each ends with its length in days or weeks.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.errors import RefusedError, UsageError, pointed
from dmcalc.quantities.amount import Amount, read_amount
from dmcalc.quantities.arithmetic import EXACT, rounded
from dmcalc.quantities.base import NUMBER, format_plain
from dmcalc.quantities.time import read_interval

if TYPE_CHECKING:
    from dmcalc.quantities.amount import Mass

MAX_LEVELS = 200

_AMOUNT = r"[0-9.]+ ?[a-zA-Z]+"
_LENGTH = r"[0-9]+ ?[a-zA-Z]+"
_PARTS = {
    "hold": re.compile(rf"hold (?P<length>{_LENGTH})"),
    "less": re.compile(
        rf"-(?P<down>{_AMOUNT}|{NUMBER} ?%)/(?P<length>{_LENGTH})(?: to (?P<to>{_AMOUNT}))?"
    ),
    "alternate": re.compile(
        rf"(?P<first>{_AMOUNT})/(?P<second>{_AMOUNT}) alternate days (?P<length>{_LENGTH})"
    ),
    "dose": re.compile(rf"(?P<dose>{_AMOUNT}) (?P<length>{_LENGTH})"),
}
_EXAMPLES = "hold 4w; -10mg/4w to 20mg; -20%/4w; 40mg/20mg alternate days 4w; 5mg 2w"


class DoseLevel(NamedTuple):
    """A dose and its days; ``alternate`` is the dose of every second day where that is another."""

    dose: Decimal
    days: int | None
    alternate: Decimal | None = None
    #: What a percentage leaves of the dose before, where that was rounded to ``dose``.
    unrounded: Decimal | None = None

    @property
    def gives(self) -> bool:
        """Whether anything is taken on any of its days."""
        return bool(self.dose or self.alternate)


def written_levels(
    text: str, start: Decimal, unit: Mass, max_step: Amount | None
) -> list[DoseLevel]:
    """Return the levels of a schedule from a start dose, in the order of its parts.

    Those at which nothing is given are among them, and none with a dose comes after one. A decrease
    goes on from the dose before it, which after alternate days is the lower one that is taken; one
    by a percentage leaves a dose that is rounded down to 0.000001. Raise UsageError that points at
    the character, and RefusedError for a step over ``max_step``.
    """
    levels: list[DoseLevel] = []
    dose = start
    at = 0
    for part in text.split(";"):
        position = _Position(text, at + len(part) - len(part.lstrip()), unit)
        at += len(part) + 1
        added = _parse_part(part.strip(), position, dose)
        if any(level.gives for level in added) and not all(level.gives for level in levels):
            raise position.error("a dose after days without one: write what comes first alone")
        _refuse_impossible(dose, added, max_step, unit)
        levels += added
        taken = filter(None, (levels[-1].dose, levels[-1].alternate))
        dose = min(taken, default=Decimal(0))
        if len(levels) > MAX_LEVELS:
            raise position.error(f"more than {MAX_LEVELS} steps")
    return levels


class _Position(NamedTuple):
    """The position of a part in the text, so that an error can point at it."""

    text: str
    at: int
    unit: Mass

    def error(self, problem: str) -> UsageError:
        return UsageError(
            f"‹steps›: {problem}, at character {self.at + 1}\n{pointed(self.text, self.at)}",
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


def _parse_part(part: str, position: _Position, dose: Decimal) -> list[DoseLevel]:
    if not part:
        raise position.error("a part that is empty")
    for kind, pattern in _PARTS.items():
        if match := pattern.fullmatch(part):
            days = position.days(match["length"])
            if kind == "hold":
                return [DoseLevel(dose, days)]
            if kind == "dose":
                return [DoseLevel(position.amount(match["dose"]), days)]
            if kind == "alternate":
                first, second = position.amount(match["first"]), position.amount(match["second"])
                return [DoseLevel(first, days, second)]
            return _parse_decrease(match, position, dose, days)
    raise position.error(f"{part!r} cannot be read")


def _parse_decrease(
    match: re.Match[str], position: _Position, dose: Decimal, days: int
) -> list[DoseLevel]:
    """Go down once, or down to a dose; a step that would pass that dose stops there."""
    down, unit = match["down"], position.unit
    by_percent = down.endswith("%")
    if by_percent:
        percent = Decimal(down.rstrip("% "))
        if not 0 < percent < 100:
            raise position.error(f"{down} is not between 0% and 100%")

        def lower(level: DoseLevel) -> DoseLevel:
            return _reduce_by(percent, level.dose, days)

    else:
        amount = position.amount(down)
        if amount <= 0:
            raise position.error(f"-{down} is not a decrease")

        def lower(level: DoseLevel) -> DoseLevel:
            return DoseLevel(EXACT.subtract(level.dose, amount), days)

    before = DoseLevel(dose, days)
    if match["to"] is None:
        after = lower(before)
        if after.dose < 0:
            raise position.error(f"{format_plain(dose)} {unit} cannot go down by {down}")
        return [after]
    end = position.amount(match["to"])
    if end >= dose:
        raise position.error(f"{match['to']} is not below {format_plain(dose)} {unit}")
    if by_percent and not end:
        raise position.error("a percentage never reaches 0: end it at a dose")
    levels: list[DoseLevel] = []
    while before.dose > end and len(levels) <= MAX_LEVELS:
        before = max(lower(before), DoseLevel(end, days), key=lambda level: level.dose)
        levels.append(before)
    return levels


def _reduce_by(percent: Decimal, dose: Decimal, days: int) -> DoseLevel:
    """Take a percentage off a dose; what is left is rounded down to 0.000001."""
    share = EXACT.scaleb(EXACT.subtract(Decimal(100), percent), -2)
    left = EXACT.multiply(dose, share)
    after = rounded(left, 6, up=False)
    return DoseLevel(left, days) if after == left else DoseLevel(after, days, unrounded=left)


def _refuse_impossible(
    before: Decimal, added: list[DoseLevel], max_step: Amount | None, unit: Mass
) -> None:
    """Refuse a step down that is larger than the largest that is allowed."""
    if max_step is None:
        return
    most = max_step.value_in(unit)
    for level in added:
        if EXACT.subtract(before, level.dose) > most:
            raise RefusedError(
                f"the step from {format_plain(before)} to {format_plain(level.dose)} {unit} is "
                f"more than {format_plain(most)} {unit}",
                "Make the step smaller, or change ‹max_step›.",
            )
        before = level.dose
