"""Where a batch writes: its answers, its rejects, its counts, and how far it came."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from dmcalc.errors import FileError
from dmcalc.files import AtomicFile, Checkpoint
from dmcalc.text.numbers import terminal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dmcalc.batch.reader import Record
    from dmcalc.batch.request import BatchFiles

#: Rows between two notes of how far the run came.
NOTED_EVERY = 5_000
#: Rejected rows that are told one by one where no file takes them.
TOLD = 10


@dataclass
class BatchCounts:
    """What became of the rows."""

    rows: int = 0
    answered: int = 0
    rejected: int = 0
    #: Rows that say nothing.
    blank: int = 0
    written: int = 0
    #: Answers with warnings, and orders that a check found outside their limits.
    warned: int = 0
    refused: int = 0
    #: Orders of FHIR in which something was not understood, and lines that are no order, by type.
    unclear: int = 0
    others: dict[str, int] = field(default_factory=dict)

    def sentences(self, *, fhir: bool) -> list[str]:
        """Say it so that a reader can add it up, of rows or of orders of FHIR."""
        if not fhir:
            return [self.sentence()]
        orders = self.answered + self.rejected
        return [
            f"{orders:,} orders in = {self.answered:,} answered + {self.rejected:,} rejected; "
            f"{self.written:,} lines out",
            *(f"{n:,} lines are no orders: {kind}" for kind, n in sorted(self.others.items())),
        ]

    def sentence(self) -> str:
        """Say it of rows."""
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
        self._output, self._rejects = files.output, files.rejects
        self._progress = Checkpoint(files.output, dict(conditions)) if files.output != "-" else None
        self._noted: dict[str, Any] = {}
        #: Which rows have no answer, to be told at the end, where it is in no bar's way.
        self.messages: list[str] = []
        self._out: AtomicFile | None = None
        self._shown: Callable[[str], str] = str
        self._rejected: AtomicFile | None = None
        #: The digests of answers and rejects, where a receipt is to have them.
        self._hashes = (sha256(), sha256()) if files.receipt is not None else None

    def begin(self, header: str, rejects_header: str, *, resume: bool) -> None:
        """Open the files, anew or where a run was cut off; raise FileError."""
        if resume and self._progress is not None:
            self._noted |= self._progress.read()
            self.counts = BatchCounts(**self._noted["counts"])
        elif self._progress is not None:
            self._progress.remove()
        if self._rejects is not None:
            self._rejected = AtomicFile(self._rejects, size=self._noted.get("rejects"))
        self._out = AtomicFile(self._output, size=self._noted.get("out"))
        self._shown = terminal_text if self._out.is_terminal else str
        if not self._noted:
            self._write(header)
            self._write_rejected(rejects_header)
        elif self._hashes is not None:
            for draft, digest in zip((self._out, self._rejected), self._hashes, strict=True):
                if draft is not None:
                    digest.update(draft.path.read_bytes())

    def skip(self, rows: Iterator[Record], records: Reading) -> None:
        """Pass over the rows that the run before had done; raise FileError if they are others."""
        if not self._noted:
            return
        for _ in range(self.counts.rows):
            next(rows, None)
        if records.read.hexdigest() != self._noted["read"]:
            raise FileError(
                "the input is not the one that the run to go on with had read",
                "Give the same input, or leave ‹resume› out.",
            )

    def answered(self, lines: list[str], *, warned: bool, refused: bool) -> None:
        """Write the rows of an answer."""
        self.counts.answered += 1
        self.counts.written += len(lines)
        self.counts.warned += warned
        self.counts.refused += refused
        self._write("".join(lines))

    def blank(self) -> None:
        """Count a row that says nothing."""
        self.counts.blank += 1

    def rejected(self, record: Record, reason: str, line: str) -> None:
        """Write a row that has no answer to its file, or tell the first ones."""
        self.counts.rejected += 1
        if self._rejected is not None:
            self._write_rejected(line)
        elif self.counts.rejected <= TOLD:
            self.messages.append(f"dmcalc: line {record.line}: {reason}")
        elif self.counts.rejected == TOLD + 1:
            self.messages.append("dmcalc: ... and more; --rejects FILE takes them all")

    def written(self, records: Reading) -> WrittenFiles:
        """Return what was read and written, where a receipt is to have it."""
        answers, rejects = (h.hexdigest() for h in self._hashes or (sha256(), sha256()))
        return WrittenFiles(
            records.read.hexdigest(),
            answers,
            None if self._rejects is None else rejects,
            self.counts,
        )

    def note(self, records: Reading) -> None:
        """Note how far the run came, so that it can be gone on with."""
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
        """Say how far the run came. Nothing is noted: a row may be half written."""
        if self._progress is None or not self._progress.noted:
            self.drop()
            return self.counts.sentence()
        return f"{self.counts.sentence()}. Go on with --resume."

    def finish(self) -> None:
        """Move the files into place: the rejects first, so that an answer is never without them."""
        if self._rejected is not None:
            self._rejected.finish()
        if self._out is not None:
            self._out.finish()
        if self._progress is not None:
            self._progress.remove()

    def _write(self, text: str) -> None:
        assert self._out is not None
        if self._hashes is not None:
            self._hashes[0].update(text.encode())
        self._out.write(self._shown(text))

    def _write_rejected(self, text: str) -> None:
        if self._rejected is not None:
            if self._hashes is not None:
                self._hashes[1].update(text.encode())
            self._rejected.write(text)

    def drop(self) -> None:
        """Leave nothing behind."""
        for draft in (self._out, self._rejected):
            if draft is not None:
                draft.drop()
        if self._progress is not None:
            self._progress.remove()
