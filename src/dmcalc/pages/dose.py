"""The page of ``dmcalc dose``: a table of several drugs, or one drug with what to know of it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from dmcalc.pages import posology
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    actual_weight_text,
    cited_posology,
    describe_patient,
    dosing_weight_blocks,
    entered_and_not,
    explained_sections,
    local_mark,
    merge_equal_texts,
    patient_rules_block,
    rounding_block,
    usual_sections,
)
from dmcalc.text.numbers import PageNumbers, format_exact, ranges_in_words, with_thousands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dosing.dose import DoseResult
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.pages.model import Block

Cells = tuple[str, ...]
#: The headings of the table, in its order.
INDICATED = "INDICATED AT THIS SEVERITY"
BY_LINE = {
    "first": "FIRST LINE",
    "second or third": "SECOND OR THIRD LINE",
    "other": "OTHER DRUGS",
}
NOT_BY_SEVERITY = "SECOND OR THIRD LINE (not indicated by severity alone)"
REFUSED = "REFUSED FOR THIS PATIENT"
OTHER_SOURCES = "OTHER SOURCES"
OF_CHILDREN = "FOR CHILDREN"


def page(result: DoseResult, references: References) -> Page:
    """Lay out the doses, what to know of them, and then reasons, notes and side effects."""
    numbers = PageNumbers()
    drugs = list(dict.fromkeys(row.drug for row in result.rows))
    alone = len(drugs) == 1
    doses = _one(result, references, numbers) if alone else [_several(result, references, numbers)]
    rules = ((row.name, rule) for row in result.rows for rule in row.rules)
    blocks = (
        *doses,
        *dosing_weight_blocks(result, drugs, references, _other_doses(result)),
        patient_rules_block(rules, references),
        *usual_sections(result, local=(local for row in result.rows for local in row.local)),
    )
    explained = (
        _in_full(result, references),
        _why(result),
        *explained_sections(
            result,
            references,
            rounding=(rounding_block(numbers),),
            further=(_side_effects(result),),
        ),
    )
    name = f"{result.rows[0].name}" if alone else "Doses"
    title = f"{name} for {describe_patient(result.patient)}{_indication(result) if alone else ''}"
    return Page(title, blocks, entered_and_not(result, drugs), explained)


def _indication(result: DoseResult) -> str:
    """Say whether the severity points to the one drug: `` (indicated at this severity)``."""
    row = result.rows[0]
    if row.indicated is None:
        return ""
    return " (indicated)" if row.indicated else " (not indicated by severity alone)"


def _several(result: DoseResult, references: References, numbers: PageNumbers) -> TableBlock:
    """Lay out a row for each posology, under the headings of their place in the treatment."""
    rows: list[Cells] = []
    for heading in (
        *(INDICATED, *BY_LINE.values(), NOT_BY_SEVERITY),
        *(OF_CHILDREN, OTHER_SOURCES, REFUSED),
    ):
        under = [row for row in result.rows if _heading(result, row) == heading]
        if not under:
            continue
        rows.append((heading,))
        under.sort(key=lambda row: row.choice_group or "")
        choices = [row.drug for row in under if row.choice_group]
        for drug, of_drug in groupby(under, key=lambda row: row.drug):
            name = result.loaded.table.drugs[drug].listed
            if drug in choices and drug != choices[-1]:
                name += ", or"
            # all posologies of a drug share the words of a refusal
            different = {row.sentence if row.refused else row.regimen: row for row in of_drug}
            rows += _of_drug(result, name, [*different.values()], references, numbers)
    return TableBlock(
        None,
        ("Drug", "Dose", "Made up as", "Per kg or m2", "Published"),
        tuple(rows),
        wraps=frozenset({1, 2, 4}),
        strong=frozenset({1}),
        optional=(4, 3),
    )


def _heading(result: DoseResult, row: DoseRow) -> str:
    if row.refused:
        return REFUSED
    if result.patient.child:
        return OF_CHILDREN
    if not row.base and row.indicated is None and result.patient.severity is not None:
        return OTHER_SOURCES
    if row.indicated is None:
        return BY_LINE[row.line] if row.base else OTHER_SOURCES
    if not row.indicated:
        return NOT_BY_SEVERITY
    return INDICATED


def _of_drug(
    result: DoseResult,
    name: str,
    rows: list[DoseRow],
    references: References,
    numbers: PageNumbers,
) -> Iterator[Cells]:
    """Yield the rows of a drug: the first names it, and the others leave out what they share."""
    phases = [row.phase for row in rows if row.low is not None and not row.from_week]
    widest = max(map(len, phases), default=0)
    before: DoseRow | None = None
    for row in rows:
        phase = f"{row.phase.ljust(widest)} " if len(phases) > 1 and row.phase in phases else ""
        dose = posology.listed_dose(row, numbers, before)
        made_up = posology.made_up(row)
        if before is not None and row.products_by_days and made_up == posology.made_up(before):
            made_up = ""
        yield (
            name if before is None else "",
            "\n".join([f"{phase}{dose}", *_below(result, row, numbers)]),
            made_up,
            posology.per_size(row).removesuffix(" daily") or "-",
            cited_posology(row, references),
        )
        before = row


def _below(result: DoseResult, row: DoseRow, numbers: PageNumbers) -> list[str]:
    """Return the lines below a dose: what is suggested, what lowered it, and whom it is for."""
    lines = [
        posology.suggestion(row, numbers),
        posology.lowered(row, result.advice),
        actual_weight_text(row) or "",
        f"for: {row.population}" if row.population and not row.base else "",
        local_mark(row.local),
    ]
    return [line for line in lines if line]


def _one(result: DoseResult, references: References, numbers: PageNumbers) -> Iterator[Block]:
    """Yield the posologies of one drug, each with its dose, source and what makes it up."""
    alone = len(result.rows) == 1
    before: DoseRow | None = None
    for row in result.rows:
        same = ""
        if before is not None and row.products_by_days == before.products_by_days is not None:
            same = f"as for the {before.phase} dose"
        form = f"{(row.form or 'product').capitalize()}s"
        size = posology.per_size(row)
        dose = posology.dose_words(row, numbers) + (f" ({size})" if size else "")
        items = [
            ("Dose", dose),
            ("", actual_weight_text(row) or ""),
            ("Changed", posology.lowered(row, result.advice)),
            ("Suggested", _suggested(result, row, numbers)),
            ("Published", cited_posology(row, references)),
            ("For", row.population or ""),
            (form, same or "\n".join(posology.made_up_in_full(row))),
        ]
        before = row
        yield ListBlock(
            None if alone else _phase(row, child=result.patient.child),
            tuple((label, text) for label, text in items if text),
            aligned=True,
            strong=frozenset({"Dose", "Changed"}),
        )


def _phase(row: DoseRow, *, child: bool) -> str:
    """Name a posology: its phase, and whose it is where it is not the reference's."""
    if row.base:
        return row.phase.capitalize()
    return f"{row.phase.capitalize()} ({'children' if child else 'another source'})"


