"""Folders that are written whole or not at all, as Spark writes many files for one answer."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc.errors import UsageError
from dmcalc.files import hidden_files, reported
from dmcalc.files.drafts import busy, created, is_at

if TYPE_CHECKING:
    from dmcalc.files import FileMode


class AtomicFolder:
    """One folder that is written: a draft next to its place, locked as the draft of a file is."""

    def __init__(self, name: str, mode: FileMode) -> None:
        """Begin the draft, its owner's alone.

        Raise UsageError where there is something in the place, FileError where another run writes
        it.
        """
        self._target, self._mode = Path(name).absolute(), mode
        if self._target.is_symlink() or (self._target.exists() and not _is_empty(self._target)):
            raise UsageError(
                f"{name} is there already, and is not overwritten",
                "Name another one, or remove it.",
            )
        self._locked = hidden_files(self._target)[0]
        self._draft = self._locked.with_suffix(".dmcalc-folder")
        with reported(name):
            self._lock = created(self._locked)
            if self._draft.exists():  # of a run that is dead
                shutil.rmtree(self._draft)
            self._draft.mkdir(0o700)

    @property
    def handle(self) -> str:
        """The name of the folder that is to be written, which is not there yet."""
        return str(self._draft / "parquet")

    def complete(self) -> None:
        """Give all of it its permissions and write it to the disk; raise FileError."""
        folder = Path(self.handle)
        mode = self._mode.of(self._target / "none")
        with reported(self._target):
            for path in (*folder.rglob("*"), folder):
                # who reads a folder looks into it
                path.chmod(mode | (mode & 0o444) >> 2 if path.is_dir() else mode)
                number = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(number)
                finally:
                    os.close(number)

    def publish(self) -> None:
        """Put the folder in its place; raise FileError where another one came in between."""
        with reported(self._target):
            if not is_at(self._lock, self._locked):
                raise busy(self._locked)
            Path(self.handle).rename(self._target)
        self.drop()

    def drop(self) -> None:
        """Remove the draft: nothing of it is to be seen."""
        if self._lock >= 0:
            if is_at(self._lock, self._locked):
                shutil.rmtree(self._draft, ignore_errors=True)
                self._locked.unlink()
            os.close(self._lock)
            self._lock = -1


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
