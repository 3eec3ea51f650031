"""The calendar of a plan: doses, steps, courses, blood tests, looks back and marks, by day.

Each drug that is on it is computed as its own command does: ``taper``, ``titrate`` or ``dose``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import UsageError
from dmcalc.monitoring.visits import monitored
from dmcalc.monitoring.visits import told as monitoring_told
from dmcalc.planning import pulses
from dmcalc.planning.events import (
    Calendar,
    Event,
    Told,
    dated,
    of_landmarks,
    of_row,
    review_of,
    said_of,
    shifted,
    tests_of,
)
from dmcalc.planning.exposure import counted_drugs, marked
from dmcalc.quantities.amount import Amount, Mass, converted
from dmcalc.quantities.time import WEEKDAYS
from dmcalc.results.base import ClinicalNote, ClinicalWarning, source_keys
from dmcalc.schedules import step_text
from dmcalc.schedules.milestones import landmarks
from dmcalc.schedules.model import Supply, TaperResult, protocols
from dmcalc.schedules.taper import taper
from dmcalc.schedules.titration import titrate, titrations
from dmcalc.text.numbers import format_range, ranges_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.patient import Patient
    from dmcalc.planning.events import Dating
    from dmcalc.planning.steps import Option, Placed
    from dmcalc.table.model.table import LoadedTable

MAX_WEEKS = 520
#: A year, as far as nothing asks for more.
WEEKS = 52


def events(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    patient: Patient,
    placed: Iterable[Placed],
    dating: Dating,
    *,
    first: bool = True,
) -> Calendar:
    """List what is on the calendar in the order of its days, with what there is to say of it.

    ``first`` tells whether the treatment begins with it: only then can a source look back from it.
    Raise UsageError for a length or a choice outside what there is.
    """
    if dating.weeks is not None and not 1 <= dating.weeks <= MAX_WEEKS:
        raise UsageError(f"--weeks {dating.weeks} is outside 1 to {MAX_WEEKS}")
    maker = _Maker(loaded, guide, patient, dating, tuple(placed))
    doses = [*maker.doses()]
    weeks = dating.weeks or _long_enough(doses)
    found = [*doses, *maker.tests(doses, weeks), *(maker.reviews() if first else ())]
    found += marked(guide, patient, found, dating.start)
    last = weeks * 7
    kept = [event for event in found if event.day is None or event.day <= last]
    if len(kept) < len(found):
        text = f"What comes after week {weeks} is left out; --weeks shows more."
        maker.cautions.append(ClinicalNote("length", "reading", None, text, ()))
    kept.sort(key=lambda event: event.day if event.day is not None else last + 1)
    told = Told(tuple(maker.warnings), tuple(dict.fromkeys(maker.cautions)))
    return Calendar(tuple(dated(event, dating.start) for event in kept), weeks, told)


def _long_enough(doses: Iterable[Event]) -> int:
    """Return the weeks of a calendar that was given no length: it cuts no landmark off."""
    days = (event.day for event in doses if event.kind == "landmark" and event.day)
    return min(max(WEEKS, -(-max(days, default=0) // 7)), MAX_WEEKS)


def has_posology(loaded: LoadedTable, patient: Patient, drug: str) -> bool:
    """Tell whether the table has posology of a drug for such a patient."""
    return not patient.child or bool(loaded.table.drugs[drug].juvenile)


class _Maker:
    """Makes the events of one plan, and gathers what the commands beneath it warn of."""

    def __init__(
        self,
        loaded: LoadedTable,
        guide: LoadedGuideline,
        patient: Patient,
        dating: Dating,
        placed: tuple[Placed, ...],
    ) -> None:
        self.loaded, self.guide, self.patient = loaded, guide, patient
        self.dating, self.placed = dating, placed
        self.counted = counted_drugs(guide.guideline.plan)
        self.warnings: list[ClinicalWarning] = []
        self.cautions: list[ClinicalNote] = []

    def doses(self) -> Iterator[Event]:
        """Yield the doses of each drug that is on the calendar."""
        for drug, option, one in self._chosen():
            for event in self._drug(drug, option, one):
                yield self._equivalent(event)

    def _chosen(self) -> Iterator[tuple[str, Option, Placed]]:
        for one in self.placed:
            for option in one.options:
                if option.chosen:
                    yield option.drug, option, one

    def _drug(self, drug: str, option: Option, one: Placed) -> Iterator[Event]:
        table = self.loaded.table
        waits = self._waits(drug, one)
        if pulses.pulse(option) is not None:
            found = pulses.events(self.guide.guideline, self.dating, option, one, self._on())
            self.cautions += found.cautions
            yield from found.events
        elif self.patient.child:
            yield from self._of_child(drug, option, one, waits)
        elif protocols(table, drug):
            yield from self._tapered(drug, one, waits)
        elif titrations(table, drug):
            yield from self._titrated(drug, option, one, waits)
        else:
            yield from self._as_listed(option, one, waits)

    def _on(self) -> set[str]:
        return {drug for drug, _, _ in self._chosen()}

    def _equivalent(self, event: Event) -> Event:
        """Add the running total of a drug that the marks count, as prednisone."""
        low, high = event.total_low, event.total_high
        if event.drug not in self.counted or low is None or high is None:
            return event
        unit: Mass = event.unit  # type: ignore[assignment]
        low, high = converted(low, unit, "mg"), converted(high, unit, "mg")
        name = self.loaded.table.drugs[event.drug].name.lower()
        total = f"{name}-equivalent total by then {format_range(low, high, 'mg')}"
        return event._replace(
            text=f"{event.text.removesuffix('.')}; {total}",
            prednisone_equivalent_low=low,
            prednisone_equivalent_high=high,
        )

    def _waits(self, drug: str, one: Placed) -> int:
        """Return the days of a pulse that a drug comes after, in its step or in one before."""
        days = [
            pulses.days(self.dating, row)
            for earlier in self.placed
            if earlier.step.before == one.step.id or earlier is one
            for option in earlier.options
            if option.chosen and option.drug != drug and (row := pulses.pulse(option))
        ]
        return max(days, default=0)

    def _tapered(self, drug: str, one: Placed, waits: int) -> Iterator[Event]:
        # of the drugs on a calendar, the taper is that of the one that has it
        known = protocols(self.loaded.table, drug)
        wanted = self.dating.taper if self.dating.taper in known else None
        supply = Supply(self.dating.stocked)
        result = taper(self.loaded, self.patient, drug, protocol=wanted, supply=supply)
        assert isinstance(result, TaperResult)  # landmarks are of children alone
        self._hear(result)
        yield from self._steps(result, one, waits)

    def _of_child(self, drug: str, option: Option, one: Placed, waits: int) -> Iterator[Event]:
        """Yield the start dose and the landmarks of a child's taper, or the doses as listed."""
        table = self.loaded.table
        known = [key for key, taper in table.landmark_tapers.items() if taper.drug == drug]
        if not known:
            yield from self._as_listed(option, one, waits)
            return
        wanted = self.dating.taper if self.dating.taper in known else None
        first = self.dating.start
        if first is not None and waits:
            first = shifted(first, waits)
        found = landmarks(self.loaded, self.patient, drug, wanted, None, first)
        self.warnings += found.warnings
        lacking = table.landmark_tapers[found.protocol].follows
        if lacking is not None and lacking not in self._on():
            text = (
                f"In its source {found.protocol} comes after pulses of {lacking}, and none are on "
                f"the calendar. Put them on it: --with {lacking}"
            )
            self.warnings.append(ClinicalWarning("no-pulses", drug, text, found.sources[0]))
        self.cautions += found.cautions
        text = f"{option.name}: {found.between} {found.ends}"
        self.cautions.append(ClinicalNote("landmarks", "caution", drug, text, found.sources))
        if waits:
            text = (
                f"{option.name}: by mouth from the day after the pulses; its months are counted "
                "from its own first dose."
            )
            self.cautions.append(
                ClinicalNote("after-pulses", "reading", drug, text, source_keys(one.step.cite))
            )
        yield from of_landmarks(found, one.step.id, option.name, waits)

    def _titrated(self, drug: str, option: Option, one: Placed, waits: int) -> Iterator[Event]:
        start = next((row for row in option.rows if row.phase == "start" and row.low), None)
        first = Amount(start.low, start.unit) if start and start.low and start.unit else None
        try:
            result = titrate(
                self.loaded,
                self.patient,
                drug,
                start_dose=first,
                supply=Supply(self.dating.stocked),
                day=self._weekday(drug, waits),
            )
        except UsageError as lacking:
            text = f"{option.name}: {lacking.message}; its steps are not on the calendar."
            self.cautions.append(ClinicalNote("no-steps", "caution", drug, text, ()))
            yield from self._as_listed(option, one, waits)
            return
        self._hear(result)
        yield from self._steps(result, one, waits)

    def _weekday(self, drug: str, waits: int) -> str | None:
        """Return the weekday of a drug that is given once a week: that of its first dose."""
        if self.dating.start is None or not self.loaded.table.drugs[drug].once_weekly:
            return None
        return WEEKDAYS[(self.dating.start.weekday() + waits) % 7]

    def _hear(self, result: TaperResult) -> None:
        name = self.loaded.table.drugs[result.drug].name
        self.warnings += result.warnings
        self.cautions += result.cautions
        for choice in result.choices:
            allowed = f" of {ranges_in_words(choice.allowed)}" if choice.allowed else ""
            text = f"{name}: {choice.name} {choice.chosen}{allowed}, by {result.protocol}."
            self.cautions.append(
                ClinicalNote("chosen", "reading", result.drug, text, result.sources)
            )
        self.cautions.append(
            ClinicalNote("ends", "caution", result.drug, f"{name}: {result.ends}", result.sources)
        )

    def _steps(self, result: TaperResult, one: Placed, waits: int) -> Iterator[Event]:
        name = self.loaded.table.drugs[result.drug].name
        for step in result.steps:
            course = step.per == "course"
            by_kg = step.per_kg_low is not None
            yield Event(
                step=one.step.id,
                kind="course" if course else "dose",
                title=f"{name} {step_text.heading(step)}",
                text=said_of(step, result, name),
                sources=result.sources,
                day=step.day + waits,
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
            )

    def _as_listed(self, option: Option, one: Placed, waits: int) -> Iterator[Event]:
        """Yield the doses of a drug without a schedule; a later one has its week or no day."""
        for row in option.rows:
            first = row.phase in ("start", "induction", "pulse") or len(option.rows) == 1
            day = row.from_week * 7 + 1 if row.from_week else 1 + waits if first else None
            unknown = "" if day else "no source in the table gives its day"
            yield of_row(row, one.step.id, day, unknown)

    def tests(self, doses: list[Event], weeks: int) -> Iterator[Event]:
        """Yield the tests of each drug that is on the calendar.

        A dose is stable from the first day of the last step that it has.
        """
        first = {event.drug: event.day or 1 for event in reversed(doses) if event.drug}
        last = {event.drug: event.day for event in doses if event.drug and event.day}
        guide = monitored(self.guide.guideline, child=self.patient.child)
        for drug, option, one in self._chosen():
            begins = first.get(drug, 1)
            stable = last.get(drug, begins) - begins + 1
            yield from tests_of(
                guide,
                self.dating.start,
                weeks,
                option,
                one.step.id,
                begins,
                stable,
                before=begins - self._waits(drug, one),
            )
        drugs = [drug for drug, _, _ in self._chosen()]
        if drugs:
            warnings, cautions = monitoring_told(
                self.loaded, guide, drugs, child=self.patient.child
            )
            self.warnings += warnings
            self.cautions += cautions

    def reviews(self) -> Iterator[Event]:
        """Yield when a source looks back at the treatment, where it gives a time."""
        begun = {drug: self._waits(drug, one) for drug, _, one in self._chosen()}
        if not begun:
            return
        for one in self.placed:
            for trigger in one.why if one.status == "later" else ():
                timed = trigger.after or trigger.within
                if timed is not None and (trigger.since is None or trigger.since in begun):
                    waits = begun[trigger.since] if trigger.since else 0
                    yield review_of(one.step, trigger, self.dating.start, waits)
