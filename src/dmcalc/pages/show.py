"""The page of ``dmcalc show``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.wording import ROUTE_TEXT
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import cited_posology, explained_sections, plain_list, usual_sections
from dmcalc.quantities.amount import Amount
from dmcalc.text.numbers import with_thousands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.catalogue.monograph_rows import InfusionHead, PosologyRow, ShowHead, StepNoteRow
    from dmcalc.results.base import TableResult
    from dmcalc.results.codes import CodeNote
    from dmcalc.table.model.drug import Form, Market


def page(result: TableResult[ShowHead, PosologyRow], references: References) -> Page:
    """Lay out a monograph in a line each; explained, each part of it in full with its sources."""
    entry, rows = result.head, _Rows.of(result.rows)
    blocks = (
        ListBlock(None, tuple(_lines(entry, rows)), aligned=True),
        *usual_sections(result, local=entry.local),
    )
    explained = (
        ListBlock("At a glance", tuple(_facts(entry))),
        _posology("Dosing in the reference", rows.base, references),
        _posology("Alternatives from other sources", rows.others, references),
        _posology("Paediatric dosing", rows.children, references),
        *([_infusion(entry.infusion, references)] if entry.infusion else []),
        ListBlock(
            "Indicated by severity",
            tuple(
                (f"{severity}:", f"{'yes' if indication.indicated else 'no'}. {indication.reason}")
                for severity, indication in entry.indication._asdict().items()
            ),
        ),
        _products(entry),
        plain_list("Effects", entry.effects),
        plain_list("Side effects", entry.side_effects),
        *explained_sections(result, references, further=_further(entry, references)),
    )
    line = "other therapy" if entry.line == "other" else f"{entry.line} line"
    weekly = ", ONCE A WEEK, never daily" if entry.once_weekly else ""
    title = f"{entry.name}: {entry.class_}, {ROUTE_TEXT[entry.route]}, {line}{weekly}"
    return Page(title, blocks, explained=explained)


class _Rows(NamedTuple):
    """The posologies of a drug by whose they are."""

    base: list[PosologyRow]
    others: list[PosologyRow]
    children: list[PosologyRow]

    @classmethod
    def of(cls, rows: Iterable[PosologyRow]) -> _Rows:
        sorted_rows = cls([], [], [])
        for row in rows:
            of_children = sorted_rows.children if row.juvenile else sorted_rows.others
            (sorted_rows.base if row.base else of_children).append(row)
        return sorted_rows


def _lines(entry: ShowHead, rows: _Rows) -> Iterator[tuple[str, str]]:
    """Yield what there is to know of a drug, in short, each led by what it is about."""
    severities = [name for name, of in entry.indication._asdict().items() if of.indicated]
    parts = {
        "Adults": [f"{row.phase}: {with_thousands(row.posology)}" for row in rows.base],
        "Other sources": [_of_source(row) for row in rows.others],
        "Children": [_of_source(row) for row in rows.children],
        "Indicated": [
            f"in {', '.join(severities)} weakness" if severities else "not by severity alone"
        ],
        "Tapers": [", ".join(entry.tapers)],
        "for children": [", ".join(entry.landmark_tapers)],
        "Products": list(_markets(entry)),
        "Side effects": ["; ".join(entry.side_effects)],
        "More": [
            f"dmcalc monitor {entry.drug}; dmcalc rules {entry.drug}; dmcalc why {entry.drug}"
        ],
    }
    for label, texts in parts.items():
        for number, text in enumerate(filter(None, texts)):
            yield "" if number else label, text


def _of_source(row: PosologyRow) -> str:
    return f"{row.phase}: {with_thousands(row.posology)} ({row.sources[0]})"


def _markets(entry: ShowHead) -> Iterator[str]:
    """Yield the strengths of each market and form, of all makers, or that there is no product."""
    forms: dict[tuple[Market, Form], dict[str, None]] = {}
    for product in entry.products:
        for market in product.markets:
            strengths = forms.setdefault((market, product.form), {})
            strengths.update(dict.fromkeys(product.strengths))
    for (market, form), strengths in forms.items():
        ordered = sorted(strengths, key=lambda text: Amount.parse(text).value_in("mg"))
        yield f"{market}: {form}s of {with_thousands(', '.join(ordered))}"
    yield from (f"{market}: none found" for market in entry.no_product)


def _posology(title: str, rows: list[PosologyRow], references: References) -> TableBlock:
    return TableBlock.of(
        title,
        rows,
        {
            "Phase": lambda row: row.phase,
            "Posology": lambda row: cited_posology(row, references),
            "For, and how it is read": lambda row: " ".join(
                filter(None, (row.population, row.reading, row.no_dose))
            ),
        },
        wraps=("Posology", "For, and how it is read"),
        least=24,
        spaced=True,
    )


def _further(entry: ShowHead, references: References) -> Iterator[ListBlock]:
    """Yield what follows the notes; the list of sources then has all that the entry names."""
    yield plain_list(
        "Patient counselling points",
        (f"{note.text} {references.cite(note.sources)}" for note in entry.patient_notes),
    )
    yield ListBlock(
        "Codes",
        tuple(
            (f"{code.system}:", _code(code, references.cite(code.sources))) for code in entry.codes
        ),
    )
    yield ListBlock(
        "Notes on taper steps", tuple((_at(note), note.text) for note in entry.step_notes)
    )
    references.cite(tuple(source.source for source in entry.sources))


def _at(note: StepNoteRow) -> str:
    """Say at which doses a note on a step applies: ``at 4 to 6 mg daily:``."""
    least, most = note.at_or_above, note.at_or_below
    if least is None:
        return f"at or below {most} daily:"
    return f"from {least} to {most} daily:"


def _products(entry: ShowHead) -> ListBlock:
    items = []
    for product in entry.products:
        name = f"{product.name}, " if product.name else ""
        release = f"{product.release}-release " if product.release else ""
        country = f" ({product.country})" if product.country else ""
        halved = (
            f"; may be halved: {with_thousands(', '.join(product.scored))}"
            if product.scored
            else ""
        )
        more = "".join(f". {text}" for text in (product.whole, *product.notes) if text)
        strengths = with_thousands(", ".join(product.strengths))
        label = f"{', '.join(product.markets)}:"
        text = f"{name}{release}{product.form}s of {strengths}{country}{halved}{more}"
        items.append((label, text.removesuffix(".")))
    items += [(f"{market}:", f"none. {why}") for market, why in entry.no_product.items()]
    return ListBlock("Products", tuple(items))


def _code(code: CodeNote, cited: str) -> str:
    note = f". {code.note}" if code.note else ""
    return f"{code.code or 'none'}{note} {cited}".strip()


def _facts(entry: ShowHead) -> list[tuple[str, str]]:
    facts = [
        ("key", entry.drug),
        ("also called", ", ".join(entry.aliases)),
        ("class", entry.class_),
        ("line", entry.line),
        ("route", entry.route),
        ("given", "once a week, never daily" if entry.once_weekly else ""),
        ("tapers", ", ".join(entry.tapers)),
        ("paediatric tapers", ", ".join(entry.landmark_tapers)),
        ("figures reviewed", entry.reviewed.isoformat()),
    ]
    return [(f"{label}:", text) for label, text in facts if text]


def _infusion(plan: InfusionHead, references: References) -> ListBlock:
    items = [("for:", plan.population)]
    for way in plan.rates:
        label = "rates:" if way.when == "any" else f"rates, {way.when} infusion:"
        items.append((label, f"{way.text} {references.cite(way.sources)}"))
        if way.reading:
            items.append(("reading:", way.reading))
    if plan.within:
        items.append(("after pooling:", f"within {plan.within}"))
    if plan.no_volume:
        items.append(("", plan.no_volume))
    for note in plan.notes:
        items.append((f"{note.kind}:", f"{note.message} {references.cite(note.sources)}"))
    return ListBlock("Infusion", tuple(items))
