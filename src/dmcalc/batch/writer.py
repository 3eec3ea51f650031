"""The files that a batch writes: answers, rejects, counts, and its progress."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dmcalc.batch.checkpoint import Checkpoint
from dmcalc.batch.rejects import LISTED, MORE
from dmcalc.errors import FileError
from dmcalc.files import AtomicFile, FileMode, Reached
from dmcalc.text.numbers import terminal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dmcalc.batch.reader import Record
    from dmcalc.batch.request import BatchFiles

#: Rows between two notes of the progress.
NOTED_EVERY = 5_000


@dataclass
class BatchCounts:
    """What became of the rows."""

    rows: int = 0
    answered: int = 0
    rejected: int = 0
    #: Empty rows.
    blank: int = 0
    written: int = 0
    #: Answers with warnings, and orders outside their limits.
    warned: int = 0
    refused: int = 0
    #: Orders of FHIR in which something was not understood, and lines that are no order, by type.
    unclear: int = 0
    others: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, noted: object) -> BatchCounts:
        """Read the counts of a note; raise TypeError or ValueError for anything else."""
        if not isinstance(noted, dict):
            raise TypeError("no object")
        counts = cls(**noted)
        for name, value in asdict(cls()).items():
            numbers = [getattr(counts, name)]
            if isinstance(value, dict):
                numbers = list(numbers[0].values()) if isinstance(numbers[0], dict) else [None]
            if not all(type(number) is int and number >= 0 for number in numbers):
                raise ValueError(f"{name} is not a count")
        return counts

    def sentences(self, *, fhir: bool) -> list[str]:
        """Return the counts in sentences that can be added up, of rows or of orders of FHIR."""
        if not fhir:
            return [self.sentence()]
        orders = self.answered + self.rejected
        return [
            f"{orders:,} orders in = {self.answered:,} answered + {self.rejected:,} rejected; "
            f"{self.written:,} lines out",
            *(f"{n:,} lines are not orders: {kind}" for kind, n in sorted(self.others.items())),
        ]

    def sentence(self) -> str:
        """Return the counts of rows in sentences."""
        blank = f" + {self.blank:,} blank" if self.blank else ""
        return (
            f"{self.rows:,} rows in = {self.answered:,} answered + {self.rejected:,} rejected"
            f"{blank}; {self.written:,} rows out"
        )


class WrittenFiles(NamedTuple):
    """What a run read and wrote, by the SHA-256 of the bytes, and what became of its rows."""

    source: str
    answers: str
    rejects: str | None
    counts: BatchCounts


class Reading(Protocol):
    """Something that reads lines, and knows the digest of what it has read."""

    @property
    def read(self) -> Digest:
        """The digest so far."""


class Digest(Protocol):
    """A digest, as ``hashlib`` has them."""

    def hexdigest(self) -> str:
        """Return it in hexadecimal figures."""


class BatchWriter:
    """The files of a run, which appear at its end."""

    def __init__(self, files: BatchFiles, conditions: Mapping[str, object]) -> None:
        """Keep their names; ``conditions`` are all that the answers depend on."""
        self.counts = BatchCounts()
        self._files = files
        self._progress = Checkpoint(files.output, dict(conditions)) if files.output != "-" else None
        #: The digest of what the run before had read, None where this one begins anew.
        self._read_before: str | None = None
        #: Which rows have no answer, listed at the end, after the progress bar.
        self.messages: list[str] = []
        self._out: AtomicFile | None = None
        self._shown: Callable[[str], str] = str
        self._rejected: AtomicFile | None = None
        self._receipt: AtomicFile | None = None
        #: Whether each row is handed over as it is answered.
        self._live = False

    def begin(self, header: str, rejects_header: str, *, resume: bool) -> None:
        """Open the files, anew or where a run was cut off; raise FileError."""
        out, rejects = self._reached() if resume else (None, None)
        mode = FileMode(chosen=self._files.mode)
        self._out = AtomicFile(self._files.output, mode, out)
        if self._files.rejects is not None:
            self._rejected = AtomicFile(self._files.rejects, mode, rejects)
        self._shown = terminal_text if self._out.is_terminal else str
        if self._read_before is None:
            if self._progress is not None:  # of a run that is dead, since its draft was not locked
                self._progress.remove()
            self._out.write(self._shown(header))
            if self._rejected is not None:
                self._rejected.write(rejects_header)

    def _reached(self) -> tuple[Reached | None, Reached | None]:
        """Read the progress of the run before, with its files; raise FileError."""
        assert self._progress is not None  # --resume goes on with a file
        noted = self._progress.read()
        try:
            self.counts = BatchCounts.read(noted["counts"])
            self._read_before = str(noted["read"])
            out, rejects = Reached.read(noted["out"]), Reached.read(noted["rejects"])
            if out is None or (rejects is None) != (self._files.rejects is None):
                raise ValueError("a draft is missing")
        except (KeyError, TypeError, ValueError):
            raise self._progress.unreadable() from None
        return out, rejects

    def skip(self, rows: Iterator[Record], records: Reading) -> None:
        """Pass over the rows that the run before had done; raise FileError if they are others."""
        if self._read_before is None:
            return
        for _ in itertools.islice(rows, self.counts.rows):
            pass
        if records.read.hexdigest() != self._read_before:
            self._leave()
            raise FileError(
                "the input is not the one that the interrupted run read",
                "Give the same input, or leave ‹resume› out.",
            )

    def answered(self, text: str, rows: int, *, warned: bool, refused: bool) -> None:
        """Write the text of an answer, which is so many rows."""
        self.counts.answered += 1
        self.counts.written += rows
        self.counts.warned += warned
        self.counts.refused += refused
        assert self._out is not None
        self._out.write(self._shown(text))

    def blank(self) -> None:
        """Count an empty row."""
        self.counts.blank += 1

    def rejected(self, record: Record, reason: str, line: str) -> None:
        """Write a row that has no answer to its file, or list the first ones; say it who waits."""
        self.counts.rejected += 1
        if self._rejected is not None:
            self._rejected.write(line)
            if self._live:
                self._rejected.flush()
        if self._live or (self._rejected is None and self.counts.rejected <= LISTED):
            self.messages.append(f"dmcalc: line {record.line}: {reason}")
        elif self._rejected is None and self.counts.rejected == LISTED + 1:
            self.messages.append(MORE)

    def hand_over(self) -> list[str]:
        """Send off what is written, since a reader waits for it. Return a line on the rejects."""
        assert self._out is not None
        self._out.flush()
        messages, self.messages = self.messages, []
        self._live = True
        return messages

    def written(self, records: Reading) -> WrittenFiles:
        """Return what was read and written, for a receipt."""
        assert self._out is not None
        return WrittenFiles(
            records.read.hexdigest(),
            self._out.flush().sha256,
            None if self._rejected is None else self._rejected.flush().sha256,
            self.counts,
        )

    def note(self, records: Reading) -> None:
        """Note the progress of the run, so that it can be continued."""
        if self._progress is None or self._out is None or self._out.direct:
            return
        self._progress.note(
            counts=asdict(self.counts),
            out=self._out.flush(),
            rejects=None if self._rejected is None else self._rejected.flush(),
            read=records.read.hexdigest(),
        )

    def count(self, records: Reading) -> None:
        """Count a row that was dealt with, and note it now and then."""
        self.counts.rows += 1
        if self.counts.rows % NOTED_EVERY == 0:
            self.note(records)

    def interrupted(self) -> str:
        """Return the progress of the run. Nothing is noted: a row may be half written."""
        if self._progress is None or not self._progress.noted:
            self.drop()
            return self.counts.sentence()
        self._leave()
        return f"{self.counts.sentence()}. Continue with --resume."

    def finish(self, receipt: str | None = None) -> None:
        """Move the files into place: an answer is never without its rejects, nor a receipt alone.

        ``receipt`` is the text of one, None where none is asked for. All files are complete before
        the first of them takes its place.
        """
        if receipt is not None and self._files.receipt is not None:
            mode = FileMode(chosen=self._files.mode)
            self._receipt = AtomicFile(self._files.receipt, mode, hashed=False)
            self._receipt.write(receipt)
        files = [f for f in (self._rejected, self._out, self._receipt) if f is not None]
        for file in files:
            file.complete()
        for file in files:
            file.publish()
            if file is self._out and self._progress is not None:  # there is no run to continue
                self._progress.remove()

    def drop(self) -> None:
        """Leave nothing of this run behind; what belongs to another one stays."""
        if self._out is not None and self._progress is not None and self._out.is_open:
            self._progress.remove()
        for file in (self._out, self._rejected, self._receipt):
            if file is not None:
                file.drop()

    def _leave(self) -> None:
        """Leave the drafts, so that another run can go on with them; a receipt is written anew."""
        if self._receipt is not None:
            self._receipt.drop()
        for file in (self._out, self._rejected):
            if file is not None:
                file.leave()
