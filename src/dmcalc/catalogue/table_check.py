"""What the loader checked in a table and a guideline that it found valid, and how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.catalogue.rows import GuideCounts, TableCheckHead, TableCheckRow, TableCounts
from dmcalc.guideline.entries import entries
from dmcalc.results.base import TableResult, local_value_warnings
from dmcalc.table import figures_of_table
from dmcalc.table.rules import formulas

if TYPE_CHECKING:
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable


def table_check(
    loaded: LoadedTable, guide: LoadedGuideline | None = None
) -> TableResult[TableCheckHead, TableCheckRow]:
    """Count what the loader checked in a table, and in a guide, that it found valid.

    What is counted is the table without its overlays, whose figures have no quotes.
    """
    table = loaded.base or loaded.table
    cites = list(figures_of_table.cites(table))
    drugs = table.drugs.values()
    notes = [len(d.notes) + len(d.step_notes) + len(d.patient_notes) for d in drugs]
    notes += [len(taper.notes) for taper in table.tapers.values()]
    notes += [len(taper.notes) for taper in table.landmark_tapers.values()]
    notes += [len(drug.infusion.notes) for drug in drugs if drug.infusion]
    notes += [len(found) for _, found in formulas.notes(table)]
    counts = TableCounts(
        drugs=len(table.drugs),
        regimens=sum(len(drug.regimens) for drug in drugs),
        alternatives=sum(len(drug.alternatives) for drug in drugs),
        products=sum(len(drug.products) for drug in drugs),
        tapers=len(table.tapers),
        figures=len(list(figures_of_table.of_table(table))),
        quotes=sum(cite.quote is not None for _, cite in cites),
        citations=len(cites),
        sources=len(table.sources),
        notes=sum(notes) + len(table.readings) + len(table.juvenile_notes),
        juvenile=sum(len(drug.juvenile) for drug in drugs),
        landmark_tapers=len(table.landmark_tapers),
    )
    of_guide = None if guide is None else _of_guide(guide)
    row = TableCheckRow(
        loaded.path,
        True,
        *counts,
        table.reviewed,
        table.review_by,
        loaded.local,
        *(of_guide or [None] * len(GuideCounts._fields)),
    )
    warnings = local_value_warnings(loaded.local)
    return TableResult("table-check", loaded, (row,), TableCheckHead(counts, of_guide), warnings)


def _of_guide(loaded: LoadedGuideline) -> GuideCounts:
    """Count what the loader checked in a guide."""
    listed = list(entries(loaded.guideline))
    cites = [cite for entry in listed for cite in entry.cites]
    return GuideCounts(
        entries=len(listed),
        figures=sum(len(entry.figures) for entry in listed),
        quotes=sum(cite.quote is not None for cite in cites),
        citations=len(cites),
        sources=len(loaded.sources),
    )
