"""``titrate``: the way up from a start dose to the target of the base page, in whole units."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import StockOptions, stock_or_note
from dmcalc.dosing.regimen import dose_row, note_posology
from dmcalc.errors import PatientError, UnknownNameError, UsageError, as_option
from dmcalc.quantities.amount import Amount, converted
from dmcalc.quantities.arithmetic import EXACT, multiply, per_size
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.time import DAYS, WEEKDAYS, Interval, first_weekday_from
from dmcalc.results.base import ClinicalWarning, source_keys, split_notes
from dmcalc.results.names import find_drug
from dmcalc.results.trace import noting, used
from dmcalc.schedules import model
from dmcalc.schedules.custom_steps import DoseLevel
from dmcalc.schedules.model import Choice, Choices, Step, Supply, TaperResult
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    import datetime

    from dmcalc.dispensing.stock import Stock
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass, Per, Rate
    from dmcalc.table.model.schedules import Titration
    from dmcalc.table.model.table import LoadedTable, Table

#: A month of weekly doses, as the titrations of the table read it.
DAYS_IN = {**DAYS, "month": 28}


class StepChoices(NamedTuple):
    """What the user says of the steps: their size, and their lengths."""

    increase: Amount | None
    choices: Choices


def titrate(
    loaded: LoadedTable,
    patient: Patient,
    name: str,
    *,
    protocol: str | None = None,
    start_dose: Amount | None = None,
    target: Amount | None = None,
    increase: Amount | None = None,
    choices: Choices | None = None,
    supply: Supply | None = None,
    start: datetime.date | None = None,
    day: str | None = None,
) -> TaperResult:
    """Compute the steps from the start dose to the target, each made of whole units, never more.

    Raise UnknownNameError for a drug or protocol without a way up, PatientError where the weight is
    needed, UsageError where the source leaves out what the user did not say.
    """
    table = loaded.table
    drug = find_drug(table, name)
    key = _choose_protocol(table, drug, protocol)
    titration = table.titrations[key]
    used(drug, "titrations", key)
    once_weekly = table.drugs[drug].once_weekly
    if day is not None and not once_weekly:
        raise UsageError("‹day› is for a drug that is given once a week", "Leave it out.")
    if day is not None and day not in WEEKDAYS:
        raise UsageError(f"{day!r} is no weekday", f"Write one of {', '.join(WEEKDAYS)}.")
    if once_weekly and day is None and start is not None:
        day = WEEKDAYS[start.weekday()]
    goal = next(r for r in table.drugs[drug].regimens if r.phase == "target")
    unit = goal.dose.unit if goal.dose else "mg"
    supply = supply or Supply(StockOptions())
    place, lacking = stock_or_note(table, drug, unit, supply.stocked)
    row = dose_row(table, patient, drug, goal, base=True)
    if row.low is None or row.high is None:
        raise PatientError(
            f"the weight is missing; the target of {drug} is per kg",
            "Give it in kg or lb, e.g. ‹weight 70›.",
        )
    first, chosen = _start_dose(table, patient, drug, titration, start_dose, unit)
    limit = _protocol_maximum(titration, patient, unit)
    aim, aimed = _target_dose((row.low, row.high), first, target, unit, table.base)
    rounded = None
    if place is not None:
        made_aim = place.make_within(aim, row.low, row.high).dose or aim
        rounded = (aim, made_aim) if made_aim != aim else None
        aim, aimed = made_aim, aimed._replace(chosen=f"{format_plain(made_aim)} {unit}")
    warnings: list[ClinicalWarning] = []
    if limit is not None and aim > limit:
        message = (
            f"The target of {format_plain(aim)} {unit} is over the maximum of this source, "
            f"{format_plain(limit)} {unit}; the steps stop there."
        )
        warnings.append(ClinicalWarning("protocol-cap", drug, message, titration.cite[0].source))
        aim = limit
    asked = StepChoices(increase, choices or Choices())
    levels, made = _levels(titration, patient, key, (first, aim), unit, asked)
    if rounded is not None and place is not None and (trace := noting()):
        where = f"steps.{len(levels) - 1}.low" if levels[-1].dose == rounded[1] else None
        how = f"to whole {place.form}s, inside the range"
        trace.rounded(where, "target", *rounded, unit, how)
    steps = _steps(levels, unit, "week" if once_weekly else "day", patient, place)
    if any(step.products is None for step in steps) and place is not None:
        message = f"No whole {place.form}s of {place.strengths()} make some of these doses."
        warnings.append(ClinicalWarning("no-combination", drug, message, None))
    drug_warnings, cautions = split_notes((*titration.notes, *table.drugs[drug].notes), drug)
    result = TaperResult(
        loaded=loaded,
        patient=patient,
        drug=drug,
        protocol=key,
        name=titration.name,
        population=titration.population,
        steps=steps,
        totals=model.totals_of(steps, unit, place, supply),
        choices=(chosen, aimed, *made),
        ends="The last dose is the target of the base page; response and tolerability decide.",
        warnings=(*warnings, *drug_warnings),
        cautions=(*lacking, *cautions),
        sources=source_keys((*titration.cite, *goal.cite)),
        day=day,
        day_after=model.companion_next_day(titration, day),
        kind="titrate",
    )
    names = [f"{drug}.titration.{key}", *model.regimens(table, drug)]
    result = model.with_local_values(result, names, place)
    if start is None:
        return result
    return result._replace(steps=model.with_dates(steps, first_weekday_from(start, day)))


def titrations(table: Table, drug: str) -> list[str]:
    """List the keys of a drug's ways up."""
    return [key for key, value in table.titrations.items() if value.drug == drug]


