"""How far a run came, noted next to its file, so that ``--resume`` goes on from there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

from dmcalc.errors import FileError
from dmcalc.files import hidden_files, reported, write_bytes
from dmcalc.files.drafts import NO_FOLLOW, opened_own

#: Far larger than any note of how far a run came.
LONGEST_NOTE = 1_000_000


class Checkpoint:
    """How far a run came; ``conditions`` is all that its answer depends on."""

    def __init__(self, name: str, conditions: dict[str, object]) -> None:
        """Keep the note of the file ``name``."""
        self.noted = False
        self._path, self._draft = hidden_files(Path(os.path.realpath(name)))[1:]
        self._asked = _sha256(conditions)

    def read(self) -> dict[str, object]:
        """Return what was noted; raise FileError where it is of another run, or was changed."""
        noted = self._content()
        if noted is None or noted.pop("sha256", None) != _sha256(noted):
            raise self.unreadable()
        if noted.get("asked") != self._asked:
            raise FileError(
                "the interrupted run had other options, or another table, overlay or version",
                "Give the same command, or leave ‹resume› out.",
            )
        self.noted = True
        return noted

    def unreadable(self) -> FileError:
        """Return the error for a note that is missing, or was changed."""
        return FileError(
            f"there is no run to continue: {self._path.name} is missing or cannot be read",
            "Leave ‹resume› out.",
        )

    def _content(self) -> dict[str, object] | None:
        try:
            number = opened_own(self._path)
            try:
                noted = json.loads(os.read(number, LONGEST_NOTE))
            finally:
                os.close(number)
        except (OSError, ValueError, RecursionError, FileError):
            return None
        return noted if isinstance(noted, dict) else None

    def note(self, **reached: object) -> None:
        """Note how far the run came, whole or not at all; raise FileError."""
        self.noted = True
        noted = {"asked": self._asked, **reached}
        text = json.dumps({**noted, "sha256": _sha256(noted)})
        with reported(self._path):
            self._draft.unlink(missing_ok=True)
            number = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600)
            try:
                write_bytes(number, text.encode())
            finally:
                os.close(number)
            os.replace(self._draft, self._path)  # noqa: PTH105 - files are written with os alone

    def remove(self) -> None:
        """Forget the run: it is done, or begins anew."""
        for path in (self._path, self._draft):
            with contextlib.suppress(OSError):
                path.unlink()


def _sha256(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
