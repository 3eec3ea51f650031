"""The page of ``dmcalc check``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.pages import posology
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    cited_posology,
    describe_patient,
    dosing_weight_blocks,
    entered_and_not,
    explained_sections,
    merge_equal_texts,
    patient_rules_block,
    rounding_block,
    size_unit,
    usual_sections,
)
from dmcalc.text import timing
from dmcalc.text.numbers import (
    PageNumbers,
    format_exact,
    format_limit,
    format_per_size,
    round_per_size,
)

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
    """Lay out the verdict that counts with its limits, then the other posologies and notes."""
    numbers = PageNumbers()
    decisive = result.decisive
    rest = [row for row in result.rows if row is not decisive]
    rules = ((row.dose.name, rule) for row in result.rows for rule in row.dose.rules)
    blocks = (
        _of_order(result, references, numbers),
        *dosing_weight_blocks(result, (result.drug,), references),
        _others(rest, numbers),
        patient_rules_block(rules, references),
        *usual_sections(result, local=(local for row in result.rows for local in row.dose.local)),
    )
    reasons = {row.regimen: row.message for row in rest}
    explained = (
        ListBlock("The other posologies, in words", merge_equal_texts(reasons)),
        *explained_sections(result, references, rounding=(rounding_block(numbers),)),
    )
    return Page(_title(result), blocks, entered_and_not(result, (result.drug,)), explained)


def _title(result: CheckResult) -> str:
    """Say the verdict, and of which order for whom it is."""
    decisive = result.decisive
    verdict = _verdict(decisive).upper()
    if decisive.protocol is not None:
        verdict += f", {decisive.protocol}{_author(result)}"
    if decisive.dispensable is False:
        verdict += ", NOT DISPENSABLE"
    drug = result.loaded.table.drugs[result.drug].listed
    return f"{verdict}: {drug} “{result.order}”, for {describe_patient(result.patient)}"


def _of_order(result: CheckResult, references: References, numbers: PageNumbers) -> ListBlock:
    """List the order, the limits that it was compared with, and why the verdict is what it is."""
    row, dose = result.decisive, result.decisive.dose
    # an order of the low end itself reads the same as that end
    above = row.ordered != dose.low
    ends = (dose.low, dose.high)
    limits = " ".join(_amounts(dose, numbers, ends, _per_size(dose), up=above))
    if dose.cap_high is not None and dose.unit is not None:
        limits += f", cap {format_limit(dose.cap_high)} {dose.unit}{timing.suffix(dose.per)}"
    ordered = _amounts(dose, numbers, (row.ordered, row.ordered), _ordered_per_size(row))
    items = (
        ("Ordered", " ".join(ordered) if row.ordered is not None else f"“{result.order}”"),
        ("Limits", limits),
        ("Changed", posology.lowered(dose, result.advice)),
        ("Published", cited_posology(dose, references)),
        ("Compared", _compared(result)),
        ("Verdict", row.message),
    )
    return ListBlock(
        None,
        tuple((label, text) for label, text in items if text),
        aligned=True,
        strong=frozenset({"Ordered", "Changed"}),
    )


def _compared(result: CheckResult) -> str:
    """Say with which posology the amount was compared, and that the order is not judged."""
    row, dose = result.decisive, result.decisive.dose
    whose = "paediatric posology" if result.patient.child else f"the {dose.phase} dose"
    if not dose.base and not result.patient.child:
        whose += f" of another source ({row.regimen})"
    local = " with local figures" if dose.local else ""
    return f"with {whose}{local}; amounts alone, the order is not judged"


def _others(rows: list[CheckRow], numbers: PageNumbers) -> TableBlock:
    """Lay out the verdicts by the posologies that do not decide."""
    return TableBlock.of(
        "Other posologies",
        rows,
        {
            "Posology": lambda row: _name(row.dose),
            "Verdict": _verdict,
            "Limits": lambda row: "\n".join(
                _amounts(row.dose, numbers, (row.dose.low, row.dose.high), _per_size(row.dose))
            ),
        },
        wraps=("Posology", "Limits"),
    )


def _name(dose: DoseRow) -> str:
    name = dose.phase if dose.base else f"{dose.phase} ({dose.regimen.partition('.')[2]})"
    return name + (f", {dose.population}" if dose.population else "")


def _per_size(dose: DoseRow) -> str:
    """Write the limits for one kg or m2; empty where they are fixed."""
    low, high = dose.per_basis_low, dose.per_basis_high
    return "" if low is None or high is None else format_per_size(low, high, _per_unit(dose))


def _ordered_per_size(row: CheckRow) -> str:
    """Write what is ordered for one kg or m2, with 3 decimals as the limits, or 4.

    Empty where both would put the order on another side of the limits than its amount.
    """
    each, dose = row.per_basis_ordered, row.dose
    least, most = dose.per_basis_low, dose.per_basis_high
    if each is None or least is None or most is None:
        return ""
    assert row.ordered is not None and dose.low is not None and dose.high is not None
    ends = [round_per_size(end) for end in (least, most)]
    for shown in (round_per_size(each), each):  # which has 4 decimals at the most
        if _side(shown, *ends) == _side(row.ordered, dose.low, dose.high):
            return f"{format_exact(shown)} {_per_unit(dose)}"
    return ""


def _side(value: Decimal, low: Decimal, high: Decimal) -> int:
    """Return -1 for a value below a range, 0 within and 1 above."""
    return (value > high) - (value < low)


def _per_unit(dose: DoseRow) -> str:
    return size_unit(dose.unit or "", dose.basis, dose.weight_basis)


def _verdict(row: CheckRow) -> str:
    """Write a verdict; a step of a schedule is called that, and not within."""
    return VERDICTS[row.verdict] if row.protocol is None else f"a {row.matched} step"


def _author(result: CheckResult) -> str:
    """Say of a schedule whose author is unknown that it is."""
    source = result.loaded.table.sources.get(result.protocol or "")
    return ", author unknown" if source is not None and source.authors is None else ""


def _amounts(
    dose: DoseRow,
    numbers: PageNumbers,
    ends: tuple[Decimal | None, Decimal | None],
    per_size: str,
    *,
    up: bool = True,
) -> list[str]:
    """Write an amount, and what that is for one kg or m2."""
    low, high = ends
    if low is None or high is None:
        return ["-"]
    often = timing.suffix(dose.per)
    lines = [numbers.limits(low, high, dose.unit or "", f"{dose.regimen}:", up=up) + often]
    if per_size:
        lines.append(f"({per_size}{often})")
    return lines
