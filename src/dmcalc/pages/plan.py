"""The page of ``dmcalc plan``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Block, ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    describe_patient,
    explained_sections,
    known_of_patient,
    number_notes,
    patient_rules_block,
    plain_list,
    usual_sections,
)
from dmcalc.planning.events import limits_text, not_made, per_size_text
from dmcalc.planning.plan import stated_rules
from dmcalc.text.numbers import format_number, format_range, plural

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
    "begin": "begins",
    "given": "already begun",
    "not_possible": "not possible",
    "consider": "comes into question",
    "later": "for later",
}
#: What is listed with a step.
LISTED = {"high_risk": "Features of high risk:", "measures": "Measures:"}


def page(result: PlanResult, references: References) -> Page:
    """Lay out the steps by their status, then the calendar, what to know and the sources."""
    by_status = sorted(result.steps, key=lambda placed: [*HEADS].index(placed.status))
    steps = [
        ListBlock(
            f"{number}. {placed.step.title}: {HEADS[placed.status]}",
            tuple(_step(placed, references)),
        )
        for number, placed in enumerate(by_status, start=1)
    ]
    calendar = _calendar(result, references)
    options = [option for placed in result.steps for option in placed.options]
    local = [value for event in result.events for value in event.local]
    local += [value for option in options for row in option.rows for value in row.local]
    rules = patient_rules_block(
        ((o.name, rule) for o in options for row in o.rows for rule in row.rules), references
    )
    title = f"Plan to discuss: {describe_patient(result.patient)}"
    blocks = (*steps, *calendar, rules, *usual_sections(result, local=local))
    explained = tuple(explained_sections(result, references))
    return Page(title, blocks, _situation(result), explained)


def _situation(result: PlanResult) -> str:
    """Describe the treatment so far."""
    history, drugs = result.situation, result.loaded.table.drugs
    facts = {
        "Response so far": history.response,
        "Involved": ", ".join(history.organs),
        "Not tolerated": ", ".join(drugs[key].name for key in history.not_tolerated),
        "Chosen": ", ".join(drugs[key].name for key in history.chosen),
    }
    parts = [f"{label}: {text}." for label, text in facts.items() if text]
    parts.append(known_of_patient(stated_rules(result.advice, history)))
    opening = "A plan to discuss, in the terms of its sources; no order."
    return " ".join(filter(None, [opening, *parts]))


def _step(placed: PlacedStep, references: References) -> Iterator[tuple[str, str]]:
    """Write a step: what the source says, what points to it, and its drugs with their doses."""
    step = placed.step
    yield "", f"{step.text} {_cited(step.cite, references)}"
    for trigger in placed.why:
        text = f"{trigger.text[0].upper()}{trigger.text[1:]}"
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
    if not result.events:
        text = "Nothing is on the calendar: nothing begins, and no drug was chosen with --with."
        return (plain_list("Calendar", (text,)),)
    notes = [event.text for event in result.events if event.kind == "mark"]
    calendar = TableBlock.of(
        f"Calendar of {format_number(result.weeks)} {plural(result.weeks, 'week')}",
        result.events,
        {
            "When": _when,
            "What": lambda event: event.title,
            "How": lambda event: (
                f"see ({notes.index(event.text) + 1})" if event.kind == "mark" else _how(event)
            ),
            "Total": _total,
            "From": lambda event: references.cite(event.sources),
        },
        wraps=("What", "How"),
    )
    return calendar, ListBlock("Marks of the calendar", number_notes(notes))


def _when(event: CalendarEvent) -> str:
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
