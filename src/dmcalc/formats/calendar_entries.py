"""The all-day entries of a calendar, from the steps of a schedule or from a plan's events.

An entry names the drug, and nothing of the patient.
"""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, cast

from dmcalc.errors import UsageError
from dmcalc.pages.model import describe_source, footer
from dmcalc.pages.sections import local_text
from dmcalc.schedules import step_text
from dmcalc.schedules.step_text import companion_text
from dmcalc.text import timing
from dmcalc.text.numbers import format_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.planning.events import CalendarEvent
    from dmcalc.planning.plan import PlanResult
    from dmcalc.results.base import Result
    from dmcalc.schedules.milestones import MilestoneResult
    from dmcalc.schedules.model import Step, TaperResult
    from dmcalc.sources.cite import Source
    from dmcalc.table.model.local_values import LocalValue

ONE_DAY = datetime.timedelta(days=1)
#: Days from a dose to the next: once a week, and on alternate days.
WEEK, ALTERNATE = 7, 2
#: Days of the calendar of a schedule: up to there a dose without an end comes again.
HORIZON = 52 * WEEK


class CalendarEntry(NamedTuple):
    """An all-day entry; ``after`` is the day after its last."""

    #: What it keeps when the schedule is corrected, so that importing it again updates it: drug,
    #: first day and step, and nothing of the dose or of the protocol.
    name: str
    start: datetime.date
    after: datetime.date
    summary: str
    lines: tuple[str, ...]
    #: Days from it to the next of its kind, and how many there are; 0 where it comes once.
    interval: int = 0
    times: int = 1


def calendar_entries(result: Result) -> tuple[CalendarEntry, ...]:
    """Return the entries of a result; raise UsageError where it has no dates."""
    if result.kind == "plan":
        return tuple(_of_plan(cast("PlanResult", result)))
    if result.kind == "landmarks":
        return tuple(_of_landmarks(cast("MilestoneResult", result)))
    return tuple(_of_steps(cast("TaperResult", result)))


def undated(result: Result) -> list[str]:
    """List what a calendar cannot hold, because no source gives its day."""
    events = getattr(result, "events", ())
    return [f"{event.title}: {event.text}" for event in events if event.date is None]


def plan_notes(result: Result) -> list[str]:
    """List what there is to know of a plan as a whole: its warnings and its cautions."""
    if result.kind != "plan":
        return []
    notes = [(w.drug, "warning", w.message) for w in result.warnings]
    notes += [(c.drug, c.kind, c.message) for c in result.cautions]
    return [f"{f'{drug}, ' if drug else ''}{kind}: {message}" for drug, kind, message in notes]


def _needs_dates() -> UsageError:
    return UsageError("a calendar needs dates", "Give the first day, e.g. ‹start 2026-12-01›.")


def _of_steps(result: TaperResult) -> Iterator[CalendarEntry]:
    table = result.loaded.table
    first = result.steps[0].start
    for step in result.steps:
        if step.start is None:
            raise _needs_dates()
        # An open step takes one day. So does a course, which begins on that day, and a dose once a
        # week, which comes again each week: the days between must not look like days of treatment.
        days = step.days or max(HORIZON - step.day + 1, 1)
        last = step.start if step.end is None or step.per != "day" else step.end
        entry = CalendarEntry(
            name=f"{result.drug}/{first}/{step.step}",
            start=step.start,
            after=_after(last),
            summary=f"{table.drugs[result.drug].name} {step_text.dose(step)}",
            lines=tuple(_step_lines(result, step)),
            interval=WEEK if step.per == "week" else 0,
            times=_times(days, WEEK) if step.per == "week" else 1,
        )
        if step.alternate is None:
            yield entry
        else:
            yield from _on_alternate_days(entry, step, days, table.drugs[result.drug].name)


def _on_alternate_days(
    entry: CalendarEntry, step: Step, days: int, drug: str
) -> Iterator[CalendarEntry]:
    """Yield an entry for each of the two doses, each on its own days."""
    doses = zip(("", "/next day"), step_text.alternate_doses(step), strict=True)
    for later, (name, dose) in enumerate(doses):
        start = entry.start + later * ONE_DAY
        if later < days:
            yield entry._replace(
                name=entry.name + name,
                start=start,
                after=_after(start),
                summary=f"{drug} {dose}, every second day",
                interval=ALTERNATE,
                times=_times(days - later, ALTERNATE),
            )


