"""What a receipt says of a batch: the hashes of its files, and what became of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.results.described import described_by

if TYPE_CHECKING:
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.results.field_types import Sha256
    from dmcalc.table.model.table import LoadedTable


class RowCounts(NamedTuple):
    """What became of the rows of an input: those read are answered, rejected, blank or others."""

    rows: Annotated[int, "Rows that were read."]
    answered: Annotated[int, "Rows with an answer."]
    rejected: Annotated[int, "Rows without one."]
    blank: Annotated[int, "Rows that say nothing."]
    others: Annotated[int, "With --fhir, lines that are not orders."]
    written: Annotated[int, "Rows of the answers."]
    warned: Annotated[int, "Answers with warnings that --strict counts."]
    refused: Annotated[int, "Orders outside their limits."]


class BatchRunDocument:
    """The answer in the receipt of a batch."""

    source_sha256: Annotated[Sha256, "SHA-256 of the bytes of the input."]
    answers_sha256: Annotated[Sha256, "SHA-256 of the bytes of the answers."]
    rejects_sha256: Annotated[
        Sha256 | None, "SHA-256 of the bytes of the rejects; null where no file took them."
    ]
    counts: Annotated[RowCounts, "What became of the rows."]


@described_by(BatchRunDocument)
class BatchRun(NamedTuple):
    """A run of a batch, as its receipt has it."""

    loaded: LoadedTable
    guide: LoadedGuideline
    source_sha256: str
    answers_sha256: str
    rejects_sha256: str | None
    counts: RowCounts
    warnings: tuple[ClinicalWarning, ...] = ()
    cautions: tuple[ClinicalNote, ...] = ()
    kind: str = "batch-run"

    @property
    def rows(self) -> tuple[object, ...]:
        """Its rows are in its files."""
        return ()
