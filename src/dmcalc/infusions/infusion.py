"""``infusion``: how one dose runs in, step by step: how fast, for how long, until when."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import find_product
from dmcalc.dosing.dose import rules_for
from dmcalc.dosing.regimen import note_posology
from dmcalc.errors import RefusedError, UnknownNameError, UsageError, as_option, read
from dmcalc.infusions import rate_steps as flows
from dmcalc.infusions.amount import InfusionAmount, amount_of_infusion, amount_text, round_locally
from dmcalc.infusions.result import InfusionResult
from dmcalc.infusions.wording import rounded_texts
from dmcalc.patient.inputs import with_unused
from dmcalc.patient.patient import unusual_weight_warning
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.arithmetic import per_size, round_half_up, to_decimal
from dmcalc.quantities.time import read_time
from dmcalc.results.base import (
    ClinicalNote,
    ClinicalWarning,
    leading,
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

    from dmcalc.patient.patient import Patient
    from dmcalc.patient.reader import PatientRequest
    from dmcalc.table.model.drug import Product, Regimen
    from dmcalc.table.model.infusion import Infusion, Ramp
    from dmcalc.table.model.local_values import LocalValue
    from dmcalc.table.model.table import LoadedTable, Table


#: The steps of a pump that are known, in mL/h.
PUMP_STEPS = ("1", "0.1")


class InfusionInput(NamedTuple):
    """The request for an infusion, as text; the fields are Python's keywords."""

    days: int | None = None
    dose: str | None = None
    at_risk: bool = False
    later: bool = False
    at: str | None = None
    product: str | None = None
    #: The smallest change of rate that the pump takes, in mL/h: 1 or 0.1.
    pump_step: str | None = None


def compute_infusion(request: PatientRequest, drug: str, options: InfusionInput) -> InfusionResult:
    """Compute the requested infusion; raise as ``infusion``, and for a faulty patient."""
    patient = request.read("infusion", (drug,))
    return with_unused(infusion(request.loaded, patient, drug, options), patient.unused)


