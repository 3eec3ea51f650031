"""A long text on a terminal, through the program with which its user reads long texts."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence

#: What quits where a page fits the screen, shows colours, and leaves the page there.
_LESS = {"LESS": "FRX"}


def pager() -> list[str]:
    """Return the command of PAGER, less where it is not set; nothing where it is empty."""
    try:
        return shlex.split(os.environ.get("PAGER", "less"))
    except ValueError:  # a quote that is not closed
        return []


def shown_through(command: Sequence[str], text: str) -> bool:
    """Show a text through a program, and tell whether it was shown.

    It is not where nobody sits at a terminal, or there is no such program.
    """
    at_terminal = sys.stdin is not None and sys.stdin.isatty() and os.isatty(1)
    program = shutil.which(command[0]) if command and at_terminal else None
    if program is None:
        return False
    before = signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the program
    try:
        environment = {**_LESS, **os.environ}
        done = subprocess.run(
            [program, *command[1:]], input=text.encode(), env=environment, check=False
        )
    finally:
        signal.signal(signal.SIGINT, before)
    return done.returncode == 0
