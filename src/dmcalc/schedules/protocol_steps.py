"""How a daily dose goes down: the levels of a protocol, of one's own steps, or after a flare."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.errors import PatientError, UsageError, as_option, name_inputs
from dmcalc.quantities.amount import Amount
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.time import DAYS, Interval
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading, source_keys, split_notes
from dmcalc.schedules import custom_steps
from dmcalc.schedules.custom_steps import DoseLevel
from dmcalc.schedules.model import Choice, Choices
from dmcalc.schedules.start_dose import (
    drug_notes,
    start_dose_of,
    start_dose_of_user,
    suggested_dose,
)
from dmcalc.text import timing
from dmcalc.text.numbers import ranges_in_words

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Stock
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.schedules import DailyTaper, TaperBand
    from dmcalc.table.model.table import Table


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
    posologies: tuple[DoseRow, ...]
    #: Whether nothing is given after the last level.
    stops: bool


def steps_of_protocol(
    table: Table,
    patient: Patient,
    protocol: DailyTaper,
    key: str,
    start_dose: Amount | None,
    choices: Choices,
    stock: Stock | None,
) -> BandSteps:
    """Step down the bands of a protocol, from its start or from the patient's present dose.

    Where the units of ``stock`` make no start dose that the table suggests, one is offered.
    """
    first_dose = start_dose or (None if choices.flare else choices.on)
    start = start_dose_of(table, patient, protocol, key, first_dose, stock)
    hold, hold_choices = _hold_length(protocol, choices.hold, start.dose)
    if choices.on is not None and choices.hold is None:
        hold, hold_choices = None, ()
    steps_down, step_choices = _steps_down(protocol, choices, start.dose, key)
    levels = _dose_levels(start.dose, hold, steps_down)
    warnings, cautions = split_notes(protocol.notes, protocol.drug)
    if choices.flare:
        levels, flare_warnings = _steps_after_flare(
            table, protocol, levels, steps_down, choices, key
        )
        warnings = (*flare_warnings, *warnings)
        start, hold_choices = start._replace(choices=()), ()  # it goes on from another dose
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
        start.posologies,
        stops=protocol.bands[-1].until.value == 0,
    )


def doses_of_protocol(
    table: Table, patient: Patient, protocol: DailyTaper, key: str, start_dose: Amount
) -> list[Decimal]:
    """Return the doses of ``steps_of_protocol`` from a start dose, and nothing else; raise as it.

    They do not depend on how long each is kept.
    """
    start = start_dose_of(table, patient, protocol, key, start_dose, None)
    steps_down, _ = _steps_down(protocol, Choices(), start.dose, key)
    return [level.dose for level in _dose_levels(start.dose, None, steps_down)]


def steps_of_user(
    table: Table,
    patient: Patient,
    protocol: DailyTaper,
    start_dose: Amount | None,
    choices: Choices,
    stock: Stock | None,
) -> BandSteps:
    """Step down as the user wrote."""
    for option in ("hold", "interval", "decrement", "on", "flare"):
        if getattr(choices, option):
            raise UsageError(f"‹{option}› is for a published taper", "Write it into ‹steps›.")
    unit, drug = protocol.unit, protocol.drug
    if start_dose is None:
        start = suggested_dose(table, patient, protocol._replace(max=None), stock)
    else:
        dose = start_dose.value_in(unit)
        start = start_dose_of_user(table, patient, drug, dose, unit)
    assert choices.steps is not None
    written = custom_steps.written_levels(choices.steps, start.dose, unit, choices.max_step)
    levels = [level for level in written if level.gives]
    if not levels:
        raise UsageError("‹steps› give no dose at all", "Write one above 0 into them.")
    notes = [note for note in protocol.notes if note.code == "adrenal-risk"]
    _, cautions = split_notes(notes, drug)
    message = "These steps are the user's own: no source in the table gives them."
    warnings = (*start.warnings, ClinicalWarning("own-schedule", drug, message, None))
    stops = levels[-1] is not written[-1]
    ends = (
        "The steps go down to 0: the drug is stopped after the last one; the prescriber decides."
        if stops
        else "What to do after the last step is not stated; the prescriber decides."
    )
    return BandSteps(
        levels,
        ends,
        start.choices,
        warnings,
        (*start.cautions, *cautions),
        start.sources,
        start.posologies,
        stops=stops,
    )


def _steps_after_flare(
    table: Table,
    protocol: DailyTaper,
    levels: list[DoseLevel],
    steps_down: list[StepDown],
    choices: Choices,
    key: str,
) -> tuple[list[DoseLevel], tuple[ClinicalWarning, ...]]:
    """Go back to the last dose that worked, the one before that of the flare, and on from there.

    How much slower is not in the source, so the longest interval that the protocol leaves open is
    taken, and a note says so.
    """
    if choices.on is None:
        raise UsageError("‹flare› needs the dose at which it came", "Give it with ‹on›: ‹on 20mg›.")
    unit = protocol.unit
    at = choices.on.value_in(unit)
    above = [level.dose for level in levels if level.dose > at]
    if not above:
        raise PatientError(
            f"no dose of {key} is above {format_plain(at)} {unit}, so none is known that worked",
            "Give the start dose with ‹from›, or ‹weight› and ‹severity›.",
        )
    back = min(above)
    intervals = (
        "the interval that was chosen"
        if choices.interval is not None
        else "the longest intervals that the protocol leaves open"
    )
    message = (
        f"After the flare at {format_plain(at)} {unit} the schedule goes back to "
        f"{format_plain(back)} {unit}, "
        f"the last dose before it, and takes {intervals}. "
        "How much slower is not stated by the source; ‹steps› takes steps of your own."
    )
    source = next((leading(n.cite).source for n in drug_notes(table, protocol.drug, "flare")), None)
    return _dose_levels(back, None, steps_down), (
        ClinicalWarning("flare", protocol.drug, name_inputs(message, as_option), source),
    )


def _hold_length(
    protocol: DailyTaper, requested: Interval | None, first: Decimal
) -> tuple[Interval | None, tuple[Choice, ...]]:
    """Settle how long the start dose is kept.

    A source holds the high dose that it starts with, so the hold is left out for a start below its
    first band, unless the user chooses one.
    """
    allowed = protocol.hold
    if allowed is None:
        if requested is not None:
            raise UsageError("this protocol has no hold", "Leave ‹hold› out.")
        return None, ()
    if requested is None:
        if first <= protocol.bands[0].until.value:
            return None, ()
        hold = protocol.hold_default or allowed
    else:
        if not allowed.low * DAYS[allowed.period] <= _days(requested) <= _days(allowed):
            raise UsageError(
                f"a hold of {requested} is outside the source's range",
                f"The source holds the start dose for {timing.length(allowed)}.",
            )
        hold = requested
    if allowed.low == allowed.high:
        return hold, ()
    return hold, (
        Choice.of("hold", str(hold), str(allowed), leading(protocol.cite).source, "hold"),
    )


def _steps_down(
    protocol: DailyTaper, choices: Choices, first: Decimal, key: str
) -> tuple[list[StepDown], list[Choice]]:
    """Settle interval and decrement of each band inside the source's ranges.

    After a flare an interval that is left open is the longest. A choice holds for the bands that
    are reached and leave it open; one that fits none is refused.
    """
    made: list[Choice] = []
    fitting: set[str] = set()
    steps_down = []
    for band in protocol.bands:
        reached = first > band.until.value
        every, down = band.every, band.decrease
        interval = every.longest if choices.flare else every.shortest
        amount = Amount(down.low, down.unit)
        where = f"down to {band.until}" if band.until.value else "of the last steps"
        source = leading(band.cite).source
        if reached and every.low != every.high:
            shortest = _days(every.shortest)
            if choices.interval and shortest <= _days(choices.interval) <= _days(every):
                interval = choices.interval
                fitting.add("interval")
            name = f"interval {where}"
            made.append(Choice.of(name, str(interval), str(every), source, "interval"))
        if reached and down.low != down.high:
            decrement = choices.decrement
            if decrement and down.low <= decrement.value_in(down.unit) <= down.high:
                amount = Amount(decrement.value_in(down.unit), down.unit)
                fitting.add("decrement")
            name = f"decrement {where}"
            made.append(Choice.of(name, str(amount), str(down), source, "decrement"))
        steps_down.append(StepDown(band, _days(interval), amount.value))
    for name, wish in (("interval", choices.interval), ("decrement", choices.decrement)):
        open_to = [choice for choice in made if choice.option == as_option(name)]
        if wish is not None and name not in fitting:
            each = dict.fromkeys(ranges_in_words(choice.allowed or "") for choice in open_to)
            ranges = ", ".join(each)
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
