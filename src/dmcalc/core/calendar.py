"""The calendar of a plan: doses, steps, courses, blood tests, looks back and marks, by day.

Each drug that is on it is computed as its own command does: ``taper``, ``titrate`` or ``dose``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc import wording
from dmcalc.core import weekly
from dmcalc.core.events import (
    Event,
    Told,
    amount_of,
    dated,
    listed,
    of_landmarks,
    review_of,
    said_of,
    tests_of,
)
from dmcalc.core.landmarks import landmarks
from dmcalc.core.marks import marked
from dmcalc.core.monitor import monitored
from dmcalc.core.monitor import told as monitoring_told
from dmcalc.core.result import Caution, Warned, noted
from dmcalc.core.schedule import Choices, Supply, TaperResult, protocols
from dmcalc.core.taper import taper
from dmcalc.core.titrate import titrate, titrations
from dmcalc.errors import UsageError
from dmcalc.quantity import Amount, scaled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.core.events import Dating
    from dmcalc.core.plan import Option, Placed
    from dmcalc.core.regimen import DoseRow
    from dmcalc.guide.model import LoadedGuide
    from dmcalc.patient import Patient
    from dmcalc.table.model import LoadedTable

MAX_WEEKS = 520


def events(
    loaded: LoadedTable,
    guide: LoadedGuide,
    patient: Patient,
    placed: Iterable[Placed],
    dating: Dating,
    *,
    first: bool = True,
) -> tuple[tuple[Event, ...], Told]:
    """List what is on the calendar in the order of its days, with what there is to say of it.

    ``first`` tells whether the treatment begins with it: only then can a source look back from it.
    Raise UsageError for a length or a choice outside what there is.
    """
    if not 1 <= dating.weeks <= MAX_WEEKS:
        raise UsageError(f"--weeks {dating.weeks} is outside 1 to {MAX_WEEKS}")
    maker = _Maker(loaded, guide, patient, dating, tuple(placed))
    doses = [*maker.doses()]
    found = [*doses, *maker.tests(doses), *(maker.reviews() if first else ())]
    found += marked(guide, patient, found, dating.start)
    last = dating.weeks * 7
    kept = [event for event in found if event.day is None or event.day <= last]
    if len(kept) < len(found):
        text = f"What comes after week {dating.weeks} is left out; --weeks shows more."
        maker.cautions.append(Caution("length", "reading", None, text, ()))
    kept.sort(key=lambda event: event.day if event.day is not None else last + 1)
    told = Told(tuple(maker.warnings), tuple(dict.fromkeys(maker.cautions)))
    return tuple(dated(event, dating.start) for event in kept), told


def has_posology(loaded: LoadedTable, patient: Patient, drug: str) -> bool:
    """Tell whether the table has posology of a drug for such a patient."""
    return not patient.child or bool(loaded.table.drugs[drug].juvenile)


class _Maker:
    """Makes the events of one plan, and gathers what the commands beneath it warn of."""

    def __init__(
        self,
        loaded: LoadedTable,
        guide: LoadedGuide,
        patient: Patient,
        dating: Dating,
        placed: tuple[Placed, ...],
    ) -> None:
        self.loaded, self.guide, self.patient = loaded, guide, patient
        self.dating, self.placed = dating, placed
        self.warnings: list[Warned] = []
        self.cautions: list[Caution] = []

    def doses(self) -> Iterator[Event]:
        """Yield the doses of each drug that is on the calendar."""
        for drug, option, one in self._chosen():
            yield from self._drug(drug, option, one)

    def _chosen(self) -> Iterator[tuple[str, Option, Placed]]:
        for one in self.placed:
            for option in one.options:
                if option.chosen:
                    yield option.drug, option, one

    def _drug(self, drug: str, option: Option, one: Placed) -> Iterator[Event]:
        table = self.loaded.table
        waits = self._waits(one)
        pulse = next((row for row in option.rows if row.phase == "pulse" and row.days_low), None)
        if pulse is not None and pulse.per == "day":
            yield self._pulse(pulse, one)
        elif self.patient.child:
            yield from self._of_child(drug, option, one)
        elif protocols(table, drug):
            yield from self._tapered(drug, one, waits)
        elif titrations(table, drug):
            yield from self._titrated(drug, option, one, waits)
        else:
            yield from self._as_listed(option, one, waits)

    def _waits(self, one: Placed) -> int:
        """Return the days of a pulse that a step comes after."""
        days = [
            self._pulse_days(row)
            for earlier in self.placed
            for option in earlier.options
            for row in option.rows
            if earlier.step.before == one.step.id and option.chosen and row.phase == "pulse"
        ]
        return max(days, default=0)

    def _pulse_days(self, row: DoseRow) -> int:
        assert row.days_low is not None and row.days_high is not None
        days = row.days_low if self.dating.pulse_days is None else self.dating.pulse_days
        if not row.days_low <= days <= row.days_high:
            raise UsageError(
                f"--pulse-days {days} is outside what the table gives",
                f"It gives {wording.span(row.days_low, row.days_high)} days.",
            )
        return days

    def _pulse(self, row: DoseRow, one: Placed) -> Event:
        days = self._pulse_days(row)
        text = (
            "A pulse is not counted in the marks, nor in another drug's total: nothing converts it."
        )
        self.cautions.append(Caution("pulse-apart", "reading", row.drug, text, row.sources))
        assert row.low is not None and row.high is not None
        if row.days_low != row.days_high:
            chosen = "the fewest days" if self.dating.pulse_days is None else f"{days} days"
            allowed = wording.span(row.days_low or 0, row.days_high or 0)
            text = (
                f"{row.name}: the source gives {allowed} days; the calendar has {chosen}. "
                "Change it with --pulse-days."
            )
            self.cautions.append(Caution("pulse-days", "reading", row.drug, text, row.sources))
        return Event(
            step=one.step.id,
            kind="dose",
            title=f"{row.name} {wording.span(row.low, row.high, row.unit or '')} daily",
            text=f"{row.text}; here {days} days",
            sources=row.sources,
            day=1,
            days=days,
            drug=row.drug,
            name=row.name,
            low=row.low,
            high=row.high,
            unit=row.unit,
            per=row.per,
            total_low=scaled(row.low, Decimal(days)),
            total_high=scaled(row.high, Decimal(days)),
            local=row.local,
        )

    def _tapered(self, drug: str, one: Placed, waits: int) -> Iterator[Event]:
        table = self.loaded.table
        wanted = self.dating.taper if self.dating.taper in protocols(table, drug) else None
        courses = any(t.drug == drug for t in table.course_tapers.values())
        choices = Choices(weeks=self.dating.weeks if courses else None)
        supply = Supply(self.dating.stocked)
        result = taper(
            self.loaded, self.patient, drug, protocol=wanted, choices=choices, supply=supply
        )
        assert isinstance(result, TaperResult)  # landmarks are of children alone
        self._hear(result)
        yield from self._steps(result, one, waits)

    def _of_child(self, drug: str, option: Option, one: Placed) -> Iterator[Event]:
        """Yield the start dose and the landmarks of a child's taper, or the doses as listed."""
        table = self.loaded.table
        known = [key for key, taper in table.landmark_tapers.items() if taper.drug == drug]
        if not known:
            yield from self._as_listed(option, one, 0)
            return
        wanted = self.dating.taper if self.dating.taper in known else None
        found = landmarks(self.loaded, self.patient, drug, wanted, None, self.dating.start)
        self.warnings += found.warnings
        self.cautions += found.cautions
        text = f"{option.name}: {found.between} {found.ends}"
        self.cautions.append(Caution("landmarks", "caution", drug, text, found.sources))
        yield from of_landmarks(found, one.step.id, option.name)

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
            self.cautions.append(Caution("no-steps", "caution", drug, text, ()))
            yield from self._as_listed(option, one, waits)
            return
        self._hear(result)
        yield from self._steps(result, one, waits)

    def _weekday(self, drug: str, waits: int) -> str | None:
        """Return the weekday of a drug that is given once a week: that of its first dose."""
        if self.dating.start is None or not self.loaded.table.drugs[drug].once_weekly:
            return None
        return weekly.WEEKDAYS[(self.dating.start.weekday() + waits) % 7]

    def _hear(self, result: TaperResult) -> None:
        name = self.loaded.table.drugs[result.drug].name
        self.warnings += result.warnings
        self.cautions += result.cautions
        for choice in result.choices:
            allowed = f" of {wording.spoken(choice.allowed)}" if choice.allowed else ""
            text = f"{name}: {choice.name} {choice.chosen}{allowed}, by {result.protocol}."
            self.cautions.append(Caution("chosen", "reading", result.drug, text, result.sources))
        self.cautions.append(
            Caution("ends", "caution", result.drug, f"{name}: {result.ends}", result.sources)
        )

    def _steps(self, result: TaperResult, one: Placed, waits: int) -> Iterator[Event]:
        name = self.loaded.table.drugs[result.drug].name
        for step in result.steps:
            course = step.per == "course"
            yield Event(
                step=one.step.id,
                kind="course" if course else "dose",
                title=f"{name} {amount_of(step)}",
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
            )

    def _as_listed(self, option: Option, one: Placed, waits: int) -> Iterator[Event]:
        """Yield the doses of a drug without a schedule; a later one has its week or no day."""
        notes = self.loaded.table.drugs[option.drug].notes
        own = (note for note in notes if note.children) if self.patient.child else notes
        warnings, cautions = noted(own, option.drug)
        self.warnings += warnings
        self.cautions += cautions
        for row in option.rows:
            first = row.phase in ("start", "induction", "pulse") or len(option.rows) == 1
            day = row.from_week * 7 + 1 if row.from_week else 1 + waits if first else None
            unknown = "" if day else "; no source in the table gives its day"
            yield Event(
                step=one.step.id,
                kind="dose",
                title=listed(row),
                text=row.text + unknown,
                sources=row.sources,
                day=day,
                drug=row.drug,
                name=row.name,
                low=row.low,
                high=row.high,
                unit=row.unit,
                per=row.per,
                local=row.local,
            )

    def tests(self, doses: list[Event]) -> Iterator[Event]:
        """Yield the tests of each drug that is on the calendar.

        A dose is stable from the first day of the last step that it has.
        """
        first = {event.drug: event.day or 1 for event in reversed(doses) if event.drug}
        last = {event.drug: event.day for event in doses if event.drug and event.day}
        guide = monitored(self.guide.guide, child=self.patient.child)
        for drug, option, one in self._chosen():
            begins = first.get(drug, 1)
            stable = last.get(drug, begins) - begins + 1
            yield from tests_of(
                guide,
                self.dating,
                option,
                one.step.id,
                begins,
                stable,
            )
        drugs = [drug for drug, _, _ in self._chosen()]
        if drugs:
            warnings, cautions = monitoring_told(self.loaded, guide, drugs)
            self.warnings += warnings
            self.cautions += cautions

    def reviews(self) -> Iterator[Event]:
        """Yield when a source looks back at the treatment, where it gives a time."""
        begun = {option.drug: self._waits(one) for _, option, one in self._chosen()}
        if not begun:
            return
        for one in self.placed:
            for trigger in one.why if one.status == "later" else ():
                if trigger.after is not None and (trigger.since is None or trigger.since in begun):
                    waits = begun[trigger.since] if trigger.since else 0
                    yield review_of(one.step, trigger, self.dating.start, waits)
