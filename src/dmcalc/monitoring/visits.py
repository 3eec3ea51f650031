"""``monitor``: the monitoring of some drugs, before the first dose and on days after it."""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.dose import rules_for
from dmcalc.errors import UsageError
from dmcalc.guideline import paths
from dmcalc.guideline.monitoring import Monitoring
from dmcalc.monitoring.document import MonitorDocument, MonitorRow
from dmcalc.patient.patient import Patient
from dmcalc.quantities.time import DAYS, days_later, months_later
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading, source_keys, split_notes
from dmcalc.results.described import described_by
from dmcalc.results.names import find_drugs
from dmcalc.results.trace import used
from dmcalc.text import timing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.guideline.model import Guideline, LoadedGuideline
    from dmcalc.guideline.monitoring import Phase, Series
    from dmcalc.quantities.time import Interval
    from dmcalc.table.model.table import LoadedTable

MAX_WEEKS = 520
#: The length of a year, which is shown where none is given.
WEEKS = 52
#: A month without a first day to count it from: no test comes later than in a calendar month.
MONTH_DAYS = 28


class Visit(NamedTuple):
    """Tests of one drug on a day, counted from 1, the first dose being on day 1."""

    drug: str
    day: int
    date: datetime.date | None
    tests: tuple[str, ...]
    #: Why on that day: the phase that it falls in.
    text: str
    population: str | None
    sources: tuple[str, ...]
    quote: str | None


