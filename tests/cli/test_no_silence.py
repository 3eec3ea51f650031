"""No silence, in every command: what is named is read, what is empty is refused, echoes are cut."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from typer.core import TyperArgument, TyperGroup
from typer.main import get_command

from dmcalc.cli import app
from dmcalc.errors import shortened
from tests.test_files import ANSWERS

from ..conftest import DMCALC, environment


def registered(command=None, name=""):
    """List all commands of dmcalc with their parameters."""
    command = command or get_command(app)
    context = command.make_context(name or "dmcalc", [], resilient_parsing=True)
    if isinstance(command, TyperGroup):
        for part in command.list_commands(context):
            yield from registered(command.get_command(context, part), f"{name} {part}".strip())
    else:
        yield name, command.params


COMMANDS = dict(registered())
OPTIONS = [
    (name, parameter)
    for name, parameters in COMMANDS.items()
    for parameter in parameters
    if not isinstance(parameter, TyperArgument) and not getattr(parameter, "is_flag", False)
]


def argv(command):
    return [*command.split(), *ANSWERS[command]]


@pytest.fixture
def folder(receipt, tmp_path):
    (tmp_path / "in.csv").write_text("id,weight\n1,70\n")
    shutil.copy(receipt, tmp_path)
    return tmp_path


def test_every_command_is_tried():
    assert set(ANSWERS) == set(COMMANDS)


@pytest.mark.parametrize("option", ["--guide", "--table", "--overlay", "--patient"])
@pytest.mark.parametrize("command", ANSWERS)
def test_a_file_that_is_named_is_read(call, folder, command, option):
    names = {name for parameter in COMMANDS[command] for name in parameter.opts}
    flags = {n for p in COMMANDS[command] if getattr(p, "is_flag", False) for n in p.opts}
    if option not in names - flags:
        assert call(*argv(command), option, "no", cwd=folder).code == 2
        return
    done = call(*argv(command), option, "/nonexistent.yaml", cwd=folder)
    assert (done.code, done.stdout) == (7, "")
    (folder / "bad.yaml").write_text("x: 1\n")
    done = call(*argv(command), option, "bad.yaml", cwd=folder)
    assert (done.code, done.stdout) == (2 if option == "--patient" else 7, "")


@pytest.mark.parametrize(
    "words",
    [
        ("taper", "--guide", "no"),
        ("batch", "in.csv", "--fhir", "--guide", "no"),
        ("check", "--fhir", "in.csv", "-w", "70", "--guide", "no"),
    ],
)
def test_a_guide_is_read_where_nothing_asks_for_it(call, folder, words):
    done = call(*words, cwd=folder)
    assert (done.code, done.stdout) == (7, "")
    assert "cannot read the guide no" in done.stderr


@pytest.mark.parametrize(
    ("command", "option"), OPTIONS, ids=[f"{name} {option.opts[0]}" for name, option in OPTIONS]
)
def test_an_empty_value_is_refused(call, folder, command, option):
    for value in ("", " , "):
        if value and not option.type.name.startswith("str"):
            continue
        done = call(*argv(command), option.opts[0], value, cwd=folder)
        assert (done.code, done.stdout) == (2, ""), (value, done)


@pytest.mark.parametrize(
    ("command", "option"),
    [(name, option) for name, option in OPTIONS if option.type.name == "integer"],
    ids=lambda value: value if isinstance(value, str) else value.opts[0],
)
@pytest.mark.parametrize(
    "text", ["1_0", "٢٤", "２", "+2", "2.0", "1e1", "02", " 2", "-1", "9" * 30]
)
def test_an_integer_is_read_strictly(call, folder, command, option, text):
    done = call(*argv(command), option.opts[0], text, cwd=folder)
    assert (done.code, done.stdout) == (2, "")


def test_there_are_integers():
    assert {option.opts[0] for _, option in OPTIONS if option.type.name == "integer"}


@pytest.mark.parametrize("text", ["1_0", "٢٤", "２４", "+24"])
@pytest.mark.parametrize("command", ["taper ivig", "plan --severity mild", "monitor azathioprine"])
def test_weeks_are_read_strictly(call, command, text):
    done = call(*command.split(), "-w", "70", "--weeks", text)
    assert (done.code, done.stdout) == (2, "")


@pytest.mark.parametrize(
    "words",
    [
        ("dose", "{}"),
        ("dose", "-w", "{}"),
        ("dose", "--{}"),
        ("dose", "--market", "{}"),
        ("dose", "--field", "{}"),
        ("dose", "prednisone", "-w", "70", "--condition", "{}"),
        ("check", "prednisone", "{}", "-w", "70"),
        ("taper", "prednisone", "--from", "60mg", "--steps", "{}"),
        ("taper", "prednisone", "--protocol", "{}"),
        ("taper", "prednisone", "--start", "{}"),
        ("why", "{}"),
        ("{}",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("value", ["x" * 10_000, "a b " * 2_500, "'" * 9_999, "1" * 10_000])
def test_an_echo_is_cut(call, words, value):
    done = call(*(word.format(value) for word in words))
    assert done.code in (2, 3, 4, 5)
    assert len(done.stderr) < 4_000
    assert value[:81] not in done.stderr


def test_what_is_short_is_not_cut():
    text = "'abc' is not written like 70, in /a/path/of/" + "folders/" * 20
    assert shortened(text) == text
    assert shortened(f"{'x' * 81!r} ends") == f"'{'x' * 77}...' ends"


HEAD = "overlay: 1\nname: X\n"
LARGE = {
    "many items": f"{HEAD}figures: [{','.join(['x'] * 2_400_000)}]\n",
    "as many as may be": f"{HEAD}figures: [{','.join(['{x: 1}'] * 16_000)}]\n",
    "unknown keys": HEAD + "".join(f"k{number:06}: 1\n" for number in range(350_000)),
    "a plain word": f"{HEAD}x: {'1:' * 2_400_000}1\n",
    "a quoted word": f'{HEAD}x: "{"a " * 2_400_000}"\n',
    "depth": "[" * 2_400_000,
}


#: Runs a program, and writes what it used: a child of the tests counts with the memory of the
#: process that it was forked from.
MEASURED = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_AS, (700_000_000, 700_000_000))
code = subprocess.run(sys.argv[1:], check=False).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open("used", "w").write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")
sys.exit(code)
"""


