"""How long a schedule keeps a daily dose at or above a threshold, and what a taper says of it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dmcalc.quantities.amount import converted
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.time import DAYS, months_later
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading, source_keys
from dmcalc.results.trace import used
from dmcalc.text.numbers import format_number, format_range, plural, ranges_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from dmcalc.guideline.model import Guideline, LoadedGuideline
    from dmcalc.guideline.steps import ExposureThreshold
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass
    from dmcalc.quantities.thresholds import DoseThreshold, End
    from dmcalc.schedules.model import TaperResult
    from dmcalc.sources.cite import Cite

#: No month of the calendar is longer.
LONGEST_MONTH = 31


class DailyDose(Protocol):
    """A daily dose from a day on: a step of a schedule, or a dose on a calendar."""

    @property
    def day(self) -> int | None:
        """Its first day, from 1."""

    @property
    def days(self) -> int | None:
        """Its length; None where it has no end."""

    @property
    def high(self) -> Decimal | None:
        """Its amount."""

    @property
    def unit(self) -> str | None:
        """Unit of the amount."""


class DoseStretch(NamedTuple):
    """Days on end at a dose or above, from 1; ``last`` is None where the last dose goes on.

    ``days`` are those of the doses that have an end.
    """

    first: int
    last: int | None
    days: int


def stretches_at_or_above(
    doses: Iterable[DailyDose], bound: DoseThreshold, end: End
) -> list[DoseStretch]:
    """List the stretches of days on end in which a daily dose reaches a threshold in mg."""
    stretches: list[DoseStretch] = []
    for dose in doses:
        assert dose.day is not None and dose.high is not None and dose.unit is not None
        unit: Mass = dose.unit  # type: ignore[assignment]
        if not bound.met(converted(dose.high, unit, "mg"), end):
            continue
        last = None if dose.days is None else dose.day + dose.days - 1
        if stretches and stretches[-1].last == dose.day - 1:
            days = stretches[-1].days + (dose.days or 0)
            stretches[-1] = stretches[-1]._replace(last=last, days=days)
        else:
            stretches.append(DoseStretch(dose.day, last, dose.days or 0))
    return stretches


def day_reached(
    stretch: DoseStretch, time: DoseThreshold, end: End, start: datetime.date | None
) -> int | None:
    """Return the day of a run on which it is long enough; None where it is not, or not known.

    Days and weeks are counted; months are those of the calendar, and need its first day.
    """
    count = int(time.at(end))
    if time.unit == "month":
        if start is None:
            return None
        begins = start + datetime.timedelta(days=stretch.first - 1)
        length = (months_later(begins, count) - begins).days
    else:
        length = count * DAYS[time.unit]
    day = stretch.first + length - (0 if time.beyond else 1)
    return day if stretch.last is None or day <= stretch.last else None


def will_reach(
    stretch: DoseStretch, time: DoseThreshold, end: End, start: datetime.date | None
) -> bool:
    """Tell whether a run is long enough for certain, also where its months cannot be counted."""
    if day_reached(stretch, time, end, start) is not None:
        return True
    return stretch.last is None or stretch.days > int(time.at(end)) * LONGEST_MONTH


def days_in_words(stretches: list[DoseStretch], dose: DoseThreshold, end: End) -> str:
    """Say how many days a schedule has at such a dose."""
    amount = f"{format_number(dose.at(end))} mg"
    level = f"above {amount}" if dose.beyond else f"at {amount} or more"
    if not stretches:
        return f"No day of the schedule is {level}."
    weeks, days = divmod(sum(stretch.days for stretch in stretches), 7)
    text = f"{format_number(weeks)} {plural(weeks, 'week')}"
    text += f" and {days} {plural(days, 'day')}" if days else ""
    further = ", and the open last step" if any(s.last is None for s in stretches) else ""
    return f"Days {level} in the schedule: {text}{further}."


def refused_medicines(
    guideline: Guideline, threshold: ExposureThreshold, names: dict[str, str]
) -> tuple[str, tuple[str, ...]]:
    """Say which medicines of a threshold the rules of some drugs refuse, with the sources of those.

    ``names`` are the drugs by their keys.
    """
    texts: list[str] = []
    cites: list[Cite] = []
    for drug, name in names.items():
        for rule in guideline.rules.of(drug):
            refused = [each for each in threshold.medicines if each in rule.when.taking]
            if rule.then == "refuse" and refused:
                used(drug, "rules", "rules", rule.id)
                texts.append(f"With {name} {' and '.join(refused)} is refused: {rule.text}")
                cites += rule.cite
    return " ".join(texts), source_keys(cites)


def with_taper_notes(result: TaperResult, guide: LoadedGuideline) -> TaperResult:
    """Add what the table and the guideline say of a schedule of such doses and such a length."""
    pulses = tuple(_indicated_pulses(result))
    due = tuple(_due_notes(guide.guideline, result))
    stops = tuple(_stop_warnings(guide.guideline, result))
    return result._replace(
        exposure_guide=guide if due or stops else None,
        warnings=(*stops, *result.warnings),
        cautions=(*pulses, *due, *result.cautions),
    )


def _due_notes(guideline: Guideline, result: TaperResult) -> Iterator[ClinicalNote]:
    """Say what is due from the start of a schedule that will reach a source's dose and time."""
    for threshold in _thresholds(guideline, result.patient, result.drug):
        stretches = stretches_at_or_above(result.steps, threshold.dose, "low")
        first, *_ = result.steps
        reached = (will_reach(s, threshold.time, "low", first.start) for s in stretches)
        if threshold.due and any(reached):
            counted = days_in_words(stretches, threshold.dose, "low")
            refused, sources = refused_medicines(guideline, threshold, _taken_with(result.patient))
            text = " ".join(filter(None, (f"{threshold.title}: {threshold.due}", counted, refused)))
            brief = f"{threshold.title}: {_threshold(threshold)}."
            brief += f" {refused.partition(':')[0]}." if refused else ""
            yield ClinicalNote(
                threshold.id,
                "caution",
                result.drug,
                text,
                (*source_keys(threshold.cite), *sources),
                brief,
            )