def _suggested(result: DoseResult, row: DoseRow, numbers: PageNumbers) -> str:
    text = posology.suggestion(row, numbers).removeprefix("suggested ")
    severity = result.patient.severity
    reason = f'(interpretation of "{severity}"; the source gives a range)'
    return text.replace("(interpretation)", reason)


def _other_doses(result: DoseResult) -> list[tuple[str, str]]:
    """Say that all other doses per kg go by the actual weight, where there are any."""
    weight = result.patient.dosing
    if weight is None or all(r.weight_basis or r.basis != "kg" for r in result.rows):
        return []
    return [("all other doses:", f"the actual weight, {format_exact(weight.actual_kg)} kg.")]


def _in_full(result: DoseResult, references: References) -> ListBlock:
    """List each posology as it is published, per kg or m2, and all that makes it up."""
    items = []
    for row in result.rows:
        texts = [
            f"{with_thousands(row.posology)} {references.cite(row.sources)}".strip(),
            posology.per_size(row),
            row.reading.rstrip(".") if row.reading else "",
            f"for: {ranges_in_words(row.population)}" if row.population else "",
            *posology.made_up_in_full(row),
        ]
        items.append((f"{row.name}, {row.phase}:", "; ".join(filter(None, texts))))
    return ListBlock("As published, and made up in full", tuple(items))


def _why(result: DoseResult) -> ListBlock:
    rows = (row for row in result.rows if row.base and row.reason)
    reasons = {row.drug: f"{_indicated(row)}. {row.reason}" for row in rows}
    return ListBlock("Indicated, and why", merge_equal_texts(reasons))


def _indicated(row: DoseRow) -> str:
    if row.refused:
        return "refused"
    if row.indicated is None:
        return "-"
    return "yes" if row.indicated else "not by severity alone"


def _side_effects(result: DoseResult) -> ListBlock:
    effects = {row.drug: "; ".join(row.side_effects) for row in result.rows if row.side_effects}
    return ListBlock("Side effects", merge_equal_texts(effects))
