"""Drafts: files of a run's own, made exclusively, through no link, and locked while it lives."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING

from dmcalc.errors import FileError

try:
    import fcntl
except ImportError:  # no such locks on Windows: a draft is made exclusively all the same
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pathlib import Path

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def created(path: Path) -> int:
    """Make a draft that is this run's alone, and lock it; raise FileError where another has it."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | NO_FOLLOW
    try:
        number = os.open(path, flags, 0o600)
    except FileExistsError:
        with contextlib.suppress(FileNotFoundError):  # another run has just ended
            _drop_dead(path)
        try:
            number = os.open(path, flags, 0o600)
        except FileExistsError:  # another run was faster
            raise busy(path) from None
    return _locked(number, path)


def _drop_dead(path: Path) -> None:
    """Remove what a run that is dead left; raise FileError for the draft of a run that lives."""
    status = path.lstat()
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        raise FileError(f"{path} is in the way, and another user's", "Have it removed.")
    if stat.S_ISREG(status.st_mode):
        number = _locked(os.open(path, os.O_RDONLY | NO_FOLLOW), path)
        try:
            path.unlink()
        finally:
            os.close(number)
    else:
        path.unlink()


def opened_own(path: Path) -> int:
    """Open and lock what a run left; raise FileError for what is no file of its own."""
    number = _locked(os.open(path, os.O_RDWR | NO_FOLLOW), path)
    status = os.fstat(number)
    own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    if own and stat.S_ISREG(status.st_mode) and status.st_nlink == 1:
        return number
    os.close(number)
    raise FileError(f"{path} is not the file that a run left", "Leave ‹resume› out.")


def _locked(number: int, path: Path) -> int:
    """Lock an open file, or close it and raise FileError where another run has it."""
    try:
        if fcntl is not None:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if is_at(number, path):
            return number
    except BlockingIOError:
        pass
    except BaseException:
        os.close(number)
        raise
    os.close(number)
    raise busy(path)


def is_at(number: int, path: Path) -> bool:
    """Tell whether an open file still has its name."""
    try:
        return os.path.samestat(os.fstat(number), path.lstat())
    except FileNotFoundError:
        return False


def busy(path: Path) -> FileError:
    """Return the error for the draft of a run that lives, which is hidden next to its file."""
    file = path.with_name(path.stem.removeprefix("."))
    return FileError(f"another run is writing {file}", "Wait until it has ended.")
