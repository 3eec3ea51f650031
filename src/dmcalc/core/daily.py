"""Tapers of a daily dose: from a start dose down through the bands of a protocol."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc import wording
from dmcalc.core.dispense import stocked_shelf
from dmcalc.core.dose import dose_row
from dmcalc.core.result import Caution, Warned, noted, source_keys
from dmcalc.core.schedule import Choice, Choices, Step, TaperResult, protocols, totalled
from dmcalc.errors import PatientError, RefusedError, UsageError
from dmcalc.quantity import DAYS, EXACT, Amount, Interval, converted, per_basis, plain, scaled

if TYPE_CHECKING:
    from dmcalc.core.dispense import Direction, Shelf
    from dmcalc.core.schedule import Supply
    from dmcalc.patient import Patient
    from dmcalc.quantity import Mass
    from dmcalc.table.model import Band, DailyTaper, Drug, LoadedTable, Table


class Start(NamedTuple):
    """The dose that a schedule begins with, and what there is to say of it."""

    dose: Decimal
    warnings: tuple[Warned, ...] = ()
    cautions: tuple[Caution, ...] = ()
    choices: tuple[Choice, ...] = ()
    sources: tuple[str, ...] = ()


class Stride(NamedTuple):
    """How a band is walked: the length of each step in days, and by how much it goes down."""

    band: Band
    days: int
    down: Decimal


def daily_taper(
    loaded: LoadedTable,
    patient: Patient,
    key: str,
    given: Amount | None,
    choices: Choices,
    supply: Supply,
) -> TaperResult:
    """Reduce a daily dose step by step.

    Raise PatientError without a start dose, RefusedError for one over a cap, and UsageError for a
    choice outside the source's ranges.
    """
    table = loaded.table
    protocol = table.daily_tapers[key]
    if choices.weeks is not None:
        raise UsageError(
            "--weeks is for repeated courses", "The length of this taper follows from its steps."
        )
    unit = protocol.bands[0].until.unit
    start = _start(table, patient, protocol, key, given)
    hold, held = _hold(protocol, choices.hold, start.dose)
    strides, chosen = _strides(protocol, choices, start.dose, key)
    drug = table.drugs[protocol.drug]
    levels = _levels(start.dose, hold, strides)
    place, lacking = stocked_shelf(table, protocol.drug, unit, supply.stocked)
    steps = _steps(drug, patient, unit, levels, place, supply.direction)
    warnings, cautions = noted(protocol.notes, protocol.drug)
    cautions = (*lacking, *cautions)
    warnings = (*_not_made(steps, place, protocol.drug), *warnings)
    cites = (*protocol.cite, *(cite for band in protocol.bands for cite in band.cite))
    return TaperResult(
        loaded=loaded,
        patient=patient,
        drug=protocol.drug,
        protocol=key,
        steps=steps,
        totals=totalled(steps, unit, place),
        choices=(*start.choices, *held, *chosen),
        ends=protocol.ends,
        warnings=(*start.warnings, *warnings),
        cautions=(*start.cautions, *cautions),
        sources=tuple(dict.fromkeys((*source_keys(cites), *start.sources))),
    )


def _steps(
    drug: Drug,
    patient: Patient,
    unit: Mass,
    levels: list[tuple[Decimal, int | None]],
    place: Shelf | None,
    direction: Direction | None,
) -> tuple[Step, ...]:
    """Put doses with their days one after the other, with running totals and whole units."""
    steps: list[Step] = []
    day, total = 1, Decimal(0)
    for exact, days in levels:
        made = None if place is None else place.make(exact)
        if made is not None and made.dose is None and place is not None and direction is not None:
            made = place.make_toward(exact, direction)
            if made.dose is not None and made.dose > levels[0][0]:  # never more than the start
                made = place.make_toward(exact, "down")
        dose = made.dose if made is not None and made.dose else exact
        total = EXACT.add(total, scaled(dose, Decimal(days or 0)))
        beside = None if patient.weight_kg is None else per_basis(dose, patient.weight_kg)
        steps.append(
            Step(
                step=len(steps) + 1,
                day=day,
                days=days,
                week=(day - 1) // 7,
                low=dose,
                high=dose,
                unit=unit,
                per="day",
                per_kg_low=beside,
                per_kg_high=beside,
                daily_low=dose,
                daily_high=dose,
                total_low=None if days is None else total,
                total_high=None if days is None else total,
                note=_step_note(drug, dose, days),
                products=made.products if made is not None else None,
                rounded_from=exact if dose != exact else None,
            )
        )
        day += days or 0
    return tuple(steps)


def _not_made(steps: tuple[Step, ...], place: Shelf | None, drug: str) -> tuple[Warned, ...]:
    """Warn of the doses that no whole units of the shelf make."""
    if place is None:
        return ()
    lost = list(dict.fromkeys(f"{plain(s.low)} {s.unit}" for s in steps if s.products is None))
    if not lost:
        return ()
    message = (
        f"No whole {place.form}s of {place.strengths()} make {', '.join(lost)}. Round with --round "
        "down, up or nearest, or name other strengths with --stock."
    )
    return (Warned("no-combination", drug, message, None),)


def _start(
    table: Table, patient: Patient, protocol: DailyTaper, key: str, given: Amount | None
) -> Start:
    """Return the daily start dose: the one given, or the table's for weight and severity."""
    unit, drug, cap = protocol.bands[0].until.unit, protocol.drug, protocol.max
    others = [other for other in protocols(table, drug) if other != key]
    hint = f"Choose another start dose (--from) or protocol: {', '.join(others)}"
    if given is not None:
        dose = converted(given.value, given.unit, unit)
        start = Start(dose, _over_caps(table, drug, dose, unit))
        if cap is not None and dose > cap.value:
            raise RefusedError(f"{plain(dose)} {unit} is over the cap of {key}, {cap}", hint)
    else:
        start = _suggested(table, patient, protocol)
    end = protocol.bands[-1].until
    if start.dose <= end.value:
        raise PatientError(f"{plain(start.dose)} {unit} is not above {end}, where {key} ends", hint)
    return start


