"""The page of ``dmcalc plan``: what to start, what to check first, and the dates to act on."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from dmcalc.pages import plan_in_full, posology
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.plan_in_full import HEADS, steps_by_status, when
from dmcalc.pages.sections import (
    ADULTS_ALONE,
    describe_patient,
    explained_sections,
    facts_entered,
    patient_rules_block,
    plain_list,
    repeated_tests,
    usual_sections,
)
from dmcalc.patient.not_entered import not_entered
from dmcalc.planning.plan import stated_rules
from dmcalc.planning.wording import not_made
from dmcalc.text.numbers import PageNumbers, format_range, page_number, page_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.applied_rule import AppliedRule
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.planning.events import CalendarEvent
    from dmcalc.planning.plan import PlanResult
    from dmcalc.planning.steps import Option, PlacedStep


def page(result: PlanResult, references: References) -> Page:
    """Lay out the plan: steps by status, tests, dates and doses; in full, all of the calendar."""
    options = [option for placed in result.steps for option in placed.options]
    local = [value for event in result.events for value in event.local]
    local += [value for option in options for row in option.rows for value in row.local]
    rules = patient_rules_block(_rules(result, full=references.marked), references)
    *begun, later = _steps(result)
    blocks = (
        *begun,
        rules,
        *usual_sections(result, local=local),
        ListBlock("Before the first dose", tuple(_before(result.events)), aligned=True),
        ListBlock("Dates to act on", tuple(_dates(result.events)), aligned=True),
        _tests(result.events),
        _doses(result),
        later,
    )
    explained = (
        *plan_in_full.blocks(result, references),
        *explained_sections(result, references),
    )
    title = f"Plan to discuss, not an order: {describe_patient(result.patient)}"
    return Page(title, blocks, _situation(result), explained)


def _rules(result: PlanResult, *, full: bool) -> Iterator[tuple[str, AppliedRule]]:
    """Yield the rules on the drugs that are for now, in ``full`` on those for later too."""
    for placed in result.steps:
        if full or placed.status != "later":
            for option in placed.options if full else _options(placed):
                yield from ((option.name, rule) for row in option.rows for rule in row.rules)


def _situation(result: PlanResult) -> str:
    """Describe the treatment so far, and what was not entered and so not checked."""
    history, drugs = result.situation, result.loaded.table.drugs
    facts = {
        "Response so far": history.response,
        "Involved": ", ".join(history.organs),
        "Not tolerated": ", ".join(drugs[key].name for key in history.not_tolerated),
        "Chosen": ", ".join(drugs[key].name for key in history.chosen),
    }
    parts = [f"{label}: {text}." for label, text in facts.items() if text]
    stated = stated_rules(result.advice, history)
    parts.append(facts_entered(stated))
    patient = result.patient._replace(context=stated.context if stated else None)
    active = [o.drug for step in result.steps if step.status != "later" for o in _options(step)]
    missing = not_entered(patient, active, genotype=False)
    unchecked = f"Not entered, so not checked: {', '.join(missing)}." if missing else ""
    child = ADULTS_ALONE if result.patient.child else ""
    return "\n".join(filter(None, (" ".join(filter(None, parts)), unchecked, child)))


def _steps(result: PlanResult) -> Iterator[ListBlock]:
    """Yield the steps of each status, a line for each drug; last, what is for later by name."""
    later: dict[str, None] = {}
    for status, placed in groupby(steps_by_status(result), key=lambda step: step.status):
        if status == "later":
            later |= dict.fromkeys(name for step in placed for name in _names(step))
        else:
            lines = tuple(line for step in placed for line in _lines(step, result))
            yield ListBlock(HEADS[status].capitalize(), lines, aligned=True)
    yield plain_list(HEADS["later"].capitalize(), ["; ".join(later)])


def _names(placed: PlacedStep) -> list[str]:
    """Return the drugs of a step, with those that cannot be given marked as such."""
    names = []
    for option in placed.options:
        reason = " (REFUSED)" if option.refused else "" if option.tolerated else " (not tolerated)"
        names.append(f"{option.name}{reason}")
    return names or [placed.step.title]


def _lines(placed: PlacedStep, result: PlanResult) -> Iterator[tuple[str, str]]:
    """Yield a step: each of its drugs with its first day and dose, or what it is."""
    step, options = placed.step, _options(placed)
    if not placed.options:
        listed = f": {'; '.join(placed.listed)}" if step.lists == "high_risk" else ""
        more = ": dmcalc care" if step.lists == "measures" else ""
        yield "", f"{step.title}{listed}{more}"
    for number, option in enumerate(options):
        first = next((e for e in result.events if e.drug == option.drug and e.low), None)
        day = _first_day(first) if option.chosen and first is not None else ""
        several = len(options) > 1 and step.choice == "one"
        either = ("or " if number else "either ") if several else ""
        yield day, f"{either}{option.name}: {_option(option, result.advice)}"


def _options(placed: PlacedStep) -> list[Option]:
    """Return the drugs of a step; where one of several is chosen, that one."""
    chosen = [option for option in placed.options if option.chosen]
    return chosen if chosen and placed.step.choice == "one" else list(placed.options)


def _first_day(event: CalendarEvent) -> str:
    """Write the first day of an event, as a date where there is one."""
    return event.date.isoformat() if event.date else f"day {event.day}"


def _option(option: Option, advice: PatientRules | None) -> str:
    if not option.tolerated:
        return "not tolerated"
    if not option.rows:
        return "the table has no posology of it for this patient"
    if option.refused:
        return (option.rows[0].text or "").replace("refused", "REFUSED", 1)
    several = len(option.rows) > 1
    return "; ".join(_dose(row, advice, several=several) for row in option.rows)


def _dose(row: DoseRow, advice: PatientRules | None, *, several: bool) -> str:
    """Write a dose, what is suggested, what lowered it, and that no whole units make it."""
    lowered = posology.lowered(row, advice)
    details = [lowered, not_made(row)]
    if row.suggested is not None and row.low != row.high:
        details.append(f"suggested {page_number(row.suggested)} {row.unit}")
    text = "; ".join(filter(None, details))
    return f"{f'{row.phase} ' if several else ''}{posology.dose_words(row, PageNumbers())}" + (
        f" ({text})" if text else ""
    )


def _before(events: Iterable[CalendarEvent]) -> Iterator[tuple[str, str]]:
    return ((e.name or "", e.text) for e in events if e.kind == "test" and e.before_day is not None)


def _dates(events: Iterable[CalendarEvent]) -> Iterator[tuple[str, str]]:
    """Yield thresholds, reviews and milestones; those that are not reached have no day.

    What a rule refuses with a threshold is listed once.
    """
    refusals = {""}
    for event in events:
        if event.kind in ("mark", "review", "landmark") and event.day is not None:
            refused = "" if event.brief in refusals else f". {event.brief}"
            refusals.add(event.brief)
            yield _first_day(event), f"{event.title}{refused}"


def _tests(events: Iterable[CalendarEvent]) -> ListBlock:
    return repeated_tests(
        (event.name or "", event.text, when(event))
        for event in events
        if event.kind == "test" and event.before_day is None
    )


def _scheduled(event: CalendarEvent) -> str:
    """Write a dose of the calendar, with the amount of a course as pages write amounts."""
    if event.kind != "course" or event.low is None or event.high is None:
        return event.title
    ends = event.low, event.high, event.unit or ""
    return event.title.replace(format_range(*ends), page_range(*ends), 1)


def _doses(result: PlanResult) -> ListBlock | TableBlock:
    doses = [event for event in result.events if event.kind in ("dose", "course")]
    if not doses:
        text = "Nothing is on the calendar: nothing begins, and no drug was chosen with --with."
        return plain_list("Doses by date", (text,))
    return TableBlock.of(
        "Doses by date (each later step only if the response allows it)",
        doses,
        {
            "When": lambda event: when(event).replace("\n", " "),
            "Dose": _scheduled,
            "Made up as": lambda event: event.brief,
        },
        wraps=("Dose", "Made up as"),
    )
