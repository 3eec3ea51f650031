"""``taper``: a published schedule for one patient, and the list of those that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc import guideline
from dmcalc.dispensing.stock import StockOptions, counted_units
from dmcalc.dosing.one_drug import refuse_drug, rule_notes
from dmcalc.errors import PatientError, UnknownNameError, UsageError, read
from dmcalc.patient.inputs import with_unused
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import read_day, read_length, read_weeks
from dmcalc.results.names import find_drug
from dmcalc.schedules.courses import repeat_courses
from dmcalc.schedules.daily import taper_daily_dose
from dmcalc.schedules.exposure import with_taper_notes
from dmcalc.schedules.milestones import milestones
from dmcalc.schedules.model import Choices, Supply, TaperResult
from dmcalc.schedules.published import find_protocol, protocols, published_for
from dmcalc.schedules.steps import with_dates

if TYPE_CHECKING:
    import datetime

    from dmcalc.dispensing.stock import Direction
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.reader import PatientRequest
    from dmcalc.quantities.amount import Amount
    from dmcalc.schedules.milestones import MilestoneResult
    from dmcalc.table.model.table import LoadedTable


class TaperInput(NamedTuple):
    """The request for a taper, as text; the fields are Python's keywords."""

    protocol: str | None = None
    start_dose: str | None = None
    hold: str | None = None
    interval: str | None = None
    decrement: str | None = None
    weeks: str | None = None
    steps: str | None = None
    max_step: str | None = None
    on: str | None = None
    from_date: str | None = None
    flare: bool = False
    left: str | None = None
    packs: str | None = None
    start: str | None = None
    direction: Direction | None = None


def compute_taper(
    request: PatientRequest, drug: str, options: TaperInput, stocked: StockOptions
) -> TaperResult | MilestoneResult:
    """Compute the requested taper; raise UsageError, and the errors of ``taper``."""
    patient = request.read("taper", (drug,))
    if options.from_date is not None and (options.on is None or options.start is not None):
        raise UsageError(
            "‹from_date› is the first day of the dose of ‹on›, and ‹start› that of another",
            "Give ‹on DOSE› with ‹from_date›, or ‹start› alone.",
        )
    choices = Choices(
        hold=read("hold", options.hold, read_length),
        interval=read("interval", options.interval, read_length),
        decrement=read("decrement", options.decrement, read_amount),
        weeks=read("weeks", options.weeks, read_weeks),
        steps=options.steps,
        max_step=read("max_step", options.max_step, read_amount),
        on=read("on", options.on, read_amount),
        flare=options.flare,
    )
    result = taper(
        request.loaded,
        patient,
        drug,
        protocol=options.protocol,
        start_dose=read("from", options.start_dose, read_amount),
        start=read("start", options.start or options.from_date, read_day),
        choices=choices,
        supply=Supply(
            stocked,
            options.direction,
            counted_units("left", options.left),
            counted_units("pack", options.packs),
        ),
    )
    if isinstance(result, TaperResult) and {step.per for step in result.steps} == {"day"}:
        result = with_taper_notes(result, request.guide or guideline.load())
    return with_unused(result, patient.unused)


def taper(
    loaded: LoadedTable,
    patient: Patient,
    name: str,
    *,
    protocol: str | None = None,
    start_dose: Amount | None = None,
    start: datetime.date | None = None,
    choices: Choices | None = None,
    supply: Supply | None = None,
) -> TaperResult | MilestoneResult:
    """Compute a published schedule for one patient; for a child, the milestones of one.

    Raise UnknownNameError for a drug or protocol that has none, PatientError where the start dose
    cannot be known or the protocol is not for this patient, UsageError for a choice outside the
    source's ranges.
    """
    table = loaded.table
    drug = find_drug(table, name)
    refuse_drug(patient, drug)
    if patient.child:
        return milestones(loaded, patient, drug, protocol, start_dose, start, choices)
    if protocol in published_for(table.landmark_tapers, drug):
        raise PatientError(
            f"{protocol} is for children, and no age under {table.limits.adult_age} is given",
            f"Give ‹age›, or a taper of adults: {', '.join(protocols(table, drug))}",
        )
    if not protocols(table, drug):
        having = dict.fromkeys(key for taper in table.tapers.values() for key in taper.drugs)
        raise UnknownNameError(
            f"the table has no taper for {drug}",
            f"It has tapers for {', '.join(having) or 'no drug'}. List them with: dmcalc taper",
        )
    chosen = find_protocol(table.tapers, drug, protocol)
    choices = choices or Choices()
    if choices.steps and protocol is not None:
        raise UsageError("‹steps› and ‹protocol› both name the steps", "Give one of them.")
    supply = supply or Supply(StockOptions())
    if chosen in table.daily_tapers:
        result = taper_daily_dose(loaded, patient, drug, chosen, start_dose, choices, supply)
    else:
        result = repeat_courses(loaded, patient, chosen, start_dose, choices, supply)
    if start is not None:
        result = result._replace(steps=with_dates(result.steps, start))
    warnings, cautions = rule_notes(patient, drug)
    return result._replace(
        warnings=(*warnings, *result.warnings), cautions=(*cautions, *result.cautions)
    )