def _threshold(threshold: ExposureThreshold) -> str:
    """Write from which dose and time on: ``above 15 to 30 mg daily for over 2 to 4 weeks``."""
    dose, time = threshold.dose, threshold.time
    level = f"{'above' if dose.beyond else 'from'} {format_range(dose.low, dose.high)} mg daily"
    length = f"{format_range(time.low, time.high)} {plural(time.high, time.unit)}"
    return f"{level} for {'over ' if time.beyond else ''}{length}"


def _stop_warnings(guideline: Guideline, result: TaperResult) -> Iterator[ClinicalWarning]:
    """Warn of a stop from a dose, and after a time, that can bring adrenal insufficiency."""
    if not result.stops:
        return
    first, last = result.steps[0], result.steps[-1]
    assert last.days is not None  # what stops has an end
    end = last.day + last.days - 1
    for exposure in _thresholds(guideline, result.patient, result.drug):
        stretches = stretches_at_or_above(result.steps, exposure.dose, "high")
        reached = stretches and stretches[-1].last == end
        long_enough = any(will_reach(s, exposure.time, "high", first.start) for s in stretches)
        if exposure.persists is not None and reached and long_enough:
            amount = f"{format_plain(last.high)} {last.unit}"
            threshold = f"{format_range(exposure.dose.low, exposure.dose.high)} mg"
            text = (
                f"This schedule stops from {amount} daily, above {threshold}: adrenal "
                f"insufficiency is possible. {days_in_words(stretches, exposure.dose, 'high')}"
            )
            yield ClinicalWarning("abrupt-stop", result.drug, text, leading(exposure.cite).source)


def _indicated_pulses(result: TaperResult) -> Iterator[ClinicalNote]:
    """Name the pulse of another drug of the group that the severity indicates before the taper."""
    table, severity = result.loaded.table, result.patient.severity
    if severity is None:
        return
    group = table.drugs[result.drug].group
    for key, drug in table.drugs.items():
        indication = getattr(table.indications[drug.indication], severity)
        pulse = next((r for r in drug.regimens if r.phase == "pulse" and r.dose), None)
        if (
            drug.group == group
            and key != result.drug
            and pulse is not None
            and indication.indicated
        ):
            length = f" for {pulse.days}" if pulse.days else ""
            dose = f"{drug.name}, {ranges_in_words(f'{pulse.dose}{length}')}"
            text = (
                f"{indication.reason} They come before this taper and are no part of it: {dose}. "
                f"See: dmcalc dose {key}"
            )
            sources = source_keys((*pulse.cite, *indication.cite))
            brief = f"Indicated before this taper: {dose}."
            yield ClinicalNote("pulse-indicated", "caution", result.drug, text, sources, brief)


def _thresholds(guideline: Guideline, patient: Patient, drug: str) -> Iterator[ExposureThreshold]:
    plan = guideline.plan
    counted = {drug, *(each.instead_of for each in plan.stand_ins if each.drug == drug)}
    for threshold in plan.marks:
        if threshold.drug in counted and threshold.population == patient.population:
            yield threshold


def _taken_with(patient: Patient) -> dict[str, str]:
    return {name: name for name in patient.context.taking} if patient.context else {}
