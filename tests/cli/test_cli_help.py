"""Help: every command has some, with examples that run."""

from __future__ import annotations

import json
import re
import shlex

import duckdb
import pytest

import dmcalc
from dmcalc.cli import COMMANDS

from ..conftest import ROOT

COMMON = {
    *(
        "--format",
        "--output",
        "--table",
        "--overlay",
        "--field",
        "--no-color",
        "--quiet",
        "--strict",
        "--help",
    ),
}
#: What scripts may rely on; a command may have more.
RECEIPT = {"--receipt", "--receipt-for"}
#: What is said of a patient beside size and severity.
SAID = {"--taking", "--condition", "--egfr", "--crcl", "--creatinine", "--sex", "--age", "--guide"}
#: The weight that a dose goes by.
SIZED = {"--height", "--sex", "--weight-basis", "--weight-policy"}
OPTIONS = {
    "dose": COMMON
    | RECEIPT
    | SIZED
    | {
        "--weight",
        "--severity",
        "--bsa",
        "--confirm-weight",
        "--alternatives",
        "--age",
        "--height",
    }
    | SAID
    | {"--tpmt", "--nudt15", "--planned"},
    "check": COMMON
    | RECEIPT
    | SIZED
    | {"--weight", "--severity", "--bsa", "--confirm-weight", "--alternatives", "--phase"}
    | {"--market", "--stock", "--halves", "--product"}
    | SAID
    | {"--tpmt", "--nudt15"},
    "taper": COMMON
    | RECEIPT
    | SIZED
    | {"--guide"}
    | {"--weight", "--severity", "--confirm-weight", "--age", "--protocol", "--from", "--start"}
    | {"--hold", "--interval", "--decrement", "--weeks"},
    "titrate": COMMON | RECEIPT | {"--weight", "--start", "--day"},
    "dispense": COMMON
    | RECEIPT
    | {"--market", "--stock", "--halves", "--product", "--days", "--round-to"},
    "infusion": COMMON
    | RECEIPT
    | SIZED
    | SAID
    | {"--weight", "--days", "--dose", "--at-risk", "--later", "--at"},
    "body": COMMON
    | RECEIPT
    | {"--weight", "--confirm-weight", "--height", "--sex", "--age", "--creatinine"}
    | {"--formula", "--crcl-weight"},
    "convert": COMMON | RECEIPT | {"--route"},
    "plan": COMMON
    | RECEIPT
    | {"--weight", "--severity", "--age", "--with", "--not-tolerated", "--response"}
    | {"--start", "--weeks", "--pulse-days", "--protocol", "--guide"},
    "about": COMMON | {"--guide"},
    "care": COMMON | {"--guide"},
    "rules": COMMON | {"--guide"},
    "severity": COMMON | {"--guide", "--age"},
    "refs": COMMON | {"--guide", "--page"},
    "monitor": COMMON | RECEIPT | {"--start", "--weeks", "--stable", "--guide"},
    "labs": COMMON
    | RECEIPT
    | {"--wcc", "--neutrophils", "--platelets", "--alt", "--ast", "--guide"}
    | {"--creatinine", "--baseline-creatinine"},
    "verify": COMMON | {"--accept", "--fhir-version", "--sig", "--drug", "--product"},
    "replay": COMMON,
    "drugs": COMMON,
    "show": COMMON,
    "why": COMMON,
    "table check": (COMMON - {"--table"}) | {"--sha256"},
    "table diff": COMMON - {"--table"},
    "table schema": {"--output", "--help"},
}
#: What help fits into.
WIDTH, SCREEN = 80, 40
FILES = sorted(file.stem for file in (ROOT / "src" / "dmcalc" / "cli").glob("[!_]*.py"))
#: Every command that can be called: a new file is in every test below.
ALL = [
    *(name for name in FILES if name != "table"),
    *(f"table {verb}" for verb in ("check", "diff", "schema")),
]


def examples(text):
    """Return the lines of a help text that can be run."""
    return [line.strip() for line in text.splitlines() if line.startswith("  dmcalc ")]


def test_help_lists_every_command_file(call):
    assert {name.split()[0] for name in OPTIONS} <= set(FILES)
    listed = call("--help").stdout.partition("For one patient:")[2]
    assert sorted(re.findall(r"^  (\w+) +[A-Z]", listed, re.MULTILINE)) == FILES


def test_the_five_that_are_used_most_come_first():
    assert list(COMMANDS)[:5] == ["dose", "taper", "check", "plan", "infusion"]


