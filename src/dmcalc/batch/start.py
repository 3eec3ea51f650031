"""A batch, whatever it is of, and what a receipt says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.audit.batch_run import BatchRun, RowCounts
from dmcalc.batch.run import run
from dmcalc.errors import UsageError
from dmcalc.results.base import review_warnings

if TYPE_CHECKING:
    from dmcalc.batch.request import BatchFiles, BatchRequest
    from dmcalc.batch.run import Listener
    from dmcalc.batch.writer import BatchCounts, WrittenFiles
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable


def start(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    request: BatchRequest,
    files: BatchFiles,
    listener: Listener,
) -> BatchCounts:
    """Answer the rows of an input, or verify the orders of its lines; raise as ``run`` does."""
    if not request.fhir:
        if request.accept:
            raise UsageError("‹accept› is for FHIR orders", "Give ‹fhir›, or leave it out.")
        return run(loaded, guide, request, files, listener)
    from dmcalc.batch.orders import run_orders  # start-up: most batches are rows

    return run_orders(loaded, request, files, listener)


def batch_run(
    loaded: LoadedTable, guide: LoadedGuideline, request: BatchRequest, written: WrittenFiles
) -> BatchRun:
    """Return what a receipt says of a run."""
    counts = written.counts
    others = sum(counts.others.values())
    return BatchRun(
        loaded,
        guide,
        written.source,
        written.answers,
        written.rejects,
        RowCounts(
            rows=counts.rows,
            answered=counts.answered,
            rejected=counts.rejected,
            blank=counts.blank,
            others=others,
            written=counts.written,
            warned=counts.warned,
            refused=counts.refused,
        ),
        tuple(review_warnings(loaded, request.today)),
    )
