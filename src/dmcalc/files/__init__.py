"""Files that are read whole, or written whole or not at all.

A run writes hidden drafts next to its files and moves them into place at its end. A draft is the
run's own: made exclusively, never through a link, readable by its owner alone, and locked for as
long as the run lives; one whose run is dead is dropped.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc.errors import FileError
from dmcalc.files.drafts import busy, created, is_at, opened_own
from dmcalc.records import Record

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Iterator

#: Bytes that are gathered before they are written.
CHUNK = 2**16
#: Bytes of the name of a file, beyond which that of its draft is made otherwise.
LONGEST_NAME = 200
#: A stream that the program was started with, by the name of a file.
_OWN_STREAM = r"/dev/(?:std(?P<name>out|err)|fd/(?P<fd>\d+))|/proc/self/fd/(?P<number>\d+)"


class FileMode(Record):
    """Which permissions a file gets that is written."""

    #: Whether nobody but its owner reads a new file, as it holds data of a patient.
    private: bool = True
    #: What --mode gives, for a file that is there too.
    chosen: int | None = None

    def of(self, target: Path) -> int:
        """Return those of a file: what is given, else what it has, else what a new one gets."""
        if self.chosen is not None:
            return self.chosen
        with contextlib.suppress(FileNotFoundError):
            return stat.S_IMODE(target.stat().st_mode)
        if self.private:
            return 0o600
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


class Reached(Record):
    """How far the run before came with a file: its bytes, and their SHA-256."""

    size: int
    sha256: str

    @classmethod
    def read(cls, noted: object) -> Reached | None:
        """Read what was noted of it, None where there was no file; raise ValueError."""
        if noted is None:
            return None
        if not (isinstance(noted, list) and [type(part) for part in noted] == [int, str]):
            raise ValueError("not what a run notes")
        return cls(*noted)


def read_at_most(size: int, name: str, what: str, hint: str) -> bytes:
    """Read a whole file, ``-`` being stdin; of one larger than ``size`` a byte more than that.

    ``what`` is what the file should be, and ``hint`` what to do where it cannot be read. Raise
    FileError.
    """
    if name == "-" and sys.stdin is None:
        raise FileError(f"stdin is closed, so no {what} can be read from it")
    try:
        if name == "-":
            return sys.stdin.buffer.read(size + 1)
        with Path(name).open("rb") as file:
            return file.read(size + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no such name"
        raise FileError(f"cannot read the {what} {name}: {why}", hint) from None


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; raise FileError."""
    digest = _digest()
    try:
        with path.open("rb") as file:
            while part := file.read(CHUNK):
                digest.update(part)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}") from None
    return digest.hexdigest()


