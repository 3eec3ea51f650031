"""Files that appear whole or not at all: killed, interrupted, full, changed, gone on with."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ..conftest import ROOT, environment

#: dmcalc that notes ten times as often how far it came: short runs are stopped between notes too.
OFTEN = """
import signal
from dmcalc.__main__ import main
from dmcalc.batch import writer
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background ignore it
writer.NOTED_EVERY = 500
main()
"""
#: The same, but after its tenth note it waits until it may go on: no signal comes too late.
WAITING = OFTEN.replace(
    "main()",
    """
import time
from pathlib import Path
from dmcalc.batch.checkpoint import Checkpoint
note, notes = Checkpoint.note, iter(range(10**6))
def waiting(self, **reached):
    note(self, **reached)
    if next(notes) == 9:
        until = time.monotonic() + 60
        while not Path("go-on").exists() and time.monotonic() < until:
            time.sleep(0.005)
Checkpoint.note = waiting
main()""",
)
ROWS = 6_000
ARGS = ("--drug", "prednisone", "--drug", "ivig", "-o", "out.csv", "--rejects", "rejects.csv")

needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")


@pytest.fixture(scope="module")
def patients(tmp_path_factory):
    """A folder with many made patients, and what becomes of them when nothing goes wrong."""
    folder = tmp_path_factory.mktemp("patients")
    made = random.Random(7)
    lines = ["id,weight,severity"]
    for number in range(ROWS):
        weight = "x" if made.random() < 0.01 else f"{made.uniform(40, 140):.0f}"
        lines.append(f"{number},{weight},{made.choice(['mild', 'moderate', 'severe', ''])}")
    (folder / "in.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = started(folder).communicate(timeout=120)[1].decode()
    whole = {name: (folder / name).read_bytes() for name in ("out.csv", "rejects.csv")}
    rejected = whole["rejects.csv"].count(b"\n") - 1
    assert f"{ROWS:,} rows in = {ROWS - rejected:,} answered + {rejected:,} rejected" in done
    assert ROWS / 200 < rejected < ROWS / 50
    for name in whole:
        (folder / name).unlink()
    return folder, whole


def started(folder, *more, program=OFTEN, args=ARGS, stdin=subprocess.DEVNULL):
    command = [sys.executable, "-c", program, "batch", "in.csv", *args, *more]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": stdin}
    # an interrupt that strikes while coverage holds its lock would make it wait for ever
    bare = {key: value for key, value in environment(None).items() if "COV" not in key}
    return subprocess.Popen(command, cwd=folder, env=bare, **pipes)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def noted(folder):
    """Wait until the run has noted how far it came."""
    until = time.monotonic() + 60
    while not (folder / ".out.csv.dmcalc-state").exists():
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.mark.parametrize("later", [0, 0.1])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_stopped_at_any_moment_it_leaves_no_half_file_and_goes_on(patients, how, later):
    folder, whole = patients
    process = started(folder, program=WAITING)
    noted(folder)
    time.sleep(later)
    process.send_signal(how)
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == (130 if how == signal.SIGINT else -how)
    assert ("dmcalc: interrupted: " in said) == (how == signal.SIGINT)
    assert [name for name in names(folder) if not name.startswith(".")] == ["in.csv"]
    done = started(folder, "--resume")
    assert "Traceback" not in done.communicate(timeout=120)[1].decode()
    assert done.returncode == 4
    assert names(folder) == ["in.csv", "out.csv", "rejects.csv"]
    for name, content in whole.items():
        assert (folder / name).read_bytes() == content
        (folder / name).unlink()


def test_a_note_that_was_cut_off_is_not_left_behind(run, tmp_path):
    (tmp_path / "in.csv").write_text("weight\n70\n")
    (tmp_path / ".out.csv.dmcalc-state.new").write_text('{"asked"')
    assert run("batch", "in.csv", "--drug", "prednisone", "-o", "out.csv", cwd=tmp_path).code == 0
    assert names(tmp_path) == ["in.csv", "out.csv"]


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A run that was killed after it had noted how far it came."""
    folder = tmp_path_factory.mktemp("killed")
    rows = "".join(f"{number},{40.0 + number % 90}\n" for number in range(ROWS))
    (folder / "in.csv").write_text(f"id,weight\n{rows}", encoding="utf-8")
    process = started(folder, program=WAITING)
    noted(folder)
    process.kill()
    process.communicate()
    assert "out.csv" not in names(folder)
    return folder


