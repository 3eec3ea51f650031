"""Files that are read whole, or written whole or not at all, and how a run that was killed goes on.

A run writes hidden drafts beside its files and moves them into place at its end. Now and then it
notes how far it came; ``--resume`` cuts the drafts back to that note and reads on from there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from dmcalc.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_at_most(size: int, name: str, what: str, hint: str) -> bytes:
    """Read a whole file, ``-`` being stdin; of one larger than ``size`` a byte more than that.

    ``what`` is what the file should be, and ``hint`` what to do where it cannot be read. Raise
    FileError.
    """
    try:
        if name != "-":
            with Path(name).open("rb") as file:
                return file.read(size + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no such name"
        raise FileError(f"cannot read the {what} {name}: {why}", hint) from None
    if sys.stdin is None:
        raise FileError(f"stdin is closed, so no {what} can be read from it")
    return sys.stdin.buffer.read(size + 1)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; raise FileError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}") from None


@contextlib.contextmanager
def reported(path: Path | str) -> Iterator[None]:
    """Turn what a file system refuses into an error that names the file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FileError(
            f"cannot write {path}: {error.strerror}", "Check the folder, its space and permissions."
        ) from None


class AtomicFile:
    """One file that is written. A device or a pipe has no draft: it is written as it is."""

    def __init__(self, name: str, *, size: int | None) -> None:
        """Begin the draft anew, or go on after ``size`` bytes of it; raise FileError."""
        self.target = Path(name)
        with reported(name):
            self.direct = name == "-" or (self.target.exists() and not self.target.is_file())
            if not self.direct:
                self.target = self.target.resolve()
            self.path = self.target if self.direct else _beside(self.target, "draft")
            self.stream = _stdout() if name == "-" else self.path.open("r+b" if size else "wb")
            self.is_terminal = name == "-" and self.stream.isatty()
            if size is not None and self.path.stat().st_size < size:
                raise FileError(f"{self.path} is shorter than its run noted", "Leave ‹resume› out.")
            if size is not None:
                self.stream.truncate(size)
                self.stream.seek(size)

    def write(self, text: str) -> None:
        """Write text as UTF-8; raise FileError."""
        with reported(self.target):
            self.stream.write(text.encode())

    def flush(self) -> int:
        """Hand all that is written to the system, and return how many bytes it is."""
        with reported(self.target):
            self.stream.flush()
            return 0 if self.direct else self.stream.tell()

    def finish(self) -> None:
        """Put the file in its place, whole."""
        with reported(self.target):
            self.stream.flush()
            if self.direct:
                return
            os.fsync(self.stream.fileno())
            self.stream.close()
            if self.target.exists():
                self.path.chmod(self.target.stat().st_mode)
            self.path.replace(self.target)

    def drop(self) -> None:
        """Remove the draft: nothing of it is to be seen."""
        if not self.direct:
            with contextlib.suppress(OSError):
                self.stream.close()
            with contextlib.suppress(OSError):
                self.path.unlink()


class Checkpoint:
    """How far a run came, noted beside its file; ``asked`` is all that its answer depends on."""

    def __init__(self, name: str, conditions: dict[str, object]) -> None:
        """Keep the note of the file ``name``."""
        self.noted = False
        self._path = _beside(Path(name).resolve(), "state")
        self._draft = self._path.with_name(f"{self._path.name}.new")
        self._asked = hashlib.sha256(json.dumps(conditions, sort_keys=True).encode()).hexdigest()

    def read(self) -> dict[str, object]:
        """Return what was noted; raise FileError where it is of another run, or there is none."""
        try:
            noted = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            noted = None
        if not (isinstance(noted, dict) and isinstance(noted.get("asked"), str)):
            raise FileError(
                f"there is no run to go on with: {self._path.name} is missing or cannot be read",
                "Leave ‹resume› out.",
            )
        if noted["asked"] != self._asked:
            raise FileError(
                "the run to go on with asked something else, or had another table, overlay or "
                "version",
                "Give the same command, or leave ‹resume› out.",
            )
        self.noted = True
        return noted

    def note(self, **reached: Any) -> None:
        """Note how far the run came, whole or not at all."""
        self.noted = True
        with reported(self._path):
            self._draft.write_text(json.dumps({"asked": self._asked, **reached}))
            self._draft.replace(self._path)

    def remove(self) -> None:
        """Forget the run: it is done, or begins anew."""
        for path in (self._path, self._draft):
            with contextlib.suppress(OSError):
                path.unlink()


def _stdout() -> IO[bytes]:
    if sys.stdout is None:
        raise FileError("stdout is closed", "Write to a file with ‹output FILE›.")
    return sys.stdout.buffer


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.dmcalc-{what}")