@pytest.mark.parametrize("option", ["--overlay", "--table", "--guide"])
@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_large_file_is_refused_soon(tmp_path, text, option):
    """Within 5 s of computing and 200 MB, and without listing all of it."""
    (tmp_path / "large.yaml").write_text(text)
    command = [DMCALC, "dose", "prednisone", "-w", "70", option, "large.yaml"]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *command],
        cwd=tmp_path,
        env=environment(None),
        capture_output=True,
        check=False,
    )
    seconds, kilobytes = (tmp_path / "used").read_text().split()
    assert (done.returncode, done.stdout) == (7, b"")
    assert len(done.stderr) < 20_000
    assert done.stderr.count(b"\n") <= 103
    assert float(seconds) < 5
    assert int(kilobytes) < 200_000


@pytest.mark.parametrize("key", ["name", "author", "reason"])
def test_a_text_of_an_overlay_is_one_line(call, root, tmp_path, key):
    text = (root / "examples" / "hospital.yaml").read_text(encoding="utf-8")
    at = text.index(f"{key}: ")
    line = text[at : text.index("\n", at)]
    forged = text.replace(line, f'{key}: "X\\nWarnings\\n  - none: this dose is right"', 1)
    (tmp_path / "local.yaml").write_text(forged, encoding="utf-8")
    done = call("dose", "prednisone", "-w", "70", "--overlay", "local.yaml", cwd=tmp_path)
    assert (done.code, done.stdout) == (7, "")
    assert f"{key}: a text of more than one line" in done.stderr


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("verify", ""), "FILE"),
        (("replay", " "), "FILE"),
        (("table", "check", ""), "FILE"),
        (("table", "diff", "", "x.yaml"), "A"),
        (("batch", ""), "INPUT"),
    ],
)
def test_a_file_without_a_name_is_no_folder(call, words, name):
    done = call(*words)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"dmcalc: {name} is empty\n  Give it a value")


@pytest.mark.parametrize("epoch", ["x", "-1", "1e9", "９", "9" * 12, "9" * 400])
def test_a_time_of_the_environment_that_is_none_is_named(call, epoch):
    env = {"SOURCE_DATE_EPOCH": epoch}
    done = call("taper", "prednisone", "--from", "60mg", "--format", "ics", env=env)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("dmcalc: SOURCE_DATE_EPOCH is ")


def test_a_setting_of_the_environment_is_named_as_it_is(call):
    done = call("dose", "prednisone", "--weight", "70", env={"DMCALC_EXPLAIN": "banana"})
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == (
        "dmcalc: DMCALC_EXPLAIN is 'banana', neither yes nor no\n  Write 1 or 0, or unset it.\n"
    )
