"""iCalendar (RFC 5545): an all-day event a step. It names the drug, and nothing of the patient."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, cast

from dmcalc.errors import UsageError
from dmcalc.render import schedule
from dmcalc.render.page import described, ending, local_text
from dmcalc.wording import beside, date, visible

if TYPE_CHECKING:
    from icalendar import Event

    from dmcalc.core.landmarks import LandmarkResult
    from dmcalc.core.result import Result
    from dmcalc.core.schedule import Step, TaperResult
    from dmcalc.render import Style
    from dmcalc.table.model import Table

ONE_DAY = datetime.timedelta(days=1)
#: Of every UID. With another one a calendar would hold each step twice.
NAMESPACE = uuid.UUID("5a1c0b5e-6d9e-5c0e-9a53-0f6d2f3f7f11")


def render(result: Result, style: Style) -> str:
    """Return a calendar of the steps; raise UsageError where they have no dates."""
    if result.kind == "landmarks":
        events = _landmarks(cast("LandmarkResult", result))
    else:
        taper = cast("TaperResult", result)
        if any(step.start is None for step in taper.steps):
            raise _no_dates()
        events = [_event(taper, step) for step in taper.steps]
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("PRODID", "-//dmcalc//dmcalc//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    for event in events:
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content.decode()


def _event(result: TaperResult, step: Step) -> Event:
    table = result.loaded.table
    assert step.start is not None
    event = _all_day(_uid(result, step), table, step.start, _after(step))
    if step.per == "week" and step.days is not None:
        event.add("RRULE", {"FREQ": "WEEKLY", "COUNT": -(-step.days // 7)})
    event.add("SUMMARY", visible(f"{table.drugs[result.drug].name} {schedule.dose(step)}"))
    event.add("DESCRIPTION", visible("\n".join(_lines(result, step))))
    return event


def _all_day(uid: str, table: Table, start: datetime.date, end: datetime.date) -> Event:
    """Return an event of whole days, without its words; ``end`` is the day after its last."""
    from icalendar import Event

    event = Event()
    event.add("UID", uid)
    # Not the time of the run: the same request gives the same bytes. A new review of the table is
    # when its answer may change, so its day is also what tells a calendar which event is newer.
    reviewed = datetime.datetime.combine(table.reviewed, datetime.time(), datetime.UTC)
    event.add("DTSTAMP", reviewed)
    event.add("DTSTART", start)
    event.add("DTEND", end)
    event.add("TRANSP", "TRANSPARENT")  # it does not make the patient busy
    return event


def _no_dates() -> UsageError:
    return UsageError("a calendar needs dates", "Give the first day, e.g. --start 2026-12-01.")


def _landmarks(result: LandmarkResult) -> list[Event]:
    """Return an event a landmark, on its day alone: what is taken between them is not stated."""
    from dmcalc.render.pages.landmarks import dose

    table, events = result.loaded.table, []
    for row in result.rows:
        if row.date is None:
            raise _no_dates()
        if row.date == datetime.date.max:
            raise UsageError(
                "the landmarks run to the last date there is", "Choose another --start."
            )
        first = result.rows[0].date
        name = f"{result.drug}/{result.protocol}/{first}/landmark/{row.landmark}"
        uid = str(uuid.uuid5(NAMESPACE, name))
        event = _all_day(uid, table, row.date, row.date + ONE_DAY)
        title = f"{table.drugs[result.drug].name}, landmark: {dose(row)}"
        lines = [
            f"Landmark {row.landmark} of {len(result.rows)}, month {row.month}: {dose(row)}.",
            *([row.condition] if row.condition else []),
            *([row.note] if row.note else []),
            result.between,
            *(f"Local: {local.figure}: {local_text(local)}" for local in row.local),
            *(f"Source: {described(key, table.sources[key])}" for key in result.sources),
            *ending(result),
        ]
        event.add("SUMMARY", visible(title))
        event.add("DESCRIPTION", visible("\n".join(lines)))
        events.append(event)
    return events


def _uid(result: TaperResult, step: Step) -> str:
    """Return a name that a step keeps, so that importing it again updates it."""
    first = result.steps[0].start
    return str(uuid.uuid5(NAMESPACE, f"{result.drug}/{result.protocol}/{first}/{step.step}"))


def _after(step: Step) -> datetime.date:
    """Return the day after the event, as the format counts it.

    An open step takes one day. So does a course, which begins on that day, and a dose once a week,
    which comes again each week: the days between must not look like days of treatment.
    """
    assert step.start is not None
    last = step.start if step.end is None or step.per != "day" else step.end
    if last == datetime.date.max:
        raise UsageError("the schedule runs to the last date there is", "Choose another --start.")
    return last + ONE_DAY


def _lines(result: TaperResult, step: Step) -> list[str]:
    table = result.loaded.table
    lines = [f"Step {step.step} of {len(result.steps)}, {schedule.days(step)}."]
    if step.per == "course":
        lines.append("The course begins on this day.")
    elif step.start is not None and step.end is None:
        lines.append(f"From {date(step.start)}; the source gives no end: ask the prescriber.")
    elif step.start is not None and step.end is not None:
        lines.append(f"From {date(step.start)} to {date(step.end)}, both included.")
    if taken := schedule.taken(step):
        lines.append(f"Units per {step.per}: {', '.join(taken)}.")
    if result.day_after:
        text = beside(result.day_after, table.drugs[result.drug].name)
        lines.append(f"{result.day_after.name}: {text}.")
    lines += [step.note] if step.note else []
    lines += [f"Local: {local.figure}: {local_text(local)}" for local in step.local]
    lines += [f"Source: {described(key, table.sources[key])}" for key in result.sources]
    return [*lines, *ending(result)]
