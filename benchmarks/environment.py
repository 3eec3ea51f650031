"""The environments in which the benchmarks run: an installed wheel of dmcalc, and its peer."""

from __future__ import annotations

import os
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

    @property
    def python(self) -> list[str]:
        """How to run its Python."""
        return [str(self.folder / "bin" / "python")]

    def program(self, name: str) -> list[str]:
        """Return how to run a program that is installed in it."""
        return [*self.python, str(self.folder / "bin" / name)]

    def install(self, *requirements: str) -> None:
        """Make the environment anew, with what is required."""
        run(sys.executable, "-m", "venv", "--clear", str(self.folder))
        pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-input"]
        constraints = ["-c", str(ROOT / "constraints.txt")]
        run(*self.python, *pip, *constraints, *requirements)


def run(*command: str) -> None:
    """Run a command to its end, silently; CalledProcessError carries what it printed."""
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)


def with_wheel(folder: Path) -> Environment:
    """Build the wheel and install it into a folder, with the pinned versions of what it needs."""
    dist = folder / "dist"
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist), ".")
    environment = Environment(folder / "dmcalc")
    environment.install(*map(str, dist.glob("*.whl")))
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