def _choose_protocol(table: Table, drug: str, wanted: str | None) -> str:
    known = titrations(table, drug)
    if not known:
        having = ", ".join(dict.fromkeys(t.drug for t in table.titrations.values()))
        raise UnknownNameError(
            f"no source in the table gives a way up for {drug}", f"There is one for {having}."
        )
    if wanted is None:
        return next(key for key in known if table.titrations[key].default)
    if wanted not in known:
        raise UnknownNameError(
            f"{drug} has no way up called {wanted!r}{near(wanted, known)}",
            f"It has: {', '.join(known)}",
        )
    return wanted


def _target_dose(
    ends: tuple[Decimal, Decimal], first: Decimal, target: Amount | None, unit: Mass, base: str
) -> tuple[Decimal, Choice]:
    """Return the dose to reach: one inside the base page's target, by default its low end.

    Where the first dose is there already, the high end is the target.
    """
    low, high = ends
    allowed = "-".join(dict.fromkeys((format_plain(low), format_plain(high)))) + f" {unit}"
    aim = low if first < low else high
    if target is not None:
        aim = target.value_in(unit)
    if not low <= aim <= high:
        raise UsageError(
            f"a target of {format_plain(aim)} {unit} is outside the base page's range",
            f"It gives {format_plain(low)} to {format_plain(high)} {unit}.",
        )
    return aim, Choice("target", f"{format_plain(aim)} {unit}", allowed, base, "--to")


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
        dose = given.value_in(unit)
        return dose, Choice("start dose", f"{format_plain(dose)} {unit}", None, None, "--from")
    rate = titration.levels[0] if titration.levels else titration.start
    if rate is None:
        regimen = next((r for r in table.drugs[drug].regimens if r.phase == "start"), None)
        if regimen is not None:
            note_posology(drug, table.drugs[drug], regimen)
        rate, key = (regimen.dose, table.base) if regimen else (None, key)
    found = None if rate is None else _amount(rate, patient, unit, titration.times_daily)
    if found is None:
        raise PatientError(
            "the start dose is not known", "Give ‹weight›, or ‹from›, e.g. ‹from 50mg›."
        )
    return found, Choice("start dose", f"{format_plain(found)} {unit}", str(rate), key, "--from")


def _levels(
    titration: Titration,
    patient: Patient,
    key: str,
    ends: tuple[Decimal, Decimal],
    unit: Mass,
    asked: StepChoices,
) -> tuple[list[DoseLevel], list[Choice]]:
    """List the doses from the first to the aim; the aim goes on."""
    first, aim = ends
    if titration.levels:
        every = titration.every
        assert every is not None  # proved when the table was loaded
        doses = [_amount(rate, patient, unit) for rate in titration.levels]
        last = min(aim, max(dose for dose in doses if dose is not None))
        days = every.low * DAYS_IN[every.period]
        below = [dose for dose in doses if dose is not None and first <= dose < last]
        return [*(DoseLevel(dose, days) for dose in below), DoseLevel(last, None)], []
    made: list[Choice] = []
    up = _increment(titration, patient, unit, asked.increase, made)
    every_days = _length(titration.every, asked.choices.interval, "interval", key, made)
    hold_days = None
    if titration.hold is not None:
        hold_days = _length(titration.hold, asked.choices.hold, "hold", key, made)
    if titration.increase is None and titration.hold is not None and asked.increase is None:
        return [
            DoseLevel(first, hold_days),
            DoseLevel(aim, None),
        ], made  # straight to the target
    if up is None or every_days is None:
        lacking = [o for o, v in (("increase", up), ("interval", every_days)) if v is None]
        raise UsageError(
            f"{key} does not say the {' and '.join(lacking)} of its steps",
            f"Say it with ‹{'› and ‹'.join(lacking)}›, as the prescriber decides.",
        )
    levels = []
    dose, days = first, hold_days or every_days
    while dose < aim:
        levels.append(DoseLevel(dose, days))
        dose, days = EXACT.add(dose, up), every_days
    return [*levels, DoseLevel(aim, None)], made


