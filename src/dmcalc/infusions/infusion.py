"""``infusion``: how one dose runs in, step by step: how fast, for how long, until when."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dmcalc.dosing.regimen import note_posology
from dmcalc.errors import UnknownNameError, UsageError
from dmcalc.infusions import rate_steps as flows
from dmcalc.infusions.amount import InfusionAmount, amount_of_infusion, amount_text, round_locally
from dmcalc.infusions.result import InfusionResult, product_of
from dmcalc.infusions.wording import rounded_texts
from dmcalc.patient.patient import unusual_weight_warning
from dmcalc.quantities.arithmetic import per_size, round_half_up, to_decimal
from dmcalc.results.base import (
    ClinicalNote,
    ClinicalWarning,
    local_value_warnings,
    local_values_for,
    source_keys,
    split_notes,
)
from dmcalc.results.names import find_drug
from dmcalc.results.trace import DOWN, MINUTES, RATIO, WHOLE_MINUTES, noting, used
from dmcalc.schedules.model import Choice
from dmcalc.text import timing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Amount
    from dmcalc.table.model.drug import Product, Regimen
    from dmcalc.table.model.infusion import Infusion, Ramp
    from dmcalc.table.model.table import LoadedTable


def infusion(
    loaded: LoadedTable,
    patient: Patient,
    name: str,
    *,
    days: int | None = None,
    dose: Amount | None = None,
    at_risk: bool = False,
    later: bool = False,
    at: int | None = None,
    advice: PatientRules | None = None,
) -> InfusionResult:
    """Compute how one dose runs in; ``at`` is the minute of the day at which it starts.

    A rule of ``advice`` may put the patient at risk, which lowers the rate. Raise UnknownNameError
    for a drug without infusion rates, PatientError for a missing weight, UsageError for a choice
    that the sources do not leave open, RefusedError for a dose above them, or where a rule refuses
    the drug.
    """
    table = loaded.table
    key = find_drug(table, name)
    drug, plan = table.drugs[key], table.drugs[key].infusion
    if plan is None:
        having = ", ".join(k for k, value in table.drugs.items() if value.infusion)
        raise UnknownNameError(
            f"the table has no infusion rates for {key}", f"It has some for: {having}."
        )
    if advice is not None:
        advice.refuse(key)
        at_risk = at_risk or advice.at_risk(key)
    ramp, cap = _ramp(key, plan, later=later, at_risk=at_risk)
    regimen = next(r for r in drug.regimens if r.name == plan.regimen)
    dosed_patient = patient.of(key)
    note_posology(key, drug, regimen)
    exact, warnings = amount_of_infusion(key, dosed_patient, plan, regimen, days, dose)
    portion, local_notes = round_locally(loaded, key, exact, "amount", requested=dose is not None)
    by_actual = None
    if patient.dosing is not None:
        exact, _ = amount_of_infusion(key, patient.actual, plan, regimen, days, None)
        by_actual, _ = round_locally(
            loaded, key, exact, None if dose else "amount_actual", requested=False
        )
    amount_per_kg = _per_kg(portion, regimen, dosed_patient)
    product = product_of(drug, plan)
    flow = _flow(portion, product, dosed_patient)
    run = tuple(flows.run_ramp(ramp, cap, flow))
    length = run[-1].minute + run[-1].minutes
    duration, total_minutes = round_half_up(length, 2), flows.up_to_minute(length)
    used(key, "drugs", key, "infusion", "within")
    used(key, "drugs", key, "infusion", "ramps", plan.ramps.index(ramp))
    if product is not None:
        used(key, "drugs", key, "products", drug.products.index(product), "concentration")
    if trace := noting():
        if flow.is_volume:
            trace.rounded("volume_ml", "volume", flow.total, to_decimal(flow.total), "mL", DOWN)
        trace.rounded("duration_min", "duration", length, duration, "min", MINUTES)
        trace.rounded("whole_minutes", "duration", length, total_minutes, "min", WHOLE_MINUTES)
    local = local_values_for(loaded, *_figure_names(key, plan, ramp, patient, rounded=dose is None))
    steps = tuple(step._replace(local=local) for step in flows.steps(key, run, flow, at))
    ends, ends_day = flows.time_of_day(at, total_minutes)
    noted_warnings, cautions = split_notes((*drug.notes, *plan.notes), key)
    if advice is not None:
        noted_warnings = (*advice.warnings([key]), *noted_warnings)
        cautions = (*advice.not_addressed([key]), *cautions)
    result = InfusionResult(
        loaded=loaded,
        patient=patient,
        drug=key,
        ramp=ramp,
        at_risk=at_risk,
        amount=to_decimal(portion.amount),
        unit=portion.unit,
        amount_per_kg=amount_per_kg,
        days=portion.days,
        course=portion.course,
        volume_ml=steps[-1].total_volume_ml,
        duration_min=duration,
        whole_minutes=total_minutes,
        starts=steps[0].clock,
        ends=ends,
        ends_day=ends_day,
        steps=steps,
        choices=tuple(_choices(plan, ramp, regimen, portion, dose, at_risk=at_risk)),
        rounded=(*local_notes, *rounded_texts(portion, length)),
        warnings=(
            *unusual_weight_warning(patient),
            *local_value_warnings(local),
            *warnings,
            *_length_warnings(key, plan, length),
            *noted_warnings,
        ),
        cautions=cautions,
        advice=advice,
        sources=source_keys((*regimen.cite, *plan.cite, *ramp.cite, *_cites(product))),
    )
    if by_actual is None:
        return result
    return _by_both_weights(result, by_actual, requested=dose is not None)


def _by_both_weights(
    result: InfusionResult, actual: InfusionAmount, *, requested: bool
) -> InfusionResult:
    """Say which weight an infusion goes by, and what it would give by the ``actual`` one.

    A dose that was ``requested`` goes by no weight.
    """
    # imported where a weight is asked for: an infusion by the actual one starts without it
    from dmcalc.dosing.weight_comparison import dosing_weight_notes

    weight = result.patient.dosing
    assert weight is not None
    warnings, cautions = dosing_weight_notes(result.patient, (result.drug,))
    if weight.basis != "actual":
        text = (
            f"The rates per kg go by the {weight.name} too, and are slower than by the actual "
            "weight: no source was read that says which weight they are for."
        )
        cautions = (*cautions, ClinicalNote("rate-weight", "reading", result.drug, text, ()))
    return result._replace(
        amount_actual=None if requested else to_decimal(actual.amount),
        course_actual=actual.course,
        steps=tuple(
            step._replace(
                dosing_weight_kg=weight.kg,
                weight_basis=weight.basis,
                weight_policy=weight.policy,
            )
            for step in result.steps
        ),
        warnings=(*warnings, *result.warnings),
        cautions=(*cautions, *result.cautions),
    )


def _figure_names(
    key: str, plan: Infusion, ramp: Ramp, patient: Patient, *, rounded: bool
) -> Iterator[str]:
    """Name the parts of the table that an infusion is computed from."""
    path = f"{key}.infusion"
    yield from (f"{key}.{plan.regimen}", f"{path}.within")
    yield path if ramp.when == "any" else f"{path}.{ramp.when}"
    if rounded:
        yield f"{key}.rounding"
    if patient.weight_kg is not None:
        yield "limits"


def _cites(product: Product | None) -> tuple[Any, ...]:
    return product.cite if product else ()


def _ramp(key: str, plan: Infusion, *, later: bool, at_risk: bool) -> tuple[Ramp, Decimal]:
    """Return how the rate rises, and the maximum that it rises to."""
    if later and plan.ramps[0].when == "any":
        raise UsageError(
            f"‹later›: first and later infusions of {key} run at the same rates", "Leave it out."
        )
    ramp = plan.ramps[-1] if later else plan.ramps[0]
    if not at_risk:
        return ramp, ramp.max.value
    if ramp.max_at_risk is None:
        raise UsageError(
            f"‹at_risk›: the sources give no other maximum rate of {key} for patients at risk",
            "Leave it out; the clinician decides on a lower rate.",
        )
    return ramp, ramp.max_at_risk.value


def _flow(portion: InfusionAmount, product: Product | None, patient: Patient) -> flows.InfusionFlow:
    if product is None or product.concentration is None:
        return flows.InfusionFlow.by_mass(portion.amount, portion.unit)
    assert patient.weight_kg is not None  # asked for before
    return flows.InfusionFlow.by_volume(
        portion.amount, portion.unit, product.concentration, patient.weight_kg
    )


def _per_kg(portion: InfusionAmount, regimen: Regimen, patient: Patient) -> Decimal | None:
    if patient.weight_kg is None or regimen.dose is None or regimen.dose.basis != "kg":
        return None
    ratio = per_size(to_decimal(portion.amount), patient.weight_kg)
    if trace := noting():
        exact, unit = portion.amount / Fraction(patient.weight_kg), f"{portion.unit}/kg"
        trace.rounded("amount_per_kg", "amount for 1 kg", exact, ratio, unit, RATIO)
    return ratio


def _length_warnings(key: str, plan: Infusion, length: Fraction) -> Iterator[ClinicalWarning]:
    if plan.within is not None and length > plan.within.minutes:
        yield ClinicalWarning(
            "past-pooling",
            key,
            f"This infusion lasts {timing.hours(flows.up_to_minute(length))}, longer than the "
            f"{plan.within} that are allowed after pooling. The time runs from the pooling, not "
            "from the start of the infusion.",
            source_keys(plan.cite)[0],
        )


def _choices(
    plan: Infusion,
    ramp: Ramp,
    regimen: Regimen,
    portion: InfusionAmount,
    dose: Amount | None,
    *,
    at_risk: bool,
) -> Iterator[Choice]:
    source, key = regimen.cite[-1].source, ramp.cite[0].source
    if dose is not None:
        allowed = str(regimen.dose) + (f" over {regimen.days}" if portion.course else "")
        yield Choice("dose", amount_text(portion.amount, portion.unit), allowed, source, "--dose")
    elif portion.days is not None:
        days = str(regimen.days)
        yield Choice("days of the course", f"{portion.days} days", days, source, "--days")
    if ramp.when != "any":
        rates = "rates for first and for later"
        yield Choice("infusion", f"the {ramp.when} one", rates, key, "--later")
    if ramp.max_at_risk is not None:
        chosen = str(ramp.max_at_risk if at_risk else ramp.max)
        rates = f"{ramp.max}, and {ramp.max_at_risk} for patients at risk"
        yield Choice("maximum rate", chosen, rates, key, "--at-risk")
