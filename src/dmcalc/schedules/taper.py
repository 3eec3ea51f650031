"""``taper``: a published schedule for one patient, and the list of those that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dispensing.stock import StockOptions
from dmcalc.errors import PatientError, UnknownNameError, UsageError
from dmcalc.results.names import find_drug
from dmcalc.schedules.courses import repeat_courses
from dmcalc.schedules.daily import taper_daily_dose
from dmcalc.schedules.milestones import milestones
from dmcalc.schedules.model import (
    Choices,
    Supply,
    TaperResult,
    find_protocol,
    protocols,
    published_for,
)
from dmcalc.schedules.steps import with_dates

if TYPE_CHECKING:
    import datetime

    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Amount
    from dmcalc.schedules.milestones import MilestoneResult
    from dmcalc.table.model.table import LoadedTable


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
    """Compute a published schedule for one patient; for a child, the landmarks of one.

    Raise UnknownNameError for a drug or protocol that has none, PatientError where the start dose
    cannot be known or the protocol is not for this patient, UsageError for a choice outside the
    source's ranges.
    """
    table = loaded.table
    drug = find_drug(table, name)
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
            f"It has tapers for {', '.join(having)}. List them with: dmcalc taper",
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
    return result._replace(steps=with_dates(result.steps, start)) if start else result
