"""What a taper of a daily dose says of itself: a pulse before it, what is due, how it stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.quantities.base import format_plain
from dmcalc.results.base import ClinicalNote, ClinicalWarning, source_keys
from dmcalc.schedules.exposure import (
    days_in_words,
    prophylaxis_refused,
    stretches_at_or_above,
    will_reach,
)
from dmcalc.text.numbers import format_range, ranges_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.guideline.model import Guideline, LoadedGuideline
    from dmcalc.guideline.steps import Mark
    from dmcalc.patient.patient import Patient
    from dmcalc.schedules.model import TaperResult


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
    for mark in _marks(guideline, result.patient, result.drug):
        stretches = stretches_at_or_above(result.steps, mark.dose, "low")
        first = result.steps[0].start
        if mark.due and any(will_reach(s, mark.time, "low", first) for s in stretches):
            counted = days_in_words(stretches, mark.dose, "low")
            refused = prophylaxis_refused(guideline, mark, _taken_with(result.patient))
            text = " ".join(filter(None, (f"{mark.title}: {mark.due}", counted, refused)))
            yield ClinicalNote(mark.id, "caution", result.drug, text, source_keys(mark.cite))


def _stop_warnings(guideline: Guideline, result: TaperResult) -> Iterator[ClinicalWarning]:
    """Warn of a stop from a dose, and after a time, that can bring adrenal insufficiency."""
    last = result.steps[-1]
    if not result.stops:
        return
    for mark in _marks(guideline, result.patient, result.drug):
        stretches = stretches_at_or_above(result.steps, mark.dose, "low")
        reached = stretches and stretches[-1].last == last.day + (last.days or 0) - 1
        long_enough = any(will_reach(s, mark.time, "low", last.start) for s in stretches)
        if mark.persists is not None and last.days is not None and reached and long_enough:
            amount = f"{format_plain(last.high)} {last.unit}"
            threshold = f"{format_range(mark.dose.low, mark.dose.high)} mg"
            text = (
                f"This schedule stops from {amount} daily, above {threshold}: adrenal "
                f"insufficiency is possible. {days_in_words(stretches, mark.dose, 'low')}"
            )
            yield ClinicalWarning("abrupt-stop", result.drug, text, mark.cite[0].source)


def _indicated_pulses(result: TaperResult) -> Iterator[ClinicalNote]:
    """Name the pulse of another drug of the group that the severity indicates before the taper."""
    table, severity = result.loaded.table, result.patient.severity
    if severity is None:
        return
    group = table.drugs[result.drug].group
    for key, drug in table.drugs.items():
        place = getattr(table.indications[drug.indication], severity)
        pulse = next((r for r in drug.regimens if r.phase == "pulse" and r.dose), None)
        if drug.group == group and key != result.drug and pulse is not None and place.indicated:
            length = f" for {pulse.days}" if pulse.days else ""
            text = (
                f"{place.reason} They come before this taper and are no part of it: {drug.name}, "
                f"{ranges_in_words(f'{pulse.dose}{length}')}. See: dmcalc dose {key}"
            )
            sources = source_keys((*pulse.cite, *place.cite))
            yield ClinicalNote("pulse-indicated", "caution", result.drug, text, sources)


def _marks(guideline: Guideline, patient: Patient, drug: str) -> Iterator[Mark]:
    for mark in guideline.plan.marks:
        if mark.drug == drug and mark.population == patient.population:
            yield mark


def _taken_with(patient: Patient) -> tuple[str, ...]:
    return patient.context.taking if patient.context else ()
