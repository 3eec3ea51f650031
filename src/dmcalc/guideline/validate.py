"""Turn a strictly read document into a guideline, or say what is wrong with it, line by line.

pydantic checks the shapes; the rules below check what no shape can say. They are the table's: each
figure is in a quote of its own entry, a quote has at most 25 words, and each source is listed,
in the guide or in the drug table. What only one part of the guide must keep to is in its file.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pydantic import ConfigDict, TypeAdapter

from dmcalc.guideline import care, monitoring, patient_rules, steps, weight_policies
from dmcalc.guideline.model import Guideline, LoadedGuideline
from dmcalc.quantities.base import Quantity
from dmcalc.sources import quotes, thresholds
from dmcalc.sources.figures import citations, entries
from dmcalc.table import strict_yaml
from dmcalc.table.rules.shared import unlisted
from dmcalc.table.validate import (
    KEY_FORM,
    citation_faults,
    failure,
    is_key,
    positional,
    shaped,
    table_schema,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Entry, Problem
    from dmcalc.table.model.table import Table

#: Texts that are names, not statements: a figure in them needs no quote.
_NAMES = frozenset({"id", "code", "key", "name"})
_ADAPTER: TypeAdapter[Guideline] = TypeAdapter(Guideline, config=ConfigDict(strict=True))


def read(path: str, name: str, table: Table) -> LoadedGuideline:
    """Read a file as a guide, called ``name`` in messages; raise FileError or TableError."""
    return loaded(strict_yaml.read_bytes(path, "guide"), name, table)


def loaded(content: bytes, name: str, table: Table) -> LoadedGuideline:
    """Read a guide and check it against every rule; raise TableError that lists what is wrong."""
    document = strict_yaml.parse(content, name)
    guideline = shaped(_ADAPTER, document, "guide")
    problems = [*positional(document.data, guideline, ()), *_problems(guideline, table)]
    if problems:
        raise failure(document, problems, "guide")
    listed = {**table.sources, **guideline.sources}
    page = (guideline.care.page, *guideline.care.references)
    sources = {key: listed[key] for key in (*page, *_cited(guideline))}
    return LoadedGuideline(guideline, hashlib.sha256(content).hexdigest(), name, sources)


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of the YAML guideline."""
    return table_schema(_ADAPTER)


def _problems(guideline: Guideline, table: Table) -> Iterator[Problem]:
    if guideline.review_by <= guideline.reviewed:
        yield ("review_by",), "not after the day of review"
    for key in guideline.sources:
        if not is_key(key):
            yield ("sources", key), KEY_FORM
        if key in table.sources:
            yield ("sources", key), "the drug table lists it too: leave it out here"
    known = {*table.sources, *guideline.sources}
    for entry in entries(guideline):
        yield from _citations(entry, known)
        yield from _figures(entry)
    yield from steps.problems(guideline.plan, table)
    yield from monitoring.problems(
        guideline.monitoring, guideline.thresholds, guideline.lab_tests, table
    )
    yield from care.problems(guideline.care, guideline.severity, known)
    yield from patient_rules.problems(guideline.rules, table)
    for number, threshold in enumerate(guideline.plan.marks):
        path = ("plan", "marks", number, "medicines")
        yield from unlisted(threshold.medicines, guideline.rules.taken, path, "among what is taken")
    yield from weight_policies.problems(guideline.weight_policies, table)
    used = set(_cited(guideline))
    for key in guideline.sources:
        if key not in used and used.issubset(known):  # else it may be one that is misspelt
            yield ("sources", key), "nothing in the guide cites it"


def _citations(entry: Entry, sources: set[str]) -> Iterator[Problem]:
    path = (*entry.path, "cite")
    if not entry.cites:
        yield path, "no source: what has none cannot be in the guide"
    for cite in entry.cites:
        for message in citation_faults(cite, sources):
            yield path, message


def _figures(entry: Entry) -> Iterator[Problem]:
    """Each figure, and each figure with a unit in a text, is in a quote of its entry."""
    texts = [cite.quote for cite in entry.cites if cite.quote is not None]
    quoted = quotes.quoted_figures(entry.cites)
    for path, value in entry.values:
        if isinstance(value, Quantity):
            if not any(thresholds.in_quote(value, quote) for quote in texts):
                yield path, f"{value} is not in the quote {' / '.join(texts)!r}"
        elif isinstance(value, str) and path[-1] not in _NAMES:
            # sources write an age without its unit: "age greater than 65"
            for figure in quotes.unquoted(value, quoted, without=("year",)):
                yield path, f"the figure {figure} is in none of its quotes"


def _cited(guideline: Guideline) -> Iterator[str]:
    """List the keys of the works that a guideline cites, its own and the table's."""
    for _, cite in citations(guideline):
        yield from filter(None, (cite.source, cite.primary))
