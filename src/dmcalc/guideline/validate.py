"""Turn a strictly read document into a guide, or say what is wrong with it, line by line.

pydantic checks the shapes; the rules below check what no shape can say. They are the table's: each
figure stands in a quote of its own entry, a quote has at most 25 words, and each source is listed,
in the guide or in the drug table. What only one part of the guide must keep to stands in its file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, TypeAdapter

from dmcalc.guideline import care, monitoring, patient_rules, steps, weight_policies
from dmcalc.guideline.entries import cited, entries
from dmcalc.guideline.model import Guideline
from dmcalc.quantities.base import format_plain
from dmcalc.sources import quotes
from dmcalc.table.validate import failure, is_key, positional, shaped, table_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.guideline.entries import Entry
    from dmcalc.table.model.table import Table
    from dmcalc.table.strict_yaml import Document

    Path = tuple[str | int, ...]
    Problem = tuple[Path, str]

_ADAPTER: TypeAdapter[Guideline] = TypeAdapter(Guideline, config=ConfigDict(strict=True))


def validated(document: Document, table: Table) -> Guideline:
    """Check a document against every rule; raise TableError that lists what is wrong."""
    guide = shaped(_ADAPTER, document, "guide")
    problems = [*positional(document.data, guide, ()), *_problems(guide, table)]
    if problems:
        raise failure(document, problems, "guide")
    return guide


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the YAML guide."""
    return table_schema(_ADAPTER)


def _problems(guide: Guideline, table: Table) -> Iterator[Problem]:
    if guide.review_by <= guide.reviewed:
        yield ("review_by",), "not after the day of review"
    for key in guide.sources:
        if not is_key(key):
            yield ("sources", key), "a key is written in small letters, digits, dots and hyphens"
        if key in table.sources:
            yield ("sources", key), "the drug table lists it too: leave it out here"
    for entry in entries(guide):
        yield from _citations(entry, guide, table)
        yield from _figures(entry)
    yield from steps.problems(guide.plan, table)
    yield from monitoring.problems(guide.monitoring, guide.thresholds, table)
    yield from care.problems(guide.care, guide.severity, {*table.sources, *guide.sources})
    yield from patient_rules.problems(guide.rules, table)
    yield from weight_policies.problems(guide.weight_policies, table)
    used = cited(guide, table) if _all_listed(guide, table) else guide.sources
    for key in guide.sources:
        if key not in used:
            yield ("sources", key), "nothing in the guide cites it"


def _all_listed(guide: Guideline, table: Table) -> bool:
    known = {None, *table.sources, *guide.sources}
    return all({c.source, c.primary} <= known for entry in entries(guide) for c in entry.cites)


def _citations(entry: Entry, guide: Guideline, table: Table) -> Iterator[Problem]:
    path = (*entry.path, "cite")
    if not entry.cites:
        yield path, "no source: what has none does not stand in the guide"
    for cite in entry.cites:
        for key in (cite.source, cite.primary):
            if key is not None and key not in guide.sources and key not in table.sources:
                yield path, f"{key!r} is not one of the sources"
        if cite.quote is not None and quotes.words(cite.quote) > quotes.MAX_WORDS:
            yield path, f"the quote has {quotes.words(cite.quote)} words, at most 25 may stand"


def _figures(entry: Entry) -> Iterator[Problem]:
    """Each figure, and each figure with a unit in a text, stands in a quote of its entry."""
    said = [cite.quote for cite in entry.cites if cite.quote is not None]
    for path, value in entry.figures:
        if not any(_stands(value, quote) for quote in said):
            yield path, f"{value} does not stand in the quote {' / '.join(said)!r}"
    quoted = {figure._replace(sign="") for quote in said for figure in quotes.figures(quote)}
    for path, text in entry.texts:
        for figure in quotes.figures(text):
            # sources write an age without its unit: "age greater than 65"
            if figure.unit not in ("", "year") and figure._replace(sign="") not in quoted:
                ends = dict.fromkeys(map(format_plain, (figure.low, figure.high)))
                value = f"{'-'.join(ends)} {figure.unit}"
                yield path, f"the figure {value} stands in none of its quotes"


def _stands(value: Any, quote: str) -> bool:
    own = getattr(value, "stands_in", None)
    return bool(own(quote)) if own is not None else quotes.stands(value, quote)
