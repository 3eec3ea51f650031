"""The README's examples are run, and its output is dmcalc's own.

A ```console block shows commands after ``$`` and below each what it prints in a terminal of 100
columns; a line ``...`` stands for lines that are left out, and ``...`` at the end of a line for the
rest of it.
"""

from __future__ import annotations

import re
import shlex
import shutil
from typing import NamedTuple

import pytest

from .conftest import ROOT

COLUMNS = 100
README = (ROOT / "README.md").read_text(encoding="utf-8")


class Example(NamedTuple):
    """A command of the README and the lines that stand below it."""

    command: str
    output: str


def examples(text: str) -> list[Example]:
    """Return the commands of all console blocks with their output."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.replace("\\\n", "").partition("\n")
            found.append(Example(command.strip(), output))
    return found


def as_dmcalc(command: str) -> str | None:
    """Return a command as dmcalc is called; None for one that is not dmcalc's."""
    if command.startswith("make run"):
        given = dict(part.partition("=")[::2] for part in shlex.split(command) if "=" in part)
        return f"dmcalc {given.get('ARGS', '')}".strip()
    return command if re.match(r"(\w+=\$\()?dmcalc\b", command) else None


def matches(shown: str, printed: str) -> bool:
    """Tell whether a text is what is shown, where ``...`` stands for what is left out."""
    parts = []
    for line in shown.rstrip("\n").splitlines():
        start = re.escape(line.removesuffix("...").rstrip())
        rest = ".*" if line.endswith("...") else ""
        parts.append(r"(?:.*\n)*?" if line == "..." else f"{start}{rest}\n")
    lines = "".join(line.rstrip() + "\n" for line in printed.rstrip("\n").splitlines())
    return re.fullmatch("".join(parts), lines) is not None


RUN = [(as_dmcalc(e.command), e.output) for e in examples(README) if as_dmcalc(e.command)]


@pytest.mark.parametrize(("command", "output"), RUN, ids=[command for command, _ in RUN])
def test_an_example_prints_what_the_readme_shows(shell, tmp_path, bundled, command, output):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "drugs.yaml").write_bytes(bundled.read_bytes())
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "hospital.yaml").write_bytes((ROOT / "examples" / "hospital.yaml").read_bytes())
    env = {"NO_COLOR": "1"}
    done = shell(f"{command} 2>&1", env=env, cwd=tmp_path, tty=True, columns=COLUMNS)
    assert matches(output, done.stdout), f"$ {command}\n{done.stdout}"


def test_the_readme_has_examples():
    commands = " ; ".join(command for command, _ in RUN)
    assert "dmcalc dose --weight 70 --severity severe" in commands
    assert "dmcalc taper " in commands
    assert any(output.strip() not in ("", "...") for _, output in RUN)


def test_the_readme_opens_with_the_two_commands_of_a_fresh_clone():
    start = README[:3000]
    assert 'make run ARGS="dose --weight 70 --severity severe"' in start
    assert "make test" in start


@pytest.mark.parametrize("option", ["", "table"])
def test_every_command_stands_in_the_readme(call, option):
    text = call(*option.split(), "--help").stdout.partition("Commands:")[2]
    commands = re.findall(r"^  (\w+) +[A-Z]", text, re.MULTILINE)
    assert commands
    prefix = f"dmcalc {option} ".replace("  ", " ")
    missing = [name for name in commands if f"{prefix}{name}" not in README]
    assert missing == []


def test_the_readme_names_no_place_of_its_author():
    assert not re.search(r"(?<![\w.~])/(?:work|home|root|tmp|Users)\b", README)


def test_every_exit_code_stands_in_the_readme():
    for code in "01234567":
        assert re.search(rf"^\| ?`?{code}`? ?\|", README, re.MULTILINE), code


#: What makes dmcalc say what stands under Troubleshooting.
TROUBLE = [
    ("dose", "prednisonne", "-w", "70"),
    ("dose", "prednisolon", "-w", "70"),
    ("dose", "prednisone"),
    ("dose", "prednisone", "-w", "7"),
    ("taper", "prednisone", "-w", "70"),
    ("dose", "prednisone", "-w", "70", "--field", "suggested"),
    ("dose", "prednisone", "methotrexate", "-w", "70", "--field", "low"),
    ("drugs", "--format", "ics"),
    ("check", "prednisone", "60 mg", "-w", "70"),
    ("dispense", "prednisone", "62.3mg"),
    ("batch", "patients.csv"),
    ("batch", "patients.txt"),
    ("drugs", "--table", "bad.yaml"),
    ("drugs", "--output", "absent/doses.csv"),
    ("replay", "patients.csv"),
]


def test_the_messages_under_troubleshooting_are_those_of_dmcalc(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "patients.csv").write_text("id,wieght\n1,70\n")
    (tmp_path / "bad.yaml").write_text("version: 1\n")
    section = README.partition("\n## Troubleshooting\n")[2].partition("\n## ")[0]
    shown = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    # a fault in dmcalc is shown where it is tested
    assert shown.pop() == "an error inside dmcalc"
    said = [call(*args).stderr for args in TROUBLE]
    assert len(shown) == len(said)
    for message, stderr in zip(shown, said, strict=True):
        assert message in stderr


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\n", "a\nb\n", True),
        ("a\n...\nb\n", "a\nb\n", True),
        ("a  \n", "a\n", True),
        ("- a ...\nb\n", "- a 1\nb\n", True),
        ("- a ...\nb\n", "- a 1\nc\nb\n", False),
        ("a\nc\n", "a\nb\n", False),
        ("a\n", "a\nb\n", False),
        ("5.5\n", "505\n", False),
        ("a\n...\nd\n", "a\nb\nc\n", False),
    ],
)
def test_how_output_is_compared(shown, printed, same):
    assert matches(shown, printed) is same


def test_how_examples_are_found():
    text = """
```console
$ dmcalc drugs --field drug
prednisone
...
$ make run ARGS="dose --weight 70"
...
$ make test
$ weight=$(dmcalc dose prednisone \\
    -w 70 --field high)
```
```sh
$ dmcalc no
```
"""
    found = examples(text)
    assert [example.output for example in found] == ["prednisone\n...\n", "...\n", "", ""]
    assert [as_dmcalc(example.command) for example in found] == [
        *("dmcalc drugs --field drug", "dmcalc dose --weight 70", None),
        "weight=$(dmcalc dose prednisone     -w 70 --field high)",
    ]
