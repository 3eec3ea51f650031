"""The plan in full: each step with what points to it, and the calendar day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Block, ListBlock, References, TableBlock
from dmcalc.pages.sections import number_notes
from dmcalc.planning.wording import limits_text, not_made, per_size_text
from dmcalc.text.numbers import capitalised, format_number, format_range, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.planning.events import CalendarEvent
    from dmcalc.planning.plan import PlanResult
    from dmcalc.planning.steps import Option, PlacedStep, Status
    from dmcalc.sources.cite import Cite

#: What the statuses are called, in the order of the page.
HEADS: dict[Status, str] = {
    "now": "at once",
    "check": "to be checked first",
    "begin": "start now",
    "given": "already begun",
    "not_possible": "not possible",
    "consider": "consider",
    "later": "later, if needed",
}
#: What is listed with a step.
LISTED = {"high_risk": "Features of high risk:", "measures": "Measures:"}


def blocks(result: PlanResult, references: References) -> Iterator[Block]:
    """Yield the steps by their status, then the calendar and its notes."""
    for number, placed in enumerate(steps_by_status(result), start=1):
        title = f"{number}. {placed.step.title}: {HEADS[placed.status]}"
        yield ListBlock(title, tuple(_step(placed, references)))
    yield from _calendar(result, references)


def steps_by_status(result: PlanResult) -> list[PlacedStep]:
    """Return the steps in the order of the page."""
    return sorted(result.steps, key=lambda placed: [*HEADS].index(placed.status))


def _step(placed: PlacedStep, references: References) -> Iterator[tuple[str, str]]:
    """Write a step: what the source says, what points to it, and its drugs with their doses."""
    step = placed.step
    yield "", f"{step.text} {_cited(step.cite, references)}"
    for trigger in placed.why:
        text = capitalised(trigger.text)
        yield "", f"{text}. {_cited(trigger.cite, references)}"
    if placed.listed:
        yield LISTED[step.lists or ""], f"{'; '.join(placed.listed)}."
    for number, option in enumerate(placed.options):
        either = ("either " if number == 0 else "or ") if step.choice == "one" else ""
        yield _option(option, either, references)


def _cited(cites: Iterable[Cite], references: References) -> str:
    return references.cite(tuple(dict.fromkeys(cite.source for cite in cites)))


def _option(option: Option, either: str, references: References) -> tuple[str, str]:
    name = f"{either}{option.name}:"
    if not option.tolerated:
        return (name, "not tolerated")
    if not option.rows:
        return (name, "the table has no posology of it for this patient")
    if option.refused:
        return (name, f"{option.rows[0].text} {references.cite(option.rows[0].sources)}")
    chosen = ". On the calendar" if option.chosen else ""
    several = len(option.rows) > 1
    doses = [f"{_dose(row, several)} {references.cite(row.sources)}" for row in option.rows]
    return (name, f"{'; '.join(doses)}{chosen}")


def _dose(row: DoseRow, several: bool) -> str:
    """Write a dose, the amount per kg or m2, what is suggested, for whom it is and how it is read.

    The words of a course say its reading.
    """
    details = [
        per_size_text(row.per_basis_low, row.per_basis_high, f"{row.unit}/{row.basis}", row.per)
    ]
    details += [limits_text(row), not_made(row)]
    if row.suggested is not None and row.low != row.high:
        details.append(f"suggested: {format_number(row.suggested)} {row.unit}")
    if row.population is not None:
        details.append(f"for: {row.population}")
    if row.reading is not None and row.per != "course":
        details.append(row.reading.rstrip("."))
    text = "; ".join(filter(None, details))
    return f"{f'{row.phase}: ' if several else ''}{row.sentence}" + (f" ({text})" if text else "")


def _calendar(result: PlanResult, references: References) -> tuple[Block, ...]:
    notes = [event.text for event in result.events if event.kind == "mark"]
    calendar = TableBlock.of(
        f"Calendar of {format_number(result.weeks)} {plural(result.weeks, 'week')}",
        result.events,
        {
            "When": when,
            "What": lambda event: event.title,
            "How": lambda event: (
                f"see ({notes.index(event.text) + 1})" if event.kind == "mark" else _how(event)
            ),
            "Total": _total,
            "From": lambda event: references.cite(event.sources),
        },
        wraps=("What", "How"),
    )
    return calendar, ListBlock("Calendar notes", number_notes(notes))


def when(event: CalendarEvent) -> str:
    """Write the days of an event: as dates where there is a first day."""
    if event.before_day is not None:
        return f"before {event.before.isoformat() if event.before else f'day {event.before_day}'}"
    if event.day is None:
        return "no day known"
    if event.date is None:
        if event.days is None:
            return f"from day {format_number(event.day)}"
        last = event.day + event.days - 1
        return f"{plural(event.days, 'day')} {format_range(event.day, last)}"
    if event.end is None:
        return f"from {event.date.isoformat()}"
    if event.end == event.date:
        return event.date.isoformat()
    return f"{event.date.isoformat()} to\n{event.end.isoformat()}"


def _how(event: CalendarEvent) -> str:
    """Write the dose per kg or m2, where there is one, and what there is to know of an event."""
    unit = f"{event.unit}/{event.basis}"
    own = (
        per_size_text(event.per_basis_low, event.per_basis_high, unit, event.per)
        if event.high
        else ""
    )
    return "; ".join(filter(None, (own, event.text)))


def _total(event: CalendarEvent) -> str:
    if event.total_low is None or event.total_high is None or event.unit is None:
        return ""
    return format_range(event.total_low, event.total_high, event.unit)