def infusion(
    loaded: LoadedTable, patient: Patient, name: str, options: InfusionInput
) -> InfusionResult:
    """Compute how one dose runs in.

    A rule for the patient may put them at risk, which lowers the rate. Raise UnknownNameError for a
    drug without infusion rates, PatientError for a missing weight, UsageError for what cannot be
    read and for a choice that the sources do not leave open, RefusedError for a dose above them, or
    where a rule refuses the drug.
    """
    table = loaded.table
    dose, start = read("dose", options.dose, read_amount), read("at", options.at, read_time)
    key = find_drug(table, name)
    drug, plan = table.drugs[key], table.drugs[key].infusion
    if plan is None:
        having = ", ".join(k for k, value in table.drugs.items() if value.infusion)
        raise UnknownNameError(
            f"the table has no infusion rates for {key}",
            f"Infusion rates are given for: {having or 'no drug'}.",
        )
    advice, at_risk = rules_for(patient), options.at_risk
    if advice is not None:
        advice.refuse_amounts(key)
        at_risk = at_risk or advice.at_risk(key)
    ramp, cap = _ramp(key, plan, later=options.later, at_risk=at_risk)
    regimen = next(r for r in drug.regimens if r.name == plan.regimen)
    product = next((p for p in drug.products if p.id == plan.product), None)
    if options.product is not None:
        _refuse_other_product(loaded.table, key, plan, options.product)
    who, rounding = patient.of(key), loaded.rounding.get(key)
    note_posology(key, drug, regimen)
    exact, amount_warnings = amount_of_infusion(key, who, plan, regimen, options.days, dose)
    portion, local_notes = round_locally(None if dose else rounding, exact, "amount")
    actual = None
    if patient.dosing is not None:
        exact, _ = amount_of_infusion(key, patient.actual, plan, regimen, options.days, None)
        actual, _ = round_locally(rounding, exact, None if dose else "amount_actual")
    amount_per_kg = _per_kg(portion, regimen, who)
    flow = _flow(portion, product, who)
    pump_step = read("pump_step", options.pump_step, _read_pump_step)
    if pump_step is not None and not flow.is_volume:
        raise UsageError(
            f"‹pump_step› is in mL/h, and the rates of {key} are in mg/h: {plan.no_volume}",
            "Leave it out.",
        )
    run = tuple(flows.run_ramp(ramp, cap, flow, pump_step))
    length = run[-1].minute + run[-1].minutes
    duration, whole_minutes = round_half_up(length, 2), flows.up_to_minute(length)
    _note_figures(loaded, key, ramp, product)
    if trace := noting():
        if flow.is_volume:
            trace.rounded("volume_ml", "volume", flow.total, to_decimal(flow.total), "mL", DOWN)
        trace.rounded("duration_min", "duration", length, duration, "min", MINUTES)
        trace.rounded("whole_minutes", "duration", length, whole_minutes, "min", WHOLE_MINUTES)
    local = _local_values(loaded, key, ramp, patient, rounded=dose is None)
    steps = tuple(flows.steps(key, run, flow, start, local))
    ends, ends_day = flows.time_of_day(start, whole_minutes)
    warnings, cautions = split_notes((*drug.notes, *plan.notes), key)
    if advice is not None:
        warnings = (*advice.warnings([key]), *warnings)
        cautions = (*advice.not_addressed([key]), *cautions)
    result = InfusionResult(
        loaded=loaded,
        patient=patient,
        advice=advice,
        drug=key,
        plan=plan,
        ramp=ramp,
        infused=product,
        at_risk=at_risk,
        amount=to_decimal(portion.amount),
        unit=portion.unit,
        amount_per_kg=amount_per_kg,
        days=portion.days,
        course=portion.course,
        volume_ml=steps[-1].total_volume_ml,
        duration_min=duration,
        whole_minutes=whole_minutes,
        starts=steps[0].clock,
        ends=ends,
        ends_day=ends_day,
        steps=steps,
        choices=tuple(
            _choices(plan, ramp, regimen, portion, entered=dose is not None, at_risk=at_risk)
        ),
        rounded=(*local_notes, *rounded_texts(portion, length, pump_step)),
        pump_step=pump_step,
        warnings=(
            *unusual_weight_warning(patient),
            *local_value_warnings(local),
            *amount_warnings,
            *_length_warnings(key, plan, length),
            *warnings,
        ),
        cautions=cautions,
        sources=source_keys(
            (*regimen.cite, *plan.cite, *ramp.cite, *(product.cite if product else ()))
        ),
    )
    if actual is None:
        return result
    return _by_both_weights(result, actual, entered=dose is not None)


def _refuse_other_product(table: Table, key: str, plan: Infusion, product_id: str) -> None:
    """Refuse a product whose rates are none of those of the table; say what its label has."""
    named = find_product(table, key, "UK", product_id)
    if named is None or named.id == plan.product:
        return
    has = " ".join(note.text for note in named.notes)
    raise RefusedError(
        f"the rates of the table are not of {named.name or named.id}".strip(),
        f"{has} None is computed; the rates are of {plan.product}, for: {plan.population}.".strip(),
    )


