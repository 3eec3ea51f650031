"""The page of ``dmcalc verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import explained_sections, usual_sections
from dmcalc.text import timing
from dmcalc.text.numbers import capitalised, format_exact, format_number, format_range, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dmcalc.fhir.step_rows import OrderStep
    from dmcalc.fhir.verify import VerifiedOrder, VerifyResult
    from dmcalc.pages.model import Block

VERDICTS = {
    "contradicts": "CONTRADICTS ITSELF OR THE TABLE",
    "not-judged": "NOT JUDGED: something that bears on the dose was not understood",
    "consistent": "CONSISTENT",
}
_LABELS = {"error": "error", "unclear": "not understood", "warning": "warning"}


def page(result: VerifyResult, references: References) -> Page:
    """Lay out each order: its verdict, its steps, its findings."""
    blocks: list[Block] = []
    alone = len(result.orders) == 1
    for order in result.orders:
        blocks += _order(result, order, alone=alone)
    if alone:
        title = _title(result, result.orders[0])
    else:
        counts = ", ".join(
            f"{count} {verdict}"
            for verdict in ("contradicts", "not-judged", "consistent")
            if (count := sum(order.verdict == verdict for order in result.orders))
        )
        title = f"{len(result.orders)} orders: {counts.replace('not-judged', 'not judged')}"
    blocks += usual_sections(result)
    explained = tuple(explained_sections(result, references))
    subtitle = "It compares what the order says with itself and the table, and repairs nothing."
    return Page(title, tuple(blocks), subtitle, explained)


def _title(result: VerifyResult, order: VerifiedOrder) -> str:
    drug = "" if order.drug is None else f" {result.loaded.table.drugs[order.drug].name}."
    return f"{VERDICTS[order.verdict]}.{drug} {order.order}"


def _order(result: VerifyResult, order: VerifiedOrder, *, alone: bool) -> Iterator[Block]:
    columns: dict[str, Callable[[OrderStep], str]] = {
        "Step": lambda step: str(step.step),
        "Days": _days,
        "Dose": _dose,
        "Length": lambda step: _length(step.days),
    }
    if not any(step.start for step in order.steps):
        del columns["Days"]
    title = None if alone else _title(result, order)
    yield TableBlock.of(title, order.steps, columns, wraps=("Dose",))
    totals = order.totals
    if totals is not None and totals.amount is not None:
        text = f"{format_exact(totals.amount)} {_unit(totals.unit, totals.amount != 1)}"
        if totals.needed is not None and totals.form != totals.unit:
            text += (
                f", {format_exact(totals.needed)} {_unit(totals.form or '', totals.needed != 1)}"
            )
        yield ListBlock("Totals", (("", f"{text} in {_length(totals.days)}"),))
    if order.check is not None:
        verdict = (order.check.verdict or "not compared").replace("-", " ").upper()
        text = f"{verdict}. {capitalised(order.check.message)}"
        yield ListBlock(
            "First step against the table",
            ((f"{order.check.order}:" if order.check.order else "", text),),
        )
    faults = [finding for finding in order.findings if finding.severity in _LABELS]
    information = [finding for finding in order.findings if finding.severity not in _LABELS]
    items = tuple((f"{_LABELS[f.severity]}, {f.code}:", _sentence(f.message)) for f in faults)
    nothing = (("", "Nothing was found in what was compared."),)
    yield ListBlock("Found" if alone else f"Found in {order.order}", items or nothing)
    yield ListBlock("To know", tuple((f"{f.code}:", _sentence(f.message)) for f in information))


def _sentence(text: str) -> str:
    return f"{capitalised(text)}."


def _length(days: int | None) -> str:
    return "no end" if days is None else f"{format_number(days)} {plural(days, 'day')}"


def _unit(unit: str, several: bool) -> str:
    return f"{unit}s" if several and unit in ("tablet", "capsule", "vial") else unit


def _days(step: OrderStep) -> str:
    if step.start is None:
        return "not dated"
    return f"{step.start} to {step.end}" if step.end else f"from {step.start} on"


def _dose(step: OrderStep) -> str:
    if step.low is None or step.high is None or step.unit is None:
        return "not understood"
    dose = f"{format_range(step.low, step.high)} {_unit(step.unit, step.high != 1)}"
    every = step.every_days
    often = "how often is not known" if every is None else timing.how_often(step.times, every)
    return f"{dose}, {often}"