def _of_landmarks(result: MilestoneResult) -> Iterator[CalendarEntry]:
    """Yield an entry a milestone, on its day alone: what is taken between them is not stated."""
    table = result.loaded.table
    first = result.rows[0].date
    for row in result.rows:
        if row.date is None:
            raise _needs_dates()
        dose = step_text.milestone_dose(row)
        lines = [
            f"Milestone {row.landmark} of {len(result.rows)}, month {row.month}: {dose}.",
            *filter(None, (row.condition, row.note)),
            result.between,
            *_origin(result, table.sources, row.local, result.sources),
        ]
        yield CalendarEntry(
            name=f"{result.drug}/{first}/landmark/{row.landmark}",
            start=row.date,
            after=_after(row.date),
            summary=f"{table.drugs[result.drug].name}, milestone: {dose}",
            lines=tuple(lines),
        )


def _of_plan(result: PlanResult) -> Iterator[CalendarEntry]:
    if result.dating.start is None:
        raise _needs_dates()
    counts: Counter[str] = Counter()
    for event in result.events:
        if event.date is None or event.day is None:
            continue
        last = event.date if event.end is None or event.per == "week" else event.end
        # an open end of a dose once a week is that of the calendar
        name = f"plan/{result.dating.start}/{event.step}/{event.kind}/{event.drug}"
        counts[name] += 1
        days = event.days or result.weeks * WEEK - event.day + 1
        yield CalendarEntry(
            name=f"{name}/{counts[name]}",
            start=event.date,
            after=_after(last),
            summary=event.title,
            lines=tuple(_event_lines(result, event)),
            interval=WEEK if event.per == "week" else 0,
            times=_times(days, WEEK) if event.per == "week" else 1,
        )


def _times(days: int, interval: int) -> int:
    """Return how often a dose is taken within some days, from the first of them on."""
    return -(-days // interval)


def _after(last: datetime.date) -> datetime.date:
    if last == datetime.date.max:
        raise UsageError("the schedule runs to the last date there is", "Choose another ‹start›.")
    return last + ONE_DAY


def _step_lines(result: TaperResult, step: Step) -> list[str]:
    table = result.loaded.table
    lines = [f"Step {step.step} of {len(result.steps)}, {step_text.days(step)}."]
    if step.per == "course":
        lines.append("The course begins on this day.")
    elif step.start is not None and step.end is None:
        lines.append(
            f"From {timing.date(step.start)}; the source gives no end: ask the prescriber."
        )
        if step.per == "week" or step.alternate is not None:
            lines.append("This calendar holds it for a year from the first day of the schedule.")
    elif step.start is not None and step.end is not None:
        lines.append(f"From {timing.date(step.start)} to {timing.date(step.end)} inclusive.")
    if taken := step_text.taken(step):
        lines.append(f"Units per {step.per}: {', '.join(taken)}.")
    if result.day_after:
        text = companion_text(result.day_after, table.drugs[result.drug].name)
        lines.append(f"{result.day_after.name}: {text}.")
    weight = result.patient.dosing
    if weight is not None:  # of which kind it is, and no number of the patient
        whose = f", by the policy of {weight.policy_name}" if weight.policy_name else ""
        lines.append(f"Dosing weight: {weight.name}{whose}.")
    lines += [step.note] if step.note else []
    return [*lines, *_origin(result, table.sources, step.local, result.sources)]


def _event_lines(result: PlanResult, event: CalendarEvent) -> list[str]:
    lines = ["Plan to discuss, not an order.", event.text]
    if event.before is not None:
        lines.append(f"Due before {timing.date(event.before)}, the day of the first dose.")
    if event.total_low is not None and event.total_high is not None and event.unit:
        total = format_range(event.total_low, event.total_high, event.unit)
        lines.append(f"Total of {event.name} by then: {total}.")
    table = result.loaded.table
    lines += [note.text for note in table.juvenile_notes if result.patient.child]
    if event.date is not None and event.end is None and event.kind == "dose":
        lines.append(f"From {timing.date(event.date)}; no end is given: ask the prescriber.")
    elif event.kind == "course":
        lines.append("The course begins on this day.")
    sources = result.guide.works(result.loaded.table)
    return [*lines, *_origin(result, sources, event.local, event.sources)]


def _origin(
    result: Result,
    sources: dict[str, Source],
    local_values: Iterable[LocalValue],
    cited: Iterable[str],
) -> list[str]:
    """Name the local figures that an entry is based on, its sources, and what computed it."""
    lines = [f"Local: {local.figure}: {local_text(local)}" for local in local_values]
    lines += [f"Source: {describe_source(key, sources[key])}" for key in cited]
    return [*lines, *footer(result)]