def _by_both_weights(
    result: InfusionResult, actual: InfusionAmount, *, entered: bool
) -> InfusionResult:
    """Say which dosing weight an infusion uses, and what it would give by the ``actual`` one.

    A dose that was ``entered`` uses no weight.
    """
    weight = result.patient.dosing
    assert weight is not None
    warnings, cautions = weight.notes((result.drug,))
    if weight.basis != "actual":
        text = (
            f"The rates per kg use the {weight.name} too, and are slower than with the actual "
            "weight: no source that was read says which weight they are for."
        )
        cautions = (*cautions, ClinicalNote("rate-weight", "reading", result.drug, text, ()))
    return result._replace(
        amount_actual=None if entered else to_decimal(actual.amount),
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


def _note_figures(loaded: LoadedTable, key: str, ramp: Ramp, product: Product | None) -> None:
    """Note which figures of the table the rates and the length rest on."""
    drug = loaded.table.drugs[key]
    assert drug.infusion is not None
    used(key, "drugs", key, "infusion", "within")
    used(key, "drugs", key, "infusion", "ramps", drug.infusion.ramps.index(ramp))
    if product is not None:
        used(key, "drugs", key, "products", drug.products.index(product), "concentration")


def _local_values(
    loaded: LoadedTable, key: str, ramp: Ramp, patient: Patient, *, rounded: bool
) -> tuple[LocalValue, ...]:
    """Return the local figures that an infusion is computed from."""
    plan = loaded.table.drugs[key].infusion
    assert plan is not None
    names = [f"{key}.{plan.regimen}", f"{key}.infusion.within"]
    names.append(f"{key}.infusion" if ramp.when == "any" else f"{key}.infusion.{ramp.when}")
    names += [f"{key}.rounding"] if rounded else []
    names += ["limits"] if patient.weight_kg is not None else []
    return local_values_for(loaded, *names)


def _ramp(key: str, plan: Infusion, *, later: bool, at_risk: bool) -> tuple[Ramp, Decimal | None]:
    """Return how the rate rises, and the maximum that it rises to, None where it does not."""
    first, *others = plan.ramps
    if later and not others:
        raise UsageError(
            f"‹later›: first and later infusions of {key} run at the same rates", "Leave it out."
        )
    (ramp,) = others if later else (first,)
    if not at_risk:
        return ramp, ramp.max.value if ramp.max else None
    if ramp.max_at_risk is None:
        raise UsageError(
            f"‹at_risk›: the sources give no other maximum rate of {key} for patients at risk",
            "Leave it out; the prescriber decides on a lower rate.",
        )
    return ramp, ramp.max_at_risk.value


def _read_pump_step(text: str) -> Decimal:
    """Read the step of a pump in mL/h; raise ValueError."""
    if text.strip() not in PUMP_STEPS:
        raise ValueError(f"{text!r} is not a step of a pump: {' or '.join(PUMP_STEPS)} mL/h")
    return Decimal(text.strip())


def _flow(portion: InfusionAmount, product: Product | None, patient: Patient) -> flows.InfusionFlow:
    if product is None:
        return flows.InfusionFlow.by_mass(portion.amount, portion.unit)
    assert product.concentration is not None  # proved when the table was loaded
    assert patient.weight_kg is not None  # checked before
    return flows.InfusionFlow.by_volume(
        portion.amount, portion.unit, product.concentration, patient.weight_kg
    )


def _per_kg(portion: InfusionAmount, regimen: Regimen, patient: Patient) -> Decimal | None:
    assert regimen.dose is not None
    if regimen.dose.basis != "kg":
        return None
    assert patient.weight_kg is not None  # checked before
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
    *,
    entered: bool,
    at_risk: bool,
) -> Iterator[Choice]:
    source, key = regimen.cite[-1].source, leading(ramp.cite).source
    if entered:
        allowed = str(regimen.dose) + (f" over {regimen.days}" if portion.course else "")
        yield Choice(
            "dose", amount_text(portion.amount, portion.unit), allowed, source, as_option("dose")
        )
    elif portion.days is not None:
        days = str(regimen.days)
        yield Choice("days of the course", f"{portion.days} days", days, source, as_option("days"))
    if ramp.when != "any":
        rates = "rates for first and for later"
        yield Choice("infusion", f"the {ramp.when} one", rates, key, as_option("later"))
    if ramp.max_at_risk is not None:
        chosen = str(ramp.max_at_risk if at_risk else ramp.max)
        rates = f"{ramp.max}, and {ramp.max_at_risk} for patients at risk"
        yield Choice("maximum rate", chosen, rates, key, as_option("at_risk"))
