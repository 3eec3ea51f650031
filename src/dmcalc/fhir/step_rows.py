"""The steps of an order as machines read them, and in the words of ``dmcalc taper``."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

from dmcalc.fhir.findings import pointer
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.checks.steps import DosageGroup
    from dmcalc.fhir.findings import Path


class OrderStep(Record):
    """A dosage of an order as it was read; dosages at the same time have one number."""

    step: Annotated[int, "Number of the step, from 1."]
    start: Annotated[datetime.date | None, "Its first day; null where no date is known."]
    end: Annotated[datetime.date | None, "Its last day, which belongs to it."]
    days: Annotated[int | None, "Its length in days; null where that is not stated."]
    dose: Annotated[Decimal | None, "Amount each time; null for a range or where not understood."]
    low: Annotated[Decimal | None, "Low end of a range; else the same as dose."]
    high: Annotated[Decimal | None, "High end of a range; else the same as dose."]
    unit: Annotated[str | None, "Unit of the amounts: mg, mL, tablet, or as the order has it."]
    times: Annotated[int | None, "How many times in every_days; null for a single dose."]
    every_days: Annotated[int | None, "In so many days; 1 for a single dose."]
    daily: Annotated[Decimal | None, "Amount on a day, where it is given each day; null otherwise."]
    pointers: Annotated[tuple[str, ...], "JSON pointers of its dosages."]


def step_rows(groups: Sequence[DosageGroup], prefix: Path) -> tuple[OrderStep, ...]:
    """Return the steps as machines read them."""
    rows = []
    for number, group in enumerate(groups, start=1):
        for dosage in group.dosages:
            when, low, high = dosage.timing, dosage.low, dosage.high
            times = when.times if when else None
            dose = high.value if high is not None and low == high else None
            daily = (
                dose * int(times)
                if dose is not None and times and when and when.every_days == 1
                else None
            )
            alone = len(group.dosages) == 1
            start, end = (
                (group.start, group.end) if alone else (when and when.start, when and when.end)
            )
            rows.append(
                OrderStep(
                    number,
                    start,
                    end,
                    group.days if alone else when and when.days,
                    dose,
                    low and low.value,
                    high and high.value,
                    high and high.unit,
                    None if times is None else int(times),
                    when.every_days if when and (times or when.single) else None,
                    daily,
                    (pointer((*prefix, *dosage.path)),),
                )
            )
    return tuple(rows)


class Grammar(Record):
    """The steps in the words of ``dmcalc taper --from … --steps …``."""

    from_: Annotated[str, "The start dose: --from."]
    steps: Annotated[str, "The steps: --steps."]


def as_grammar(groups: Sequence[DosageGroup]) -> Grammar | None:
    """Write a plain taper in dmcalc's own words; None for what they cannot say."""
    levels: list[tuple[Decimal, int]] = []
    for group in groups:
        dosage = group.dosages[0]
        when, dose = dosage.timing, dosage.high
        if len(group.dosages) > 1 or dosage.low != dose or group.days is None:
            return None
        if when is None or when.times is None or when.every_days != 1:
            return None
        if dose is None or dose.kind != "mass":
            return None
        levels.append((dose.in_base * int(when.times), group.days))
    if not levels or any(lower[0] >= level[0] for level, lower in pairwise(levels)):
        return None
    parts: list[tuple[Decimal, int, Decimal]] = []
    for (before, _), (lower, days) in pairwise(levels):
        down = before - lower
        if parts and parts[-1][:2] == (down, days):
            parts.pop()
        parts.append((down, days, lower))
    words = [f"hold {levels[0][1]}d"]
    words += [
        f"-{format_plain(down)}mg/{days}d to {format_plain(to)}mg" for down, days, to in parts
    ]
    return Grammar(f"{format_plain(levels[0][0])}mg", "; ".join(words))
