"""A batch once more, from what a receipt says of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_type_hints

from dmcalc import guideline as guidelines
from dmcalc.audit.repeat import Verb
from dmcalc.batch.request import BatchFiles, BatchRequest
from dmcalc.batch.start import batch_run, start
from dmcalc.errors import FileError
from dmcalc.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.audit.batch_run import BatchRun
    from dmcalc.batch.writer import WrittenFiles
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable


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
        **arguments: object,
    ) -> BatchRun:
        source = find_source(digest, places)
        fields = cast("dict[str, Any]", arguments)
        request, rules = BatchRequest(**fields), guide or guidelines.load()
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
    required = [name for name in BatchRequest._fields if name not in BatchRequest._field_defaults]
    return Verb(start_again, ("input",), kinds, tuple(required))


def find_source(digest: str, places: Sequence[Path]) -> Path:
    """Return the file with a SHA-256 among some files and those of some folders.

    Raise FileError where there is none.
    """
    for path in places:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and sha256_of(file) == digest:
                return file
    raise FileError(
        f"no input with the SHA-256 {digest[:12]}... is in {', '.join(map(str, places))}",
        "Name it, or its folder: ‹input PATH›.",
    )
