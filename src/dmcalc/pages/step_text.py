"""What the formats for a schedule share: a step in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.text import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dispensing.stock import Handed
    from dmcalc.schedules.model import Step

NOT_MADE = "not made from whole units"


def dose(step: Step) -> str:
    """Write the dose of a step: ``60 mg daily``, ``140 g per course, over 2 to 5 days``.

    On alternate days both doses are named in their order: a range would read as a choice.
    """
    amount = wording.span(step.low, step.high, step.unit)
    if step.alternate is not None:
        days = (step.first, step.alternate)
        one, other = (f"{wording.number(value)} {step.unit}" for value in days)
        return f"{one} on the first day, {other} on the next, and so on in turn"
    if step.per == "day":
        return f"{amount} daily"
    if step.per == "week":
        return f"{amount} once a week"
    if step.days_low is None or step.days_high is None:
        return f"{amount} per {step.per}"
    return f"{amount} per {step.per}, over {wording.span(step.days_low, step.days_high)} days"


def days(step: Step) -> str:
    """Write which days of the schedule a step takes: ``days 1 to 28``, ``from day 127 on``."""
    if step.days is None:
        return f"from day {wording.number(step.day)} on, the end is open"
    last = step.day + step.days - 1
    return f"{'day' if step.days == 1 else 'days'} {wording.span(step.day, last)}"


def dates(step: Step) -> tuple[str, ...]:
    """Say from when to when a step lasts, in parts that are not broken over lines."""
    if step.start is None:
        text = days(step)
        return (text[0].upper() + text[1:],)
    first = wording.date(step.start)
    if step.per == "course":
        return (f"Begins on {first}",)
    if step.end is None:
        return (f"From {first} on;", "no end is given:", "ask your prescriber")
    return (first,) if step.end == step.start else (f"{first} to", wording.date(step.end))


def taken(step: Step) -> tuple[str, ...] | None:
    """List what is taken on a day of a step: ``1 × 50 mg``, ``half a tablet of 5 mg``.

    None for a course: it is measured out for the patient, not counted out.
    """
    if step.products is None:
        return None if step.per == "course" else (NOT_MADE,)
    if step.alternate is not None:
        return tuple(
            f"{when}: {', '.join(part for handed in products for part in units(handed))}"
            if products
            else f"{when}: {NOT_MADE}"
            for when, products in (
                ("first day", step.products),
                ("next day", step.products_alternate),
            )
        )
    return tuple(part for handed in step.products for part in units(handed))


def units(handed: Handed) -> Iterator[str]:
    """Write the units of one strength; a half is "half a tablet", never a fraction or 0.5."""
    whole, half = divmod(handed.count, 1)
    strength = f"{wording.number(handed.strength)} {handed.unit}"
    if whole:
        yield f"{wording.number(whole)} × {strength}"
    if half:
        yield f"half a tablet of {strength}"
