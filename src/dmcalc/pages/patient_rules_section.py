"""The rules for one patient, and the patient's circumstances, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Points
from dmcalc.patient.clinical_context import KIDNEYS
from dmcalc.quantities.amount import half_up
from dmcalc.text.numbers import format_exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.dosing.adjustments import Advice, AppliedRule
    from dmcalc.guideline.model import Guideline
    from dmcalc.pages.model import References
    from dmcalc.patient.clinical_context import Circumstances
    from dmcalc.results.base import ClinicalWarning

#: What follows from a rule, in words.
THEN = {
    "refuse": "refused",
    "scale": "reduced",
    "cap": "limited",
    "warn": "warning",
    "monitor": "to be followed",
}
#: Warnings that the list of rules says already.
OF_RULES = frozenset(f"rule-{then}" for then in THEN)


def laid_out(
    advice: Advice,
    rules: Iterable[tuple[str, AppliedRule]],
    warnings: tuple[ClinicalWarning, ...],
    references: References,
) -> tuple[tuple[ClinicalWarning, ...], str, tuple[Points, ...]]:
    """Return the warnings that the rules do not say already, the circumstances, and the rules."""
    told = tuple(warning for warning in warnings if warning.code not in OF_RULES)
    return told, circumstances(advice.known, advice.guideline.guideline), listed(rules, references)


def circumstances(known: Circumstances, guide: Guideline) -> str:
    """Describe what was said: ``Known of the patient: taking allopurinol; eGFR 45`` ..."""
    parts = [] if known.age is None else [f"{known.age} years"]
    if known.taking:
        parts.append(f"taking {', '.join(known.taking)}")
    parts += [guide.rules.conditions[name] for name in known.conditions]
    genotypes = {"TPMT": known.tpmt, "NUDT15": known.nudt15}
    parts += [f"{gene} {found} metaboliser" for gene, found in genotypes.items() if found]
    for measure, name in (("egfr", "eGFR"), ("crcl", "creatinine clearance")):
        value = known.value(measure)  # type: ignore[arg-type]
        if value is not None:
            unit = KIDNEYS[measure][1]  # type: ignore[index]
            parts.append(f"{name} {format_exact(half_up(value, 1))} {unit}")
    text = "; ".join(parts)
    return f"Known of the patient: {text}." if text else ""


def listed(rules: Iterable[tuple[str, AppliedRule]], references: References) -> tuple[Points, ...]:
    """List every rule that holds for this patient, also where a stricter one counts.

    Each comes with the name of its drug; a rule of several posologies counts if it does for one.
    """
    found: dict[tuple[str, str], AppliedRule] = {}
    for name, rule in rules:
        known = found.get((name, rule.id))
        if known is None or rule.decides:
            found[name, rule.id] = rule
    items = []
    for (name, _), rule in found.items():
        beside = "" if rule.decides or rule.then in ("warn", "monitor") else ", not counting here"
        whom = f" For: {rule.population}." if rule.population else ""
        reading = f" {rule.reading}" if rule.reading else ""
        text = f"{rule.text}{whom}{reading} ({rule.id}) {references.mark(rule.sources)}"
        items.append((f"{name}, {THEN[rule.then]}{beside}:", text))
    return (Points("Rules for this patient", tuple(items)),) if items else ()
