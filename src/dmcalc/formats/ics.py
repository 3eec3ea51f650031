"""iCalendar (RFC 5545): all-day events. They name the drug, and nothing of the patient."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, vText

from dmcalc.formats.calendar_entries import WEEK, calendar_entries, plan_notes, undated
from dmcalc.text.numbers import escape_control

if TYPE_CHECKING:
    from dmcalc.formats.calendar_entries import CalendarEntry
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result

#: Of every UID. With another one a calendar would hold each step twice.
NAMESPACE = uuid.UUID("5a1c0b5e-6d9e-5c0e-9a53-0f6d2f3f7f11")

NEWLINE = "\n"
WITHOUT_DAY, NOTES = "Not on this calendar:", "To know of the whole:"


def render(result: Result, style: Style) -> str:
    """Return a calendar of the entries; raise UsageError where they have no dates."""
    entries = calendar_entries(result)
    calendar = Calendar()
    calendar.add("PRODID", "-//dmcalc//dmcalc//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    without_day, notes = undated(result), plan_notes(result)
    parts = [
        f"{head} {NEWLINE.join(lines)}"
        for head, lines in ((WITHOUT_DAY, without_day), (NOTES, notes))
        if lines
    ]
    if parts:
        text = escape_control(NEWLINE.join(parts))
        calendar.add("DESCRIPTION", text)  # RFC 7986; before it, programs agreed on the other name
        calendar.add("X-WR-CALDESC", vText(text))
    made = style.made or datetime.datetime.now(datetime.UTC)
    for entry in entries:
        calendar.add_component(_event(entry, made.astimezone(datetime.UTC), style.revision))
    content: bytes = calendar.to_ical()
    return content.decode()


def _event(entry: CalendarEntry, made: datetime.datetime, revision: int) -> Event:
    """Return an event; of two with one UID a program keeps the higher revision, or the later."""
    event = Event()
    event.add("UID", str(uuid.uuid5(NAMESPACE, entry.name)))
    event.add("SEQUENCE", revision)
    event.add("DTSTAMP", made)
    event.add("DTSTART", entry.start)
    event.add("DTEND", entry.after)
    if entry.interval == WEEK:
        event.add("RRULE", {"FREQ": "WEEKLY", "COUNT": entry.times})
    elif entry.interval:
        rule = {"FREQ": "DAILY", "INTERVAL": entry.interval, "COUNT": entry.times}
        event.add("RRULE", rule)
    event.add("SUMMARY", escape_control(entry.summary))
    event.add("DESCRIPTION", escape_control("\n".join(entry.lines)))
    event.add("TRANSP", "TRANSPARENT")  # it does not make the patient busy
    return event
