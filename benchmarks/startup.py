"""Measure how long dmcalc takes from start to exit, against a program of one command on Typer.

Each case and its reference run in turn, as whole processes, and each pair gives one ratio, so a
machine that is slow, or slow for a while, weighs on both sides of it. Only ratios are judged.
Exit with 1 if the median of any case is above its target.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

DMCALC = [str(Path(sys.executable).with_name("dmcalc"))]
REFERENCE = [sys.executable, str(Path(__file__).with_name("reference.py"))]
DOSE = ["dose", "--weight", "70", "--severity", "severe"]

# Without its cached bytecode dmcalc would be compiled anew in every run.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


class Case(NamedTuple):
    """A command, what it is measured against, and the greatest ratio that will do."""

    name: str
    command: list[str]
    reference: list[str]
    target: float | None = None


class Result(NamedTuple):
    """The seconds of each run of a case, in pairs."""

    case: Case
    command: list[float]
    reference: list[float]

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
        if self.case.target is None:
            return [self.case.name, *ms, *ratios, "-", "-"]
        verdict = "missed" if self.missed else "met"
        return [self.case.name, *ms, *ratios, f"{self.case.target:.2f}", verdict]


CASES = [
    Case("reference, against itself", [*REFERENCE, "hi"], [*REFERENCE, "hi"]),
    Case("dose --format json", [*DMCALC, *DOSE, "--format", "json"], [*REFERENCE, "hi"], 1.4),
    Case("dose", [*DMCALC, *DOSE], [*REFERENCE, "hi"], 2.3),
    Case("--version", [*DMCALC, "--version"], [*REFERENCE, "hi"], 1.2),
    Case("--help", [*DMCALC, "--help"], [*REFERENCE, "--help"], 1.2),
]
HEADINGS = ["case", "ms", "ref. ms", "ratio", "min", "max", "target", "verdict"]


def seconds(command: list[str]) -> float:
    """Run a command to its end and return how long it took; stop everything if it fails."""
    start = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    elapsed = perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return elapsed


def measure(case: Case, runs: int) -> Result:
    """Run a case and its reference in turn, after one pair to warm up."""
    pairs = [(seconds(case.command), seconds(case.reference)) for _ in range(runs + 1)][1:]
    return Result(case, [a for a, _ in pairs], [b for _, b in pairs])


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
    results = [measure(case, runs) for case in CASES]
    print(f"Medians of {runs} pairs; a ratio is dmcalc's time over the reference's.\n")
    print_table([HEADINGS, *(result.row() for result in results)])
    return int(any(result.missed for result in results))


if __name__ == "__main__":
    sys.exit(main())
