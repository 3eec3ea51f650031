"""The weight that a dose goes by: actual, ideal or adjusted, by choice or by a named policy."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from dmcalc.core.measures import Measures, chosen
from dmcalc.core.names import near
from dmcalc.core.result import source_keys
from dmcalc.errors import PatientError, UnknownNameError, UsageError
from dmcalc.quantity import EXACT, plain
from dmcalc.wording import number

if TYPE_CHECKING:
    from dmcalc.guide.model import Guide
    from dmcalc.guide.weights import Condition, Trait, WeightPolicy
    from dmcalc.patient import Patient
    from dmcalc.physique import Physique
    from dmcalc.table.model import Table

Basis = Literal["actual", "ideal", "adjusted", "policy"]


class DosingWeight(NamedTuple):
    """The weight that a dose goes by, never above the actual one, and who asked for it."""

    kg: Decimal
    actual_kg: Decimal
    #: The kind of weight that it is: where a policy does not hold, the actual one.
    basis: Literal["actual", "ideal", "adjusted"]
    #: Key and name of the policy, None where the weight was chosen.
    policy: str | None
    policy_name: str | None
    #: Why it is that weight, in a sentence.
    reason: str
    bmi: Decimal | None
    ideal_kg: Decimal | None
    adjusted_kg: Decimal | None
    sources: tuple[str, ...]


def dosing_weight(
    table: Table,
    guide: Guide,
    patient: Patient,
    physique: Physique,
    basis: Basis,
    policy: str | None = None,
) -> DosingWeight:
    """Return the weight that a dose goes by, exact or rounded down to 0.000001 kg.

    Raise PatientError where weight, height or sex is missing or there is no ideal weight for the
    height, UnknownNameError for an unknown policy, and UsageError for a policy that is not named.
    """
    actual = patient.weight_kg
    if actual is None:
        raise PatientError("the weight is missing", "Give it in kg or lb, e.g. --weight 70.")
    if basis != "policy" and policy is not None:
        raise UsageError(f"--weight-policy is for --weight-basis policy, not {basis}")
    rule = _policy(guide, policy) if basis == "policy" else None
    measures = Measures(table, patient, physique, chosen(table, None), "actual")
    measures.run()
    values = {
        name: _rounded(value)
        for name, value in measures.values.items()
        if name in ("bmi", "ideal_weight_kg", "adjusted_weight_kg")
    }
    kind: Literal["actual", "ideal", "adjusted"]
    if rule is None:
        kind, reason = basis, "chosen"  # type: ignore[assignment]
    else:
        _needed(values, ("bmi",), measures, physique)
        holds, reason = _holds(rule, values, actual, physique)
        kind = rule.basis if holds else "actual"
    kg = actual
    if kind != "actual":
        key = f"{kind}_weight_kg"
        _needed(values, (key,), measures, physique)
        kg = values[key]
        if kg >= actual:
            kg, reason = actual, f"the {kind} weight is not below it"
            kind = "actual"
    cites = rule.cite if rule else ()
    formulas = [table.formulas[k] for k in measures.chosen.values() if kind != "actual"]
    used = [f for f in formulas if f in measures.used.values() and f.shape in ("line", "share")]
    return DosingWeight(
        kg=kg,
        actual_kg=actual,
        basis=kind,
        policy=policy if rule else None,
        policy_name=rule.name if rule else None,
        reason=reason,
        bmi=values.get("bmi"),
        ideal_kg=values.get("ideal_weight_kg"),
        adjusted_kg=values.get("adjusted_weight_kg"),
        sources=source_keys((*cites, *(c for f in used for c in f.cite))),
    )


def _policy(guide: Guide, name: str | None) -> WeightPolicy:
    known = guide.weight_policies
    if name is None:
        raise UsageError(
            "--weight-basis policy needs the name of one",
            f"Give --weight-policy, one of: {', '.join(known)}.",
        )
    if name not in known:
        raise UnknownNameError(
            f"no policy on weights is called {name!r}{near(name, known)}",
            f"The policies: {', '.join(known)}.",
        )
    return known[name]


def _holds(
    policy: WeightPolicy, values: dict[str, Decimal], actual: Decimal, physique: Physique
) -> tuple[bool, str]:
    """Tell whether a policy asks for another weight, and why or why not."""
    traits: dict[Trait, Decimal | None] = {
        "bmi": values.get("bmi"),
        "height": physique.height_cm,
        "over ideal": _over(actual, values.get("ideal_weight_kg")),
    }

    def met(condition: Condition) -> bool:
        value = traits[condition.trait]
        return value is not None and condition.met(value)

    lacking = [condition.words for condition in policy.all_of if not met(condition)]
    if lacking:
        return False, f"the policy is for {' and '.join(lacking)}"
    if policy.any_of and not any(map(met, policy.any_of)):
        return False, f"the policy is for {' or '.join(c.words for c in policy.any_of)}"
    if not policy.any_of:
        return True, "the policy leaves it to the clinician, who chose it here"
    return True, " and ".join(condition.words for condition in policy.any_of if met(condition))


def _over(actual: Decimal, ideal: Decimal | None) -> Decimal | None:
    """Return by how much a weight exceeds the ideal one, in per cent of that."""
    if ideal is None:
        return None
    return _rounded((Fraction(actual) / Fraction(ideal) - 1) * 100)


def _needed(
    values: dict[str, Decimal], names: tuple[str, ...], measures: Measures, physique: Physique
) -> None:
    for name in names:
        if name not in values:
            reasons = [one.reason for one in measures.missing if one.measure == name]
            raise PatientError(
                f"the {name.removesuffix('_kg').replace('_', ' ')} is not known: "
                f"{reasons[0] if reasons else 'height and sex are missing'}",
                "Give --height and --sex, or leave --weight-basis out.",
            )


def _rounded(value: Fraction | Decimal) -> Decimal:
    """Return a value exactly, or rounded down to 0.000001 where it has no end."""
    exact = Fraction(value)
    return EXACT.scaleb(Decimal(exact.numerator * 10**6 // exact.denominator), -6)


def in_words(weight: DosingWeight) -> str:
    """Say which weight a dose goes by, and why: ``adjusted weight, 82.278 kg, in place of``..."""
    by = f" by the policy of {weight.policy_name}" if weight.policy_name else ""
    if weight.basis == "actual":
        return f"actual weight, {plain(weight.actual_kg)} kg{by}: {weight.reason}"
    return (
        f"{weight.basis} weight, {number(weight.kg)} kg, in place of {number(weight.actual_kg)} kg"
        f"{by}: {weight.reason}"
    )
