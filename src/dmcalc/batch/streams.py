"""The input of a run, as it is read: opened, shown on a bar, found changed."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from dmcalc.batch.request import shown_source
from dmcalc.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.batch.reader import Record
    from dmcalc.batch.request import BatchFiles


@contextlib.contextmanager
def opened(source: str) -> Iterator[IO[bytes]]:
    """Open an input; raise FileError, here and where it cannot be read on."""
    if source == "-" and sys.stdin is None:
        raise FileError("stdin is closed", "Name a file, or give rows on stdin.")
    try:
        with (  # stdin may be closed where a file is named
            contextlib.nullcontext(sys.stdin.buffer) if source == "-" else Path(source).open("rb")
        ) as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FileError(f"{shown_source(source)} cannot be read: {error.strerror}") from None


def stamp_of(stream: IO[bytes]) -> tuple[int, int] | None:
    """Return what changes with a file; a pipe has nothing of the kind."""
    status = os.fstat(stream.fileno())
    return (status.st_size, status.st_mtime_ns) if Path(str(stream.name)).is_file() else None


def is_conversation(files: BatchFiles) -> bool:
    """Tell whether who asks on stdin may wait for an answer on stdout: neither is a file."""
    if files.source != "-" or files.output != "-" or None in (sys.stdin, sys.stdout):
        return False
    try:
        modes = [os.fstat(stream.fileno()).st_mode for stream in (sys.stdin, sys.stdout)]
    except (OSError, ValueError):  # a stream without a file behind it
        return False
    return not any(map(stat.S_ISREG, modes))


def shown_rows(
    rows: Iterator[Record], stream: IO[bytes], files: BatchFiles, done: int
) -> Iterator[Record]:
    """Yield the rows, with a bar on stderr where that is a terminal.

    ``done`` are the rows that a run before had dealt with.
    """
    # between the rows of an answer on a terminal there is no place for a bar
    hidden = files.quiet or (files.output == "-" and sys.stdout is not None and sys.stdout.isatty())
    if hidden or sys.stderr is None or not sys.stderr.isatty():
        yield from rows
        return
    from dmcalc.batch.progress import barred  # start-up: it imports rich

    stamp = stamp_of(stream)
    yield from barred(rows, stamp[0] if stamp else None, stream.tell, done)
