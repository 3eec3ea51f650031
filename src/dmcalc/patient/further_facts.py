"""What is known of a patient besides weight and severity: sizes, dosing weight, what rules ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import UsageError
from dmcalc.patient import patient as patients
from dmcalc.patient.anthropometry import read as read_sizes
from dmcalc.patient.body_surface import with_body_surface
from dmcalc.patient.clinical_context import with_context
from dmcalc.patient.dosing_weight import with_dosing_weight
from dmcalc.patient.growth import with_plausible_growth
from dmcalc.patient.inputs import (
    NOT_PREGNANT,
    OF_RULES,
    PREGNANCY,
    PREGNANCY_STATED,
    organs_alone,
    unused_facts,
)
from dmcalc.patient.pregnancy import pregnancy_not_stated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.inputs import PatientInput, PatientUse
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import LoadedTable, Table


def with_further_facts(
    loaded: LoadedTable,
    who: Patient,
    facts: PatientInput,
    use: PatientUse,
    drugs: Iterable[str],
    guide: LoadedGuideline | None,
    together: Iterable[str],
) -> Patient:
    """Return a patient, known by size and severity, with the other facts that a command uses.

    The arguments and the errors are those of ``read_patient``.
    """
    if facts.sex is not None:  # one that is not understood would leave rules out
        read_sizes(loaded.table.limits, sex=facts.sex)
    if who.child:
        who = _with_plausible_growth(loaded.table, who, facts, use)
    of_woman = facts.female and who.age_years is not None
    if use.rules and of_woman and _pregnancy_is_open(loaded.table, who, facts):
        warnings = pregnancy_not_stated(loaded, drugs, guide)
        who = who._replace(fact_warnings=(*who.fact_warnings, *warnings))
    if use.adults_only:
        patients.adults_only(who, use.adults_only)
    if use.surface and facts.height is not None:
        who = with_body_surface(loaded.table, who, facts.height)
    if facts.dosing_weight and "weight_basis" in use.facts:
        who = with_dosing_weight(loaded, who, facts, drugs, guide)
    _refuse_contradiction(facts.conditions)
    entered, facts = facts, facts.without_condition(NOT_PREGNANT)
    planned = () if who.child else tuple(together)  # no rule covers children
    asking = [*(name for name in facts.entered if name in OF_RULES), *planned]
    if who.child and "condition" in asking and organs_alone(facts, use):
        asking.remove("condition")
    if use.rules and (asking or who.adult_age is not None):
        who = with_context(loaded, who, facts, planned, guide)
    return who._replace(
        unused=unused_facts(entered, use, child=who.child),
        pregnancy_open=_pregnancy_is_open(loaded.table, who, entered),
    )


def _refuse_contradiction(conditions: Collection[str]) -> None:
    """Raise UsageError for a condition and the one that says that it is not so."""
    for name in conditions:
        contrary = NOT_PREGNANT if name == PREGNANCY else f"no-{name}"
        if contrary in conditions:
            raise UsageError(
                f"‹condition›: {name} and {contrary} exclude each other", "Leave one of them out."
            )


def _pregnancy_is_open(table: Table, who: Patient, facts: PatientInput) -> bool:
    """Tell whether sex and age leave a pregnancy possible, and nothing on it was entered.

    What is not known of sex and age rules out nothing.
    """
    ages, years = table.limits.pregnancy_age, who.age_years
    return (
        (facts.female or not facts.sex)
        and (years is None or ages.low <= years <= ages.high)
        and PREGNANCY_STATED.isdisjoint(facts.conditions)
    )


def _with_plausible_growth(
    table: Table, child: Patient, facts: PatientInput, use: PatientUse
) -> Patient:
    """Hold the sizes of a child against its age; raise PatientError for one to be confirmed."""
    height = facts.height if "height" in use.facts else None
    height_cm = read_sizes(table.limits, height=height, child=True).height_cm
    return with_plausible_growth(table, child, height_cm, confirmed=facts.confirm_weight)
