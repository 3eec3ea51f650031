"""Measure batches by columns, as multiples of what DuckDB takes to copy the same files.

``make bench-columns`` makes patients and orders, always the same, and runs each case and its floor
in turn: the copy of the input for doses, the copy of the answer for checks. Processor time counts,
and is that of the whole process. Exit with 1 if a median of 10,000,000 rows misses its target.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

PATIENTS = """
SELECT range AS id, CAST(40 + CAST(hash(range) % 900 AS INT) / 10 AS DECIMAL(6, 1)) AS weight_kg,
  ['mild', 'moderate', 'severe', NULL][1 + CAST(hash(range * 7) % 4 AS INT)] AS severity,
  'w' || (range % 50) AS ward
FROM range({rows})
"""
ORDERS = """
SELECT range AS id, CAST(CAST(40 + CAST(hash(range) % 900 AS INT) / 10 AS DECIMAL(6, 1)) AS VARCHAR)
  AS weight, ['mild', 'moderate', 'severe', NULL][1 + CAST(hash(range * 7) % 4 AS INT)] AS severity,
  o[1] AS drug, o[2] AS "order",
  [NULL, NULL, NULL, 'allopurinol', 'omeprazole'][1 + CAST(hash(range * 11) % 5 AS INT)] AS taking
FROM (SELECT range, [
  ['prednisone', '60 mg daily'], ['prednisone', '1 mg/kg daily'], ['prednisone', '20 mg daily'],
  ['azathioprine', '150 mg daily'], ['azathioprine', '2 mg/kg/day'],
  ['methotrexate', '15 mg once weekly'], ['methotrexate', '15 mg daily'],
  ['mycophenolate', '1 g twice daily'], ['ivig', '140 g over 2 days'],
  ['ciclosporin', '100 mg twice daily'], ['tacrolimus', '4 mg twice daily'],
  ['rituximab', '1 g per dose'], ['prednisone', 'lots']
][1 + CAST(hash(range * 29) % 13 AS INT)] AS o FROM range({rows}))
"""
WRITE = "COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
COPY = (
    "import duckdb; duckdb.execute(\"SET memory_limit = '1GB'; "
    "SET preserve_insertion_order = false; COPY (FROM '{source}') TO '{target}' "
    '(FORMAT parquet, COMPRESSION zstd)")'
)


#: The rows that the targets are for: fewer ones do not outweigh the start.
OF_TARGET = 10_000_000


class Case(NamedTuple):
    """A run: its rows, its options, what its floor copies, and the most that it may take."""

    name: str
    query: str
    options: tuple[str, ...]
    floor: str
    most: float


CASES = (
    Case("doses of one drug", PATIENTS, ("--drug", "prednisone"), "input", 2.2),
    Case("checks of all drugs", ORDERS, ("--check", "--allow-rejects"), "answer", 3.0),
)


class Run(NamedTuple):
    """Processor seconds, seconds and MB of one process."""

    cpu: float
    wall: float
    megabytes: float


def timed(words: list[str], folder: Path) -> Run:
    """Run a process to its end."""
    from time import perf_counter

    began = perf_counter()
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(words, cwd=folder, stdout=nothing, stderr=nothing)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 5):
        sys.exit(f"{' '.join(words)} failed")
    cpu = used.ru_utime + used.ru_stime
    return Run(cpu, perf_counter() - began, used.ru_maxrss / 1000)


def main() -> int:
    """Measure, print the table, and return 1 where a target is missed."""
    import duckdb

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=OF_TARGET)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    missed = False
    duckdb.execute("SET enable_progress_bar = false")
    print(f"medians of {options.runs} runs, each beside its floor")
    for case in CASES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            query = case.query.format(rows=options.rows)
            duckdb.execute(WRITE.format(query=query, path=folder / "input.parquet"))
            words = [sys.executable, "-m", "dmcalc", "batch", "input.parquet", *case.options]
            words += ["-o", "answer.parquet", "--rejects", "rejects.parquet", "--quiet"]
            pairs = []
            for _ in range(options.runs):
                mine = timed(words, folder)
                copy = COPY.format(source=f"{case.floor}.parquet", target="copy.parquet")
                pairs.append((mine, timed([sys.executable, "-c", copy], folder)))
        times = median(mine.cpu / floor.cpu for mine, floor in pairs)
        cpu = median(mine.cpu for mine, _ in pairs)
        print(
            f"{case.name}, {options.rows:,}: {times:.2f} times the copy of the {case.floor} "
            f"(at most {case.most}); "
            f"{cpu:.1f} s of processor time, {options.rows / cpu:,.0f} rows a second of it, "
            f"{median(mine.wall for mine, _ in pairs):.1f} s, "
            f"{max(mine.megabytes for mine, _ in pairs):.0f} MB"
        )
        missed |= times > case.most and options.rows >= OF_TARGET
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
