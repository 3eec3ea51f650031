"""Pulses on the calendar of a plan: the first, those that a source gives again, and the rest."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.errors import UsageError, as_option
from dmcalc.planning.events import CalendarEvent, event_of_dose
from dmcalc.quantities.arithmetic import multiply
from dmcalc.quantities.time import DAYS
from dmcalc.results.base import ClinicalNote, leading, source_keys
from dmcalc.text import timing
from dmcalc.text.numbers import format_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.guideline.model import Guideline
    from dmcalc.guideline.steps import Repeat
    from dmcalc.planning.events import Dating
    from dmcalc.planning.steps import Option, PlacedStep


def pulse_row(option: Option) -> DoseRow | None:
    """Return the posology of a pulse with its days, if the option has one."""
    daily = (row for row in option.rows if row.phase == "pulse" and row.per == "day")
    return next((row for row in daily if row.days_low), None)


def pulse_days(dating: Dating, row: DoseRow) -> int:
    """Return the days of a pulse: those that were chosen, or the fewest."""
    low, high = _allowed_days(row)
    count = low if dating.pulse_days is None else dating.pulse_days
    if not low <= count <= high:
        raise UsageError(
            f"‹pulse_days› {count} is outside what the table gives",
            f"It gives {format_range(low, high)} days.",
        )
    return count


def _allowed_days(row: DoseRow) -> tuple[int, int]:
    assert row.days_low is not None and row.days_high is not None  # else it is no pulse
    return row.days_low, row.days_high


def pulse_events(
    guide: Guideline, dating: Dating, option: Option, placed: PlacedStep, on_calendar: set[str]
) -> tuple[list[CalendarEvent], list[ClinicalNote]]:
    """Return the pulses of a drug and their notes; ``on_calendar`` are the drugs that are on it."""
    row = pulse_row(option)
    assert row is not None
    count = pulse_days(dating, row)
    events = [_pulse(row, placed.step.id, 1, count, 1, f"here {count} days")]
    cautions = [*_of_days(row, count, dating)]
    for repeat in guide.plan.repeats:
        if repeat.regimen != row.regimen:
            continue
        if repeat.single_beside in on_calendar:
            text = (
                f"{row.name}: with a high daily dose by mouth the source gives a single first "
                "pulse; its repeated pulses are not on the calendar."
            )
            cautions.append(
                ClinicalNote("single-pulse", "reading", row.drug, text, source_keys(repeat.cite))
            )
        else:
            events += _repeats(row, repeat, placed.step.id, count)
            cautions += _without_daily(row, repeat, placed)
    for other in option.rows:
        if other is not row:
            events.append(
                event_of_dose(other, placed.step.id, None, "dose of another source, without days")
            )
    return events, cautions


def _of_days(row: DoseRow, count: int, dating: Dating) -> Iterator[ClinicalNote]:
    text = (
        "The days of a pulse count towards the dates to act on. Its amount is not in the running "
        "equivalent total: no source converts it."
    )
    yield ClinicalNote("pulse-apart", "reading", row.drug, text, row.sources)
    low, high = _allowed_days(row)
    if low != high:
        chosen = "the fewest days" if dating.pulse_days is None else f"{count} days"
        text = (
            f"{row.name}: the source gives {format_range(low, high)} days; the calendar has "
            f"{chosen}. "
            f"Change it with {as_option('pulse_days')}."
        )
        yield ClinicalNote("pulse-days", "reading", row.drug, text, row.sources)


def _without_daily(row: DoseRow, repeat: Repeat, placed: PlacedStep) -> Iterator[ClinicalNote]:
    """Say that the source gives a daily dose by mouth too, where none is on the calendar."""
    others = [o.drug for o in placed.options if o.drug == repeat.single_beside and o.tolerated]
    for drug in others:
        text = (
            f"{row.name}: the source combines its pulses with a daily dose by mouth, and none is "
            f"on the calendar. Doses: dmcalc dose {drug}; on the calendar: "
            f"{as_option('with', drug)}"
        )
        yield ClinicalNote("no-daily-dose", "caution", row.drug, text, row.sources)


def _pulse(
    row: DoseRow, step: str, day: int, count: int, number: int, detail: str
) -> CalendarEvent:
    assert row.low is not None and row.high is not None
    days_given = Decimal(count * number)
    parts = [row.sentence, "capped" if row.capped else "", detail]
    return event_of_dose(row, step, day, detail)._replace(
        title=f"{row.name} {format_range(row.low, row.high, row.unit or '')} daily",
        text="; ".join(filter(None, parts)),
        days=count,
        total_low=multiply(row.low, days_given),
        total_high=multiply(row.high, days_given),
    )


def _repeats(row: DoseRow, repeat: Repeat, step: str, count: int) -> Iterator[CalendarEvent]:
    """Yield the pulses that have a day, and one event without for those that have a range."""
    for number, after in enumerate(repeat.at, start=2):
        day = after.low * DAYS[after.period] + 1
        yield _pulse(row, step, day, count, number, f"again at {timing.length(after)}")
    text = (
        f"{timing.every(repeat.then)} for {timing.length(repeat.lasts)}, as the source has it; "
        "it gives no day; the prescriber decides"
    )
    yield CalendarEvent(
        step=step,
        kind="dose",
        title=f"{row.name}: further pulses",
        text=text,
        sources=source_keys(repeat.cite),
        drug=row.drug,
        name=row.name,
        quote=leading(repeat.cite).quote,
    )
