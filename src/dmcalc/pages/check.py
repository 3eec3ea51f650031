"""The page of ``dmcalc check``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    cited_posology,
    describe_patient,
    dosing_weight_blocks,
    explained_sections,
    known_of_patient,
    merge_equal_texts,
    patient_rules_block,
    rounding_block,
    size_unit,
    usual_sections,
)
from dmcalc.text import timing
from dmcalc.text.numbers import PageNumbers, format_limit, format_per_size

if TYPE_CHECKING:
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.order.check_row import CheckRow
    from dmcalc.order.result import CheckResult

VERDICTS = {
    "within": "within",
    "below": "below",
    "above": "above",
    "over-cap": "over the cap",
    "not-a-step": "no step",
    "wrong-frequency": "wrong frequency",
    "refused": "refused",
}


def page(result: CheckResult, references: References) -> Page:
    """Lay out the verdict by posology, then why, warnings, cautions and sources."""
    numbers = PageNumbers()
    child = result.patient.child
    verdicts = TableBlock(
        None,
        ("Posology", "Verdict", "Ordered", "Limits", "As the source gives it"),
        tuple(_row(row, references, numbers, child=child) for row in result.rows),
        wraps=frozenset({0, 4}),
        spaced=True,
    )
    rules = ((row.dose.name, rule) for row in result.rows for rule in row.dose.rules)
    reasons = {row.regimen: row.message for row in result.rows}
    blocks = (
        verdicts,
        *dosing_weight_blocks(result, (result.drug,), references),
        ListBlock("Why", merge_equal_texts(reasons)),
        patient_rules_block(rules, references),
        *usual_sections(result, local=(local for row in result.rows for local in row.dose.local)),
    )
    explained = tuple(explained_sections(result, references, rounding=(rounding_block(numbers),)))
    title = f"{result.rows[0].dose.name}, “{result.order}”, for {describe_patient(result.patient)}"
    if result.protocol is not None:
        title = f"{_verdict(result.decisive).upper()}, {result.protocol}{_author(result)}: {title}"
    verdict = _verdict(result.decisive)
    if result.decisive.dispensable is False:
        verdict += ", and not dispensable"
    limit = "It compares amounts and does not judge the order."
    decisive = result.decisive.dose
    base = "the base page" if decisive.base else decisive.regimen
    whose = "posology of children" if child else base
    against = whose + (" with local figures" if decisive.local else "")
    subtitle = f"Against {against}: {verdict}. {limit}"
    known = known_of_patient(result.advice)
    return Page(title, blocks, f"{subtitle}\n{known}".strip(), explained)


def _verdict(row: CheckRow) -> str:
    """Write a verdict; a step of a schedule is called that, and not within."""
    return VERDICTS[row.verdict] if row.protocol is None else f"a {row.matched} step"


def _author(result: CheckResult) -> str:
    """Say of a schedule whose author is unknown that it is."""
    source = result.loaded.table.sources.get(result.protocol or "")
    return ", author unknown" if source is not None and source.authors is None else ""


def _row(
    row: CheckRow, references: References, numbers: PageNumbers, *, child: bool
) -> tuple[str, ...]:
    kind = "children" if child else "alternative"
    dose = row.dose
    name = dose.phase if dose.base else f"{kind}, {dose.phase}"
    if dose.population is not None:
        name += f"\nfor: {dose.population}"
    per_size = (dose.per_basis_low, dose.per_basis_high)
    limits = _amounts(dose, numbers, (dose.low, dose.high), per_size)
    if dose.cap_high is not None:
        limits.append(f"cap {format_limit(dose.cap_high)} {dose.unit}{timing.suffix(dose.per)}")
    ordered = _amounts(dose, numbers, (row.ordered, row.ordered), (row.per_basis_ordered,))
    return (
        name,
        _verdict(row),
        "\n".join(ordered),
        "\n".join(limits),
        cited_posology(dose, references),
    )


def _amounts(
    dose: DoseRow,
    numbers: PageNumbers,
    ends: tuple[Decimal | None, Decimal | None],
    per_size: tuple[Decimal | None, ...],
) -> list[str]:
    """Write an amount and, below it, what that is for one kg or m2."""
    low, high = ends
    if low is None or high is None:
        return ["-"]
    often = timing.suffix(dose.per)
    lines = [numbers.limits(low, high, dose.unit or "", f"{dose.regimen}:") + often]
    known = [end for end in per_size if end is not None]
    if known:
        unit = size_unit(dose.unit or "", dose.basis, dose.weight_basis)
        lines.append(format_per_size(known[0], known[-1], unit) + often)
    return lines
