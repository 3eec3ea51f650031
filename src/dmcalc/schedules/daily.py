"""Tapers of a daily dose: from a start dose down through the bands of a protocol."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dispensing.solver import Nearest
from dmcalc.dispensing.stock import UnitCombination, stock_or_note
from dmcalc.errors import UsageError
from dmcalc.quantities.amount import Amount, converted
from dmcalc.quantities.arithmetic import EXACT, multiply, per_size
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import ClinicalWarning
from dmcalc.results.trace import used
from dmcalc.schedules.model import (
    Choices,
    Step,
    TaperResult,
    note_roundings,
    regimens,
    totals_of,
    with_local_values,
)
from dmcalc.schedules.protocol_steps import steps_of_protocol, steps_of_user
from dmcalc.table.names import figure_name

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Direction, Stock
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass
    from dmcalc.schedules.custom_steps import DoseLevel
    from dmcalc.schedules.model import Supply
    from dmcalc.table.model.drug import Drug, StepNote
    from dmcalc.table.model.table import LoadedTable, Table


def taper_daily_dose(
    loaded: LoadedTable,
    patient: Patient,
    drug: str,
    key: str,
    given: Amount | None,
    choices: Choices,
    supply: Supply,
) -> TaperResult:
    """Reduce a daily dose step by step, by a protocol or by steps of one's own.

    Raise PatientError without a start dose, RefusedError for one over a cap, and UsageError for a
    choice outside the source's ranges.
    """
    table = loaded.table
    protocol = table.daily_tapers[key]._replace(drug=drug)
    if choices.weeks is not None:
        raise UsageError(
            "‹weeks› is for repeated courses", "The length of this taper follows from its steps."
        )
    if choices.max_step is not None and not choices.steps:
        raise UsageError("‹max_step› is for steps of your own", "Write them with ‹steps›.")
    unit = protocol.bands[0].until.unit
    used(drug, "drugs", drug, "step_notes")
    if not choices.steps:
        used(drug, "daily_tapers", key)
    walk = steps_of_user(table, patient, protocol, given, choices) if choices.steps else None
    walk = walk or steps_of_protocol(table, patient, protocol, key, given, choices)
    place, lacking = stock_or_note(table, drug, unit, supply.stocked)
    steps = _steps(loaded, drug, patient, unit, walk.levels, place, supply.direction)
    result = TaperResult(
        loaded=loaded,
        patient=patient,
        drug=drug,
        protocol="own" if choices.steps else key,
        name="Your own schedule, from no source" if choices.steps else protocol.name,
        population="the patient it was written for" if choices.steps else protocol.population,
        steps=steps,
        totals=totals_of(steps, unit, place, supply),
        choices=walk.choices,
        ends=walk.ends,
        warnings=(*_not_made_warning(steps, place, drug), *walk.warnings),
        cautions=(*lacking, *walk.cautions),
        sources=walk.sources,
    )
    computed = given is None and (choices.steps or choices.flare or choices.on is None)
    names = regimens(table, drug) if computed else _caps(table, drug)
    names += [] if choices.steps else [figure_name(table, ("daily_tapers", key))]
    names += [] if supply.direction else [f"{drug}.rounding"]
    return with_local_values(result, names, place)


def _caps(table: Table, drug: str) -> list[str]:
    """Name what a given start dose is held against: every cap."""
    entry = table.drugs[drug]
    return [f"{drug}.{r.name}.max" for r in (*entry.regimens, *entry.alternatives)]


def _steps(
    loaded: LoadedTable,
    drug: str,
    patient: Patient,
    unit: Mass,
    levels: list[DoseLevel],
    place: Stock | None,
    direction: Direction | None,
) -> tuple[Step, ...]:
    """Put doses with their days one after the other, with running totals and whole units.

    A hospital's own rounding counts where the user did not say how to round.
    """
    rule = None if direction else loaded.rounding.get(drug)

    def ruled(dose: Decimal) -> Decimal:
        if rule is None:
            return dose
        from dmcalc.formulary.rounding import round_by_local_rule

        return round_by_local_rule(rule, dose, unit, first)

    steps: list[Step] = []
    day, total = 1, Decimal(0)
    first = max(levels[0].dose, levels[0].alternate or Decimal(0))
    for exact, days, second in levels:
        wanted, then = ruled(exact), None if second is None else ruled(second)
        made = _make_dose(wanted, place, direction, first)
        other = None if then is None else _make_dose(then, place, direction, first)
        dose = made.dose or wanted
        next_day = None if other is None else other.dose or then
        total = EXACT.add(total, _units_given(dose, next_day, days or 0))
        beside = None if patient.weight_kg is None else per_size(dose, patient.weight_kg)
        steps.append(
            Step(
                step=len(steps) + 1,
                day=day,
                days=days,
                week=(day - 1) // 7,
                low=dose if next_day is None else min(dose, next_day),
                high=dose if next_day is None else max(dose, next_day),
                unit=unit,
                per="day",
                per_kg_low=beside,
                per_kg_high=beside,
                daily_low=dose if next_day is None else min(dose, next_day),
                daily_high=dose if next_day is None else max(dose, next_day),
                total_low=None if days is None else total,
                total_high=None if days is None else total,
                note=_step_note(loaded.table.drugs[drug], converted(dose, unit, "mg"), days),
                products=made.products,
                rounded_from=exact if dose != exact else None,
                alternate=next_day,
                products_alternate=other.products if other is not None else None,
                alternate_rounded_from=second if second != next_day else None,
            )
        )
        note_roundings(steps[-1], patient.weight_kg, place.form if place else None)
        day += days or 0
    return tuple(steps)


def _make_dose(
    dose: Decimal, place: Stock | None, direction: Direction | None, limit: Decimal
) -> UnitCombination:
    """Make a dose from whole units, rounded where that is asked for, but never above a limit."""
    if place is None:
        return UnitCombination(None, None, Decimal(0), Nearest(None, None))
    made = place.make(dose)
    if made.dose is not None or direction is None:
        return made
    made = place.make_toward(dose, direction)
    return place.make_toward(dose, "down") if made.dose and made.dose > limit else made


def _units_given(dose: Decimal, next_day: Decimal | None, days: int) -> Decimal:
    """Return what is given over some days, every day or on alternate days."""
    if next_day is None:
        return multiply(dose, Decimal(days))
    first = -(-days // 2)
    return EXACT.add(multiply(dose, Decimal(first)), multiply(next_day, Decimal(days - first)))


def _not_made_warning(
    steps: tuple[Step, ...], place: Stock | None, drug: str
) -> tuple[ClinicalWarning, ...]:
    """Warn of the doses that no whole units of the shelf make."""
    if place is None:
        return ()
    lost = list(
        dict.fromkeys(f"{format_plain(s.low)} {s.unit}" for s in steps if s.products is None)
    )
    if not lost:
        return ()
    message = (
        f"No whole {place.form}s of {place.strengths()} make {', '.join(lost)}. Round with --round "
        "down, up or nearest, or name other strengths with --stock."
    )
    return (ClinicalWarning("no-combination", drug, message, None),)


def _step_note(drug: Drug, value: Decimal, days: int | None) -> str | None:
    """Return the notes that stand at a dose in mg."""
    notes = [note.text for note in drug.step_notes if _note_applies(note, value)]
    if days is None:
        notes.insert(0, "The source does not say for how long.")
    return " ".join(notes) or None


def _note_applies(note: StepNote, value: Decimal) -> bool:
    """Tell whether a note stands at a dose in mg."""
    least = Decimal(0) if note.at_or_above is None else note.at_or_above.value_in("mg")
    return least <= value <= note.at_or_below.value_in("mg")