def _suggested(table: Table, patient: Patient, protocol: DailyTaper) -> Start:
    """Return the dose that the table suggests for weight and severity, under the protocol's cap."""
    drug, cap = protocol.drug, protocol.max
    known = {"weight": patient.weight_kg, "severity": patient.severity}
    missing = [name for name, value in known.items() if value is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise PatientError(
            f"the start dose is not known: {' and '.join(missing)} {verb} missing",
            "Give --weight and --severity, or the daily dose with --from, e.g. --from 60mg.",
        )
    regimen = next(r for r in table.drugs[drug].regimens if r.by_severity is not None)
    row = dose_row(table, patient, drug, regimen, base=True)
    assert row.suggested is not None and row.low is not None and row.high is not None
    dose, warnings = row.suggested, []
    if cap is not None and dose > cap.value:
        message = (
            f"The dose for this patient, {wording.number(dose)} {cap.unit}, is over the cap of "
            f"this protocol; the schedule starts at the cap, {cap}."
        )
        warnings.append(Warned("protocol-cap", drug, message, protocol.cite[0].source))
        dose = cap.value
    allowed = f"{plain(row.low)}-{plain(row.high)} {row.unit}"
    chosen = Choice("start dose", f"{plain(dose)} {row.unit}", allowed, table.base, "--from")
    readings = [note for note in table.drugs[drug].notes if note.code == "severity-reading"]
    _, cautions = noted(readings, drug)
    return Start(dose, tuple(warnings), cautions, (chosen,), row.sources)


def _over_caps(table: Table, drug: str, value: Decimal, unit: Mass) -> tuple[Warned, ...]:
    """Warn of a dose over the base cap, and refuse one over the cap of every source."""
    entry = table.drugs[drug]
    caps = [r.max.in_unit(unit).high for r in (*entry.regimens, *entry.alternatives) if r.max]
    base = [r.max.in_unit(unit) for r in entry.regimens if r.max]
    if caps and value > max(caps):
        raise RefusedError(
            f"{plain(value)} {unit} is more than any source in the table gives: "
            f"the highest cap is {plain(max(caps))} {unit} daily",
            "Check the number and its unit.",
        )
    if base and value > max(cap.high for cap in base):
        message = (
            f"The start dose of {plain(value)} {unit} is above the cap of the base page, "
            f"{wording.span(base[0].low, base[0].high, unit)} daily."
        )
        return (Warned("above-cap", drug, message, table.base),)
    return ()


def _hold(
    protocol: DailyTaper, wanted: Interval | None, first: Decimal
) -> tuple[Interval | None, tuple[Choice, ...]]:
    """Settle how long the start dose is kept.

    A source holds the high dose that it starts with, so a start below its first band is not held,
    unless that is asked for.
    """
    allowed = protocol.hold
    if allowed is None:
        if wanted is not None:
            raise UsageError("this protocol has no hold", "Leave --hold out.")
        return None, ()
    if wanted is None:
        if first <= protocol.bands[0].until.value:
            return None, ()
        hold = protocol.hold_default or allowed
    else:
        if not allowed.low * DAYS[allowed.period] <= _days(wanted) <= _days(allowed):
            raise UsageError(
                f"a hold of {wanted} is outside the source's range",
                f"The source holds the start dose for {wording.length(allowed)}.",
            )
        hold = wanted
    if allowed.low == allowed.high:
        return hold, ()
    return hold, (Choice("hold", str(hold), str(allowed), protocol.cite[0].source, "--hold"),)


def _strides(
    protocol: DailyTaper, choices: Choices, first: Decimal, key: str
) -> tuple[list[Stride], list[Choice]]:
    """Settle interval and decrement of each band inside the source's ranges.

    A choice holds for the bands that are reached and leave it open; one that fits none is refused.
    """
    made: list[Choice] = []
    strides = []
    for band in protocol.bands:
        reached = first > band.until.value
        every, down = band.every, band.decrease
        interval = Interval(every.low, every.low, every.period)
        amount = Amount(down.low, down.unit)
        place = f"down to {band.until}" if band.until.value else "of the last steps"
        source = band.cite[-1].source
        if reached and every.low != every.high:
            if choices.interval and _days(interval) <= _days(choices.interval) <= _days(every):
                interval = choices.interval
            name = f"interval {place}"
            made.append(Choice(name, str(interval), str(every), source, "--interval"))
        if reached and down.low != down.high:
            wanted = choices.decrement
            if wanted and down.low <= converted(wanted.value, wanted.unit, down.unit) <= down.high:
                amount = Amount(converted(wanted.value, wanted.unit, down.unit), down.unit)
            name = f"decrement {place}"
            made.append(Choice(name, str(amount), str(down), source, "--decrement"))
        strides.append(Stride(band, _days(interval), amount.value))
    for option, asked in (("--interval", choices.interval), ("--decrement", choices.decrement)):
        open_to = [choice for choice in made if choice.option == option]
        if asked is not None and not any(choice.chosen == str(asked) for choice in open_to):
            ranges = ", ".join(wording.spoken(choice.allowed or "") for choice in open_to)
            left = f"Open here: {ranges}." if ranges else "Leave it out."
            fixed = "outside what the source leaves open" if ranges else f"fixed by {key}"
            raise UsageError(f"{option} {asked} is {fixed}", left)
    return strides, made


def _days(interval: Interval) -> int:
    """Return the days of an interval, of its long end where it is a range."""
    return interval.high * DAYS[interval.period]


def _levels(
    first: Decimal, hold: Interval | None, strides: list[Stride]
) -> list[tuple[Decimal, int | None]]:
    """List the doses from the first one down, each with its days.

    A band is half open: a dose at its lower end already follows the next one. A step that would
    pass the lower end stops there. The end of the last band has no length of its own.
    """
    levels: list[tuple[Decimal, int | None]] = []
    dose = first
    while True:
        stride = next((s for s in strides if dose > s.band.until.value), None)
        if stride is None:
            if dose > 0:
                levels.append((dose, None))
            return levels
        held = not levels and hold is not None
        levels.append((dose, _days(hold) if held and hold else stride.days))
        dose = max(EXACT.subtract(dose, stride.down), stride.band.until.value)


def _step_note(drug: Drug, value: Decimal, days: int | None) -> str | None:
    notes = [note.text for note in drug.step_notes if value <= note.at_or_below.value]
    if days is None:
        notes.insert(0, "The source does not say for how long.")
    return " ".join(notes) or None
