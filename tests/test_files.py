"""Files that are written: whole or as they were, whatever fails, and never another's."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from dmcalc.batch import writer
from dmcalc.cli import COMMANDS
from tests.soak import soak

from .conftest import DMCALC, environment

#: For each command arguments with which it answers; what it writes ends with ``-o out``.
ANSWERS = {
    "about": [],
    "batch": [
        *("in.csv", "--drug", "prednisone", "--rejects", "no", "--receipt", "r", "--allow-rejects")
    ],
    "body": ["-w", "70", "--height", "175"],
    "care": [],
    "check": ["prednisone", "60 mg daily", "-w", "70", "--receipt", "r"],
    "completion": ["bash"],
    "convert": ["5mg", "prednisone", "prednisolone"],
    "dispense": ["prednisone", "60mg", "-w", "70"],
    "dose": ["prednisone", "-w", "70", "--receipt", "r"],
    "drugs": [],
    "infusion": ["ivig", "-w", "70", "--days", "2"],
    "labs": ["azathioprine", "--wcc", "5", "--receipt", "r"],
    "man": [],
    "monitor": ["azathioprine", "--receipt", "r"],
    "plan": ["-w", "70", "--severity", "mild", "-f", "html", "--receipt", "r"],
    "refs": [],
    "replay": ["receipt.json"],
    "rules": [],
    "schema": ["dose"],
    "severity": [],
    "show": ["prednisone"],
    "sql": ["prednisone"],
    "table check": [],
    "table diff": ["bundled", "bundled"],
    "table schema": [],
    "taper": ["prednisone", "--from", "60mg", "--start", "2026-12-01", "-f", "ics"],
    "titrate": ["methotrexate"],
    "verify": ["--sig", "60 mg daily", "--drug", "prednisone"],
    "why": ["prednisone"],
}
#: Commands that tell nothing of a patient.
PUBLIC = ("about", "care", "completion", "drugs", "man", "refs", "rules", "schema", "severity")
PUBLIC += ("show", "sql", "table check", "table diff", "table schema", "why")


def argv(command):
    return [*command.split(), *ANSWERS[command]]


def test_every_command_is_tried():
    assert {name.partition(" ")[0] for name in ANSWERS} == set(COMMANDS)


@pytest.fixture
def folder(receipt, tmp_path):
    (tmp_path / "in.csv").write_text("id,weight\n1,70\n2,700\n3,80\n4,x\n5,90\n")
    shutil.copy(receipt, tmp_path)
    return tmp_path


def hidden(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def fail_at(patch, name, number, code):
    """Let the n-th call of a function of os fail; return what counts the calls."""
    calls = []
    real = getattr(os, name)

    def failing(*args, **options):
        calls.append(args)
        if len(calls) == number:
            if name == "close":  # the system lets go of it all the same
                real(*args)
            raise OSError(code, os.strerror(code))
        return real(*args, **options)

    patch.setattr(os, name, failing)
    return calls


ERRORS = (errno.ENOSPC, errno.EIO, errno.EINTR)


@pytest.mark.parametrize("function", ["write", "fsync", "replace", "close"])
@pytest.mark.parametrize("command", ANSWERS)
def test_whatever_fails_a_file_is_whole_or_as_it_was(call, folder, monkeypatch, command, function):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796083200")  # a calendar says when it was made
    monkeypatch.setattr(writer, "NOTED_EVERY", 2)
    asked = [*argv(command), "-o", "out"]
    names = [name for name in ("out", "no", "r") if name in asked]
    assert call(*asked, cwd=folder).code == 0
    whole = {name: (folder / name).read_bytes() for name in names}
    errors = ERRORS if command in ("batch", "dose") else (errno.ENOSPC,)
    failed = 0
    for code in errors:
        number = 0
        while True:
            number += 1
            for name in names:
                (folder / name).write_bytes(b"old")
            with monkeypatch.context() as patch:
                calls = fail_at(patch, function, number, code)
                done = call(*asked, cwd=folder)
            if len(calls) < number:
                assert done.code == 0
                break
            failed += done.code == 7
            assert done.code in (0, 7), done.stderr
            for name in names:
                standing = (folder / name).read_bytes()
                now = same(standing, whole[name])
                assert now or (standing == b"old" and done.code == 7), (number, name)
            assert hidden(folder) == []
    assert failed >= len(errors)


def same(one, other):
    """Tell whether two answers are the same but for the moment in which a receipt was made."""
    if not (one.startswith(b"{") and b"receipt_sha256" in one):
        return one == other
    answers = [json.loads(text)["answer"] for text in (one, other)]
    return answers[0] == answers[1]


@pytest.mark.parametrize("command", ANSWERS)
def test_what_tells_of_a_patient_is_its_owners_alone(call, folder, command):
    asked = [*argv(command), "-o", "out"]
    before = os.umask(0o022)
    try:
        assert call(*asked, cwd=folder).code == 0
    finally:
        os.umask(before)
    names = [name for name in ("out", "no", "r") if name in asked]
    wanted = 0o644 if command in PUBLIC else 0o600
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in names} == {wanted}
    for name in names:
        (folder / name).chmod(0o640)
    assert call(*asked, cwd=folder).code == 0
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in names} == {0o640}


@pytest.mark.parametrize("command", ["dose", "batch", "taper", "drugs"])
@pytest.mark.parametrize("mode", ["640", "0604"])
def test_a_mode_is_set(call, folder, command, mode):
    asked = [*argv(command), "-o", "out", "--mode", mode]
    names = [name for name in ("out", "no", "r") if name in asked]
    for _ in range(2):
        assert call(*asked, cwd=folder).code == 0
        modes = {stat.S_IMODE((folder / name).stat().st_mode) for name in names}
        assert modes == {int(mode, 8)}
        for name in names:
            (folder / name).chmod(0o666)


@pytest.mark.parametrize("mode", ["", "64", "6400", "888", "rw", "+64"])
def test_a_mode_that_is_none_is_refused(call, folder, mode):
    done = call("dose", "prednisone", "-w", "70", "-o", "out", "--mode", mode, cwd=folder)
    assert (done.code, done.stdout) == (2, "")
    assert not (folder / "out").exists()


def test_a_mode_without_a_file_is_refused(call):
    done = call("dose", "prednisone", "-w", "70", "--mode", "640")
    assert (done.code, done.stdout) == (2, "")
    assert "--mode is for a file that is written" in done.stderr


@pytest.mark.parametrize("command", ANSWERS)
def test_a_loop_of_links_is_no_file(call, folder, command):
    (folder / "out").symlink_to("loop")
    (folder / "loop").symlink_to("out")
    done = call(*argv(command), "-o", "out", cwd=folder)
    assert (done.code, done.stdout) == (7, "")
    assert "cannot write out" in done.stderr


@pytest.mark.parametrize("name", ["no/where", ".", "x" * 300, "in.csv/x"])
def test_what_cannot_be_a_file_is_said(call, folder, name):
    done = call("dose", "prednisone", "-w", "70", "-o", name, cwd=folder)
    assert (done.code, done.stdout) == (7, "")


def test_a_long_name_is_a_name(call, folder):
    assert call("dose", "prednisone", "-w", "70", "-o", "x" * 250, cwd=folder).code == 0
    assert (folder / ("x" * 250)).exists()


@pytest.mark.parametrize("plant", ["symlink_to", "hardlink_to"])
@pytest.mark.parametrize("command", ["batch", "dose"])
def test_a_planted_draft_is_not_written_through(call, folder, command, plant):
    (folder / "victim").write_text("victim")
    getattr(folder / ".out.dmcalc-draft", plant)(folder / "victim")
    getattr(folder / ".out.dmcalc-state.new", plant)(folder / "victim")
    assert call(*argv(command), "-o", "out", cwd=folder).code == 0
    assert (folder / "victim").read_text() == "victim"
    assert not (folder / "out").is_symlink()
    assert stat.S_IMODE((folder / "out").stat().st_mode) == 0o600


@pytest.mark.parametrize("command", ["batch", "dose"])
def test_a_draft_that_anyone_may_write_is_not_used(call, folder, command):
    draft = folder / ".out.dmcalc-draft"
    draft.write_text("planted")
    draft.chmod(0o666)
    assert call(*argv(command), "-o", "out", cwd=folder).code == 0
    assert stat.S_IMODE((folder / "out").stat().st_mode) == 0o600
    assert "planted" not in (folder / "out").read_text()


@pytest.mark.parametrize("command", ["batch", "dose"])
def test_a_draft_that_cannot_be_removed_is_in_the_way(call, folder, command):
    (folder / ".out.dmcalc-draft").mkdir()
    done = call(*argv(command), "-o", "out", cwd=folder)
    assert (done.code, done.stdout) == (7, "")
    assert not (folder / "out").exists()


def is_locked(path):
    """Tell whether a run has locked a file; a lock of our own might come before that of the run."""
    locks = Path("/proc/locks")
    if not locks.exists():
        return path.exists()
    return path.exists() and f":{path.stat().st_ino} " in locks.read_text()


@pytest.fixture
def living(folder):
    """A run that waits for its next row, with what it has so far in its draft."""
    command = [DMCALC, "batch", "-", "--drug", "prednisone", "-o", "out"]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    bare = {key: value for key, value in environment(None).items() if "COV" not in key}
    process = subprocess.Popen(command, cwd=folder, env=bare, **pipes)
    process.stdin.write(b"id,weight\n1,70\n")
    process.stdin.flush()
    until = time.monotonic() + 60
    while not is_locked(folder / ".out.dmcalc-draft"):
        assert time.monotonic() < until
        time.sleep(0.01)
    yield process
    process.kill()
    process.communicate()


def test_a_run_that_lives_is_left_in_peace(call, folder, living):
    assert stat.S_IMODE((folder / ".out.dmcalc-draft").stat().st_mode) == 0o600
    for asked in (argv("batch"), argv("dose"), [*argv("batch"), "--resume"]):
        done = call(*asked, "-o", "out", cwd=folder)
        assert (done.code, done.stdout) == (7, "")
    said = call(*argv("dose"), "-o", "out", cwd=folder).stderr
    assert f"another run is writing {folder / 'out'}\n" in said
    assert not (folder / "out").exists()
    assert living.communicate(b"2,80\n", timeout=60)[1].endswith(b"2 rows out\n")
    assert (folder / "out").read_bytes().count(b"\n") == 3
    assert hidden(folder) == []


def test_the_rejects_of_a_run_that_lives_are_left_in_peace(call, folder, living):
    done = call("batch", "in.csv", "--rejects", "out", "-o", "other", cwd=folder)
    assert (done.code, done.stdout) == (7, "")
    assert not (folder / "other").exists()
    assert living.communicate(b"", timeout=60)[1].endswith(b"1 rows out\n")
    assert hidden(folder) == []


@pytest.mark.parametrize("command", ["batch", "dose"])
def test_the_draft_of_a_run_that_is_dead_is_dropped(call, folder, living, command):
    living.send_signal(signal.SIGKILL)
    living.wait()
    assert hidden(folder) == [".out.dmcalc-draft"]
    assert call(*argv(command), "-o", "out", cwd=folder).code == 0
    assert hidden(folder) == []


def test_two_runs_with_one_output_lose_nothing(tmp_path):
    assert soak(tmp_path, rounds=3, seed=16, rows=1_000) == []


def test_what_stands_in_stdout_stays(shell, folder):
    line = "echo before > log; dmcalc {} -o /dev/stdout >> log; cat log"
    for command in ("dose prednisone -w 70", "batch in.csv --drug prednisone --quiet"):
        text = shell(line.format(command), cwd=folder).stdout
        assert text.startswith("before\n")
        assert len(text) > 200
    line = "echo before > log; dmcalc dose prednisone -w 70 -o /dev/fd/3 3>> log; head -1 log"
    assert shell(line, cwd=folder).stdout == "before\n"
