"""``titrate``: from a start dose up to the target of the base page, in whole units."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import StockOptions, stock_or_note
from dmcalc.dosing.regimen import dose_row, note_posology
from dmcalc.errors import PatientError, UnknownNameError, UsageError
from dmcalc.quantities.amount import Amount, DoseRange, converted
from dmcalc.quantities.arithmetic import EXACT, multiply
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.time import DAYS, WEEKDAYS, Interval, first_weekday_from
from dmcalc.results.base import ClinicalWarning, source_keys, split_notes
from dmcalc.results.names import find_drug
from dmcalc.results.trace import noting, used
from dmcalc.schedules.custom_steps import DoseLevel
from dmcalc.schedules.model import (
    Choice,
    Step,
    Supply,
    TaperResult,
    companion_next_day,
    find_protocol,
    published_for,
    regimens,
)
from dmcalc.schedules.steps import (
    MadeDose,
    build_steps,
    totals_of,
    with_dates,
    with_local_values,
)

if TYPE_CHECKING:
    import datetime

    from dmcalc.dispensing.stock import Stock
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass, Per, Rate
    from dmcalc.table.model.schedules import Titration
    from dmcalc.table.model.table import LoadedTable, Table

#: A month of weekly doses, as the titrations of the table read it.
DAYS_IN = {**DAYS, "month": 28}


class TitrationChoices(NamedTuple):
    """What the user chooses of a titration; None takes what the source gives."""

    protocol: str | None = None
    start_dose: Amount | None = None
    #: The dose to reach, and by how much each step goes up.
    target: Amount | None = None
    increase: Amount | None = None
    hold: Interval | None = None
    interval: Interval | None = None
    start: datetime.date | None = None
    #: The weekday of a dose once a week.
    day: str | None = None


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
    titration = table.titrations[key]
    used(drug, "titrations", key)
    once_weekly = table.drugs[drug].once_weekly
    day = _weekday(choices, once_weekly=once_weekly)
    goal = next(r for r in table.drugs[drug].regimens if r.phase == "target")
    unit = goal.dose.unit if goal.dose else "mg"
    stock, lacking = stock_or_note(table, drug, unit, supply.stocked)
    row = dose_row(table, patient, drug, goal, base=True)
    if row.dose is None:
        raise PatientError(
            f"the weight is missing; the target of {drug} is per kg",
            "Give it in kg or lb, e.g. ‹weight 70›.",
        )
    first, start_choice = _start_dose(table, patient, drug, titration, choices.start_dose, unit)
    wanted, target_choice = _target_dose(row.dose, first, choices.target, table.base)
    aim = wanted
    if stock is not None:
        aim = stock.make_within(wanted, row.dose.low, row.dose.high).dose or wanted
        target_choice = target_choice._replace(chosen=f"{format_plain(aim)} {unit}")
    in_whole_units, warnings = aim, []
    limit = _protocol_maximum(titration, patient, unit)
    if limit is not None and aim > limit:
        message = (
            f"The target of {format_plain(aim)} {unit} is over the maximum of this source, "
            f"{format_plain(limit)} {unit}; the steps stop there."
        )
        warnings.append(ClinicalWarning("protocol-cap", drug, message, titration.cite[0].source))
        aim = limit
    levels, step_choices = _levels(titration, patient, key, (first, aim), unit, choices)
    if in_whole_units != wanted and stock is not None and (trace := noting()):
        where = f"steps.{len(levels) - 1}.low" if levels[-1].dose == in_whole_units else None
        how = f"to whole {stock.form}s, inside the range"
        trace.rounded(where, "target", wanted, in_whole_units, unit, how)
    steps = _steps(levels, unit, "week" if once_weekly else "day", patient, stock)
    if any(step.products is None for step in steps) and stock is not None:
        message = f"No whole {stock.form}s of {stock.strengths()} make some of these doses."
        warnings.append(ClinicalWarning("no-combination", drug, message, None))
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
        choices=(start_choice, target_choice, *step_choices),
        ends="The last dose is the target of the base page; response and tolerability decide.",
        warnings=(*warnings, *drug_warnings),
        cautions=(*lacking, *cautions),
        sources=source_keys((*titration.cite, *goal.cite)),
        day=day,
        day_after=companion_next_day(titration, day),
        kind="titrate",
    )
    names = [f"{drug}.titration.{key}", *regimens(table, drug)]
    return with_local_values(result, names, stock)


def titrations(table: Table, drug: str) -> list[str]:
    """List the keys of a drug's titrations."""
    return published_for(table.titrations, drug)


def _find_protocol(table: Table, drug: str, wanted: str | None) -> str:
    if not titrations(table, drug):
        having = ", ".join(dict.fromkeys(t.drug for t in table.titrations.values()))
        raise UnknownNameError(
            f"no source in the table gives a way up for {drug}", f"There is one for {having}."
        )
    return find_protocol(table.titrations, drug, wanted, unknown="way up called", listed="It has")


def _weekday(choices: TitrationChoices, *, once_weekly: bool) -> str | None:
    """Return the weekday of a drug that is given once a week: that of its first day, if not said.

    Raise UsageError for one of another drug, and for what is no weekday.
    """
    day = choices.day
    if day is not None and not once_weekly:
        raise UsageError("‹day› is for a drug that is given once a week", "Leave it out.")
    if day is not None and day not in WEEKDAYS:
        raise UsageError(f"{day!r} is no weekday", f"Write one of {', '.join(WEEKDAYS)}.")
    if once_weekly and day is None and choices.start is not None:
        return WEEKDAYS[choices.start.weekday()]
    return day


