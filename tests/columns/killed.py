"""Runs by columns that are killed at ten moments, from their first to their last.

    python -m tests.columns.killed INPUT FOLDER

Each run is a child that has all imported, and no engine of this process: what is killed is the run.
"""

import os
import signal
import sys
import time
from pathlib import Path

from dmcalc import guideline, table
from dmcalc.batch.answers import Doses
from dmcalc.columns.inputs import ColumnsRequest
from dmcalc.columns.run import run_columns

LOADED, GUIDE = table.load(), guideline.load()


def started(source: str, target: Path) -> int:
    """Begin a run in a child, and return its process."""
    child = os.fork()
    if child == 0:
        request = ColumnsRequest(source, str(target), quiet=True)
        doses = Doses(LOADED, GUIDE, ("prednisone",))
        run_columns(LOADED, GUIDE, doses, request, {}, lambda _: None)
        os._exit(0)
    return child


def main(source: str, folder: Path) -> None:
    """Let one run end, and kill ten others on their way."""
    began = time.monotonic()
    if os.waitpid(started(source, folder / "whole.parquet"), 0)[1] != 0:
        sys.exit("the run failed")
    length = time.monotonic() - began
    for moment in range(10):
        child = started(source, folder / f"killed{moment}.parquet")
        time.sleep(length * (0.1 + 0.1 * moment))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
