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

    from dmcalc.core.result import Result
    from dmcalc.core.schedule import Step, TaperResult
    from dmcalc.render import Style

ONE_DAY = datetime.timedelta(days=1)
#: Of every UID. With another one a calendar would hold each step twice.
NAMESPACE = uuid.UUID("5a1c0b5e-6d9e-5c0e-9a53-0f6d2f3f7f11")


def render(result: Result, style: Style) -> str:
    """Return a calendar of the steps; raise UsageError where they have no dates."""
    taper = cast("TaperResult", result)
    if any(step.start is None for step in taper.steps):
        raise UsageError("a calendar needs dates", "Give the first day, e.g. --start 2026-12-01.")
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("PRODID", "-//dmcalc//dmcalc//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    for step in taper.steps:
        calendar.add_component(_event(taper, step))
    content: bytes = calendar.to_ical()
    return content.decode()


def _event(result: TaperResult, step: Step) -> Event:
    from icalendar import Event

    table = result.loaded.table
    start, end = step.start, _after(step)
    event = Event()
    event.add("UID", _uid(result, step))
    # Not the time of the run: the same request gives the same bytes. A new review of the table is
    # when its answer may change, so its day is also what tells a calendar which event is newer.
    reviewed = datetime.datetime.combine(table.reviewed, datetime.time(), datetime.UTC)
    event.add("DTSTAMP", reviewed)
    event.add("DTSTART", start)
    event.add("DTEND", end)
    if step.per == "week" and step.days is not None:
        event.add("RRULE", {"FREQ": "WEEKLY", "COUNT": -(-step.days // 7)})
    event.add("SUMMARY", visible(f"{table.drugs[result.drug].name} {schedule.dose(step)}"))
    event.add("DESCRIPTION", visible("\n".join(_lines(result, step))))
    event.add("TRANSP", "TRANSPARENT")  # it does not make the patient busy
    return event


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
