"""Type into a shell in a terminal, as a person does, and read the line that comes of it."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: The prompt, and the key that writes the line to the file ``line``: Ctrl-O.
PROMPT = "READY>"
SHOW = "\x0f"
SLOWEST = 60
#: Seconds without a word after which a terminal has said all.
SILENCE = 0.1


def typed(command: Sequence[str], keys: str, folder: Path, env: dict[str, str]) -> tuple[str, str]:
    """Type keys at the prompt; return the line as it is then, and all that the terminal showed."""
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=env,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    line = folder / "line"
    line.unlink(missing_ok=True)
    try:
        shown = _until(ours, lambda text: PROMPT in text)
        os.write(ours, keys.encode())
        # the shell is still completing when the key comes: what is typed ahead is read in order
        os.write(ours, SHOW.encode())
        shown += _until(ours, lambda _: line.exists() and line.read_text().endswith("\n"))
        # what the shell wrote before the file may still be on its way
        while rest := _read(ours, SILENCE):
            shown += rest
        return line.read_text().removesuffix("\n"), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def _until(terminal: int, done) -> str:
    text, end = "", time.monotonic() + SLOWEST
    while not done(text):
        assert time.monotonic() < end, f"the shell does not answer: {text!r}"
        text += _read(terminal, 0.05)
    return text


def _read(terminal: int, wait: float) -> str:
    """Read what comes within so many seconds; nothing where nothing does."""
    ready = select.select([terminal], [], [], wait)[0]
    return os.read(terminal, 65536).decode(errors="replace") if ready else ""
