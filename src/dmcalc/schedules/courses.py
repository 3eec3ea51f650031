"""Repeated courses: the amounts are the drug's own regimens, each from its week on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dispensing.stock import stocked_shelf
from dmcalc.dosing.regimen import dose_row
from dmcalc.errors import UsageError
from dmcalc.quantities.arithmetic import EXACT, divide_inward
from dmcalc.quantities.time import DAYS
from dmcalc.results.base import source_keys, split_notes
from dmcalc.results.trace import aside, used
from dmcalc.schedules import model
from dmcalc.schedules.model import (
    Choice,
    Choices,
    Step,
    TaperResult,
    Totals,
    marked,
    note_roundings,
)
from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Amount
    from dmcalc.results.base import ClinicalNote
    from dmcalc.schedules.model import Supply
    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.table import LoadedTable, Table

MAX_WEEKS = 520
_NOTHING: tuple[ClinicalNote, ...] = ()


def course_taper(
    loaded: LoadedTable,
    patient: Patient,
    key: str,
    given: Amount | None,
    choices: Choices,
    supply: Supply,
) -> TaperResult:
    """Repeat courses to the length asked for; raise UsageError for choices of a daily taper."""
    table = loaded.table
    protocol = table.course_tapers[key]
    drug = protocol.drug
    _no_daily_choices(given, choices, supply)
    regimens = table.drugs[drug].regimens
    used(drug, "course_tapers", key)
    used(drug, "drugs", drug, "regimens")
    every = regimens[0].every
    rate = regimens[0].dose
    assert every is not None and rate is not None  # proved when the table was loaded
    weeks = choices.weeks if choices.weeks is not None else protocol.courses * every.low
    if not 1 <= weeks <= MAX_WEEKS:
        raise UsageError(f"‹weeks› {weeks} is outside 1 to {MAX_WEEKS}")
    unit = rate.unit if patient.weight_kg is not None else f"{rate.unit}/{rate.basis}"
    steps: list[Step] = []
    place, lacking = None, _NOTHING
    if patient.weight_kg is not None:
        place, lacking = stocked_shelf(table, drug, rate.unit, supply.stocked)
    low, high = Decimal(0), Decimal(0)
    for week in range(0, weeks, every.low):
        regimen = [r for r in regimens if (r.from_week or 0) <= week][-1]
        step = _course(table, patient, drug, regimen, week, unit)
        note_roundings(step, patient.weight_kg, None)
        if patient.dosing is not None:
            with aside():
                actual = _course(table, patient.actual, drug, regimen, week, unit)
            step = _beside(step, actual, patient)
        if place is not None and step.low == step.high:
            step = step._replace(products=place.make(step.high).products)
        low, high = EXACT.add(low, step.low), EXACT.add(high, step.high)
        steps.append(step._replace(total_low=low, total_high=high))
    amount = low if low == high else None
    totals = Totals(sum(s.days or 0 for s in steps), amount, low, high, unit)
    warnings, cautions = split_notes((*table.drugs[drug].notes, *protocol.notes), drug)
    if patient.dosing is not None:
        from dmcalc.dosing import weight_comparison

        totals = weight_comparison.totals(totals, steps)
        told, said = weight_comparison.told(patient, (drug,))
        warnings, cautions = (*told, *warnings), (*said, *cautions)
    made = (
        Choice("length", f"{len(steps)} {plural(len(steps), 'course')}", None, None, "--weeks"),
    )
    result = TaperResult(
        loaded=loaded,
        patient=patient,
        drug=drug,
        protocol=key,
        name=protocol.name,
        population=protocol.population,
        steps=tuple(steps),
        totals=totals,
        choices=made,
        ends=protocol.ends,
        warnings=warnings,
        cautions=(*lacking, *cautions),
        sources=source_keys((*protocol.cite, *(c for r in regimens for c in r.cite))),
    )
    return marked(result, [f"{drug}.taper.{key}", *model.regimens(table, drug)], place)


def _beside(step: Step, actual: Step, patient: Patient) -> Step:
    """Put beside a course the one by the actual weight."""
    from dmcalc.dosing.weight_comparison import course

    return course(step, actual, patient)


def _no_daily_choices(given: Amount | None, choices: Choices, supply: Supply) -> None:
    """Refuse what a schedule of courses would have to leave unheeded."""
    named = {
        "from": given,
        **choices._replace(weeks=None)._asdict(),
        "round": supply.direction,
        "left": supply.left,
        "pack": supply.packs,
    }
    for name, value in named.items():
        if value:
            raise UsageError(
                f"--{name.replace('_', '-')} is for the taper of a daily dose",
                "Use ‹weeks› for the length.",
            )


def _course(
    table: Table, patient: Patient, drug: str, regimen: Regimen, week: int, unit: str
) -> Step:
    """Return one course: grams with a weight, grams per kg without."""
    rate, days, every = regimen.dose, regimen.days, regimen.every
    assert rate is not None and days is not None and every is not None  # proved at loading
    low, high = rate.low, rate.high
    if patient.weight_kg is not None:
        row = dose_row(table, patient, drug, regimen, base=True)
        assert row.low is not None and row.high is not None
        low, high = row.low, row.high
    return Step(
        step=week // every.low + 1,
        day=week * 7 + 1,
        days=every.low * DAYS[every.period],
        week=week,
        low=low,
        high=high,
        unit=unit,
        per="course",
        per_kg_low=rate.low,
        per_kg_high=rate.high,
        days_low=days.low,
        days_high=days.high,
        daily_low=divide_inward(low, days.high, up=True),
        daily_high=divide_inward(high, days.low, up=False),
    )
