"""The rules that hold for one patient, applied to doses: the stricter of two counts.

A rule that refuses leaves no dose. Of shares and maxima each end of a dose takes the smallest that
any rule gives; they are not multiplied with each other. Warnings are all shown.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.core.regimen import Answer, reduced
from dmcalc.core.result import Warned, source_keys
from dmcalc.errors import RefusedError
from dmcalc.quantity import EXACT, converted, decimal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.core.circumstances import Circumstances
    from dmcalc.core.dose import DoseResult, Plan
    from dmcalc.core.regimen import DoseRow, Prepared
    from dmcalc.guide.model import Guide, LoadedGuide
    from dmcalc.guide.rules import Rule
    from dmcalc.patient import Patient

Ends = tuple[Decimal, Decimal]


class AppliedRule(NamedTuple):
    """A rule that holds for this patient."""

    id: str
    then: str
    text: str
    strength: str
    population: str | None
    reading: str | None
    sources: tuple[str, ...]
    quote: str | None


def holding(guide: Guide, drug: str, known: Circumstances) -> tuple[Rule, ...]:
    """Return the rules of a drug that hold, in the order of the guide."""
    return tuple(r for r in guide.rules.rules if drug in r.drugs and known.holds(r.when))


def advised(
    ready: Plan, result: DoseResult, guide: LoadedGuide, known: Circumstances, named: Iterable[str]
) -> DoseResult:
    """Return doses with the rules applied to each row.

    Raise RefusedError where the one drug that was named is refused.
    """
    named = tuple(named)
    rows, warnings = [], list(result.warnings)
    for prepared, row in zip(ready.regimens, result.rows, strict=True):
        rules = holding(guide.guide, row.drug, known)
        refusing = next((rule for rule in rules if rule.then == "refuse"), None)
        if refusing is not None and len(set(named)) == 1:
            raise _refusal(row, rules, guide)
        found = _applied(prepared, row, rules, result.patient)
        rows.append(found.row)
        warnings += [*found.warnings, *(_told(row.drug, rule) for rule in rules)]
    unique = tuple(dict.fromkeys(warnings))
    return result._replace(rows=tuple(rows), warnings=unique, book=guide)


def _refusal(row: DoseRow, rules: tuple[Rule, ...], guide: LoadedGuide) -> RefusedError:
    """Return the error for a drug that is refused, with every rule that refuses it."""
    refusing = [rule for rule in rules if rule.then == "refuse"]
    why = " ".join(
        f"{rule.text} ({', '.join(dict.fromkeys(c.source for c in rule.cite))}"
        f"{f'; {rule.population}' if rule.population else ''})"
        for rule in refusing
    )
    return RefusedError(
        f"{row.drug} is refused for this patient: {why}",
        "Nothing was computed. Check what was said of the patient, and ask the prescriber.",
    )


def _told(drug: str, rule: Rule) -> Warned:
    return Warned(f"rule-{rule.then}", drug, rule.text, rule.cite[0].source)


def _applied(ready: Prepared, row: DoseRow, rules: tuple[Rule, ...], patient: Patient) -> Answer:
    """Return a row with its rules: refused without amounts, or with the smallest ends."""
    applied = tuple(map(_as_row, rules))
    row = row._replace(refused=False, rules=applied)
    if any(rule.then == "refuse" for rule in rules):
        return Answer(_refused(row))
    if row.low is None or row.high is None or row.unit is None:
        return Answer(row)
    ends = (row.low, row.high)
    for rule in rules:
        found = _ends(rule, (row.low, row.high), row, patient)
        ends = (min(ends[0], found[0]), min(ends[1], found[1]))
    if ends == (row.low, row.high):
        return Answer(row)
    size = patient.size(row.basis) if row.basis is not None else None
    return reduced(ready, row, ends, size, patient.severity)


def _ends(rule: Rule, ends: Ends, row: DoseRow, patient: Patient) -> Ends:
    """Return the ends that one rule leaves; a share without end is rounded down."""
    if rule.share is not None:
        return (
            decimal(Fraction(ends[0]) * rule.share.low),
            decimal(Fraction(ends[1]) * rule.share.high),
        )
    if rule.max is None or row.unit is None:
        return ends
    most = rule.max
    size = Decimal(1) if most.basis is None else patient.size(most.basis)
    per = "day" if rule.times is not None else most.per
    if size is None or per != row.per:
        return ends  # another time, or a basis that is not known
    amount = EXACT.multiply(EXACT.multiply(most.high, size), Decimal(rule.times or 1))
    limit = converted(amount, most.unit, row.unit)
    return min(ends[0], limit), min(ends[1], limit)


def _refused(row: DoseRow) -> DoseRow:
    """Return a row without amounts."""
    nothing = dict.fromkeys(
        (
            *("low", "high", "suggested", "per_basis_low", "per_basis_high", "daily_low"),
            *("daily_high", "dispensed_low", "dispensed_high", "deviation_low_percent"),
            *("deviation_high_percent", "products_low", "products_high"),
        )
    )
    why = " ".join(rule.text for rule in row.rules if rule.then == "refuse")
    text = f"refused for this patient: {why}"
    return row._replace(**nothing, refused=True, indicated=None, text=text)  # type: ignore[arg-type]


def _as_row(rule: Rule) -> AppliedRule:
    return AppliedRule(
        id=rule.id,
        then=rule.then,
        text=rule.text,
        strength=rule.strength,
        population=rule.population,
        reading=rule.reading,
        sources=source_keys(rule.cite),
        quote=rule.cite[0].quote,
    )