@pytest.fixture
def stopped(killed, tmp_path):
    """The same run, for one test."""
    return shutil.copytree(killed, tmp_path / "stopped")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--alternatives",), "had other options"),
        (("--keep", ""), "--keep is empty"),
        (("-f", "tsv"), "had other options"),
        (("--overlay", str(ROOT / "examples" / "hospital.yaml")), "table, overlay or version"),
    ],
)
def test_another_request_does_not_go_on_with_it(stopped, more, says):
    process = started(stopped, "--resume", *more)
    assert says in process.communicate(timeout=60)[1].decode()
    assert process.returncode in (2, 7)
    assert "out.csv" not in names(stopped)


def test_another_input_does_not_go_on_with_it(stopped):
    text = (stopped / "in.csv").read_text()
    (stopped / "in.csv").write_text(text.replace("0,40.0\n", "0,50.0\n", 1))
    process = started(stopped, "--resume")
    assert "the input is not the one" in process.communicate(timeout=60)[1].decode()
    assert process.returncode == 7
    assert "out.csv" not in names(stopped)


def test_without_resume_it_begins_anew(stopped):
    process = started(stopped)
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert (stopped / "out.csv").read_bytes().count(b"\n") == 1 + ROWS * 3
    assert names(stopped) == ["in.csv", "out.csv", "rejects.csv"]


def test_there_is_nothing_to_go_on_with(run, tmp_path):
    (tmp_path / "in.csv").write_text("weight\n70\n")
    done = run("batch", "in.csv", "-o", "out.csv", "--resume", cwd=tmp_path)
    assert (done.code, done.stdout) == (7, "")
    assert "no run to continue" in done.stderr


@pytest.mark.parametrize("state", [b"", b"{}", b"[]", b'{"asked": 1}', b"\xff", b"[" * 100_000])
def test_a_note_that_is_spoilt_is_refused(call, tmp_path, state):
    (tmp_path / "in.csv").write_text("weight\n70\n")
    (tmp_path / ".out.csv.dmcalc-state").write_bytes(state)
    done = call("batch", "in.csv", "-o", "out.csv", "--resume", cwd=tmp_path)
    assert (done.code, done.stdout) == (7, "")


#: What an edit may do to a note of how far a run came.
EDITS = {
    "no tally": lambda note: note.pop("counts"),
    "an unknown count": lambda note: note["counts"].update(x=1),
    "rows as text": lambda note: note["counts"].update(rows="5000"),
    "more rows": lambda note: note["counts"].update(rows=10**9),
    "fewer rows": lambda note: note["counts"].update(rows=10),
    "rows below none": lambda note: note["counts"].update(rows=-1),
    "no count of types": lambda note: note["counts"].update(others=[]),
    "out as text": lambda note: note.update(out="10"),
    "a shorter draft": lambda note: note.update(out=[10, note["out"][1]]),
    "a longer draft": lambda note: note.update(out=[10**12, note["out"][1]]),
    "a draft below none": lambda note: note.update(out=[-1, note["out"][1]]),
    "no draft": lambda note: note.update(out=None),
    "no digest": lambda note: note.pop("read"),
    "another digest": lambda note: note.update(read="0" * 64),
    "a list": lambda note: note.update(counts=[]),
}


@pytest.fixture
def cut_off(call, tmp_path, stopped_at):
    """A short run that was interrupted after it had noted how far it came."""
    (tmp_path / "in.csv").write_text("id,weight\n" + "1,70\n" * 4 + "2,x\n" * 4)
    with stopped_at(7):
        done = call("batch", "in.csv", *ARGS, cwd=tmp_path)
    assert (done.code, "Continue with --resume" in done.stderr) == (130, True)
    return tmp_path


