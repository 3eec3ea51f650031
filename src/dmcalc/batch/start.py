"""A batch, whatever it is of; and once more, from what a receipt says of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from dmcalc import guideline as guidelines
from dmcalc.audit.batch_run import BatchRun, RowCounts
from dmcalc.audit.repeat import Verb
from dmcalc.batch.orders import run_orders
from dmcalc.batch.request import BatchFiles, BatchRequest
from dmcalc.batch.run import run
from dmcalc.errors import FileError, UsageError
from dmcalc.fhir.verify import Verifier
from dmcalc.files import sha256_of
from dmcalc.results.base import review_warnings
from dmcalc.results.names import find_drug

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    if request.check or request.alternatives or not request.keep is request.columns is None:
        raise UsageError(
            "‹fhir› verifies whole orders",
            "Leave ‹check›, ‹alternatives›, ‹keep› and ‹columns› out.",
        )
    if len(request.names) > 1:
        raise UsageError("an order is for one drug", "Name one ‹drug›, or leave it out.")
    drug = find_drug(loaded.table, request.names[0]) if request.names else None
    accepted = tuple(request.accept or ())
    verifier = Verifier(loaded, drug=drug, strict=request.strict, accepted=accepted)
    return run_orders(verifier, request, files, listener)


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


class _Silent:
    """Hears of a run that is repeated."""

    files: WrittenFiles

    def say(self, line: str) -> None:
        """Say nothing: its first run said it."""

    def receipt(self, files: WrittenFiles) -> None:
        """Keep what was written, of which there is a receipt."""
        self.files = files


def verb_of(places: Sequence[Path]) -> Verb:
    """Return what answers the request in the receipt of a batch again.

    Its input is found by its SHA-256 among ``places``, files and folders.
    """

    def start_again(
        digest: str,
        *,
        table: LoadedTable,
        guide: LoadedGuideline | None,
        rejects: bool = False,
        **arguments: Any,
    ) -> BatchRun:
        source = find_source(digest, places)
        request, rules = BatchRequest(**arguments), guide or guidelines.load()
        listener = _Silent()
        with tempfile.TemporaryDirectory(prefix="dmcalc-") as folder:  # its owner's alone
            drafts = Path(folder)
            files = BatchFiles(
                str(source),
                output=str(drafts / "answers"),
                rejects=str(drafts / "rejects") if rejects else None,
                receipt=str(drafts),
                quiet=True,
            )
            start(table, rules, request, files, listener)
        return batch_run(table, rules, request, listener.files)

    kinds = {**get_type_hints(BatchRequest), "rejects": bool, "guide": object}
    return Verb(start_again, ("input",), kinds)


def find_source(digest: str, places: Sequence[Path]) -> Path:
    """Return the file with a SHA-256 among some files and those of some folders.

    Raise FileError where there is none.
    """
    for place in places:
        files = sorted(place.iterdir()) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and sha256_of(file) == digest:
                return file
    raise FileError(
        f"no input with the SHA-256 {digest[:12]}... is in {', '.join(map(str, places))}",
        "Name it, or its folder: ‹input PATH›.",
    )
