"""Tapers of a daily dose: from a start dose down through the bands of a protocol."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from dmcalc.dispensing.stock import stock_or_note
from dmcalc.errors import UsageError, as_option, name_inputs
from dmcalc.quantities.amount import Amount, converted
from dmcalc.results.base import ClinicalWarning
from dmcalc.results.trace import used
from dmcalc.schedules.model import Choices, Step, TaperResult
from dmcalc.schedules.protocol_steps import (
    doses_of_protocol,
    steps_of_protocol,
    steps_of_user,
)
from dmcalc.schedules.published import regimens
from dmcalc.schedules.steps import MadeDose, build_steps, totals_of, with_local_values
from dmcalc.table.names import figure_name
from dmcalc.text.numbers import page_number

if TYPE_CHECKING:
    from collections.abc import Callable

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
    start_dose: Amount | None,
    choices: Choices,
    supply: Supply,
) -> TaperResult:
    """Reduce a daily dose step by step, by a protocol or by steps of one's own.

    Raise PatientError without a start dose, RefusedError for one over a cap, and UsageError for a
    choice outside the source's ranges.
    """
    table = loaded.table
    protocol, own = table.daily_tapers[key]._replace(drug=drug), bool(choices.steps)
    if choices.weeks is not None:
        raise UsageError(
            "‹weeks› is for repeated courses", "The length of this taper follows from its steps."
        )
    if choices.max_step is not None and not own:
        raise UsageError("‹max_step› is for steps of your own", "Write them with ‹steps›.")
    unit = protocol.unit
    used(drug, "drugs", drug, "step_notes")
    stock, lacking = stock_or_note(table, drug, unit, supply.stocked)
    # where doses are rounded by a rule or as the user asks, the start dose is too
    startable = None if supply.direction or drug in loaded.rounding else stock
    if own:
        descent = steps_of_user(table, patient, protocol, start_dose, choices, startable)
    else:
        used(drug, "daily_tapers", key)
        descent = steps_of_protocol(table, patient, protocol, key, start_dose, choices, startable)
    steps = _steps(loaded, drug, patient, unit, descent.levels, stock, supply.direction)
    result = TaperResult(
        loaded=loaded,
        patient=patient,
        drug=drug,
        protocol="own" if own else key,
        name="Your own schedule, from no source" if own else protocol.name,
        population="the patient it was written for" if own else protocol.population,
        steps=steps,
        totals=totals_of(steps, unit, stock, supply),
        choices=descent.choices,
        ends=descent.ends,
        warnings=(*_not_made_warning(steps, stock, drug), *descent.warnings),
        cautions=(*lacking, *descent.cautions),
        sources=descent.sources,
        posologies=descent.posologies,
        stops=descent.stops,
    )
    computed = start_dose is None and (choices.flare or choices.on is None)
    names = regimens(table, drug) if computed else _caps(table, drug)
    names += [] if own else [figure_name(table, ("daily_tapers", key))]
    names += [] if supply.direction else [f"{drug}.rounding"]
    return with_local_values(result, names, stock)


def doses_of_taper(
    loaded: LoadedTable, patient: Patient, drug: str, key: str, start_dose: Amount
) -> list[tuple[Decimal, Decimal]]:
    """Return the doses of ``taper_daily_dose`` in the unit of the protocol, and nothing else of it.

    Each is as it is given, and as it was before a hospital's own rule rounded it. Raise as that.
    """
    protocol = loaded.table.daily_tapers[key]._replace(drug=drug)
    doses = doses_of_protocol(loaded.table, patient, protocol, key, start_dose)
    rounded = _local_rounding(loaded, drug, protocol.unit, doses[0])
    return [(rounded(dose), dose) for dose in doses]


def _caps(table: Table, drug: str) -> list[str]:
    """Name what a given start dose is checked against: every cap."""
    entry = table.drugs[drug]
    return [f"{drug}.{r.name}.max" for r in (*entry.regimens, *entry.alternatives)]


def _steps(
    loaded: LoadedTable,
    drug: str,
    patient: Patient,
    unit: Mass,
    levels: list[DoseLevel],
    stock: Stock | None,
    direction: Direction | None,
) -> tuple[Step, ...]:
    """Lay out the levels in whole units.

    A hospital's own rounding counts where the user did not say how to round.
    """
    first, *_ = levels
    highest = max(first.dose, first.alternate or first.dose)
    rounded = Decimal if direction else _local_rounding(loaded, drug, unit, highest)

    def make(dose: Decimal) -> MadeDose:
        return _make_dose(rounded(dose), stock, direction, highest)

    def note(dose: Decimal, days: int | None) -> str | None:
        return _step_note(loaded.table.drugs[drug], converted(dose, unit, "mg"), days)

    steps = build_steps(levels, unit, "day", patient, stock, make, note)
    return tuple(step._replace(daily_low=step.low, daily_high=step.high) for step in steps)


def _local_rounding(
    loaded: LoadedTable, drug: str, unit: Mass, highest: Decimal
) -> Callable[[Decimal], Decimal]:
    """Return what rounds a dose by the hospital's own rule, never above the highest."""
    rule = loaded.rounding.get(drug)
    return Decimal if rule is None else partial(rule.round, unit=unit, most=highest)


def _make_dose(
    dose: Decimal, stock: Stock | None, direction: Direction | None, limit: Decimal
) -> MadeDose:
    """Make a dose from whole units, rounded where that is chosen, but never above a limit."""
    if stock is None:
        return MadeDose(dose)
    made = stock.make(dose)
    if made.dose is None and direction is not None:
        made = stock.make_toward(dose, direction)
        if made.dose is not None and made.dose > limit:
            made = stock.make_toward(dose, "down")
    return MadeDose(made.dose or dose, made.products)


def _not_made_warning(
    steps: tuple[Step, ...], stock: Stock | None, drug: str
) -> tuple[ClinicalWarning, ...]:
    """Warn of the doses that no whole units of the stock make."""
    if stock is None:
        return ()
    not_made = dict.fromkeys(f"{page_number(s.low)} {s.unit}" for s in steps if s.products is None)
    if not not_made:
        return ()
    message = (
        f"No whole {stock.form}s of {stock.strengths()} make {', '.join(not_made)}. Round with "
        "‹round› down, up or nearest, or name other strengths with ‹stock›."
    )
    return (ClinicalWarning("no-combination", drug, name_inputs(message, as_option), None),)


def _step_note(drug: Drug, value: Decimal, days: int | None) -> str | None:
    """Return the notes that stand at a dose in mg."""
    notes = [note.text for note in drug.step_notes if _note_applies(note, value)]
    if days is None:
        notes = ["The source does not say for how long.", *notes]
    return " ".join(notes) or None


def _note_applies(note: StepNote, value: Decimal) -> bool:
    """Tell whether a note applies at a dose in mg."""
    if note.at_or_above is not None and value < note.at_or_above.value_in("mg"):
        return False
    return value <= note.at_or_below.value_in("mg")
