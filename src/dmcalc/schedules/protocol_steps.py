"""How a daily dose goes down: the levels of a protocol, of one's own steps, or after a flare."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.regimen import dose_row
from dmcalc.errors import PatientError, RefusedError, UsageError, as_option, name_inputs
from dmcalc.quantities.amount import Amount, AmountRange
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.time import DAYS, Interval
from dmcalc.results.base import ClinicalNote, ClinicalWarning, source_keys, split_notes
from dmcalc.results.trace import used
from dmcalc.schedules import custom_steps
from dmcalc.schedules.custom_steps import DoseLevel
from dmcalc.schedules.model import Choice, Choices, protocols
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact, format_number, format_range, ranges_in_words

if TYPE_CHECKING:
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass
    from dmcalc.sources.cite import Note
    from dmcalc.table.model.schedules import DailyTaper, TaperBand
    from dmcalc.table.model.table import Table


class StartDose(NamedTuple):
    """The dose that a schedule begins with, and what there is to say of it."""

    dose: Decimal
    warnings: tuple[ClinicalWarning, ...] = ()
    cautions: tuple[ClinicalNote, ...] = ()
    choices: tuple[Choice, ...] = ()
    sources: tuple[str, ...] = ()


class StepDown(NamedTuple):
    """How a band is walked: the length of each step in days, and by how much it goes down."""

    band: TaperBand
    days: int
    down: Decimal


class BandSteps(NamedTuple):
    """The levels of a taper, and what there is to say of them."""

    levels: list[DoseLevel]
    ends: str
    choices: tuple[Choice, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    sources: tuple[str, ...]


def steps_of_protocol(
    table: Table,
    patient: Patient,
    protocol: DailyTaper,
    key: str,
    start_dose: Amount | None,
    choices: Choices,
) -> BandSteps:
    """Walk down the bands of a protocol, from its start or from where the patient is."""
    start = _start(
        table, patient, protocol, key, start_dose or (None if choices.flare else choices.on)
    )
    hold, hold_choices = _hold_length(protocol, choices.hold, start.dose)
    if choices.on is not None and choices.hold is None:
        hold, hold_choices = None, ()
    steps_down, step_choices = _steps_down(protocol, choices, start.dose, key)
    levels = _dose_levels(start.dose, hold, steps_down)
    warnings, cautions = split_notes(protocol.notes, protocol.drug)
    if choices.flare:
        levels, flare_warnings = _steps_after_flare(table, protocol, levels, choices, key)
        warnings = (*flare_warnings, *warnings)
    elif choices.on is not None and start_dose is not None:
        raise UsageError("‹from› and ‹on› both name the first dose", "Give one of them.")
    cites = (*protocol.cite, *(cite for band in protocol.bands for cite in band.cite))
    return BandSteps(
        levels,
        protocol.ends,
        (*start.choices, *hold_choices, *step_choices),
        (*start.warnings, *warnings),
        (*start.cautions, *cautions),
        tuple(dict.fromkeys((*source_keys(cites), *start.sources))),
    )


def steps_of_user(
    table: Table,
    patient: Patient,
    protocol: DailyTaper,
    start_dose: Amount | None,
    choices: Choices,
) -> BandSteps:
    """Walk down steps that the user wrote."""
    for option in ("hold", "interval", "decrement", "on", "flare"):
        if getattr(choices, option):
            raise UsageError(f"‹{option}› is for a published taper", "Write it into ‹steps›.")
    unit, drug = protocol.bands[0].until.unit, protocol.drug
    if start_dose is None:
        start = _suggested(table, patient, protocol._replace(max=None))
    else:
        dose = start_dose.value_in(unit)
        start = StartDose(dose, _cap_warnings(table, drug, dose, unit))
    assert choices.steps is not None
    levels = custom_steps.parse_custom_steps(choices.steps, start.dose, unit, choices.max_step)
    notes = [note for note in protocol.notes if note.code == "adrenal-risk"]
    _, cautions = split_notes(notes, drug)
    message = "These steps are the user's own: no source in the table gives them."
    warnings = (*start.warnings, ClinicalWarning("own-schedule", drug, message, None))
    ends = "What follows the last step is not stated; the clinician decides."
    return BandSteps(
        levels, ends, start.choices, warnings, (*start.cautions, *cautions), start.sources
    )


def _steps_after_flare(
    table: Table, protocol: DailyTaper, levels: list[DoseLevel], choices: Choices, key: str
) -> tuple[list[DoseLevel], tuple[ClinicalWarning, ...]]:
    """Go back to the last dose that worked, the one before that of the flare, and on from there.

    How much slower is not in the source, so the longest interval that the protocol leaves open is
    taken, and that is said.
    """
    if choices.on is None:
        raise UsageError("‹flare› needs the dose at which it came", "Give it with ‹on›: ‹on 20mg›.")
    unit = protocol.bands[0].until.unit
    at = choices.on.value_in(unit)
    above = [level.dose for level in levels if level.dose > at]
    if not above:
        raise PatientError(
            f"no dose of {key} lies above {format_plain(at)} {unit}, so none is known that worked",
            "Give the start dose with ‹from›, or ‹weight› and ‹severity›.",
        )
    longest = [StepDown(band, _days(band.every), band.decrease.low) for band in protocol.bands]
    back = min(above)
    message = (
        f"After the flare at {format_plain(at)} {unit} the schedule goes back to "
        f"{format_plain(back)} {unit}, "
        "the last dose before it, and takes the longest intervals that the protocol leaves open. "
        "How much slower is not stated by the source; ‹steps› takes steps of your own."
    )
    source = next((n.cite[0].source for n in _notes(table, protocol.drug, "flare")), None)
    return _dose_levels(back, None, longest), (
        ClinicalWarning("flare", protocol.drug, name_inputs(message, as_option), source),
    )


def _notes(table: Table, drug: str, code: str) -> list[Note]:
    return [note for note in table.drugs[drug].notes if note.code == code]


def _start(
    table: Table, patient: Patient, protocol: DailyTaper, key: str, start_dose: Amount | None
) -> StartDose:
    """Return the daily start dose: the one given, or the table's for weight and severity."""
    unit, drug, cap = protocol.bands[0].until.unit, protocol.drug, protocol.max
    others = [other for other in protocols(table, drug) if other != key]
    hint = f"Choose another start dose (‹from›) or protocol: {', '.join(others)}"
    if start_dose is not None:
        dose = start_dose.value_in(unit)
        start = StartDose(dose, _cap_warnings(table, drug, dose, unit))
        if cap is not None and dose > cap.value:
            raise RefusedError(f"{format_plain(dose)} {unit} is over the cap of {key}, {cap}", hint)
    else:
        start = _suggested(table, patient, protocol)
    end = protocol.bands[-1].until
    if start.dose <= end.value:
        raise PatientError(
            f"{format_plain(start.dose)} {unit} is not above {end}, where {key} ends", hint
        )
    return start


