"""``infusion``: how one dose runs in, step by step: how fast, for how long, until when."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dmcalc.dosing.dose import about_weight
from dmcalc.errors import UnknownNameError, UsageError
from dmcalc.infusions import rate_steps as flows
from dmcalc.infusions.amount import Share, in_words, ruled, share_of
from dmcalc.infusions.result import InfusionResult, product_of
from dmcalc.quantities.arithmetic import per_size, round_half_up, to_decimal
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import (
    ClinicalWarning,
    local_value_warnings,
    local_values_for,
    source_keys,
    split_notes,
)
from dmcalc.results.names import find_drug
from dmcalc.schedules.model import Choice
from dmcalc.text import timing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dosing.adjustments import Advice
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
    advice: Advice | None = None,
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
    who = patient.of(key)
    exact, warnings = share_of(key, who, plan, regimen, days, dose)
    share, changed = ruled(loaded, key, exact, asked=dose is not None)
    product = product_of(drug, plan)
    flow = _flow(share, product, who)
    run = tuple(flows.legs(ramp, cap, flow))
    local = local_values_for(loaded, *_names(key, plan, ramp, patient, rounded=dose is None))
    steps = tuple(step._replace(local=local) for step in flows.steps(key, run, flow, at))
    length = run[-1].minute + run[-1].minutes
    whole = flows.whole(length)
    ends, ends_day = flows.time_of_day(at, whole)
    noted_warnings, cautions = split_notes((*drug.notes, *plan.notes), key)
    if advice is not None:
        noted_warnings = (*advice.told([key]), *noted_warnings)
        cautions = (*advice.unruled([key]), *cautions)
    result = InfusionResult(
        loaded=loaded,
        patient=patient,
        drug=key,
        ramp=ramp,
        at_risk=at_risk,
        amount=to_decimal(share.amount),
        unit=share.unit,
        amount_per_kg=_per_kg(share, regimen, who),
        days=share.days,
        course=share.course,
        volume_ml=steps[-1].total_volume_ml,
        duration_min=round_half_up(length, 2),
        whole_minutes=whole,
        starts=steps[0].clock,
        ends=ends,
        ends_day=ends_day,
        steps=steps,
        choices=tuple(_choices(plan, ramp, regimen, share, dose, at_risk=at_risk)),
        rounded=(*changed, *_rounded(share, length)),
        warnings=(
            *about_weight(patient),
            *local_value_warnings(local),
            *warnings,
            *_about_length(key, plan, length),
            *noted_warnings,
        ),
        cautions=cautions,
        advice=advice,
        sources=source_keys((*regimen.cite, *plan.cite, *ramp.cite, *_cites(product))),
        flow=flow,
        run=run,
    )
    if patient.dosing is None:
        return result
    from dmcalc.dosing.weight_comparison import infused

    by_actual = share_of(key, patient.actual, plan, regimen, days, None)[0]
    return infused(result, ruled(loaded, key, by_actual, asked=False)[0], asked=dose is not None)


def _names(
    key: str, plan: Infusion, ramp: Ramp, patient: Patient, *, rounded: bool
) -> Iterator[str]:
    """Name the parts of the table that an infusion is computed from."""
    way = f"{key}.infusion"
    yield from (f"{key}.{plan.regimen}", f"{way}.within")
    yield way if ramp.when == "any" else f"{way}.{ramp.when}"
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
            f"--later: first and later infusions of {key} run at the same rates", "Leave it out."
        )
    ramp = plan.ramps[-1] if later else plan.ramps[0]
    if not at_risk:
        return ramp, ramp.max.value
    if ramp.max_at_risk is None:
        raise UsageError(
            f"--at-risk: the sources give no other maximum rate of {key} for patients at risk",
            "Leave it out; the clinician decides on a lower rate.",
        )
    return ramp, ramp.max_at_risk.value


def _flow(share: Share, product: Product | None, patient: Patient) -> flows.Flow:
    if product is None or product.concentration is None:
        return flows.Flow.by_mass(share.amount, share.unit)
    assert patient.weight_kg is not None  # asked for before
    return flows.Flow.by_volume(share.amount, share.unit, product.concentration, patient.weight_kg)


def _per_kg(share: Share, regimen: Regimen, patient: Patient) -> Decimal | None:
    if patient.weight_kg is None or regimen.dose is None or regimen.dose.basis != "kg":
        return None
    return per_size(to_decimal(share.amount), patient.weight_kg)


def _about_length(key: str, plan: Infusion, length: Fraction) -> Iterator[ClinicalWarning]:
    if plan.within is not None and length > plan.within.minutes:
        yield ClinicalWarning(
            "past-pooling",
            key,
            f"This infusion lasts {timing.hours(flows.whole(length))}, longer than the "
            f"{plan.within} that are allowed after pooling. The time runs from the pooling, not "
            "from the start of the infusion.",
            source_keys(plan.cite)[0],
        )


def _choices(
    plan: Infusion,
    ramp: Ramp,
    regimen: Regimen,
    share: Share,
    dose: Amount | None,
    *,
    at_risk: bool,
) -> Iterator[Choice]:
    source, key = regimen.cite[-1].source, ramp.cite[0].source
    if dose is not None:
        allowed = str(regimen.dose) + (f" over {regimen.days}" if share.course else "")
        yield Choice("dose", in_words(share.amount, share.unit), allowed, source, "--dose")
    elif share.days is not None:
        days = str(regimen.days)
        yield Choice("days of the course", f"{share.days} days", days, source, "--days")
    if ramp.when != "any":
        rates = "rates for first and for later"
        yield Choice("infusion", f"the {ramp.when} one", rates, key, "--later")
    if ramp.max_at_risk is not None:
        chosen = str(ramp.max_at_risk if at_risk else ramp.max)
        rates = f"{ramp.max}, and {ramp.max_at_risk} for patients at risk"
        yield Choice("maximum rate", chosen, rates, key, "--at-risk")


def _rounded(share: Share, length: Fraction) -> Iterator[str]:
    """Say once what has no end as a decimal number, or is not a whole minute."""
    if Fraction(to_decimal(share.amount)) != share.amount:
        yield (
            f"A course of {format_plain(share.course or Decimal(0))} {share.unit} does not come "
            "out even "
            f"over {share.days} days: a day's amount is rounded down to 0.000001 {share.unit}."
        )
    if length.denominator != 1:
        kept = round_half_up(length, 2)
        how = "" if Fraction(kept) == length else ", rounded half up to 0.01"
        yield (
            f"The infusion lasts {format_plain(kept)} minutes{how}; for people and for the clock "
            "the last step is rounded up to a whole minute."
        )
