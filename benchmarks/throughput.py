"""Measure how many patients a second ``dmcalc batch`` answers, and how much memory it takes.

The patients are made, always the same: weights to 0.1 kg, three severities, one row in a hundred
spoilt. Each case runs in turn with its floor, a plain pass from csv reader to csv writer over the
files that it read and wrote. Exit with 1 if a median misses its target.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from environment import ENVIRONMENT, Environment, with_wheel
from startup import print_table

#: In MB (1,000,000 bytes), at any number of rows.
MOST_MEMORY = 60
FLOOR = """
import csv, sys
for name in sys.argv[1:]:
    with open(name, newline="") as file, open(name + ".copy", "w", newline="") as copy:
        csv.writer(copy).writerows(csv.reader(file))
"""


class Case(NamedTuple):
    """A run: its patients, its options, and how many patients a second it must answer."""

    name: str
    patients: int
    columns: str
    options: tuple[str, ...] = ()
    target: int | None = None
    #: Decimals of the weights: with 1 many patients have the same, with 4 hardly any.
    places: int = 1


class Run(NamedTuple):
    """One run: its seconds, its memory in MB, and the seconds of the floor."""

    seconds: float
    megabytes: float
    floor: float


FEW = ("--columns", "low,high,unit,per")
CASES = [
    Case("one drug", 100_000, "id,weight,severity", ("--drug", "prednisone"), 50_000),
    Case("all base rows", 20_000, "id,weight,severity", (), 4_000),
    Case("orders, --check", 50_000, "id,weight,drug,order", ("--check",)),
    Case("one drug, no weight twice", 50_000, "id,weight", ("--drug", "prednisone"), None, 4),
    Case("the same, --columns", 100_000, "id,weight", ("--drug", "prednisone", *FEW), 15_000, 4),
    Case("all base rows, no weight twice", 5_000, "id,weight", (), None, 4),
    Case("the same, --columns ", 20_000, "id,weight", FEW, 5_000, 4),
]
HEADINGS = ["case", "patients", "a second", "target", "MB", "x floor", "verdict"]


def made(case: Case) -> str:
    """Return the patients of a case as CSV."""
    chance = random.Random(20261122)
    lines = [case.columns]
    for number in range(case.patients):
        weight = f"{min(max(chance.gauss(75, 15), 35), 200):.{case.places}f}"
        row = {
            "id": str(number),
            "weight": "x" if chance.random() < 0.01 else weight,
            "severity": chance.choice(["mild", "moderate", "severe"]),
            "drug": "prednisone",
            "order": f"{chance.randrange(40, 101, 5)} mg daily",
        }
        lines.append(",".join(row[name] for name in case.columns.split(",")))
    return "\n".join(lines) + "\n"


def timed(command: list[str], codes: tuple[int, ...]) -> tuple[float, float]:
    """Run a command to its end; return its seconds and its largest memory in MB."""
    start = perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=ENVIRONMENT)
    stderr = process.stderr.read().decode() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in codes:
        sys.exit(f"{' '.join(command)} failed:\n{stderr}")
    return elapsed, usage.ru_maxrss * 1024 / 1_000_000


def measure(case: Case, wheel: Environment, folder: Path, runs: int) -> list[Run]:
    """Run a case and its floor in turn, after one pair to warm up."""
    source, out = folder / "in.csv", folder / "out.csv"
    source.write_text(made(case), encoding="utf-8")
    command = [*wheel.program("dmcalc"), "batch", str(source), *case.options, "-o", str(out)]
    command += ["--rejects", str(folder / "rejects.csv"), "--quiet"]
    floor = [*wheel.python, "-c", FLOOR, str(source), str(out)]
    pairs = [(timed(command, (0, 4, 5)), timed(floor, (0,))) for _ in range(runs + 1)][1:]
    return [Run(seconds, memory, least) for (seconds, memory), (least, _) in pairs]


def report(case: Case, runs: list[Run]) -> tuple[list[str], bool]:
    """Return the cells of a case's line in the report, and whether it missed its target."""
    rate = case.patients / median(run.seconds for run in runs)
    memory = max(run.megabytes for run in runs)
    missed = memory > MOST_MEMORY or (case.target is not None and rate < case.target)
    cells = [
        case.name,
        f"{case.patients:,}",
        f"{rate:,.0f}",
        f"{case.target:,}" if case.target else "-",
        f"{memory:.0f}",
        f"{median(run.seconds / run.floor for run in runs):.1f}",
        "missed" if missed else "met",
    ]
    return cells, missed


def main() -> int:
    """Measure every case, print the medians, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="pairs per case (5)")
    runs = parser.parse_args().runs
    if runs < 1:
        parser.error("--runs must be 1 or more")
    with tempfile.TemporaryDirectory() as folder:
        wheel = with_wheel(Path(folder))
        found = [report(case, measure(case, wheel, Path(folder), runs)) for case in CASES]
    print(f"\nMedians of {runs} runs; memory is the most of any, of at most {MOST_MEMORY} MB.\n")
    print_table([HEADINGS, *(cells for cells, _ in found)])
    return int(any(missed for _, missed in found))


if __name__ == "__main__":
    sys.exit(main())
