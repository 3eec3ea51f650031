"""The rules that hold for one patient, applied to doses: the strictest is used.

A rule that refuses leaves no dose. Of shares and maxima each end of a dose takes the smallest that
any rule gives; they are not multiplied with each other. Warnings are all shown.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.applied_rule import as_applied, maximum_text
from dmcalc.dosing.regimen import RegimenDose, with_lower_limits
from dmcalc.dosing.rule_effects import (
    exact_ends,
    largest_by_rule,
    left_by_rule,
    withholding_rules,
)
from dmcalc.errors import RefusedError, as_option, name_inputs
from dmcalc.patient.clinical_context import INPUT_OF, KIDNEYS
from dmcalc.quantities import arithmetic
from dmcalc.quantities.amount import DoseRange, converted
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading
from dmcalc.results.trace import noting
from dmcalc.text.numbers import format_measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.dosing.applied_rule import AppliedRule
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.dosing.regimen import PreparedRegimen
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.patient_rules import Rule, RuleCondition
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass
    from dmcalc.quantities.thresholds import Measure


class PatientRules(NamedTuple):
    """The rules of a guide for one patient."""

    guideline: LoadedGuideline
    context: ClinicalContext

    def holding(self, drug: str) -> tuple[Rule, ...]:
        """Return the rules of a drug that hold, in the order of the guide."""
        rules = tuple(r for r in self._of(drug) if self.context.holds(r.when))
        if trace := noting():
            for rule in rules:
                trace.used(drug, "rules", "rules", rule.id)
        return rules

    def refuse(self, drug: str) -> None:
        """Raise RefusedError where a rule refuses a drug that was named alone."""
        refusing = [rule for rule in self.holding(drug) if rule.then == "refuse"]
        if refusing:
            raise RefusedError(
                f"{drug} is refused for this patient: {' '.join(map(_why, refusing))}",
                "Nothing was computed. Check what was entered, and ask the prescriber.",
            )

    def refuse_amounts(self, drug: str) -> None:
        """Raise RefusedError as ``refuse``, and where a rule reduces the drug without a figure."""
        self.refuse(drug)
        rules = self.holding(drug)
        withholding = withholding_rules(rules)
        if withholding:
            why = " ".join(_why(rule) for rule in rules if rule.id in withholding)
            raise RefusedError(
                f"no source gives an amount of {drug} for this patient: {why}",
                "Nothing was computed. Ask the prescriber.",
            )

    def at_risk(self, drug: str) -> bool:
        """Tell whether a rule asks for the lower maximum of the rate of an infusion."""
        return any(rule.at_risk for rule in self.holding(drug))

    def applied(self, drug: str) -> tuple[AppliedRule, ...]:
        """Return the rules of a drug that hold, without a dose of its own."""
        rules = self.holding(drug)
        return as_applied(rules, {rule.id for rule in rules if rule.at_risk})

    def _of(self, drug: str) -> tuple[Rule, ...]:
        return self.guideline.guideline.rules.of(drug)

    def apply(self, ready: PreparedRegimen, computed: RegimenDose, patient: Patient) -> RegimenDose:
        """Return an answer with the rules: refused without amounts, or with the smallest ends."""
        row = computed.row
        rules = self.holding(row.drug)
        refusing = {rule.id for rule in rules if rule.then == "refuse"}
        trace = noting()
        if refusing:
            if trace:
                trace.forget()
            return RegimenDose(_refused(_with_rules(row, rules, refusing)))
        if withholding := withholding_rules(rules):
            if trace:
                trace.forget()
            return _withheld(_with_rules(row, rules, withholding))
        whole = row.dose
        if whole is None:
            return computed._replace(row=_with_rules(row, rules, set())._replace(refused=False))
        leaving = {rule.id: _left(rule, whole, row, patient) for rule in rules}
        dose = whole
        for left in leaving.values():
            dose = dose.cap(left)
        deciding = {
            name
            for name, left in leaving.items()
            if left.low == dose.low < whole.low or left.high == dose.high < whole.high
        }
        row = _with_rules(row, rules, deciding)._replace(refused=False)
        if dose != whole:
            size = patient.size(row.basis) if row.basis is not None else None
            exact = None
            if trace:
                trace.forget()
                exact = exact_ends(rules, whole, dose)
            computed = with_lower_limits(ready, row, dose, size, patient.severity, exact)
            row = computed.row
        return computed._replace(row=_in_doses(row, rules))

    def single_dose_maximum(
        self, drug: str, unit: Mass, patient: Patient
    ) -> tuple[Decimal, str] | None:
        """Return the most that rules leave for one dose, in ``unit``, and the rule that says so."""
        maxima = [
            (converted(largest_by_rule(rule.max, patient), rule.max.unit, unit), rule.id)
            for rule in self.holding(drug)
            if rule.max is not None and rule.times is not None
        ]
        return min(maxima) if maxima else None

    def warnings(self, drugs: Iterable[str]) -> tuple[ClinicalWarning, ...]:
        """Return the warnings: what was estimated, what holds, and what could not be looked at."""
        drugs = tuple(dict.fromkeys(drugs))
        return (
            *self.context.warnings,
            *(
                ClinicalWarning(code, drug, rule.text, leading(rule.cite).source)
                for drug in drugs
                for code, rule in _coded(self.holding(drug))
            ),
            *(warning for drug in drugs for warning in self._not_known(drug)),
            *(warning for drug in drugs for warning in self._overridden(drug)),
            *(warning for drug in drugs for warning in self._meeting(drug)),
        )

    def _meeting(self, drug: str) -> Iterator[ClinicalWarning]:
        """Warn of rules on several facts that each reduce a drug: no source gives their product.

        Several sources on one fact do not meet: they disagree.
        """
        reducing = [rule for rule in self.holding(drug) if rule.share is not None]
        meeting = [
            rule.id
            for rule in reducing
            if any(not _facts(rule.when) & _facts(other.when) for other in reducing)
        ]
        if meeting:
            message = (
                f"{', '.join(meeting[:-1])} and {meeting[-1]} each reduce {drug}: the larger "
                "reduction is used. No source gives a dose for them together; ask the prescriber."
            )
            yield ClinicalWarning("rules-meet", drug, message, None)

    def _overridden(self, drug: str) -> Iterator[ClinicalWarning]:
        """Warn of rules that would hold, but for a condition that overrides them."""
        for rule in self._of(drug):
            overriding = [name for name in rule.when.unless if name in self.context.conditions]
            if overriding and self.context.holds(rule.when._replace(unless=())):
                values = " and ".join(
                    f"{INPUT_OF[band.measure][0]} {format_measured(value)}"
                    for band in rule.when.bands
                    if (value := self.context.value(band.measure)) is not None
                )
                message = f"{values}: {overriding[0]} overrides the rule {rule.id}."
                yield ClinicalWarning("rule-overridden", drug, message, leading(rule.cite).source)

    def _not_known(self, drug: str) -> Iterator[ClinicalWarning]:
        """Warn of rules that go by what is not known, once for each measure and source.

        A source that is read by either measure of the kidneys lacks none where one is known.
        """
        missing: dict[tuple[Measure, str], None] = {}
        rules = self._of(drug)
        by_kidneys = {
            leading(rule.cite).source
            for rule in rules
            for band in rule.when.bands
            if band.measure in KIDNEYS and self.context.value(band.measure) is not None
        }
        for rule in rules:
            source = leading(rule.cite).source
            for measure in self.context.missing_measures(rule.when):
                if measure == "age" or source not in by_kidneys:
                    missing.setdefault((measure, source))
        for measure, source in missing:
            name, inputs = INPUT_OF[measure]
            give = name_inputs(inputs, as_option)
            message = f"One rule needs {name}; enter {give}."
            yield ClinicalWarning("rule-open", drug, message, source)

    def not_addressed(self, drugs: Iterable[str]) -> tuple[ClinicalNote, ...]:
        """Name for each fact the drugs that have no rule on it: that does not mean no risk."""
        drugs = tuple(dict.fromkeys(drugs))
        notes = []
        for kind, fact in self._facts():
            names = self.context.names_of(fact)
            without = [
                drug
                for drug in drugs
                if drug != fact and not any(_asks(rule, kind, names) for rule in self._of(drug))
            ]
            if without:
                message = (
                    f"No rule for {', '.join(without)} with {fact} in this table; this is not "
                    "clearance to give it."
                )
                notes.append(ClinicalNote("no-rule", "caution", None, message, ()))
        return tuple(notes)

    def _facts(self) -> Iterator[tuple[str, str]]:
        context = self.context
        yield from (("taking", name) for name in context.taking)
        yield from (("conditions", name) for name in context.conditions)
        if context.tpmt is not None:
            yield "tpmt", "TPMT"
        if context.nudt15 is not None:
            yield "nudt15", "NUDT15"
        if context.kidneys:
            yield "kidneys", "kidney function"


def _facts(when: RuleCondition) -> set[str]:
    """Name the facts of a patient that a condition uses; both measures of kidneys are one."""
    measures = {"kidneys" if band.measure in KIDNEYS else band.measure for band in when.bands}
    genes = {name for name in ("tpmt", "nudt15") if getattr(when, name)}
    return {*when.taking, *when.conditions, *measures, *genes}


def _asks(rule: Rule, kind: str, names: tuple[str, ...]) -> bool:
    """Tell whether a rule asks about a fact of the patient, by one of its names."""
    if kind == "kidneys":
        return rule.when.kidneys or any(band.measure != "age" for band in rule.when.bands)
    values = getattr(rule.when, kind)
    return bool(values) and (kind in ("tpmt", "nudt15") or any(name in values for name in names))


def _why(rule: Rule) -> str:
    whom = f"; {rule.population}" if rule.population else ""
    return f"{rule.text} ({', '.join(dict.fromkeys(c.source for c in rule.cite))}{whom})"


def _in_doses(row: DoseRow, rules: tuple[Rule, ...]) -> DoseRow:
    """Say in the words of a dose in how many doses at least it is divided."""
    maxima = dict.fromkeys(
        maximum_text(rule).replace("/dose", "")
        for rule in rules
        if rule.max is not None and rule.times is not None
    )
    return row._replace(text=f"{row.text}, at most {', '.join(maxima)}") if maxima else row


def _left(rule: Rule, dose: DoseRange, row: DoseRow, patient: Patient) -> DoseRange:
    """Return what one rule leaves of a dose."""
    ends = left_by_rule(arithmetic, rule, (dose.low, dose.high), (dose.unit, row.per), patient.size)
    return DoseRange(*ends, dose.unit)


def _coded(rules: tuple[Rule, ...]) -> Iterator[tuple[str, Rule]]:
    """Yield rules with the codes of their warnings."""
    withholding = withholding_rules(rules)
    for rule in rules:
        effect = "warn" if rule.then == "withhold" else rule.then
        yield "no-dose-genotype" if rule.id in withholding else f"rule-{effect}", rule


def _withheld(row: DoseRow) -> RegimenDose:
    """Return the row of a drug that a rule reduces without a figure."""
    return RegimenDose(_without_amounts(row)._replace(refused=False, text=None))


def _refused(row: DoseRow) -> DoseRow:
    """Return the row of a drug that is refused."""
    why = " ".join(rule.text for rule in row.rules if rule.decides)
    text = f"refused for this patient: {why}"
    return _without_amounts(row)._replace(
        refused=True, indicated=None, choice_group=None, text=text
    )


def _without_amounts(row: DoseRow) -> DoseRow:
    nothing = dict.fromkeys(
        (
            *("low", "high", "suggested", "per_basis_low", "per_basis_high", "daily_low"),
            *("daily_high", "dispensed_low", "dispensed_high", "deviation_low_percent"),
            *("deviation_high_percent", "products_low", "products_high", "form"),
            "products_by_days",
        )
    )
    return row._replace(**nothing)  # type: ignore[arg-type]


def _with_rules(row: DoseRow, rules: tuple[Rule, ...], deciding: set[str]) -> DoseRow:
    return row._replace(rules=as_applied(rules, deciding))
