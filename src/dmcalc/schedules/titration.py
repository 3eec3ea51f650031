"""``titrate``: from a start dose up to the target of the reference, in whole units."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dispensing.other_products import other_product
from dmcalc.dispensing.stock import StockOptions, stock_or_note
from dmcalc.dosing.one_drug import refuse_drug, rule_notes
from dmcalc.errors import (
    PatientError,
    RefusedError,
    UnknownNameError,
    UsageError,
    as_option,
    name_inputs,
)
from dmcalc.quantities.amount import Amount, DoseRange
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.time import DAYS, WEEKDAYS, Interval, first_weekday_from
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading, source_keys, split_notes
from dmcalc.results.names import find_drug
from dmcalc.results.trace import used
from dmcalc.schedules.custom_steps import DoseLevel
from dmcalc.schedules.model import Choice, Step, Supply, TaperResult, companion_next_day
from dmcalc.schedules.published import find_protocol, published_for, regimens
from dmcalc.schedules.steps import (
    MadeDose,
    build_steps,
    totals_of,
    with_dates,
    with_local_values,
)
from dmcalc.schedules.titration_doses import (
    TitrationChoices,
    note_target_rounding,
    rate_for,
    titration_doses,
)
from dmcalc.text.numbers import page_number, ranges_in_words

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Stock
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass, Per
    from dmcalc.schedules.titration_doses import TitrationDoses
    from dmcalc.table.model.schedules import Titration
    from dmcalc.table.model.table import LoadedTable, Table

#: A month of weekly doses, as the titrations of the table read it.
DAYS_IN = {**DAYS, "month": 28}


def titrate(
    loaded: LoadedTable,
    patient: Patient,
    name: str,
    choices: TitrationChoices | None = None,
    supply: Supply | None = None,
) -> TaperResult:
    """Compute the steps from the start dose to the target, each made of whole units, never more.

    Raise UnknownNameError for a drug or protocol without a titration, PatientError where the weight
    is needed, UsageError where the source leaves out what the user did not say.
    """
    table = loaded.table
    choices, supply = choices or TitrationChoices(), supply or Supply(StockOptions())
    drug = find_drug(table, name)
    key = _find_protocol(table, drug, choices.protocol)
    refuse_drug(patient, drug)
    titration = table.titrations[key]
    used(drug, "titrations", key)
    once_weekly = table.drugs[drug].once_weekly
    day = _weekday(choices, once_weekly=once_weekly)
    goal = next(r for r in table.drugs[drug].regimens if r.phase == "target")
    unit = goal.dose.unit if goal.dose else "mg"
    per: Per = "week" if once_weekly else "day"
    stock, lacking = stock_or_note(table, drug, unit, supply.stocked, per)
    doses = titration_doses(table, patient, titration, key, choices, stock)
    levels, step_choices = _levels(titration, patient, key, doses, choices)
    if stock is not None:
        reached = levels[-1].dose == doses.aim
        note_target_rounding(doses, reached=reached, last=len(levels) - 1, stock=stock)
    divided = table.drugs[drug].divided
    times = divided.times_daily if divided else None
    steps = _steps(levels, per, patient, doses, stock, times)
    ends, warnings = _where_it_ends(steps, key, titration, doses, table.base)
    if stock is not None:
        warnings = (*_not_made(steps, drug, stock), *warnings)
        lacking = (*lacking, *_exact_products(table, doses, steps, supply.stocked, per))
    rule_warnings, rule_cautions = rule_notes(patient, drug)
    drug_warnings, cautions = split_notes((*titration.notes, *table.drugs[drug].notes), drug)
    if choices.start is not None:
        steps = with_dates(steps, first_weekday_from(choices.start, day))
    result = TaperResult(
        loaded=loaded,
        patient=patient,
        drug=drug,
        protocol=key,
        name=titration.name,
        population=titration.population,
        steps=steps,
        totals=totals_of(steps, unit, stock, supply),
        choices=(*doses.choices, *step_choices),
        ends=ends,
        warnings=(*rule_warnings, *doses.warnings, *warnings, *drug_warnings),
        cautions=(*rule_cautions, *lacking, *doses.cautions, *cautions),
        sources=source_keys((*titration.cite, *goal.cite)),
        day=day,
        day_after=companion_next_day(titration, day),
        kind="titrate",
        posologies=doses.rows,
    )
    names = [f"{drug}.titration.{key}", *regimens(table, drug)]
    return with_local_values(result, names, stock)


def refuse_what_no_unit_makes(result: TaperResult) -> None:
    """Refuse a titration with a dose that no whole units make; a larger one is never offered.

    Raise RefusedError.
    """
    not_made = _amounts_not_made(result.steps)
    form = result.totals.form
    if not_made and form is not None:
        raise RefusedError(
            f"no whole {form}s make {', '.join(not_made)} of {result.drug}",
            f"No {form} makes it; ask the prescriber.",
        )


def titrations(table: Table, drug: str) -> list[str]:
    """List the keys of a drug's titrations."""
    return published_for(table.titrations, drug)


