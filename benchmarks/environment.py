"""The environments in which the benchmarks run: an installed wheel of dmcalc, and its peer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
#: The peer is measured as it was when the target was set.
PEER = "drugdose==0.1.2"

# Without its cached bytecode dmcalc would be compiled anew in every run. With a fixed seed of
# hashes the count of instructions repeats.
ENVIRONMENT = {
    key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
} | {"PYTHONHASHSEED": "0", "COLUMNS": "100", "TERM": "xterm"}


class Environment(NamedTuple):
    """A virtual environment: the commands that it holds can be run, also under valgrind."""

    folder: Path
    #: The Python that it is made with.
    base: str = sys.executable

    @property
    def python(self) -> list[str]:
        """How to run its Python."""
        return [str(self.folder / "bin" / "python")]

    def program(self, name: str) -> list[str]:
        """Return how to run a program that is installed in it."""
        return [*self.python, str(self.folder / "bin" / name)]

    def install(self, *requirements: str) -> None:
        """Make the environment anew, with what is required."""
        run(self.base, "-m", "venv", "--clear", str(self.folder))
        pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-input"]
        constraints = self.folder / "constraints.txt"
        constraints.write_text(pinned(), encoding="utf-8")
        run(*self.python, *pip, "-c", str(constraints), *requirements)


def pinned() -> str:
    """Return the versions of the lock without their hashes, which a wheel of ours has not."""
    lock = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^([\w.-]+==.+?) *\\?$", lock, re.MULTILINE))


def run(*command: str) -> None:
    """Run a command to its end, silently; CalledProcessError carries what it printed."""
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)


def build(folder: Path) -> Path:
    """Build the wheel into a folder and return it."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), ".")
    (wheel,) = folder.glob("*.whl")
    return wheel


def with_wheel(folder: Path) -> Environment:
    """Build the wheel and install it into a folder, with the pinned versions of what it needs."""
    environment = Environment(folder / "dmcalc")
    environment.install(str(build(folder / "dist")))
    return environment


def with_peer(folder: Path) -> Environment | None:
    """Install the peer; None, with a line on stderr, where it cannot be had."""
    environment = Environment(folder / "peer")
    try:
        environment.install(PEER)
    except subprocess.CalledProcessError as error:
        print(f"{PEER} cannot be installed: {error.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    return environment