def _increment(
    titration: Titration,
    patient: Patient,
    unit: Mass,
    asked: Amount | None,
    made: list[Choice],
) -> Decimal | None:
    """Return by how much a step goes up: the source's smallest, or one inside its range."""
    rate = titration.increase
    wanted = None if asked is None else asked.value_in(unit)
    if rate is None:
        if wanted is not None:
            text = f"{format_plain(wanted)} {unit}"
            made.append(Choice("increase", text, None, None, "--increase"))
        return wanted
    size = Decimal(1) if rate.basis is None else patient.size(rate.basis)
    if size is None:
        raise PatientError("the weight is missing; the steps are per kg", "Give ‹weight›.")
    low = converted(multiply(rate.low, size), rate.unit, unit)
    high = converted(multiply(rate.high, size), rate.unit, unit)
    if wanted is not None and not low <= wanted <= high:
        raise UsageError(
            f"an increase of {format_plain(wanted)} {unit} is outside the source's range",
            f"It gives {rate}, here {format_plain(low)} to {format_plain(high)} {unit}.",
        )
    up = low if wanted is None else wanted
    if low != high:
        text, source = f"{format_plain(up)} {unit}", titration.cite[0].source
        made.append(Choice("increase", text, str(rate), source, "--increase"))
    return up


def _length(
    allowed: Interval | None, asked: Interval | None, name: str, key: str, made: list[Choice]
) -> int | None:
    """Return a length in days: the source's shortest, one inside its range, or what is asked."""
    option = as_option(name)
    if asked is not None:
        days = asked.low * DAYS[asked.period]
        if allowed is not None:
            low, high = (n * DAYS_IN[allowed.period] for n in (allowed.low, allowed.high))
            if not low <= days <= high:
                raise UsageError(f"‹{name}› {asked} is outside what {key} gives, {allowed}")
        made.append(Choice(name, str(asked), str(allowed) if allowed else None, None, option))
        return days
    if allowed is None:
        return None
    # a start dose is kept for the longer time, a later step for the shorter one that is given
    chosen = allowed.longest if name == "hold" else allowed.shortest
    if allowed.low != allowed.high:
        made.append(Choice(name, str(chosen), str(allowed), None, option))
    return chosen.low * DAYS_IN[allowed.period]


def _steps(
    levels: list[DoseLevel], unit: Mass, per: Per, patient: Patient, place: Stock | None
) -> tuple[Step, ...]:
    """Put the doses one after the other, each made of whole units and never more than its dose."""
    steps: list[Step] = []
    day, total = 1, Decimal(0)
    for exact, days, _ in levels:
        made = None if place is None else place.make_toward(exact, "down")
        dose = made.dose if made is not None and made.dose else exact
        if days is not None:
            doses = days if per == "day" else -(-days // 7)
            total = EXACT.add(total, multiply(dose, Decimal(doses)))
        beside = None if patient.weight_kg is None else per_size(dose, patient.weight_kg)
        steps.append(
            Step(
                step=len(steps) + 1,
                day=day,
                days=days,
                week=(day - 1) // 7,
                low=dose,
                high=dose,
                unit=unit,
                per=per,
                per_kg_low=beside,
                per_kg_high=beside,
                total_low=None if days is None else total,
                total_high=None if days is None else total,
                note="It goes on as the clinician decides." if days is None else None,
                products=made.products if made is not None else None,
                rounded_from=exact if dose != exact else None,
            )
        )
        model.note_roundings(steps[-1], patient.weight_kg, place.form if place else None)
        day += days or 0
    return tuple(steps)
