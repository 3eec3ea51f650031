"""Repeated courses: the amounts are the drug's own regimens, each from its week on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from dmcalc.dispensing.courses import course_by_days, units_of_course
from dmcalc.dispensing.stock import stock_or_note
from dmcalc.dosing.one_drug import dose_row
from dmcalc.errors import UsageError
from dmcalc.quantities import arithmetic, formulas
from dmcalc.quantities.amount import DoseRange
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.quantities.time import DAYS
from dmcalc.results.base import source_keys, split_notes
from dmcalc.results.trace import used
from dmcalc.schedules import published
from dmcalc.schedules.model import Choice, Choices, Step, TaperResult, Totals
from dmcalc.schedules.steps import known_days, note_roundings, with_local_values
from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Stock
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Amount, Mass
    from dmcalc.results.base import ClinicalNote
    from dmcalc.schedules.model import Supply
    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.table import LoadedTable, Table

MAX_WEEKS = 520
_NOTHING: tuple[ClinicalNote, ...] = ()


def repeat_courses(
    loaded: LoadedTable,
    patient: Patient,
    key: str,
    start_dose: Amount | None,
    choices: Choices,
    supply: Supply,
) -> TaperResult:
    """Repeat courses to the length chosen; raise UsageError for choices of a daily taper."""
    table = loaded.table
    protocol = table.course_tapers[key]
    drug = protocol.drug
    _refuse_daily_choices(start_dose, choices, supply)
    regimens = table.drugs[drug].regimens
    used(drug, "course_tapers", key)
    used(drug, "drugs", drug, "regimens")
    first, *_ = regimens
    every, rate = first.every, first.dose
    assert every is not None and rate is not None  # proved when the table was loaded
    weeks = choices.weeks if choices.weeks is not None else protocol.courses * every.low
    if not 1 <= weeks <= MAX_WEEKS:
        raise UsageError(f"‹weeks› {weeks} is outside 1 to {MAX_WEEKS}")
    unit = rate.unit if patient.weight_kg is not None else f"{rate.unit}/{rate.basis}"
    steps: list[Step] = []
    stock, lacking = None, _NOTHING
    if patient.weight_kg is not None:
        stock, lacking = stock_or_note(table, drug, rate.unit, supply.stocked)
    low, high = Decimal(0), Decimal(0)
    begun = [regimen for regimen in regimens if not regimen.from_week or regimen.from_week < weeks]
    rows = _rows(table, patient, drug, begun)
    actual_rows = _rows(table, patient.actual, drug, begun) if patient.dosing is not None else {}
    for week in range(0, weeks, every.low):
        regimen = [r for r in begun if not r.from_week or r.from_week <= week][-1]
        step = _course(regimen, rows.get(regimen.name), week, unit)
        note_roundings(step, patient.weight_kg, None)
        if patient.dosing is not None:
            actual = _course(regimen, actual_rows.get(regimen.name), week, unit)
            comparison = patient.dosing.compare(_dose(step), _dose(actual))
            step = step._replace(**comparison._asdict())
        if stock is not None and step.low == step.high:
            step = _with_vials(step, stock)
        low, high = EXACT.add(low, step.low), EXACT.add(high, step.high)
        steps.append(step._replace(total_low=low, total_high=high))
    amount = low if low == high else None
    totals = Totals(known_days(steps), amount, low, high, unit)
    warnings, cautions = split_notes((*table.drugs[drug].notes, *protocol.notes), drug)
    if patient.dosing is not None:
        totals = _with_actual_totals(totals, steps)
        of_weight, by_weight = patient.dosing.notes((drug,))
        warnings, cautions = (*of_weight, *warnings), (*by_weight, *cautions)
    length = f"{len(steps)} {plural(len(steps), 'course')}"
    result = TaperResult(
        loaded=loaded,
        patient=patient,
        drug=drug,
        protocol=key,
        name=protocol.name,
        population=protocol.population,
        steps=tuple(steps),
        totals=totals,
        choices=(Choice.of("length", length, None, None, "weeks"),),
        ends=protocol.ends,
        warnings=warnings,
        cautions=(*lacking, *cautions),
        sources=source_keys((*protocol.cite, *(c for r in regimens for c in r.cite))),
        posologies=tuple(rows.values()),
    )
    return with_local_values(
        result, [f"{drug}.taper.{key}", *published.regimens(table, drug)], stock
    )


def _with_actual_totals(totals: Totals, steps: list[Step]) -> Totals:
    """Add to the sums over all courses those by the actual weight."""
    low = high = Decimal(0)
    for step in steps:
        assert step.low_actual is not None and step.high_actual is not None
        low, high = EXACT.add(low, step.low_actual), EXACT.add(high, step.high_actual)
    return totals._replace(
        amount_low_actual=low,
        amount_high_actual=high,
        saved_low=EXACT.subtract(low, totals.amount_low),
        saved_high=EXACT.subtract(high, totals.amount_high),
    )


def _dose(step: Step) -> DoseRange:
    return DoseRange(step.low, step.high, cast("Mass", step.unit))  # its weight is known


def _refuse_daily_choices(start_dose: Amount | None, choices: Choices, supply: Supply) -> None:
    """Refuse what a schedule of courses cannot use."""
    named = {
        "from": start_dose,
        **choices._replace(weeks=None)._asdict(),
        "round": supply.direction,
        "left": supply.left,
        "pack": supply.packs,
    }
    for name, value in named.items():
        if value:
            raise UsageError(
                f"‹{name}› is for the taper of a daily dose",
                "Use ‹weeks› for the length.",
            )


def _rows(table: Table, patient: Patient, drug: str, regimens: list[Regimen]) -> dict[str, DoseRow]:
    """Return the courses of a patient by their names; none without a weight."""
    if patient.weight_kg is None:
        return {}
    return {regimen.name: dose_row(table, patient, drug, regimen) for regimen in regimens}


def _with_vials(step: Step, stock: Stock) -> Step:
    """Add to a course the vials of each of its days, for each number of days.

    Those of the whole course are the fewest that make equal days; none where none do exactly.
    """
    assert step.days_low is not None and step.days_high is not None
    by_days = course_by_days(stock, step.high, step.days_low, step.days_high)
    products = units_of_course(stock, step.high, by_days)
    return step._replace(products=products, products_by_days=by_days)


def _course(regimen: Regimen, row: DoseRow | None, week: int, unit: str) -> Step:
    """Return one course: grams with a weight, grams per kg without."""
    rate, days, every = regimen.dose, regimen.days, regimen.every
    assert rate is not None and days is not None and every is not None  # proved at loading
    low, high = rate.low, rate.high
    if row is not None:
        assert row.low is not None and row.high is not None
        low, high = row.low, row.high
    daily_low, daily_high = formulas.divided(arithmetic, (low, high), days.high, days.low)
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
        daily_low=daily_low,
        daily_high=daily_high,
    )