@described_by(MonitorDocument)
class MonitorResult(NamedTuple):
    """The answer of ``dmcalc monitor``."""

    loaded: LoadedTable
    guide: LoadedGuideline
    drugs: tuple[str, ...]
    start: datetime.date | None
    weeks: int
    #: Day from which the dose is stable, and whether that was entered or assumed.
    stable_day: int
    stable_assumed: bool
    visits: tuple[Visit, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    kind: str = "monitor"

    @property
    def rows(self) -> tuple[MonitorRow, ...]:
        """Tests before the first dose, visits, and limits for results."""
        return (*self._baseline(), *map(self._visit, self.visits), *self._limits())

    def _baseline(self) -> Iterator[MonitorRow]:
        for drug in self.drugs:
            for baseline in monitoring_of(self.guide.guideline, drug).baseline:
                yield MonitorRow(
                    part="baseline",
                    drug=drug,
                    name=self.loaded.table.drugs[drug].name,
                    tests=baseline.tests,
                    text="before the first dose",
                    sources=source_keys(baseline.cite),
                    quote=leading(baseline.cite).quote,
                )

    def _visit(self, visit: Visit) -> MonitorRow:
        name = self.loaded.table.drugs[visit.drug].name
        return MonitorRow(part="visit", name=name, **visit._asdict())

    def _limits(self) -> Iterator[MonitorRow]:
        for drug in self.drugs:
            for threshold in self.guide.guideline.thresholds:
                if drug in threshold.drugs:
                    yield MonitorRow(
                        part="limit",
                        drug=drug,
                        name=self.loaded.table.drugs[drug].name,
                        tests=(),
                        lab=threshold.lab,
                        limit=str(threshold.limit),
                        text=threshold.instruction,
                        population=threshold.population,
                        sources=source_keys(threshold.cite),
                        quote=leading(threshold.cite).quote,
                    )


def monitoring_for(guide: Guideline, *, child: bool) -> Guideline:
    """Return a guide whose monitoring is of the patient: of a child without what is of adults."""
    if not child:
        return guide
    by_drug = {
        drug: monitoring._replace(
            series=tuple(series for series in monitoring.series if not series.adults)
        )
        for drug, monitoring in guide.monitoring.items()
    }
    return guide._replace(monitoring=by_drug)


def monitor(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    names: Iterable[str],
    patient: Patient | None = None,
    *,
    start: datetime.date | None = None,
    weeks: int = WEEKS,
    stable: int | None = None,
) -> MonitorResult:
    """List the monitoring of some drugs; ``stable`` is the day from which the dose is stable.

    Where that is not known, what goes on until it is goes on to the end. For a child what the
    sources have for adults alone is left out. Raise UnknownNameError for a drug that the table does
    not hold, UsageError for a length outside what there is, and RefusedError for a drug that a rule
    refuses for the patient.
    """
    drugs = find_drugs(loaded.table, names)
    if not drugs:
        raise UsageError("no drug is named", "Name one or several: dmcalc monitor DRUG")
    if not 1 <= weeks <= MAX_WEEKS:
        raise UsageError(f"‹weeks› {weeks} is outside 1 to {MAX_WEEKS}")
    who = patient or Patient()
    if advice := rules_for(who):
        for drug in drugs:
            advice.refuse(drug)
    guideline = monitoring_for(guide.guideline, child=who.child)
    for drug in drugs:
        note_tests(guide.guideline, drug, child=who.child)
        note_limits(guide.guideline, drug)
    planned = [
        visit
        for drug in drugs
        for visit in visits(guideline, drug, start=start, weeks=weeks, stable=stable)
    ]
    planned.sort(key=lambda visit: visit.day)
    warnings, cautions = monitoring_notes(loaded, guideline, drugs, child=who.child)
    if advice is not None:
        warnings = (*warnings, *advice.warnings(drugs))
        cautions = (*cautions, *advice.not_addressed(drugs))
    later = (
        caution for drug in drugs for caution in _later(loaded, guideline, drug, start, weeks * 7)
    )
    return MonitorResult(
        loaded=loaded,
        guide=guide,
        drugs=drugs,
        start=start,
        weeks=weeks,
        stable_day=weeks * 7 + 1 if stable is None else stable,
        stable_assumed=stable is None,
        visits=tuple(planned),
        warnings=warnings,
        cautions=(*cautions, *later),
    )


def note_limits(guide: Guideline, drug: str) -> None:
    """Note the limits for results of a drug, for a receipt."""
    for number, threshold in enumerate(guide.thresholds):
        if drug in threshold.drugs:
            used(drug, *paths.threshold_path(number))


def note_tests(guide: Guideline, drug: str, *, child: bool) -> None:
    """Note the tests of a drug, before its start and after, for a receipt."""
    monitoring = monitoring_of(guide, drug)
    used(drug, *paths.monitoring_path(drug, paths.BASELINE))
    for number, series in enumerate(monitoring.series):
        if not (child and series.adults):
            used(drug, *paths.monitoring_path(drug, paths.SERIES, number))


def monitoring_of(guide: Guideline, drug: str) -> Monitoring:
    """Return the monitoring of a drug; where no source gives any it has no tests."""
    return guide.monitoring.get(drug, Monitoring())


def _later(
    loaded: LoadedTable, guide: Guideline, drug: str, start: datetime.date | None, last: int
) -> Iterator[ClinicalNote]:
    """Say which tests are first due after the last day, so that they are not lost."""
    for series in monitoring_of(guide, drug).series:
        first, *_ = series.phases
        day = add_interval(1, first.every, first.every.low, start)
        if day > last:
            when = f"day {day}" if start is None else days_later(start, day - 1).isoformat()
            name, tests = loaded.table.drugs[drug].name, ", ".join(series.tests)
            text = f"{name}: {tests} first on {when}, after the weeks that are shown."
            yield ClinicalNote("first-later", "caution", drug, text, source_keys(series.cite))


def monitoring_notes(
    loaded: LoadedTable, guide: Guideline, drugs: Iterable[str], *, child: bool
) -> tuple[tuple[ClinicalWarning, ...], tuple[ClinicalNote, ...]]:
    """Return the warnings and notes of the guideline on the monitoring of some drugs.

    For a child it leaves notes out that do not say that they hold for one.
    """
    warnings, cautions = split_notes(guide.monitoring_notes, None)
    for drug in drugs:
        monitoring = guide.monitoring.get(drug)
        if monitoring is None:
            name = loaded.table.drugs[drug].name
            text = f"{name}: no source in the guide gives any monitoring."
            # on the short page too: without it an empty plan would read as no need of one
            cautions += (ClinicalNote("no-monitoring", "caution", drug, text, (), text),)
            continue
        own = (note for note in monitoring.notes if note.children or not child)
        more_warnings, more = split_notes((*own, *monitoring.limits), drug)
        readings = tuple(
            ClinicalNote("reading", "reading", drug, series.reading, source_keys(series.cite))
            for series in monitoring.series
            if series.reading
        )
        warnings, cautions = (*warnings, *more_warnings), (*cautions, *readings, *more)
    return warnings, cautions


def visits(
    guide: Guideline,
    drug: str,
    *,
    start: datetime.date | None,
    weeks: int,
    stable: int | None = None,
) -> tuple[Visit, ...]:
    """List the visits of one drug up to the end of so many weeks, in the order of their days.

    ``stable`` is the day from which the dose is stable; where it is None the dose is not stable in
    these weeks. Months are those of the calendar; without ``start`` a month counts as 28 days.
    """
    last = weeks * 7
    planned = [
        visit
        for series in monitoring_of(guide, drug).series
        for visit in _series(drug, series, start, last, stable)
    ]
    return tuple(sorted(planned, key=lambda visit: visit.day))


def _series(
    drug: str, series: Series, start: datetime.date | None, last: int, stable: int | None
) -> Iterator[Visit]:
    """Yield the visits of one series: in each phase from its first day on, and on its last one.

    So no two visits are farther apart than the phase allows, where one ends between two of its own.
    """
    begins = 1
    for phase in series.phases:
        ends = _end(phase, begins, stable, start)
        for day, early in _days(phase, begins, ends, start):
            if day > last:
                return
            yield _visit(drug, series, phase, day, start, early=early)
        if ends is None:
            return
        begins = ends


def _end(phase: Phase, begins: int, stable: int | None, start: datetime.date | None) -> int | None:
    if phase.stable is not None and stable is not None:
        return add_interval(max(begins, stable), phase.stable, phase.stable.high, start)
    lasts = phase.lasts
    return None if lasts is None else add_interval(begins, lasts, lasts.high, start)


def _days(
    phase: Phase, begins: int, ends: int | None, start: datetime.date | None
) -> Iterator[tuple[int, bool]]:
    """Yield the days of a phase, its last one too; without end where it has none.

    With each goes whether it is earlier than its interval gives, as the last may be.
    """
    for count in itertools.count(phase.every.low, phase.every.low):
        day = add_interval(begins, phase.every, count, start)
        if ends is not None and day >= ends:
            yield ends, day != ends
            return
        yield day, False


def add_interval(day: int, interval: Interval, count: int, start: datetime.date | None) -> int:
    """Return the day so many days, weeks or months after another."""
    if interval.period != "month":
        return day + count * DAYS[interval.period]
    if start is None:
        return day + count * MONTH_DAYS
    first = days_later(start, day - 1)
    return day + (months_later(first, count) - first).days


def phase_text(phase: Phase) -> str:
    """Write how often tests are done in a phase, and until when."""
    interval = timing.every(phase.every.shortest)
    if phase.stable is not None:
        interval += f" until the dose is stable for {timing.length(phase.stable)}"
    elif phase.lasts == phase.every:
        interval = f"{timing.length(phase.lasts)} after the start"
    elif phase.lasts is not None:
        interval += f" for {timing.length(phase.lasts)}"
    if phase.every.low != phase.every.high:
        interval += f" (the source: {timing.every(phase.every)})"
    return interval


def _visit(
    drug: str,
    series: Series,
    phase: Phase,
    day: int,
    start: datetime.date | None,
    *,
    early: bool,
) -> Visit:
    """Return a visit; an early one is on the last day of a phase, before its next would be due."""
    interval = phase_text(phase)
    return Visit(
        drug=drug,
        day=day,
        date=None if start is None else days_later(start, day - 1),
        tests=series.tests,
        text=f"last day of the phase: {interval}" if early else interval,
        population=series.population,
        sources=source_keys(series.cite),
        quote=leading(series.cite).quote,
    )
