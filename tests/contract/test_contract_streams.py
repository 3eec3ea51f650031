"""Streams and files: what happens at the edges of a pipe, a disk and a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dmcalc.files import CHUNK

DOSE = ("dose", "--weight", "70", "--severity", "severe")
ESCAPE = "\x1b"
FORMATS = ["table", "json", "jsonl", "csv", "tsv", "markdown"]


def files(folder):
    return sorted(path.name for path in folder.iterdir())


needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_gets_what_stdout_would_get(call, tmp_path, form):
    target = tmp_path / "answer"
    done = call(*DOSE, "--format", form, "--output", str(target), "--quiet")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert target.read_bytes().decode() == call(*DOSE, "--format", form).stdout
    assert files(tmp_path) == ["answer"]


def test_a_dash_is_stdout(call):
    assert call(*DOSE, "--output", "-").stdout == call(*DOSE).stdout != ""


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(call, tmp_path):
    target = tmp_path / "doses.csv"
    target.write_text("old " * 100_000)
    target.chmod(0o640)
    assert call("drugs", "--field", "drug", "-o", str(target)).code == 0
    assert target.read_text().startswith("prednisone\n")
    assert "old" not in target.read_text()
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed_and_stays_a_link(call, tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    assert call("drugs", "--field", "drug", "-o", "link", cwd=tmp_path).code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text().startswith("prednisone\n")


@pytest.mark.parametrize("args", [("dose",), ("dose", "aspirin"), ("drugs", "--field", "doze")])
def test_a_refusal_leaves_the_old_file_as_it_was(call, tmp_path, args):
    target = tmp_path / "doses.txt"
    target.write_text("old")
    assert call(*args, "--output", str(target)).code in (2, 3, 4)
    assert target.read_text() == "old"
    assert files(tmp_path) == ["doses.txt"]


def test_a_disk_that_fills_up_leaves_the_old_file_and_no_other(shell, tmp_path):
    (tmp_path / "doses.txt").write_text("old")
    # one block is the largest file that may be written; coverage must not write its own then
    no_coverage = {"COVERAGE_PROCESS_CONFIG": "", "COVERAGE_PROCESS_START": ""}
    line = "ulimit -f 1; dmcalc dose --weight 70 --output doses.txt"
    done = shell(line, env=no_coverage, cwd=tmp_path)
    assert (done.code, done.stdout) == (7, "")
    assert done.stderr.startswith("dmcalc: cannot write doses.txt: ")
    assert (tmp_path / "doses.txt").read_text() == "old"
    assert files(tmp_path) == ["doses.txt"]


@pytest.mark.parametrize(
    "target", ["absent/doses.txt", ".", "/", "//", "file/doses.txt", "a" * 300, "nul\udcff/x"]
)
def test_a_file_that_cannot_be_written_is_7(call, tmp_path, target):
    (tmp_path / "file").write_text("no folder")
    done = call(*DOSE, "--output", target, cwd=tmp_path)
    assert (done.code, done.stdout) == (7, "")
    assert done.stderr.startswith("dmcalc: cannot write ")
    assert files(tmp_path) == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_7(call, tmp_path):
    tmp_path.chmod(0o500)
    done = call(*DOSE, "--output", str(tmp_path / "doses.txt"))
    tmp_path.chmod(0o700)
    assert (done.code, done.stdout, files(tmp_path)) == (7, "", [])


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc")
def test_a_file_system_that_takes_no_files_is_7(call):
    done = call(*DOSE, "--output", "/proc/doses.txt")
    assert (done.code, done.stdout) == (7, "")
    assert "/proc/doses.txt" in done.stderr


@needs_dev_full
@pytest.mark.parametrize("form", FORMATS)
def test_a_full_device_is_7(call, form):
    done = call(*DOSE, "--format", form, "--output", "/dev/full", "--quiet")
    assert (done.code, done.stdout) == (7, "")
    assert done.stderr.startswith("dmcalc: cannot write /dev/full: ")


#: Some answer, one longer than what is gathered before it is written, and what Typer prints.
FULL = ["dose -w 70", "table schema", "drugs --field drug", "--help", "dose --help", "--version"]


@needs_dev_full
@pytest.mark.parametrize("command", FULL)
def test_stdout_that_is_full_is_7(shell, command):
    done = shell(f"dmcalc {command} > /dev/full")
    assert done.code == 7
    assert done.stderr.startswith("dmcalc: cannot write to stdout: ")
    assert "Traceback" not in done.stderr


def test_a_device_is_written_and_not_replaced(call):
    assert call(*DOSE, "--output", os.devnull).code == 0
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    "command",
    [
        "dose --weight 70",
        "dose --weight 70 --format csv --quiet",
        "taper prednisone --from 60mg",
        "drugs --field drug",
        "table schema",
        "--help",
        "dose --help",
        "--version",
    ],
)
def test_a_reader_that_has_gone_is_no_error(dmcalc_into, command):
    reader, writer = os.pipe()
    os.close(reader)
    code, stderr = dmcalc_into(command.split(), writer)
    assert (code, stderr) == (0, "")


def test_a_reader_that_has_gone_loses_no_receipt(call, dmcalc_into, tmp_path):
    long = ("dose", "-w", "70", "--alternatives", "-f", "json")
    assert len(call(*long).stdout) > CHUNK
    reader, writer = os.pipe()
    os.close(reader)
    receipt = tmp_path / "receipt.json"
    assert dmcalc_into([*long, "--receipt", str(receipt)], writer) == (0, "")
    assert call("replay", str(receipt)).code == 0


@pytest.fixture
def dmcalc_into():
    def start(args, stdout):
        program = str(Path(sys.executable).with_name("dmcalc"))
        done = subprocess.run(
            [program, *args], stdout=stdout, stderr=subprocess.PIPE, timeout=60, check=False
        )
        os.close(stdout)
        return done.returncode, done.stderr.decode()

    return start


def test_the_head_of_an_answer(shell):
    done = shell("set -o pipefail; dmcalc dose --weight 70 --severity severe | head -1")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == "Doses for an adult of 70 kg with severe weakness\n"


def test_strict_keeps_its_code_when_the_reader_has_gone(dmcalc_into):
    reader, writer = os.pipe()
    os.close(reader)
    code, stderr = dmcalc_into(
        ["dose", "prednisone", "-w", "350", "--confirm-weight", "--strict"], writer
    )
    assert code in (0, 6)
    assert stderr == ""


def test_stdout_closed_is_7(shell):
    done = shell("dmcalc dose --weight 70 >&-")
    assert (done.code, done.stdout) == (7, "")
    assert done.stderr.startswith("dmcalc: ")
    assert "--output" in done.stderr


@pytest.mark.parametrize("line", ["", "help", "help dose", "--help", "dose -h", "--version"])
def test_help_to_a_closed_stdout_is_7(shell, line):
    done = shell(f"dmcalc {line} >&-")
    assert (done.code, done.stdout, done.stderr) == (7, "", "dmcalc: stdout is closed\n")


def test_stdout_closed_does_not_matter_to_a_file(shell, tmp_path):
    done = shell("dmcalc dose rituximab --field low --output low.txt >&-", cwd=tmp_path)
    assert (done.code, done.stderr) == (0, "")
    assert (tmp_path / "low.txt").read_text() == "1\n1\n"


@pytest.mark.parametrize(
    ("command", "code"), [("dose rituximab --field low", 0), ("dose", 4), ("dosage", 2)]
)
def test_stderr_closed_changes_no_code(shell, command, code):
    assert shell(f"dmcalc {command} 2>&-").code == code


def test_stdin_closed_does_not_matter(shell):
    done = shell("dmcalc dose --weight 70 --severity severe --format json <&-")
    assert (done.code, done.stderr) == (0, "")
    assert '"low": 52.5,' in done.stdout


def test_nothing_is_read_from_stdin_unless_asked(run):
    assert run("dose", stdin="70\nsevere\n").code == 4
    assert run("dose", "prednisone", tty=True).code == 4


@pytest.mark.parametrize("form", ["table", "json", "tsv"])
def test_the_locale_changes_nothing(run, call, form):
    args = ("why", "tacrolimus", "--format", form)
    plain = call(*args).stdout
    assert "0.1–0.2" in plain
    for env in ({"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}):
        assert run(*args, env=env) == (0, plain, "")


def test_an_error_in_a_plain_locale(run):
    done = run("dose", "predñison", env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert done.code == 3
    assert done.stderr.startswith("dmcalc: unknown drug")


@pytest.mark.parametrize("env", [{}, {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}])
def test_no_colour_in_a_pipe(run, env):
    assert ESCAPE not in run(*DOSE, env=env).stdout


def test_colour_in_a_terminal(run):
    assert ESCAPE in run(*DOSE, tty=True).stdout
    assert ESCAPE in run(*DOSE, tty=True, env={"NO_COLOR": ""}).stdout


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "markdown"])
def test_only_the_table_is_coloured(call, form):
    assert ESCAPE not in call(*DOSE, "--format", form, columns=80).stdout


@pytest.mark.parametrize(
    ("more", "env"),
    [
        ((), {"NO_COLOR": "1"}),
        ((), {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
        ((), {"TERM": "dumb"}),
        (("--no-color",), {}),
        (("--field", "text"), {}),
    ],
)
def test_no_colour_in_a_terminal_when_none_is_wanted(run, more, env):
    done = run(*DOSE, *more, tty=True, env=env)
    assert done.code == 0
    assert "52.5 to 70 mg" in done.stdout
    assert ESCAPE not in done.stdout


def test_no_colour_in_a_file_written_from_a_terminal(run, tmp_path):
    target = tmp_path / "answer"
    assert run(*DOSE, "--output", str(target), tty=True).code == 0
    assert target.read_text() == run(*DOSE).stdout


def test_colour_changes_no_word(run):
    coloured, plain = (
        run(*DOSE, tty=True, columns=100, env=env).stdout for env in ({}, {"NO_COLOR": "1"})
    )
    uncoloured = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in uncoloured.splitlines()] == plain.splitlines()


def test_a_pipe_is_80_columns_wide_or_as_wide_as_it_is_told(run, call):
    usual = call(*DOSE).stdout
    assert max(map(len, usual.splitlines())) <= 80
    assert run(*DOSE, env={"COLUMNS": "80"}).stdout == usual
    wide = run(*DOSE, env={"COLUMNS": "200"}).stdout
    assert call(*DOSE, "--width", "200").stdout == wide
    # the option counts before the variable
    assert run(*DOSE, "--width", "80", env={"COLUMNS": "200"}).stdout == usual
    assert len(wide.splitlines()) < len(usual.splitlines())


def test_a_site_that_keeps_the_long_page_sets_a_variable(run, call):
    long = call(*DOSE, "--explain").stdout
    assert run(*DOSE, env={"DMCALC_EXPLAIN": "1"}).stdout == long
    assert run(*DOSE, env={"DMCALC_EXPLAIN": "0"}).stdout == call(*DOSE).stdout
    assert call(*DOSE, "-e").stdout == long


def test_sources_are_the_numbered_list_of_the_long_page(call):
    listed = call(*DOSE, "--sources").stdout
    _, title, after = call(*DOSE, "--explain").stdout.partition("\nSources\n")
    assert listed.endswith(title + after)
    assert "(full text)" in listed
    assert "Warnings" not in listed


@pytest.mark.parametrize("args", [DOSE, ("--version",), ("dose",), ("dose", "aspirin")])
def test_python_dash_m_is_the_same_program(run, args):
    assert run("-m", "dmcalc", *args, program=(sys.executable,)) == run(*args)
