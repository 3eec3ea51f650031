"""Measure how long dmcalc takes from start to exit, against a program of one command on Typer.

An installed wheel is measured. Each case and its reference run in turn, as whole processes, and
each pair gives one ratio, so a machine that is slow, or slow for a while, weighs on both sides of
it. Only these ratios are judged. Where valgrind is installed the instructions of both are counted
too: they repeat to 0.2 per cent, however busy the machine is, but know nothing of caches and of the
kernel. Exit with 1 if the median of any case is above its target.
"""

from __future__ import annotations

import argparse
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from environment import ENVIRONMENT, Environment, with_peer, with_wheel

DOSE = ["dose", "--weight", "70", "--severity", "severe"]
VALGRIND = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]


class Case(NamedTuple):
    """A command, what it is measured against, and the greatest ratio that will do."""

    name: str
    command: list[str]
    reference: list[str]
    target: float | None = None
    #: Whether its stdout is a terminal, and not a pipe.
    terminal: bool = False


class Result(NamedTuple):
    """The seconds of each run of a case, in pairs, and the instructions of one."""

    case: Case
    command: list[float]
    reference: list[float]
    #: Instructions of the command over those of the reference; None without valgrind.
    instructions: float | None

    @property
    def ratios(self) -> list[float]:
        """The ratio of each pair."""
        return [a / b for a, b in zip(self.command, self.reference, strict=True)]

    @property
    def missed(self) -> bool:
        """Whether the median ratio is above the target."""
        return self.case.target is not None and median(self.ratios) > self.case.target

    def row(self) -> list[str]:
        """Return the cells of this result's line in the report."""
        ms = [f"{1000 * median(seconds):.0f}" for seconds in (self.command, self.reference)]
        ratios = [f"{of(self.ratios):.2f}" for of in (median, min, max)]
        counted = "-" if self.instructions is None else f"{self.instructions:.3f}"
        if self.case.target is None:
            return [self.case.name, *ms, *ratios, counted, "-", "-"]
        verdict = "missed" if self.missed else "met"
        return [self.case.name, *ms, *ratios, counted, f"{self.case.target:.2f}", verdict]


HEADINGS = ["case", "ms", "ref. ms", "ratio", "min", "max", "instr.", "target", "verdict"]


def cases(wheel: Environment, peer: Environment | None) -> list[Case]:
    """List what is measured."""
    dmcalc = wheel.program("dmcalc")
    hello = [*wheel.python, str(Path(__file__).with_name("reference.py"))]
    json = [*dmcalc, *DOSE, "--format", "json"]
    found = [
        Case("reference, against itself", [*hello, "hi"], [*hello, "hi"]),
        Case("dose --format json", json, [*hello, "hi"], 1.25),
        Case("dose, in a pipe", [*dmcalc, *DOSE], [*hello, "hi"], 1.3),
        Case("dose, in a terminal", [*dmcalc, *DOSE], [*hello, "hi"], 1.9, terminal=True),
        Case("--version", [*dmcalc, "--version"], [*hello, "hi"], 1.0),
        Case("--help", [*dmcalc, "--help"], [*hello, "--help"], 0.5),
    ]
    if peer:
        found.append(
            Case("dose --format json, peer", json, [*peer.program("drugdose"), "list"], 0.65)
        )
    return found


def run(command: list[str], *, terminal: bool) -> str:
    """Run a command to its end and return its stderr; stop everything if it fails."""
    ours, theirs = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    os.close(theirs)
    try:
        while os.read(ours, 65536):
            pass
    except OSError:  # the other side of a terminal is closed
        pass
    os.close(ours)
    _, stderr = process.communicate()
    if process.returncode:
        sys.exit(f"{' '.join(command)} exited with {process.returncode}:\n{stderr}")
    return stderr


def seconds(command: list[str], *, terminal: bool = False) -> float:
    """Run a command to its end and return how long it took."""
    start = perf_counter()
    run(command, terminal=terminal)
    return perf_counter() - start


def instructions(command: list[str], *, terminal: bool = False) -> int:
    """Count the instructions of a command, with those of its start and its exit."""
    counted = run([shutil.which("valgrind") or "", *VALGRIND, *command], terminal=terminal)
    found = re.search(r"I +refs: +([\d,]+)", counted)
    return int(found[1].replace(",", "")) if found else 0


def measure(case: Case, runs: int) -> Result:
    """Run a case and its reference in turn, after one pair to warm up."""
    pairs = [
        (seconds(case.command, terminal=case.terminal), seconds(case.reference))
        for _ in range(runs + 1)
    ][1:]
    counted = None
    if shutil.which("valgrind"):
        counted = instructions(case.command, terminal=case.terminal) / instructions(case.reference)
    return Result(case, [a for a, _ in pairs], [b for _, b in pairs], counted)


def print_table(rows: list[list[str]]) -> None:
    """Print rows in columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        right = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        print("  ".join([name.ljust(widths[0]), *right]))


def main() -> int:
    """Measure every case, print the medians, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=25, help="pairs per case (25)")
    runs = parser.parse_args().runs
    if runs < 1:
        parser.error("--runs must be 1 or more")
    with tempfile.TemporaryDirectory() as folder:
        wheel, peer = with_wheel(Path(folder)), with_peer(Path(folder))
        results = [measure(case, runs) for case in cases(wheel, peer)]
    print(f"Medians of {runs} pairs; a ratio is dmcalc's time over the reference's.\n")
    print_table([HEADINGS, *(result.row() for result in results)])
    return int(any(result.missed for result in results))


if __name__ == "__main__":
    sys.exit(main())