def test_an_interrupted_run_goes_on(call, cut_off):
    assert call("batch", "in.csv", *ARGS, "--resume", cwd=cut_off).code == 4
    assert names(cut_off) == ["in.csv", "out.csv", "rejects.csv"]
    assert (cut_off / "out.csv").read_text().count("\n") == 1 + 4 * 3
    assert (cut_off / "rejects.csv").read_text().count("\n") == 1 + 4


@pytest.mark.parametrize("hashed", [False, True])
def test_a_note_that_was_edited_is_refused(call, cut_off, hashed):
    """Whether its hash was made anew or not."""
    state = cut_off / ".out.csv.dmcalc-state"
    before = {path: path.read_bytes() for path in cut_off.iterdir()}
    args = ("batch", "in.csv", *ARGS, "--resume")
    for name, edit in EDITS.items():
        note = json.loads(before[state])
        edit(note)
        if hashed:
            del note["sha256"]
            text = json.dumps(note, sort_keys=True)
            note["sha256"] = hashlib.sha256(text.encode()).hexdigest()
        state.write_text(json.dumps(note))
        done = call(*args, cwd=cut_off)
        assert (done.code, done.stdout) == (7, ""), (name, done.stderr)
        assert "out.csv" not in names(cut_off)
        for path, content in before.items():
            path.write_bytes(content)


def test_a_draft_that_was_edited_is_refused(call, cut_off):
    draft = cut_off / ".out.csv.dmcalc-draft"
    draft.write_bytes(draft.read_bytes().replace(b"52", b"53", 1))
    done = call("batch", "in.csv", *ARGS, "--resume", cwd=cut_off)
    assert (done.code, done.stdout) == (7, "")
    assert "differs from what its run recorded" in done.stderr


def test_an_input_that_changes_while_it_is_read_gives_nothing(tmp_path):
    rows = "".join(f"{number},70\n" for number in range(ROWS))
    (tmp_path / "in.csv").write_text(f"id,weight\n{rows}", encoding="utf-8")
    process = started(tmp_path, program=WAITING)
    noted(tmp_path)
    with (tmp_path / "in.csv").open("a") as file:
        file.write("1,70\n")
    (tmp_path / "go-on").touch()
    assert "changed while it was read" in process.communicate(timeout=60)[1].decode()
    assert process.returncode == 7
    assert names(tmp_path) == ["go-on", "in.csv"]


@needs_dev_full
@pytest.mark.parametrize("full", ["-o /dev/full", "> /dev/full", "-o out.csv --rejects /dev/full"])
def test_a_full_disk_is_an_error(shell, tmp_path, full):
    (tmp_path / "in.csv").write_text("weight\n" + "70\nx\n" * 20_000)
    done = shell(f"dmcalc batch in.csv --drug prednisone {full}", cwd=tmp_path)
    assert (done.code, done.stdout) == (7, "")
    assert "No space left on device" in done.stderr
    assert names(tmp_path) == ["in.csv"]


def test_a_reader_that_has_enough_is_no_error(shell, tmp_path):
    (tmp_path / "in.csv").write_text("weight\n" + "70\n" * 50_000)
    line = "set -o pipefail; dmcalc batch in.csv --drug prednisone | head -1 | wc -l"
    assert shell(line, cwd=tmp_path) == (0, "1\n", "dmcalc: weight from 'weight'\n")


def test_a_closed_stdin_is_an_error(shell):
    done = shell("dmcalc batch - --drug prednisone <&-")
    assert (done.code, done.stdout) == (7, "")
    assert "stdin" in done.stderr


def test_a_closed_stdout_is_an_error(shell, tmp_path):
    (tmp_path / "in.csv").write_text("weight\n70\n")
    done = shell("dmcalc batch in.csv --drug prednisone >&-", cwd=tmp_path)
    assert done.code == 7
    assert "stdout is closed" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_an_error(run, tmp_path):
    (tmp_path / "in.csv").write_text("weight\n70\n")
    tmp_path.chmod(0o500)
    done = run("batch", "in.csv", "-o", "out.csv", cwd=tmp_path)
    tmp_path.chmod(0o700)
    assert (done.code, done.stdout) == (7, "")
    assert "cannot write out.csv: Permission denied" in done.stderr