@contextlib.contextmanager
def reported(path: Path | str) -> Iterator[None]:
    """Turn what a file system refuses into an error that names the file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no such name"
        raise FileError(
            f"cannot write {path}: {why}", "Check the folder, its space and permissions."
        ) from None


def own_stream(name: str) -> int | None:
    """Return the number of the stream of this program that a name is of, such as /dev/stdout."""
    if name == "-":
        return 1
    match = re.fullmatch(_OWN_STREAM, name)
    if match is None:
        return None
    return {"out": 1, "err": 2}.get(match["name"] or "") or int(match["fd"] or match["number"])


def hidden_files(target: Path) -> list[Path]:
    """List the hidden files of a run next to the file that it writes."""
    return [_hidden_file(target, what) for what in ("draft", "state", "state.new")]


class AtomicFile:
    """One file that is written. A stream, device or pipe has no draft: it is written as it is."""

    def __init__(
        self, name: str, mode: FileMode, reached: Reached | None = None, *, hashed: bool = True
    ) -> None:
        """Begin the draft anew, or go on after what was ``reached`` of it; raise FileError.

        ``hashed`` says whether the SHA-256 of what is written is needed.
        """
        stream = own_stream(name)
        # as errors name it
        self._name, self._mode = "to stdout" if stream == 1 else name, mode
        self._buffer = bytearray()
        self._size = 0
        self._number = self._lock = -1
        self._is_stdout = stream == 1
        with reported(self._name):
            #: Whether it has no draft.
            self.direct = stream is not None or _is_device(name)
            if self._is_stdout:
                if sys.stdout is None:
                    raise FileError("stdout is closed", "Write to a file with ‹output FILE›.")
                sys.stdout.flush()
            elif self.direct:
                self._number = os.dup(stream) if stream is not None else os.open(name, os.O_WRONLY)
            else:
                self._target = Path(os.path.realpath(name))
                self._path = _hidden_file(self._target, "draft")
                self._number = created(self._path) if reached is None else opened_own(self._path)
                # as long as one of the two is open, the draft is locked
                self._lock = os.dup(self._number)
        self._written = _digest() if hashed else None
        if reached is not None and not self.direct:
            self._go_on(reached)

    @property
    def is_terminal(self) -> bool:
        """Whether a terminal shows it."""
        return sys.stdout.isatty() if self._is_stdout else os.isatty(self._number)

    @property
    def is_open(self) -> bool:
        """Whether its draft is this run's, and not yet in its place."""
        return self._lock >= 0

    @property
    def handle(self) -> str:
        """The name by which a library writes the draft that is open, whoever changes its name."""
        number = Path(f"/dev/fd/{self._number}")
        return str(number if number.exists() else self._path)

    def write(self, text: str) -> None:
        """Write text as UTF-8; raise FileError."""
        try:
            self._buffer += text.encode()
        except UnicodeEncodeError:
            raise FileError(f"cannot write {self._name}: the text is not Unicode") from None
        if len(self._buffer) >= CHUNK:
            self.flush()

    def flush(self) -> Reached:
        """Hand all that is written to the system, and return what it is; raise FileError."""
        with reported(self._name):
            if self._is_stdout:
                _to_stdout(bytes(self._buffer))
            else:
                write_bytes(self._number, bytes(self._buffer))
        self._size += len(self._buffer)
        if self._written is not None:
            self._written.update(self._buffer)
        self._buffer.clear()
        return Reached(self._size, self._written.hexdigest() if self._written else "")

    def complete(self) -> None:
        """Write all of it to the disk: nothing but its name is missing; raise FileError."""
        self.flush()
        with reported(self._name):
            if not self.direct:
                os.fsync(self._number)
                self._path.chmod(self._mode.of(self._target))
            if self._number >= 0:
                number, self._number = self._number, -1
                os.close(number)

    def publish(self) -> None:
        """Put a complete file in its place; raise FileError."""
        if not self.direct:
            with reported(self._name):
                if not is_at(self._lock, self._path):
                    raise busy(self._path)
                os.replace(self._path, self._target)  # noqa: PTH105 - as os.write and os.fsync
            self._release()

    def finish(self) -> None:
        """Put the file in its place, whole; raise FileError."""
        self.complete()
        self.publish()

    def leave(self) -> None:
        """Leave the draft, so that another run can go on with it."""
        self._release()

    def drop(self) -> None:
        """Remove the draft: nothing of it is to be seen."""
        if self._lock >= 0:
            with contextlib.suppress(OSError):
                if is_at(self._lock, self._path):
                    self._path.unlink()
        self._release()

    def _release(self) -> None:
        for number in {self._number, self._lock} - {-1}:
            with contextlib.suppress(OSError):
                os.close(number)
        self._number = self._lock = -1

    def _go_on(self, reached: Reached) -> None:
        """Cut the draft back to what was reached of it; raise FileError where it is not that."""
        assert self._written is not None  # a run that goes on has noted it
        try:
            with reported(self._name):
                while (left := reached.size - self._size) > 0:
                    part = os.read(self._number, min(left, CHUNK))
                    if not part:
                        break
                    self._written.update(part)
                    self._size += len(part)
                if (self._size, self._written.hexdigest()) != reached:
                    raise FileError(
                        f"{self._path} differs from what its run recorded", "Leave ‹resume› out."
                    )
                os.ftruncate(self._number, self._size)
        except FileError:
            self._release()
            raise


def _digest() -> hashlib._Hash:
    import hashlib  # start-up: it loads OpenSSL, and most runs write no file

    return hashlib.sha256()


def write_bytes(number: int, content: bytes) -> None:
    """Write all of a text to an open file."""
    left = memoryview(content)
    while left:
        left = left[os.write(number, left) :]


def _to_stdout(content: bytes) -> None:
    """Write to stdout; where that fails, let what is left in its buffer go nowhere at exit."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError:
        with contextlib.suppress(OSError):  # a stream of a test has no number
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _hidden_file(target: Path, what: str) -> Path:
    """Return the name of a hidden file of the run; a long name is one that a folder can hold."""
    name = target.name
    if len(os.fsencode(name)) > LONGEST_NAME:
        digest = _digest()
        digest.update(os.fsencode(name))
        name = digest.hexdigest()
    return target.parent / f".{name}.dmcalc-{what}"  # the root has no name


def _is_device(name: str) -> bool:
    """Tell whether a name is that of a device or a pipe, which cannot be replaced."""
    try:
        mode = Path(name).stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return not stat.S_ISREG(mode)