@pytest.mark.parametrize("command", OPTIONS)
def test_a_command_has_its_options(call, command):
    done = call(*command.split(), "--help-all")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: dmcalc {command} ")
    options = done.stdout.partition("This order:")[2] or done.stdout
    assert set(re.findall(r"(?m)^ +(?:-\w, )?(--[a-z0-9-]+)", options)) >= OPTIONS[command]


@pytest.mark.parametrize("command", [*ALL, ""])
def test_the_examples_of_a_command_run(call, bundled, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "drugs.yaml").write_bytes(bundled.read_bytes())
    (tmp_path / "hospital.yaml").write_bytes((ROOT / "examples" / "hospital.yaml").read_bytes())
    assert call("dose", "rituximab", "--receipt", "case-17.json").code == 0
    (tmp_path / "patients.csv").write_text("id,ward,weight\n1,A,70\n", encoding="utf-8")
    (tmp_path / "orders.csv").write_text("drug,order,weight\nprednisone,60 mg daily,70\n")
    rows = "SELECT 'prednisone' drug, '60 mg daily' \"order\", 70 weight"
    duckdb.sql(f"COPY ({rows}) TO 'orders.parquet'")
    assert call("batch", "patients.csv", "-o", "out.csv", "--receipt", "batch.json").code in (0, 4)
    order = ROOT / "tests" / "fhir" / "faults" / "ok1-r4-taper.json"
    (tmp_path / "order.json").write_bytes(order.read_bytes())
    (tmp_path / "orders.ndjson").write_text(json.dumps(json.loads(order.read_bytes())))
    found = examples(call(*command.split(), "--help-all" if command else "--help").stdout)
    # there is one way to print the schema
    assert bool(found) == (command not in ("table schema", ""))
    for example in found:
        program, *args = shlex.split(example)
        done = call(*args)
        assert program == "dmcalc"
        assert done.code == 0, (example, done.stderr)
        assert done.stdout.strip() or list(tmp_path.glob("*.csv"))


@pytest.mark.parametrize("command", [*ALL, "table", ""])
def test_h_is_help(call, command):
    assert call(*command.split(), "-h") == call(*command.split(), "--help")


@pytest.mark.parametrize("command", [*ALL, "table", ""])
def test_help_is_plain_text_that_says_what_the_command_does(call, command):
    text = call(*command.split(), "--help").stdout
    assert re.search(r"\n\n  [A-Z].{20,}", text)
    assert max(map(len, text.splitlines())) <= WIDTH or command  # an example stands on one line
    lines = [line for line in text.splitlines() if not line.startswith("  dmcalc ")]
    assert max(map(len, lines)) <= WIDTH
    assert len(text.splitlines()) <= SCREEN
    assert text.isascii()
    for mark in ("\\b", "None", "null", "TEXT", "[0m"):
        assert mark not in text


@pytest.mark.parametrize("command", ALL)
def test_an_option_stands_on_one_line(call, command):
    for line in call(*command.split(), "--help").stdout.splitlines():
        assert not re.match(" {6,}", line), line


@pytest.mark.parametrize("command", ALL)
def test_help_all_has_the_rest(call, command):
    short, whole = (call(*command.split(), how).stdout for how in ("--help", "--help-all"))
    options = re.compile(r"(?m)^  (?:-\w, )?(--[a-z0-9-]+)")
    assert set(options.findall(short)) <= set(options.findall(whole))
    assert {"--help-all", "--help"} <= set(re.findall(r"--[a-z-]+", whole))
    assert f"dmcalc {command} --help-all" in short


def test_help_is_a_command_too(call):
    assert call("help").stdout == call("--help").stdout
    assert call("help", "dose").stdout == call("dose", "--help").stdout
    assert call("help", "table", "check").stdout == call("table", "check", "--help").stdout


def test_no_command_at_all_shows_help(run):
    done = run()
    assert (done.code, done.stderr) == (0, "")
    assert "For one patient:" in done.stdout


def test_version(run):
    done = run("--version")
    assert run("-V") == done
    assert (done.code, done.stdout, done.stderr) == (0, f"dmcalc {dmcalc.__version__}\n", "")
    assert re.fullmatch(r"\d+\.\d+\.\d+", dmcalc.__version__)


def test_version_and_help_work_with_anything_behind_them(call):
    assert call("--version", "dose").code == 0
    assert call("dose", "--weight", "x", "--help").code == 0


def test_every_command_file_stands_in_the_registry():
    assert sorted(COMMANDS) == FILES


@pytest.mark.parametrize("command", FILES)
def test_a_command_is_summed_up_in_one_line_with_which_its_help_begins(call, command):
    summary = COMMANDS[command]
    assert summary.endswith(".")
    assert f"{command} {summary}" in " ".join(call("--help").stdout.split())
    assert summary.rstrip(".") in " ".join(call(command, "--help").stdout.split())
