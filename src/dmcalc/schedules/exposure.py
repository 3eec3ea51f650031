"""How long a schedule keeps a daily dose at or above a threshold."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dmcalc.quantities.amount import converted
from dmcalc.quantities.time import DAYS, months_later
from dmcalc.text.numbers import format_number, plural

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from dmcalc.guideline.model import Guideline
    from dmcalc.guideline.steps import Mark
    from dmcalc.quantities.amount import Mass
    from dmcalc.quantities.thresholds import DoseThreshold, End

#: No month of the calendar is longer.
LONGEST_MONTH = 31


class DailyDose(Protocol):
    """A daily dose from a day on: a step of a schedule, or a dose on a calendar."""

    @property
    def day(self) -> int | None:
        """Its first day, from 1."""

    @property
    def days(self) -> int | None:
        """Its length; None where it has no end."""

    @property
    def high(self) -> Decimal | None:
        """Its amount."""

    @property
    def unit(self) -> str | None:
        """Unit of the amount."""


class DoseStretch(NamedTuple):
    """Days on end at a dose or above, from 1; ``last`` is None where the last dose goes on.

    ``days`` are those of the doses that have an end.
    """

    first: int
    last: int | None
    days: int


def stretches_at_or_above(
    doses: Iterable[DailyDose], bound: DoseThreshold, end: End
) -> list[DoseStretch]:
    """List the stretches of days on end in which a daily dose reaches a threshold in mg."""
    stretches: list[DoseStretch] = []
    for dose in doses:
        assert dose.day is not None and dose.high is not None and dose.unit is not None
        unit: Mass = dose.unit  # type: ignore[assignment]
        if not bound.met(converted(dose.high, unit, "mg"), end):
            continue
        last = None if dose.days is None else dose.day + dose.days - 1
        if stretches and stretches[-1].last == dose.day - 1:
            days = stretches[-1].days + (dose.days or 0)
            stretches[-1] = stretches[-1]._replace(last=last, days=days)
        else:
            stretches.append(DoseStretch(dose.day, last, dose.days or 0))
    return stretches


def day_reached(
    stretch: DoseStretch, time: DoseThreshold, end: End, start: datetime.date | None
) -> int | None:
    """Return the day of a run on which it is long enough; None where it is not, or not known.

    Days and weeks are counted; months are those of the calendar, and need its first day.
    """
    count = int(time.at(end))
    if time.unit == "month":
        if start is None:
            return None
        begins = start + datetime.timedelta(days=stretch.first - 1)
        length = (months_later(begins, count) - begins).days
    else:
        length = count * DAYS[time.unit]
    day = stretch.first + length - (0 if time.beyond else 1)
    return day if stretch.last is None or day <= stretch.last else None


def will_reach(
    stretch: DoseStretch, time: DoseThreshold, end: End, start: datetime.date | None
) -> bool:
    """Tell whether a run is long enough for certain, also where its months cannot be counted."""
    if day_reached(stretch, time, end, start) is not None:
        return True
    if time.unit != "month" or start is not None:
        return False
    return stretch.last is None or stretch.days > int(time.at(end)) * LONGEST_MONTH


def days_in_words(stretches: list[DoseStretch], dose: DoseThreshold, end: End) -> str:
    """Say how many days a schedule has at such a dose."""
    amount = f"{format_number(dose.at(end))} mg"
    level = f"above {amount}" if dose.beyond else f"at {amount} or more"
    if not stretches:
        return f"No day of the schedule is {level}."
    weeks, days = divmod(sum(stretch.days for stretch in stretches), 7)
    text = f"{format_number(weeks)} {plural(weeks, 'week')}"
    text += f" and {days} {plural(days, 'day')}" if days else ""
    further = ", and the open last step" if any(s.last is None for s in stretches) else ""
    return f"Days {level} in the schedule: {text}{further}."


def prophylaxis_refused(guideline: Guideline, mark: Mark, drugs: Iterable[str]) -> str:
    """Say with which drugs a rule refuses the medicine that a prophylaxis is usually done with."""
    drugs = frozenset(drugs)
    refused = {
        drug: rule.id
        for rule in guideline.rules.rules
        if rule.then == "refuse" and mark.prophylaxis in rule.when.taking
        for drug in rule.drugs
        if drug in drugs
    }
    if mark.prophylaxis is None or not refused:
        return ""
    names = ", ".join(f"{drug} ({rule})" for drug, rule in refused.items())
    return f"A rule refuses {mark.prophylaxis} with {names}: ask the prescriber."
