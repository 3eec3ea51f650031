"""The manual page: valid roff that says all that the help says, and what stands nowhere in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

import dmcalc
from dmcalc.cli import man
from dmcalc.errors import EXIT_MEANINGS

from ..conftest import ROOT
from .test_cli_help import ALL, examples


@pytest.fixture(scope="module")
def roff(call):
    done = call("man")
    assert (done.code, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def words(roff):
    """The words of the page on one line, as a reader sees them."""
    program = need("groff")
    env = {**os.environ, "GROFF_NO_SGR": "1"}
    done = subprocess.run(
        [program, "-man", "-Tutf8", "-rHY=0", "-rLL=4000n"],
        input=roff, capture_output=True, text=True, check=True, env=env,
    )  # fmt: skip
    plain = re.sub(r".\x08", "", done.stdout).replace("‐", "-").replace("−", "-")
    return " ".join(plain.split())


def need(program):
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed: the manual page is not formatted here")
    return found


@pytest.mark.parametrize(
    "command",
    [
        ("groff", "-man", "-ww", "-Tutf8", "-z"),
        ("groff", "-man", "-ww", "-Tascii", "-z"),
        ("mandoc", "-T", "lint", "-W", "warning"),
        ("man", "--warnings=w", "-l", "-"),
    ],
    ids=" ".join,
)
def test_it_is_formatted_without_a_warning(roff, tmp_path, command):
    (tmp_path / "dmcalc.1").write_text(roff)
    file = [] if command[-1] == "-" else ["dmcalc.1"]
    done = subprocess.run(
        [need(command[0]), *command[1:], *file], cwd=tmp_path, input=roff,
        capture_output=True, text=True, check=False, env={**os.environ, "MANPAGER": "cat"},
    )  # fmt: skip
    if "warnings" in command[1] and "unrecognized" in done.stderr:
        pytest.skip("this man has no --warnings")
    assert (done.returncode, done.stderr) == (0, "")
    assert "WARNING" not in done.stdout


def test_it_is_plain_ascii_without_long_lines(roff):
    assert roff.isascii()
    long = [line for line in roff.splitlines() if len(line) > 100]
    assert long == []


@pytest.mark.parametrize("command", ALL)
def test_a_command_stands_in_it_with_its_help_options_and_examples(call, words, command):
    text = call(*command.split(), "--help-all").stdout
    section = f" {words.partition(' COMMANDS ')[2]}".partition(f" dmcalc {command} ")[2]
    assert section
    for paragraph in re.split(r"(?m)^(?:This order|Patient|Output):", text)[0].split("\n\n")[1:]:
        if "  dmcalc " not in paragraph:
            assert " ".join(paragraph.split()) in words
    for option in re.findall(r"(?m)^  (?:-\w, )?(--[a-z-]+)", text):
        assert option in section
    for example in examples(text):
        assert " ".join(example.split()) in section


def test_it_says_what_is_beside_the_commands(words):
    for heading in ("NAME", "SYNOPSIS", "EXIT STATUS", "FILES", "ENVIRONMENT", "EXAMPLES", "NOTES"):
        assert f" {heading} " in words
    assert dmcalc.__version__ in words
    assert " ".join(dmcalc.load_table().table.disclaimer.split()) in words
    assert not re.search(r"(?i)\bsafe(ly)?\b", words)


def test_exit_codes_are_those_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").replace("`", "")
    rows = dict(re.findall(r"(?m)^\| (\d) \| (.+) \|$", readme))
    assert rows == {str(int(code)): text for code, text in EXIT_MEANINGS.items()}


def test_every_variable_that_is_read_stands_in_it(words):
    found = {
        name
        for path in (ROOT / "src" / "dmcalc").rglob("*.py")
        for name in re.findall(r'environ(?:\.get\(|\[)"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert found >= {"NO_COLOR", "DMCALC_DEBUG", "TERM"}
    environment = words.partition(" ENVIRONMENT ")[2].partition(" EXAMPLES ")[0]
    assert [name for name in found if f"{name} " not in environment] == []


@pytest.mark.parametrize(
    "text", ["'quoted'", ".TH x", r"a \fB b", "-5 mg", "~/x ^ `y`", "0.1–0.2 “mg”", "a\\"]
)
def test_what_roff_would_take_for_its_own_is_escaped(text):
    roff = f'.TH X 1 "2026-11-22"\n.SH NAME\nx \\- y\n.SH TEXT\n{man._prose(text)}\n'
    done = subprocess.run(
        [need("groff"), "-man", "-ww", "-Tutf8"], input=roff, capture_output=True, text=True,
        check=True, env={**os.environ, "GROFF_NO_SGR": "1"},
    )  # fmt: skip
    plain = re.sub(r".\x08", "", done.stdout).replace("−", "-")
    assert done.stderr == ""
    assert text in [line.strip() for line in plain.splitlines()]


def test_it_goes_to_a_file(call, tmp_path, roff):
    assert call("man", "--output", str(tmp_path / "dmcalc.1")).stdout == ""
    assert (tmp_path / "dmcalc.1").read_text() == roff