def _find_protocol(table: Table, drug: str, protocol_id: str | None) -> str:
    if not titrations(table, drug):
        having = ", ".join(dict.fromkeys(t.drug for t in table.titrations.values()))
        raise UnknownNameError(
            f"no source in the table gives a titration schedule for {drug}",
            f"There is one for {having or 'no drug'}.",
        )
    return find_protocol(
        table.titrations, drug, protocol_id, unknown="titration called", listed="It has"
    )


def _weekday(choices: TitrationChoices, *, once_weekly: bool) -> str | None:
    """Return the weekday of a once-weekly drug: that of its first day, if not entered.

    Raise UsageError for one of another drug, and for what is not a weekday.
    """
    day = choices.day
    if day is not None and not once_weekly:
        raise UsageError("‹day› is for a drug that is given once a week", "Leave it out.")
    if day is not None and day not in WEEKDAYS:
        raise UsageError(f"{day!r} is not a weekday", f"Write one of {', '.join(WEEKDAYS)}.")
    if once_weekly and day is None and choices.start is not None:
        return WEEKDAYS[choices.start.weekday()]
    return day


def _levels(
    titration: Titration,
    patient: Patient,
    key: str,
    doses: TitrationDoses,
    choices: TitrationChoices,
) -> tuple[list[DoseLevel], list[Choice]]:
    """List the doses from the first to the aim; the aim goes on."""
    first, aim, unit = doses.first, doses.aim, doses.target.unit
    if titration.levels:
        every = titration.every
        assert every is not None  # proved when the table was loaded
        amounts = [rate_for(rate, patient, unit) for rate in titration.levels]
        listed = [amount for amount in amounts if amount is not None]
        last = min(aim, max(listed))
        days = every.low * DAYS_IN[every.period]
        rising = (first, *(amount for amount in listed if amount > first))
        return [*(DoseLevel(d, days) for d in rising if d < last), DoseLevel(last, None)], []
    made: list[Choice] = []
    increase = _increment(titration, patient, unit, choices.increase, made)
    interval = _length(titration.every, choices.interval, "interval", key, made)
    hold = None
    if titration.hold is not None:
        hold = _length(titration.hold, choices.hold, "hold", key, made)
        if titration.increase is None and choices.increase is None:  # straight to the target
            return [DoseLevel(first, hold), DoseLevel(aim, None)], made
    if increase is None or interval is None:
        steps = {"increase": increase, "interval": interval}
        lacking = [name for name, value in steps.items() if value is None]
        raise UsageError(
            f"{key} does not say the {' and '.join(lacking)} of its steps",
            f"Say it with ‹{'› and ‹'.join(lacking)}›, as the prescriber decides.",
        )
    levels = []
    dose, days = first, hold or interval * (titration.start_steps or 1)
    while dose < aim:
        levels.append(DoseLevel(dose, days))
        dose, days = EXACT.add(dose, increase), interval
    return [*levels, DoseLevel(aim, None)], made


def _increment(
    titration: Titration,
    patient: Patient,
    unit: Mass,
    requested: Amount | None,
    made: list[Choice],
) -> Decimal | None:
    """Return by how much a step goes up: the source's smallest, or one inside its range."""
    rate = titration.increase
    chosen = None if requested is None else requested.value_in(unit)
    if rate is None:
        if chosen is not None:
            text = f"{format_plain(chosen)} {unit}"
            made.append(Choice.of("increase", text, None, None, "increase"))
        return chosen
    size = Decimal(1) if rate.basis is None else patient.size(rate.basis)
    if size is None:
        raise PatientError("the weight is missing; the steps are per kg", "Give ‹weight›.")
    allowed = DoseRange.of(rate, size).in_unit(unit)
    if chosen is not None and not allowed.low <= chosen <= allowed.high:
        raise UsageError(
            f"an increase of {format_plain(chosen)} {unit} is outside the source's range",
            f"It gives {rate}, here {format_plain(allowed.low)} to {format_plain(allowed.high)} "
            f"{unit}.",
        )
    increase = allowed.low if chosen is None else chosen
    if allowed.low != allowed.high:
        text, source = f"{format_plain(increase)} {unit}", leading(titration.cite).source
        made.append(Choice.of("increase", text, str(rate), source, "increase"))
    return increase


