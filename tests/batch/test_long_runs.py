"""Long runs: their memory does not grow with the rows, and a terminal sees how far they came."""

from __future__ import annotations

import random
import re
import subprocess
import sys

from dmcalc.batch import progress

from ..conftest import environment

MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


#: dmcalc that remembers few answers.
FORGETFUL = """
from dmcalc.__main__ import main
from dmcalc.batch import rendered_answers, row_renderer
assert (rendered_answers.REMEMBERED, row_renderer.MOST_TAILS) == (20_000_000, 10_000)
rendered_answers.REMEMBERED, row_renderer.MOST_TAILS = 1_000_000, 1_000
main()
"""


def test_memory_does_not_grow_with_the_rows(tmp_path):
    made = random.Random(3)
    used = []
    for rows in (2_000, 12_000):
        text = "".join(f"{n},{made.uniform(40, 140):.3f}\n" for n in range(rows))
        (tmp_path / "in.csv").write_text(f"id,weight\n{text}", encoding="utf-8")
        command = [
            sys.executable,
            "-c",
            FORGETFUL,
            "batch",
            "in.csv",
            "--drug",
            "prednisone",
            "-o",
            "out.csv",
        ]
        found = subprocess.run(
            [sys.executable, "-c", MEASURED, *command],
            cwd=tmp_path,
            env=environment(None),
            capture_output=True,
            check=True,
        )
        used.append(int(found.stdout))
    assert used[1] < 1.04 * used[0]


#: dmcalc to which every run is a long one.
IMPATIENT = "from dmcalc.batch import progress; progress.WAIT = 0; import dmcalc.cli as c; c.main()"


def test_a_long_run_shows_its_progress_on_a_terminal_only(shell, tmp_path):
    assert progress.WAIT == 1
    rows = "".join(f"{40 + number / 1000:.3f}\n" for number in range(2_000))
    (tmp_path / "in.csv").write_text(f"weight\n{rows}")
    line = f"{sys.executable} -c '{IMPATIENT}' batch in.csv --drug prednisone -o out.csv"
    told = shell(f"{line} 2>&1", cwd=tmp_path, tty=True).stdout
    assert re.search(r"[0-9],[05]00 rows .*[0-9]:[0-9]{2}:[0-9]{2}", told)
    assert told.endswith("dmcalc: 2,000 rows in = 2,000 answered + 0 rejected; 2,000 rows out\n")
    assert shell(f"{line} --quiet 2>&1", cwd=tmp_path, tty=True).stdout == ""
    assert [told[:15] for told in shell(line, cwd=tmp_path).stderr.splitlines()] == [
        "dmcalc: weight ",
        "dmcalc: Doses a",
        "dmcalc: 2,000 r",
    ]


def test_a_short_run_shows_none(shell, tmp_path):
    (tmp_path / "in.csv").write_text("weight\n70\nx\n")
    done = shell("dmcalc batch in.csv --drug prednisone -o out.csv 2>&1", cwd=tmp_path, tty=True)
    assert [line[:15] for line in done.stdout.splitlines()] == [
        "dmcalc: weight ",
        "dmcalc: line 3:",
        "dmcalc: Doses a",
        "dmcalc: 2 rows ",
    ]
