"""The calendar of a plan: doses, steps, courses, tests, reviews and exposure thresholds, by day.

Each drug that is on it is computed as its own command does: ``taper``, ``titrate`` or ``dose``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import RefusedError, UsageError, as_option
from dmcalc.monitoring.visits import monitoring_for, monitoring_notes
from dmcalc.planning import pulses
from dmcalc.planning.events import (
    Calendar,
    CalendarEvent,
    event_of_dose,
    milestone_events,
    monitoring_events,
    review_event,
    with_dates,
)
from dmcalc.planning.exposure import counted_drugs, exposure_events
from dmcalc.planning.wording import step_details, step_in_brief
from dmcalc.quantities.amount import Mass, converted
from dmcalc.quantities.time import WEEKDAYS, days_later
from dmcalc.results.base import ClinicalNote, ClinicalWarning, source_keys
from dmcalc.results.trace import under
from dmcalc.schedules import step_text
from dmcalc.schedules.milestones import milestones
from dmcalc.schedules.model import Supply, TaperResult
from dmcalc.schedules.published import protocols, published_for
from dmcalc.schedules.taper import taper
from dmcalc.schedules.titration import titrate, titrations
from dmcalc.schedules.titration_doses import TitrationChoices
from dmcalc.text.numbers import format_range, ranges_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.patient import Patient
    from dmcalc.planning.events import Dating
    from dmcalc.planning.steps import Option, PlacedStep
    from dmcalc.table.model.table import LoadedTable

MAX_WEEKS = 520
#: A year, as far as nothing asks for more.
WEEKS = 52


def build_calendar(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    patient: Patient,
    placed: Iterable[PlacedStep],
    dating: Dating,
    *,
    first: bool,
) -> Calendar:
    """List what is on the calendar in the order of its days, with its warnings and notes.

    ``first`` tells whether the treatment begins with it: only then can a source look back from it.
    Raise UsageError for a length or a choice outside what there is.
    """
    if dating.weeks is not None and not 1 <= dating.weeks <= MAX_WEEKS:
        raise UsageError(f"‹weeks› {dating.weeks} is outside 1 to {MAX_WEEKS}")
    builder = CalendarBuilder(loaded, guide, patient, dating, tuple(placed))
    doses = [*builder.doses()]
    weeks = dating.weeks or _long_enough(doses)
    events = [*doses, *builder.tests(doses, weeks), *(builder.reviews() if first else ())]
    events += exposure_events(loaded.table, guide, patient, events, dating.start)
    last = weeks * 7
    shown = [event for event in events if event.day is None or event.day <= last]
    if len(shown) < len(events):
        text = f"What comes after week {weeks} is left out; {as_option('weeks')} shows more."
        builder.cautions.append(ClinicalNote("length", "reading", None, text, ()))
    shown.sort(key=lambda event: (event.day is None, event.day))
    return Calendar(
        events=tuple(with_dates(event, dating.start) for event in shown),
        weeks=weeks,
        warnings=tuple(builder.warnings),
        cautions=tuple(dict.fromkeys(builder.cautions)),
    )


def _long_enough(doses: Iterable[CalendarEvent]) -> int:
    """Return the weeks of a calendar that was given no length: it cuts no milestone off."""
    days = (event.day for event in doses if event.kind == "landmark" and event.day)
    return min(-(-max((WEEKS * 7, *days)) // 7), MAX_WEEKS)


class CalendarBuilder:
    """Makes the events of one plan, and collects the warnings and notes of what it computes."""

    def __init__(
        self,
        loaded: LoadedTable,
        guide: LoadedGuideline,
        patient: Patient,
        dating: Dating,
        placed: tuple[PlacedStep, ...],
    ) -> None:
        self.loaded, self.guide, self.patient = loaded, guide, patient
        self.dating, self.placed = dating, placed
        self.counted = counted_drugs(guide.guideline.plan)
        self.warnings: list[ClinicalWarning] = []
        self.cautions: list[ClinicalNote] = []

    def doses(self) -> Iterator[CalendarEvent]:
        """Yield the doses of each drug that is on the calendar."""
        for drug, option, placed in self._chosen():
            for event in self._drug(drug, option, placed):
                yield self._equivalent(event)

    def _chosen(self) -> Iterator[tuple[str, Option, PlacedStep]]:
        for placed in self.placed:
            for option in placed.options:
                if option.chosen:
                    yield option.drug, option, placed

    def _drug(self, drug: str, option: Option, placed: PlacedStep) -> Iterator[CalendarEvent]:
        table = self.loaded.table
        delay = self._days_after_pulse(drug, placed)
        if pulses.pulse_row(option) is not None:
            events, cautions = pulses.pulse_events(
                self.guide.guideline, self.dating, option, placed, self._on()
            )
            self.cautions += cautions
            yield from events
        elif self.patient.child:
            yield from self._of_child(drug, option, placed, delay)
        elif protocols(table, drug):
            yield from self._tapered(drug, option, placed, delay)
        elif titrations(table, drug):
            yield from self._titrated(drug, option, placed, delay)
        else:
            yield from self._as_listed(option, placed, delay)

    def _on(self) -> set[str]:
        return {drug for drug, _, _ in self._chosen()}

    def _equivalent(self, event: CalendarEvent) -> CalendarEvent:
        """Add the running total of a drug that the thresholds count, as prednisone."""
        low, high = event.total_low, event.total_high
        if event.drug not in self.counted or low is None:
            return event
        assert high is not None
        unit: Mass = event.unit  # type: ignore[assignment]
        low, high = converted(low, unit, "mg"), converted(high, unit, "mg")
        name = self.loaded.table.drugs[event.drug].name.lower()
        total = f"{name}-equivalent total by then {format_range(low, high, 'mg')}"
        return event._replace(
            text=f"{event.text.removesuffix('.')}; {total}",
            prednisone_equivalent_low=low,
            prednisone_equivalent_high=high,
        )

    def _days_after_pulse(self, drug: str, placed: PlacedStep) -> int:
        """Return the days of a pulse that a drug comes after, in its step or in one before."""
        days = [
            pulses.pulse_days(self.dating, row)
            for earlier in self.placed
            if earlier.step.before == placed.step.id or earlier is placed
            for option in earlier.options
            if option.chosen and option.drug != drug and (row := pulses.pulse_row(option))
        ]
        return max(days, default=0)

    def _tapered(
        self, drug: str, option: Option, placed: PlacedStep, delay: int
    ) -> Iterator[CalendarEvent]:
        if not self.loaded.table.drugs[drug].regimens:
            text = (
                f"{option.name}: no source gives a start dose by severity, so no taper is on the "
                f"calendar. From a dose of your own: dmcalc taper {drug} --from DOSE"
            )
            self.cautions.append(ClinicalNote("no-steps", "caution", drug, text, ()))
            yield from self._as_listed(option, placed, delay)
            return
        # of the drugs on a calendar, the taper is that of the one that has it
        published = protocols(self.loaded.table, drug)
        protocol = self.dating.taper if self.dating.taper in published else None
        supply = Supply(self.dating.stocked)
        with under("schedules", drug):
            result = taper(self.loaded, self.patient, drug, protocol=protocol, supply=supply)
        assert isinstance(result, TaperResult)  # landmarks are of children alone
        self._collect_notes(result)
        yield from self._steps(result, placed, delay)

    def _of_child(
        self, drug: str, option: Option, placed: PlacedStep, delay: int
    ) -> Iterator[CalendarEvent]:
        """Yield the start dose and the milestones of a child's taper, or the doses as listed."""
        table = self.loaded.table
        published = published_for(table.landmark_tapers, drug)
        if not published:
            yield from self._as_listed(option, placed, delay)
            return
        protocol = self.dating.taper if self.dating.taper in published else None
        first = self.dating.start
        if first is not None:
            first = days_later(first, delay)
        with under("schedules", drug):
            result = milestones(self.loaded, self.patient, drug, protocol, None, first)
        self.warnings += result.warnings
        missing = table.landmark_tapers[result.protocol].follows
        if missing is not None and missing not in self._on():
            text = (
                f"In its source {result.protocol} comes after pulses of {missing}, and none are on "
                f"the calendar. Put them on it: {as_option('with', missing)}"
            )
            self.warnings.append(ClinicalWarning("no-pulses", drug, text, result.sources[0]))
        self.cautions += result.cautions
        text = f"{option.name}: {result.between} {result.ends}"
        self.cautions.append(ClinicalNote("landmarks", "caution", drug, text, result.sources))
        if delay:
            text = (
                f"{option.name}: by mouth from the day after the pulses; its months are counted "
                "from its own first dose."
            )
            self.cautions.append(
                ClinicalNote("after-pulses", "reading", drug, text, source_keys(placed.step.cite))
            )
        yield from milestone_events(result, placed.step.id, option.name, delay)

    def _titrated(
        self, drug: str, option: Option, placed: PlacedStep, delay: int
    ) -> Iterator[CalendarEvent]:
        try:
            choices = TitrationChoices(day=self._weekday(drug, delay))
            with under("schedules", drug):
                result = titrate(
                    self.loaded, self.patient, drug, choices, Supply(self.dating.stocked)
                )
        except (UsageError, RefusedError) as missing:  # no interval, or no amount, is known
            text = (
                f"{option.name}: {missing.named(as_option)[0]}; its steps are not on the calendar."
            )
            self.cautions.append(ClinicalNote("no-steps", "caution", drug, text, ()))
            yield from self._as_listed(option, placed, delay)
            return
        self._collect_notes(result)
        yield from self._steps(result, placed, delay)

    def _weekday(self, drug: str, delay: int) -> str | None:
        """Return the weekday of a drug that is given once a week: that of its first dose."""
        if self.dating.start is None or not self.loaded.table.drugs[drug].once_weekly:
            return None
        return WEEKDAYS[(self.dating.start.weekday() + delay) % 7]

    def _collect_notes(self, result: TaperResult) -> None:
        name = self.loaded.table.drugs[result.drug].name
        self.warnings += result.warnings
        # a plan says itself on what there is no rule: the drugs that were chosen are not asked
        self.cautions += (note for note in result.cautions if note.code != "no-rule")
        for choice in result.choices:
            allowed = ""
            if choice.allowed is not None and not choice.allowed.startswith(choice.chosen):
                allowed = f" of {ranges_in_words(choice.allowed)}"
            text = f"{name}: {choice.name} {choice.chosen}{allowed}, by {result.protocol}."
            self.cautions.append(
                ClinicalNote("chosen", "reading", result.drug, text, result.sources)
            )
        self.cautions.append(
            ClinicalNote("ends", "caution", result.drug, f"{name}: {result.ends}", result.sources)
        )

    def _steps(
        self, result: TaperResult, placed: PlacedStep, delay: int
    ) -> Iterator[CalendarEvent]:
        name = self.loaded.table.drugs[result.drug].name
        for step in result.steps:
            course = step.per == "course"
            by_kg = step.per_kg_low is not None
            yield CalendarEvent(
                step=placed.step.id,
                kind="course" if course else "dose",
                title=f"{name} {step_text.heading(step)}",
                text=step_details(step, result, name),
                sources=result.sources,
                brief=step_in_brief(step, result),
                day=step.day + delay,
                days=None if course else step.days,
                drug=result.drug,
                name=name,
                low=step.low,
                high=step.high,
                unit=step.unit,
                per=step.per,
                total_low=step.total_low,
                total_high=step.total_high,
                local=step.local,
                basis="kg" if by_kg else None,
                per_basis_low=step.per_kg_low,
                per_basis_high=step.per_kg_high,
                origin=f"schedules.{result.drug}.steps.{step.step - 1}",
            )

    def _as_listed(self, option: Option, placed: PlacedStep, delay: int) -> Iterator[CalendarEvent]:
        """Yield the doses of a drug without a schedule; a later one has its week or no day."""
        for row in option.rows:
            first = row.phase in ("start", "induction", "pulse") or len(option.rows) == 1
            day = row.from_week * 7 + 1 if row.from_week else 1 + delay if first else None
            unknown = "" if day else "no source in the table gives its day"
            yield event_of_dose(row, placed.step.id, day, unknown)

    def tests(self, doses: list[CalendarEvent], weeks: int) -> Iterator[CalendarEvent]:
        """Yield the tests of each drug that is on the calendar.

        A dose is stable from the first day of the last step that it has.
        """
        first = {event.drug: event.day for event in reversed(doses) if event.day}
        last = {event.drug: event.day for event in doses if event.day}
        guide = monitoring_for(self.guide.guideline, child=self.patient.child)
        for drug, option, placed in self._chosen():
            begins = first.get(drug, 1)
            stable = last.get(drug, begins) - begins + 1
            yield from monitoring_events(
                guide,
                self.dating.start,
                weeks,
                option,
                placed.step.id,
                begins,
                stable,
                before=begins - self._days_after_pulse(drug, placed),
            )
        drugs = [drug for drug, _, _ in self._chosen()]
        if drugs:
            warnings, cautions = monitoring_notes(
                self.loaded, guide, drugs, child=self.patient.child
            )
            self.warnings += warnings
            self.cautions += cautions

    def reviews(self) -> Iterator[CalendarEvent]:
        """Yield when a source looks back at the treatment, where it gives a time."""
        begun = {drug: self._days_after_pulse(drug, placed) for drug, _, placed in self._chosen()}
        if not begun:
            return
        for placed in self.placed:
            for trigger in placed.why if placed.status == "later" else ():
                timed = trigger.after or trigger.within
                if timed is not None and (trigger.since is None or trigger.since in begun):
                    delay = begun[trigger.since] if trigger.since else 0
                    yield review_event(placed.step, trigger, self.dating.start, delay)