def _suggested(table: Table, patient: Patient, protocol: DailyTaper) -> StartDose:
    """Return the dose that the table suggests for weight and severity, under the protocol's cap."""
    drug, cap = protocol.drug, protocol.max
    regimen = next((r for r in table.drugs[drug].regimens if r.by_severity is not None), None)
    if regimen is None:
        raise PatientError(
            f"no source of the table gives a start dose of {drug} by severity",
            "Give the daily dose with ‹from›, e.g. ‹from 40mg›.",
        )
    facts = {"weight": patient.weight_kg, "severity": patient.severity}
    missing = [name for name, value in facts.items() if value is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise PatientError(
            f"the start dose is not known: {' and '.join(missing)} {verb} missing",
            "Give ‹weight› and ‹severity›, or the daily dose with ‹from›, e.g. ‹from 60mg›.",
        )
    assert regimen.dose is not None  # proved when the table was loaded
    regimen = regimen._replace(dose=regimen.dose.in_unit(protocol.bands[0].until.unit))
    row = dose_row(table, patient, drug, regimen, base=True)
    assert row.suggested is not None and row.low is not None and row.high is not None
    dose, warnings = row.suggested, []
    if cap is not None and dose > cap.value:
        message = (
            f"The dose for this patient, {format_number(dose)} {cap.unit}, is over the cap of "
            f"this protocol; the schedule starts at the cap, {cap}."
        )
        warnings.append(ClinicalWarning("protocol-cap", drug, message, protocol.cite[0].source))
        dose = cap.value
    allowed = str(AmountRange(row.low, row.high, protocol.bands[0].until.unit))
    amount = f"{format_plain(dose)} {row.unit}"
    chosen = Choice.of("start dose", amount, allowed, table.base, "from")
    _, cautions = split_notes(_notes(table, drug, "severity-reading"), drug)
    return StartDose(dose, tuple(warnings), cautions, (chosen,), row.sources)


def _cap_warnings(
    table: Table, drug: str, value: Decimal, unit: Mass
) -> tuple[ClinicalWarning, ...]:
    """Warn of a dose over the base cap, and refuse one over the cap of every source."""
    entry = table.drugs[drug]
    for regimen in (*entry.regimens, *entry.alternatives):
        used(drug, "drugs", drug, *entry.place_of(regimen), "max")
    caps = [r.max.in_unit(unit).high for r in (*entry.regimens, *entry.alternatives) if r.max]
    base = [r.max.in_unit(unit) for r in entry.regimens if r.max]
    if caps and value > max(caps):
        raise RefusedError(
            f"{format_exact(value)} {unit} is more than any source in the table gives: "
            f"the highest cap is {format_plain(max(caps))} {unit} daily",
            "Check the number and its unit.",
        )
    if base and value > max(cap.high for cap in base):
        message = (
            f"The start dose of {format_plain(value)} {unit} is above the cap of the base page, "
            f"{format_range(base[0].low, base[0].high, unit)} daily."
        )
        return (ClinicalWarning("above-cap", drug, message, table.base),)
    return ()


def _hold_length(
    protocol: DailyTaper, wanted: Interval | None, first: Decimal
) -> tuple[Interval | None, tuple[Choice, ...]]:
    """Settle how long the start dose is kept.

    A source holds the high dose that it starts with, so a start below its first band is not held,
    unless that is asked for.
    """
    allowed = protocol.hold
    if allowed is None:
        if wanted is not None:
            raise UsageError("this protocol has no hold", "Leave ‹hold› out.")
        return None, ()
    if wanted is None:
        if first <= protocol.bands[0].until.value:
            return None, ()
        hold = protocol.hold_default or allowed
    else:
        if not allowed.low * DAYS[allowed.period] <= _days(wanted) <= _days(allowed):
            raise UsageError(
                f"a hold of {wanted} is outside the source's range",
                f"The source holds the start dose for {timing.length(allowed)}.",
            )
        hold = wanted
    if allowed.low == allowed.high:
        return hold, ()
    return hold, (Choice.of("hold", str(hold), str(allowed), protocol.cite[0].source, "hold"),)


def _steps_down(
    protocol: DailyTaper, choices: Choices, first: Decimal, key: str
) -> tuple[list[StepDown], list[Choice]]:
    """Settle interval and decrement of each band inside the source's ranges.

    A choice holds for the bands that are reached and leave it open; one that fits none is refused.
    """
    made: list[Choice] = []
    fitting: set[str] = set()
    steps_down = []
    for band in protocol.bands:
        reached = first > band.until.value
        every, down = band.every, band.decrease
        interval = every.shortest
        amount = Amount(down.low, down.unit)
        where = f"down to {band.until}" if band.until.value else "of the last steps"
        source = band.cite[-1].source
        if reached and every.low != every.high:
            if choices.interval and _days(interval) <= _days(choices.interval) <= _days(every):
                interval = choices.interval
                fitting.add("interval")
            name = f"interval {where}"
            made.append(Choice.of(name, str(interval), str(every), source, "interval"))
        if reached and down.low != down.high:
            wanted = choices.decrement
            if wanted and down.low <= wanted.value_in(down.unit) <= down.high:
                amount = Amount(wanted.value_in(down.unit), down.unit)
                fitting.add("decrement")
            name = f"decrement {where}"
            made.append(Choice.of(name, str(amount), str(down), source, "decrement"))
        steps_down.append(StepDown(band, _days(interval), amount.value))
    for name, wish in (("interval", choices.interval), ("decrement", choices.decrement)):
        open_to = [choice for choice in made if choice.option == as_option(name)]
        if wish is not None and name not in fitting:
            ranges = ", ".join(ranges_in_words(choice.allowed or "") for choice in open_to)
            left = f"Open here: {ranges}." if ranges else "Leave it out."
            fixed = "outside what the source leaves open" if ranges else f"fixed by {key}"
            raise UsageError(f"‹{name}› {wish} is {fixed}", left)
    return steps_down, made


def _days(interval: Interval) -> int:
    """Return the days of an interval, of its long end where it is a range."""
    return interval.high * DAYS[interval.period]


def _dose_levels(
    first: Decimal, hold: Interval | None, steps_down: list[StepDown]
) -> list[DoseLevel]:
    """List the doses from the first one down, each with its days.

    A band is half open: a dose at its lower end already follows the next one. A step that would
    pass the lower end stops there. The end of the last band has no length of its own.
    """
    levels: list[DoseLevel] = []
    dose = first
    while down := next((step for step in steps_down if dose > step.band.until.value), None):
        days = _days(hold) if hold is not None and not levels else down.days
        levels.append(DoseLevel(dose, days))
        dose = max(EXACT.subtract(dose, down.down), down.band.until.value)
    return [*levels, DoseLevel(dose, None)] if dose > 0 else levels
