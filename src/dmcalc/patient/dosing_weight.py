"""The dosing weight: actual, ideal or adjusted, by choice or by a named policy."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, get_args

from dmcalc import guideline as guidelines
from dmcalc.errors import PatientError, UnknownNameError, UsageError
from dmcalc.patient import anthropometry
from dmcalc.patient.document import WeightChoice, WeightKind
from dmcalc.patient.measures import NAMES, BodyCalculator, default_formulas
from dmcalc.patient.patient import aged
from dmcalc.patient.weight_request import DosingWeight
from dmcalc.quantities.arithmetic import round_half_up, to_decimal
from dmcalc.results.base import ClinicalWarning, leading, source_keys, split_notes
from dmcalc.results.names import find_drugs
from dmcalc.results.trace import DOWN, FORMULA, noting, used
from dmcalc.text.numbers import format_exact
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.weight_policies import WeightPolicy
    from dmcalc.patient.anthropometry import Anthropometry
    from dmcalc.patient.inputs import PatientInput
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.thresholds import BodyCondition
    from dmcalc.table.model.table import LoadedTable, Table

#: What a dosing weight may rest on: the name of the measure, that in the answer, and its unit.
_FIGURES = {
    "bmi": ("bmi", "kg/m2"),
    "ideal_weight_kg": ("ideal_kg", "kg"),
    "adjusted_weight_kg": ("adjusted_kg", "kg"),
}
_HINT = "Give ‹height› and ‹sex›, or leave ‹weight_basis› and ‹weight_policy› out."


def with_dosing_weight(
    loaded: LoadedTable,
    patient: Patient,
    facts: PatientInput,
    drugs: Iterable[str] = (),
    guide: LoadedGuideline | None = None,
) -> Patient:
    """Return a patient with the chosen weight, to dose the named drugs by.

    Without names it is for all drugs, without ``guide`` by the bundled one. Raise UsageError where
    none of them takes another weight, UnknownNameError for a policy or drug that there is not, and
    the errors of ``dosing_weight``.
    """
    table = loaded.table
    keys = find_drugs(table, drugs)
    build = anthropometry.read(
        table.limits, height=facts.height, sex=facts.sex, child=patient.child
    )
    guideline = guide or guidelines.load()
    takers = _takers(table, guideline, facts.weight_policy)
    if keys and not set(keys) & set(takers):
        raise UsageError(
            f"‹weight_basis› is for doses of {', '.join(takers)}, and this is about "
            f"{', '.join(keys)}",
            "Leave it out: no source in the guide asks for another weight than the actual one.",
        )
    basis = facts.weight_basis or "policy"
    if basis not in get_args(WeightChoice):
        raise UsageError(
            f"the weight basis {basis!r} is not known",
            f"It is one of {', '.join(get_args(WeightChoice))}.",
        )
    weight = dosing_weight(table, guideline, patient, build, basis, facts.weight_policy)  # type: ignore[arg-type]
    if weight.policy is not None and facts.pregnant:
        rule = guideline.guideline.weight_policies[weight.policy]
        weight = weight._replace(warnings=(*weight.warnings, *_in_pregnancy(rule)))
    return patient._replace(dosing=weight, height_cm=build.height_cm or patient.height_cm)


def _in_pregnancy(rule: WeightPolicy) -> Iterator[ClinicalWarning]:
    if rule.in_pregnancy is not None:
        message = f"The policy of {rule.name}: {rule.in_pregnancy}"
        yield ClinicalWarning("weight-in-pregnancy", None, message, leading(rule.cite).source)


def dosing_weight(
    table: Table,
    guideline: LoadedGuideline,
    patient: Patient,
    physique: Anthropometry,
    basis: WeightChoice,
    policy: str | None = None,
) -> DosingWeight:
    """Return the dosing weight, exact or rounded down to 0.000001 kg.

    Raise PatientError for a child, where weight, height or sex is missing and where there is no
    ideal weight for the height, UnknownNameError for an unknown policy, and UsageError for a policy
    that is not named.
    """
    if basis != "policy" and policy is not None:
        raise UsageError(
            f"‹weight_policy› chooses the weight, and ‹weight_basis› {basis} does too",
            "Leave one of them out.",
        )
    key, rule = _policy(guideline, policy) if basis == "policy" else (None, None)
    if patient.child and basis != "actual":
        raise PatientError(
            "the formulas of ideal and adjusted weight are for adults, and this is a child aged "
            f"{aged(patient)}",
            "Leave ‹weight_basis› out: paediatric doses use the actual weight.",
        )
    if patient.weight_kg is None:
        raise PatientError("the weight is missing", "Give it in kg or lb, e.g. ‹weight 70›.")
    body = _Body(table, patient, physique)
    kind: WeightKind = "actual"
    if rule is None:
        chosen, reason = basis, "chosen by the user"
    else:
        holds, reason = _holds(rule, body)
        chosen = rule.basis if holds else "actual"
    kg = body.actual
    if chosen != "actual":
        kilograms = body.measure(f"{chosen}_weight_kg")
        if kilograms < body.actual:
            kg, kind = kilograms, chosen  # type: ignore[assignment]
        else:
            reason = f"the {chosen} weight is not below it"
    exact = {"kg": kg}
    rounded = {"kg": _rounded("kg", f"{kind} weight", kg, "kg")}
    for measure, value in body.seen.items():
        name, unit = _FIGURES[measure]
        exact[name], rounded[name] = value, _rounded(name, NAMES[measure], value, unit)
    formulas = tuple(body.measures.chosen[name] for name in body.seen)
    # a note on the body mass index is no news next to a dose
    weights = [table.formulas[key] for key in formulas if table.formulas[key].shape != "quotient"]
    stated = [*((rule,) if rule else ()), *weights]
    warnings, cautions = split_notes((note for one in stated for note in one.notes), None)
    return DosingWeight(
        kg=rounded["kg"],
        actual_kg=patient.weight_kg,
        basis=kind,
        asked=basis,
        policy=key,
        policy_name=rule.name if rule else None,
        policy_text=rule.text if rule else None,
        readings=tuple(one.reading for one in stated if one.reading),
        reason=reason,
        drugs=_takers(table, guideline, policy),
        bmi=rounded.get("bmi"),
        ideal_kg=rounded.get("ideal_kg"),
        adjusted_kg=rounded.get("adjusted_kg"),
        formulas=formulas,
        sources=source_keys(cite for one in stated for cite in one.cite),
        exact=exact,
        warnings=warnings,
        cautions=cautions,
        guideline=guideline,
    )


def _rounded(name: str, what: str, exact: Fraction, unit: str) -> Decimal:
    """Return a figure as the answer has it, exact or rounded down."""
    after = to_decimal(exact)
    if trace := noting():
        trace.rounded(f"dosing_weight.{name}", what, exact, after, unit, DOWN)
    return after


def _takers(table: Table, guideline: LoadedGuideline, policy: str | None) -> tuple[str, ...]:
    """Return the drugs that a policy is for, or any policy where none is named."""
    policies = guideline.guideline.weight_policies
    chosen = policies.values() if policy is None else [_policy(guideline, policy)[1]]
    drugs = dict.fromkeys(drug for known in chosen for drug in known.drugs)
    return tuple(drug for drug in drugs if drug in table.drugs)


def _policy(guideline: LoadedGuideline, name: str | None) -> tuple[str, WeightPolicy]:
    policies = guideline.guideline.weight_policies
    if name is None:
        raise UsageError(
            "‹weight_basis› policy needs the name of one",
            f"Give ‹weight_policy›, one of: {', '.join(policies)}.",
        )
    key = "-".join(name.lower().split())
    if key not in policies:
        raise UnknownNameError(
            f"no policy on weights is called {name!r}{near(key, policies)}",
            f"The policies: {', '.join(policies)}.",
        )
    return key, policies[key]


class _Body:
    """What is known of a body, and what of it was looked at."""

    def __init__(self, table: Table, patient: Patient, physique: Anthropometry) -> None:
        assert patient.weight_kg is not None
        self.actual = Fraction(patient.weight_kg)
        self.height = physique.height_cm
        self.measures = BodyCalculator(
            table, patient, physique, default_formulas(table, None), "actual"
        )
        self.measures.run()
        #: The measures that were looked at, in their order.
        self.seen: dict[str, Fraction] = {}
        self._given = self.height is not None and physique.sex is not None

    def _value(self, name: str) -> Fraction | None:
        """Look at a measure, and at the one that it is based on."""
        value = self.measures.values.get(name)
        if value is None:
            return None
        if name == "adjusted_weight_kg":
            self._value("ideal_weight_kg")
        used(FORMULA, "formulas", self.measures.chosen[name])
        self.seen[name] = Fraction(value)
        return self.seen[name]

    def measure(self, name: str) -> Fraction:
        """Return a measure; raise PatientError where it is not known."""
        value = self._value(name)
        if value is None:
            raise self.lacking(name)
        return value

    def trait(self, condition: BodyCondition) -> Fraction | None:
        """Return what a condition asks about."""
        if condition.trait == "height":
            return None if self.height is None else Fraction(self.height)
        if condition.trait == "bmi":
            return self._value("bmi")
        ideal = self._value("ideal_weight_kg")
        return None if ideal is None else (self.actual / ideal - 1) * 100

    def lacking(self, name: str) -> PatientError:
        """Say that a measure is not known, and why."""
        reasons = [one.reason for one in self.measures.missing if one.measure == name]
        what = name.removesuffix("_kg").replace("_", " ").replace("bmi", "body mass index")
        return PatientError(
            f"the {what} is not known: {reasons[0]}",
            "Leave ‹weight_basis› and ‹weight_policy› out for a dose by the actual weight."
            if self._given
            else _HINT,
        )


def _holds(policy: WeightPolicy, body: _Body) -> tuple[bool, str]:
    """Tell whether a policy asks for another weight, and why or why not.

    Raise PatientError where that depends on something that is not known.
    """
    lacking = [c for c in policy.all_of if _met(c, body) is False]
    if lacking:
        return False, f"the policy is for {' and '.join(_condition_text(c, body) for c in lacking)}"
    met = [c for c in policy.any_of if _met(c, body)]
    for condition in (*policy.all_of, *(() if met else policy.any_of)):
        if _met(condition, body) is None:
            measure = {"bmi": "bmi", "over ideal": "ideal_weight_kg"}.get(condition.trait)
            if measure is None:
                raise PatientError("the height is missing", _HINT)
            raise body.lacking(measure)
    if policy.any_of and not met:
        return (
            False,
            f"the policy is for {' or '.join(_condition_text(c, body) for c in policy.any_of)}",
        )
    if not policy.any_of:
        return True, "the policy leaves it to the prescriber, who chose it here"
    return True, " and ".join(_condition_text(c, body) for c in met)


def _met(condition: BodyCondition, body: _Body) -> bool | None:
    """Tell whether a condition is met; None where that is not known."""
    value = body.trait(condition)
    return None if value is None else condition.met(value)


def _condition_text(condition: BodyCondition, body: _Body) -> str:
    """Say a condition, and what the patient has: ``a body mass index above 30 (here 32.653)``."""
    value = body.trait(condition)
    assert value is not None
    near = round_half_up(value, 3)
    if near == condition.value and value != near:  # on which side of it must be seen
        near = to_decimal(value)
    unit = {"height": " cm", "over ideal": " per cent"}.get(condition.trait, "")
    return f"{condition.words} (here {format_exact(near)}{unit})"