def _target_dose(
    allowed: DoseRange, first: Decimal, target: Amount | None, base: str
) -> tuple[Decimal, Choice]:
    """Return the dose to reach: one inside the base page's target, by default its low end.

    Where the first dose is there already, the high end is the target.
    """
    low, high, unit = allowed.low, allowed.high, allowed.unit
    aim = low if first < low else high
    if target is not None:
        aim = target.value_in(unit)
    if not low <= aim <= high:
        raise UsageError(
            f"a target of {format_plain(aim)} {unit} is outside the base page's range",
            f"It gives {format_plain(low)} to {format_plain(high)} {unit}.",
        )
    return aim, Choice.of("target", f"{format_plain(aim)} {unit}", str(allowed), base, "to")


def _amount(rate: Rate, patient: Patient, unit: Mass, times: int | None = None) -> Decimal | None:
    """Return the low end of a rate for the patient, in a unit; None without its basis."""
    size = Decimal(1) if rate.basis is None else patient.size(rate.basis)
    if size is None:
        return None
    return converted(multiply(rate.low, EXACT.multiply(size, Decimal(times or 1))), rate.unit, unit)


def _protocol_maximum(titration: Titration, patient: Patient, unit: Mass) -> Decimal | None:
    return None if titration.max is None else _amount(titration.max, patient, unit)


def _start_dose(
    table: Table,
    patient: Patient,
    drug: str,
    titration: Titration,
    given: Amount | None,
    unit: Mass,
) -> tuple[Decimal, Choice]:
    """Return the first dose: the one given, the source's, or the base page's start."""
    key = titration.cite[0].source
    if given is not None:
        first = given.value_in(unit)
        return first, Choice.of("start dose", f"{format_plain(first)} {unit}", None, None, "from")
    rate = titration.levels[0] if titration.levels else titration.start
    if rate is None:
        regimen = next((r for r in table.drugs[drug].regimens if r.phase == "start"), None)
        if regimen is not None:
            note_posology(drug, table.drugs[drug], regimen)
        rate, key = (regimen.dose, table.base) if regimen else (None, key)
    dose = None if rate is None else _amount(rate, patient, unit, titration.times_daily)
    if dose is None:
        raise PatientError(
            "the start dose is not known", "Give ‹weight›, or ‹from›, e.g. ‹from 50mg›."
        )
    return dose, Choice.of("start dose", f"{format_plain(dose)} {unit}", str(rate), key, "from")


def _levels(
    titration: Titration,
    patient: Patient,
    key: str,
    ends: tuple[Decimal, Decimal],
    unit: Mass,
    choices: TitrationChoices,
) -> tuple[list[DoseLevel], list[Choice]]:
    """List the doses from the first to the aim; the aim goes on."""
    first, aim = ends
    if titration.levels:
        every = titration.every
        assert every is not None  # proved when the table was loaded
        doses = [dose for r in titration.levels if (dose := _amount(r, patient, unit)) is not None]
        last = min(aim, max(doses))
        days = every.low * DAYS_IN[every.period]
        below = [DoseLevel(dose, days) for dose in doses if first <= dose < last]
        return [*below, DoseLevel(last, None)], []
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
    dose, days = first, hold or interval
    while dose < aim:
        levels.append(DoseLevel(dose, days))
        dose, days = EXACT.add(dose, increase), interval
    return [*levels, DoseLevel(aim, None)], made


def _increment(
    titration: Titration,
    patient: Patient,
    unit: Mass,
    wanted: Amount | None,
    made: list[Choice],
) -> Decimal | None:
    """Return by how much a step goes up: the source's smallest, or one inside its range."""
    rate = titration.increase
    chosen = None if wanted is None else wanted.value_in(unit)
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
        text, source = f"{format_plain(increase)} {unit}", titration.cite[0].source
        made.append(Choice.of("increase", text, str(rate), source, "increase"))
    return increase


def _length(
    allowed: Interval | None, wanted: Interval | None, name: str, key: str, made: list[Choice]
) -> int | None:
    """Return a length in days: the source's shortest, one inside its range, or what is chosen."""
    if wanted is not None:
        days = wanted.low * DAYS[wanted.period]
        if allowed is not None:
            low, high = (n * DAYS_IN[allowed.period] for n in (allowed.low, allowed.high))
            if not low <= days <= high:
                raise UsageError(f"‹{name}› {wanted} is outside what {key} gives, {allowed}")
        text = str(allowed) if allowed else None
        made.append(Choice.of(name, str(wanted), text, None, name))
        return days
    if allowed is None:
        return None
    # a start dose is kept for the longer time, a later step for the shorter one that is given
    chosen = allowed.longest if name == "hold" else allowed.shortest
    if allowed.low != allowed.high:
        made.append(Choice.of(name, str(chosen), str(allowed), None, name))
    return chosen.low * DAYS_IN[allowed.period]


def _steps(
    levels: list[DoseLevel], unit: Mass, per: Per, patient: Patient, stock: Stock | None
) -> tuple[Step, ...]:
    """Put the doses one after the other, each made of whole units and never more than its dose."""

    def make(dose: Decimal) -> MadeDose:
        if stock is None:
            return MadeDose(dose)
        made = stock.make_toward(dose, "down")
        return MadeDose(made.dose or dose, made.products)

    def note(_dose: Decimal, days: int | None) -> str | None:
        return "It goes on as the clinician decides." if days is None else None

    return build_steps(levels, unit, per, patient, stock, make, note)