def _length(
    allowed: Interval | None, length: Interval | None, name: str, key: str, made: list[Choice]
) -> int | None:
    """Return a length in days: the source's shortest, one inside its range, or what is chosen."""
    if length is not None:
        days = length.low * DAYS[length.period]
        if allowed is not None:
            low, high = (n * DAYS_IN[allowed.period] for n in (allowed.low, allowed.high))
            if not low <= days <= high:
                raise UsageError(f"‹{name}› {length} is outside what {key} gives, {allowed}")
        text = str(allowed) if allowed else None
        made.append(Choice.of(name, str(length), text, None, name))
        return days
    if allowed is None:
        return None
    # a start dose is kept for the longer time, a later step for the shorter one that is given
    chosen = allowed.longest if name == "hold" else allowed.shortest
    if allowed.low != allowed.high:
        made.append(Choice.of(name, str(chosen), str(allowed), None, name))
    return chosen.low * DAYS_IN[allowed.period]


def _steps(
    levels: list[DoseLevel],
    per: Per,
    patient: Patient,
    doses: TitrationDoses,
    stock: Stock | None,
    times_daily: int | None,
) -> tuple[Step, ...]:
    """Put the doses one after the other, each made of whole units and never more than its dose.

    What a rule leaves of the target is a range of its own: it is met, or no units make it.
    """

    def make(dose: Decimal) -> MadeDose:
        if stock is None:
            return MadeDose(dose)
        met = doses.reduced and dose == doses.aim
        made = stock.make(dose) if met else stock.make_toward(dose, "down")
        return MadeDose(made.dose or dose, made.products)

    def note(_dose: Decimal, days: int | None) -> str | None:
        return "Continue at this dose; the prescriber decides how long." if days is None else None

    return build_steps(levels, doses.target.unit, per, patient, stock, make, note, times_daily)


def _where_it_ends(
    steps: tuple[Step, ...], key: str, titration: Titration, doses: TitrationDoses, base: str
) -> tuple[str, tuple[ClinicalWarning, ...]]:
    """Say whether the last dose is the target, and warn where it is below it.

    Fixed doses of a protocol may end within the range of the target, and below the dose in it that
    was to be reached.
    """
    last, target = steps[-1], doses.target
    if last.high >= doses.aim or (last.rounded_from is not None and last.high >= target.low):
        whose = "that the rules for this patient allow" if doses.reduced else f"of {base}"
        return f"The last dose is the target {whose}; response and tolerability decide.", ()
    amount, unit = format_plain(last.high), target.unit
    why = f"{key} goes no further" if last.rounded_from is None else "no whole units make it"
    if last.high < target.low:
        missed = f"the target of {base} for this patient, {ranges_in_words(str(target))}"
        ends = f"The last dose is below the target of {base}; the prescriber decides."
    else:
        missed = f"the dose to be reached, {format_plain(doses.aim)} {unit}"
        ends = "The last dose is below the dose to be reached; the prescriber decides."
    message = f"The last dose, {amount} {unit}, is below {missed}: {why}."
    source = leading(titration.cite).source
    return ends, (ClinicalWarning("below-target", titration.drug, message, source),)


def _not_made(steps: tuple[Step, ...], drug: str, stock: Stock) -> tuple[ClinicalWarning, ...]:
    """Warn of the doses that no whole units make."""
    not_made = _amounts_not_made(steps)
    if not not_made:
        return ()
    message = (
        f"No whole {stock.form}s make {', '.join(not_made)}: no {stock.form} makes it; ask the "
        "prescriber."
    )
    return (ClinicalWarning("no-combination", drug, message, None),)


def _exact_products(
    table: Table, doses: TitrationDoses, steps: tuple[Step, ...], stocked: StockOptions, per: Per
) -> tuple[ClinicalNote, ...]:
    """Name another product of the market that makes the steps, where some were rounded."""
    if all(step.rounded_from is None for step in steps):
        return ()
    amounts = [step.rounded_from or step.high for step in steps]
    drug = doses.rows[0].drug
    other = other_product(table, drug, doses.target.unit, stocked, amounts, per)
    if other is None:
        return ()
    product, stock = other
    message = name_inputs(
        f"Steps are rounded down to what these units make; {stock.label} of {stock.strengths()} "
        f"make each of them: ‹product {product}›.",
        as_option,
    )
    return (ClinicalNote("other-product", "caution", drug, message, stock.sources),)


def _amounts_not_made(steps: tuple[Step, ...]) -> tuple[str, ...]:
    not_made = (f"{page_number(s.high)} {s.unit}" for s in steps if s.products is None)
    return tuple(dict.fromkeys(not_made))
