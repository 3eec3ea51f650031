"""The page of ``dmcalc check``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.pages.dose import by_weight, describe, per_kg, together, unsaid
from dmcalc.pages.model import (
    Block,
    Grid,
    Page,
    Points,
    References,
    cautioned,
    local_mark,
    localised,
    warned,
)
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact, format_limit, format_per_size, with_thousands

if TYPE_CHECKING:
    from dmcalc.order.check import CheckResult
    from dmcalc.order.check_row import CheckRow

VERDICTS = {
    "within": "within",
    "below": "below",
    "above": "above",
    "over-cap": "over the cap",
    "wrong-frequency": "wrong frequency",
    "refused": "refused",
}


def page(result: CheckResult) -> Page:
    """Lay out the verdict by posology, then why, warnings, cautions and sources."""
    table, guide = result.loaded.table, result.guide
    references = References({**table.sources, **(guide.guideline.sources if guide else {})})
    grid = Grid(
        title=None,
        columns=("Posology", "Verdict", "Ordered", "Limits", "As the source gives it"),
        rows=tuple(_row(row, references, child=result.patient.child) for row in result.rows),
        wraps=frozenset({0, 4}),
        spaced=True,
    )
    told, said = result.warnings, ""
    rules: tuple[Points, ...] = ()
    if result.advice is not None:
        from dmcalc.pages import patient_rules_section

        found = ((row.name, rule) for row in result.rows for rule in row.rules)
        told, said, rules = patient_rules_section.laid_out(result.advice, found, told, references)
    blocks: list[Block] = [
        grid,
        *by_weight(result, (result.drug,), references),
        Points("Why", together({row.regimen: row.message for row in result.rows})),
        *rules,
        *localised(local for row in result.rows for local in row.local),
        *warned(told, references),
        *_rounded(result),
        *cautioned(unsaid(result.cautions), references),
        references.block(),
    ]
    title = f"{result.rows[0].name}, “{result.order}”, for {describe(result.patient)}"
    verdict = VERDICTS[result.verdict]
    if result.decisive.dispensable is False:
        verdict += ", and not dispensable"
    limit = "It compares amounts and does not judge the order."
    whose = "posology of children" if result.patient.child else "the base page"
    against = whose + (" with local figures" if result.decisive.local else "")
    subtitle = f"Against {against}: {verdict}. {limit}"
    return Page(title, tuple(blocks), f"{subtitle}\n{said}".strip())


def _rounded(result: CheckResult) -> tuple[Points, ...]:
    """Say which amounts are shown with fewer decimals than they have."""
    items = []
    for row in result.rows:
        ends = ((row.low, row.low != row.high), (row.high, False), (row.ordered, False))
        for value, up in dict.fromkeys(ends):
            if value is not None and (seen := format_limit(value, up=up)) != format_exact(value):
                off = format_exact(abs(value - Decimal(seen.replace(",", ""))))
                text = (
                    f"{format_exact(value)} {row.unit} is shown as {seen} {row.unit}, rounded by "
                    f"{off} {row.unit}"
                )
                items.append((f"{row.regimen}:", text))
    title = "Rounded for this page (exact in the data formats)"
    return (Points(title, tuple(items)),) if items else ()


def _row(row: CheckRow, references: References, *, child: bool) -> tuple[str, ...]:
    kind = "children" if child else "alternative"
    name = row.phase if row.base else f"{kind}, {row.phase}"
    if row.population is not None:
        name += f"\nfor: {row.population}"
    cap = [] if row.cap_high is None else [f"cap {_amount(row, row.cap_high, row.cap_high)}"]
    return (
        name,
        VERDICTS[row.verdict],
        "\n".join(_both(row, row.ordered, row.ordered, row.per_basis_ordered)),
        "\n".join([*_both(row, row.low, row.high, row.per_basis_low, row.per_basis_high), *cap]),
        f"{with_thousands(row.posology)} {references.mark(row.sources)}\n"
        f"{local_mark(row.local)}".strip(),
    )


def _both(
    row: CheckRow, low: Decimal | None, high: Decimal | None, *per: Decimal | None
) -> list[str]:
    """Write an amount and, below it, what that is for one kg or m2."""
    if low is None or high is None:
        return ["-"]
    lines = [_amount(row, low, high)]
    known = [end for end in per if end is not None]
    if known:
        each = timing.suffix(row.per)
        unit = per_kg(row.unit or "", row.basis, row.weight_basis)
        lines.append(format_per_size(known[0], known[-1], unit) + each)
    return lines


def _amount(row: CheckRow, low: Decimal, high: Decimal) -> str:
    ends = dict.fromkeys((format_limit(low, up=low != high), format_limit(high)))
    return f"{' to '.join(ends)} {row.unit}{timing.suffix(row.per)}"
