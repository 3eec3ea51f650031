"""What the loader checked in a valid table and guideline, and how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.catalogue.rows import GuideCounts, TableCheckHead, TableCheckRow, TableCounts
from dmcalc.quantities.base import Quantity
from dmcalc.results.base import TableResult, local_value_warnings
from dmcalc.sources.cite import Note
from dmcalc.sources.figures import citations, entries, parts_of
from dmcalc.table import strict_yaml, validate
from dmcalc.table.figures import figures_of
from dmcalc.table.model.drug import PatientNote, StepNote

if TYPE_CHECKING:
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.sources.figures import Problem
    from dmcalc.table.model.table import LoadedTable


def table_check(
    loaded: LoadedTable, guide: LoadedGuideline | None = None
) -> TableResult[TableCheckHead, TableCheckRow]:
    """Count what the loader checked in a valid table, and in a valid guide.

    What is counted is the table without its overlays, whose figures have no quotes.
    """
    table = loaded.base or loaded.table
    cites = [cite for _, cite in citations(table)]
    drugs = table.drugs.values()
    counts = TableCounts(
        drugs=len(table.drugs),
        regimens=sum(len(drug.regimens) for drug in drugs),
        alternatives=sum(len(drug.alternatives) for drug in drugs),
        products=sum(len(drug.products) for drug in drugs),
        tapers=len(table.tapers),
        figures=len(list(figures_of(table))),
        quotes=sum(cite.quote is not None for cite in cites),
        citations=len(cites),
        sources=len(table.sources),
        notes=sum(isinstance(part, Note | StepNote | PatientNote) for _, part in parts_of(table)),
        juvenile=sum(len(drug.juvenile) for drug in drugs),
        landmark_tapers=len(table.landmark_tapers),
    )
    guide_counts = None if guide is None else _counts_of_guide(guide)
    row = TableCheckRow(
        loaded.path,
        True,
        counts,
        table.reviewed,
        table.review_by,
        loaded.local,
        *(guide_counts or [None] * len(GuideCounts._fields)),
    )
    warnings = local_value_warnings(loaded.local)
    return TableResult(
        "table-check", loaded, (row,), TableCheckHead(counts, guide_counts), warnings
    )


def refuse_uncited(loaded: LoadedTable, guide: LoadedGuideline, path: str) -> None:
    """Raise TableError for works of a table that neither it nor a guide cites, line by line.

    ``path`` is the file of the table. The references of the reference stand there as they are.
    """
    cites = [cite for part in (loaded.table, guide.guideline) for _, cite in citations(part)]
    cited = {key for cite in cites for key in (cite.source, cite.primary)}
    cited |= set(guide.guideline.care.references)
    faults: list[Problem] = [
        (("sources", key), "nothing in the table or the guide cites it")
        for key in loaded.table.sources
        if key not in cited
    ]
    if faults:
        document = strict_yaml.parse(strict_yaml.read_bytes(path), loaded.path)
        raise validate.failure(document, faults, "table")


def _counts_of_guide(loaded: LoadedGuideline) -> GuideCounts:
    """Count what the loader checked in a guide."""
    citing = list(entries(loaded.guideline))
    cites = [cite for entry in citing for cite in entry.cites]
    return GuideCounts(
        entries=len(citing),
        figures=sum(isinstance(value, Quantity) for e in citing for _, value in e.values),
        quotes=sum(cite.quote is not None for cite in cites),
        citations=len(cites),
        sources=len(loaded.sources),
    )
