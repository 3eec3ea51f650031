"""Two runs with one output at once: the file is the whole answer of a run that exited with 0.

``make soak`` tries 20 rounds, and ``make test`` three of them. The seed is printed.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

DMCALC = str(Path(sys.executable).with_name("dmcalc"))
BUSY = "another run is writing"


class Ended(NamedTuple):
    """How a run ended, and what it would have written alone."""

    code: int
    stderr: str
    whole: bytes


def written_alone(folder: Path, name: str) -> bytes:
    """Return the answer to an input of its own."""
    done = subprocess.run(
        [DMCALC, *_arguments(name, "-")], cwd=folder, capture_output=True, check=True
    )
    return done.stdout


def one_round(folder: Path, answers: dict[str, bytes], wait: float) -> list[str]:
    """Start two runs ``wait`` seconds after each other, and list what is wrong afterwards."""
    output = folder / "out.csv"
    output.unlink(missing_ok=True)
    runs = []
    for name in answers:
        command = ["sh", "-c", 'sleep "$0"; exec "$@"', str(wait if runs else 0), DMCALC]
        command += _arguments(name, "out.csv")
        runs.append(subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True))
    ended = []
    for run, name in zip(runs, answers, strict=True):
        stderr = run.communicate(timeout=120)[1]
        ended.append(Ended(run.returncode, stderr, answers[name]))
    faults = [f"exit {run.code}: {run.stderr}" for run in ended if run.code not in (0, 7)]
    faults += [run.stderr for run in ended if run.code == 7 and BUSY not in run.stderr]
    winners = [run.whole for run in ended if run.code == 0]
    if not winners:
        faults.append("no run won")
    elif output.read_bytes() not in winners:
        faults.append("the file is not the answer of a run that exited with 0")
    faults += [f"{path.name} is left" for path in folder.glob(".*")]
    return faults


def soak(folder: Path, rounds: int, seed: int, rows: int = 2_000) -> list[str]:
    """Try some rounds in an empty folder, and list what is wrong."""
    made = random.Random(seed)
    for name in ("a", "b"):
        weights = "".join(f"{name}{n},{made.uniform(40, 140):.1f}\n" for n in range(rows))
        (folder / f"{name}.csv").write_text(f"id,weight\n{weights}")
    answers = {name: written_alone(folder, name) for name in ("a", "b")}
    return [
        f"round {number}: {fault}"
        for number in range(rounds)
        for fault in one_round(folder, answers, made.choice([0, 0, made.uniform(0, 0.5)]))
    ]


def _arguments(name: str, output: str) -> list[str]:
    return ["batch", f"{name}.csv", "--drug", "prednisone", "--quiet", "-o", output]


def main() -> None:
    """Try the rounds of the command line; exit with 1 where one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        faults = soak(Path(folder), options.rounds, options.seed)
    print("\n".join(faults) or f"{options.rounds} rounds: nothing was lost")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
