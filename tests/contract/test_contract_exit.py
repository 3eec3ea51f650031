"""Exit codes, and what goes with them: a refusal prints nothing, a warning is told on stderr."""

from __future__ import annotations

from pathlib import Path

import pytest

WARNED = ("dose", "tacrolimus", "--weight", "70")
#: A warning about this patient, which counts under --strict; that of WARNED is of the drug.
UNUSUAL = ("dose", "prednisone", "--weight", "350", "--confirm-weight")
CALM = ("dose", "prednisone", "--weight", "70", "--severity", "severe")

CODES = [
    (0, ("dose", "--weight", "70", "--severity", "severe")),
    (0, ("dose", "rituximab")),
    (0, ("taper", "prednisone", "--from", "60mg")),
    (0, ("taper",)),
    (0, ("check", "prednisone", "60 mg daily", "--weight", "70")),
    (0, ("body", "--weight", "70", "--height", "175")),
    (0, ("convert", "40mg", "prednisone", "methylprednisolone")),
    (0, ("drugs",)),
    (0, ("show", "ivig")),
    (0, ("why", "ivig")),
    (0, ("table", "check")),
    (0, ("table", "schema")),
    (0, ("table", "diff", "bundled", "bundled")),
    (0, ("--version",)),
    (0, ("--help",)),
    (0, ()),
    (2, ("dosage",)),
    (2, ("_options",)),
    (2, ("__init__",)),
    (2, ("dose", "--wieght", "70")),
    (2, ("dose", "--weight", "70", "--severity", "extreme")),
    (2, ("dose", "--weight", "70", "--format", "xml")),
    (2, ("dose", "--weight", "70", "--field", "doze")),
    (2, ("taper", "prednisone", "--from", "sixty")),
    (2, ("taper", "prednisone", "--from", "60mg", "--start", "yesterday")),
    (2, ("taper", "prednisone", "--from", "60mg", "--hold", "9w")),
    (2, ("check", "prednisone")),
    (2, ("check", "prednisone", "60 mg QD", "--weight", "70")),
    (2, ("check", "prednisone", "60 mg", "--weight", "70")),
    (0, ("table",)),
    (2, ("table", "check", "--sha256", "abc")),
    (2, ("show",)),
    (3, ("dose", "prednison", "--weight", "70")),
    (3, ("dose", "prednisolon", "--weight", "70")),
    (2, ("convert", "40", "prednisone", "methylprednisolone")),
    (2, ("body", "--weight", "70", "--height", "175", "--crcl-weight", "lean")),
    (3, ("body", "--weight", "70", "--height", "175", "--formula", "boyd")),
    (3, ("convert", "40mg", "prednisone", "deflazacort")),
    (3, ("show", "aspirin")),
    (3, ("why", "aspirin")),
    (3, ("taper", "methotrexate")),
    (3, ("taper", "prednisone", "--from", "60mg", "--protocol", "hhe")),
    (3, ("check", "prednison", "60 mg daily", "--weight", "70")),
    (3, ("check", "azathioprine", "50 mg daily", "--weight", "70", "--phase", "pulse")),
    (4, ("dose",)),
    (4, ("check", "prednisone", "60 mg daily")),
    (4, ("check", "prednisone", "60 mg daily", "--weight", "70", "--field", "deviation")),
    (4, ("dose", "--weight", "700")),
    (4, ("dose", "--weight", "3")),
    (4, ("dose", "--weight", "NaN")),
    (4, ("taper", "prednisone")),
    (4, ("dose", "cyclophosphamide", "--field", "low")),
    (4, ("body", "--weight", "70")),
    (4, ("body", "--height", "150", "--sex", "female", "-w", "50", "--field", "ideal_weight_kg")),
    (5, ("taper", "prednisone", "--from", "101mg")),
    (5, ("taper", "prednisone", "--from", "80mg", "--protocol", "etg")),
    (5, ("convert", "1g", "methylprednisolone", "prednisone")),
    (5, ("convert", "40mg", "prednisone", "prednisolone", "--route", "topical")),
    (6, (*UNUSUAL, "--strict")),
    (0, (*WARNED, "--strict")),
    (6, ("taper", "prednisone", "--from", "90mg", "--strict")),
    (7, ("drugs", "--table", "absent.yaml")),
    (7, ("table", "check", "absent.yaml")),
    (7, ("table", "check", "--sha256", 64 * "0")),
    (7, ("table", "diff", "bundled", "absent.yaml")),
    (7, ("drugs", "--overlay", "absent.yaml")),
    (7, ("drugs", "--output", "absent/drugs.txt")),
]


@pytest.mark.parametrize(("code", "args"), CODES, ids=lambda value: str(value))
def test_exit_code(call, tmp_path, code, args):
    done = call(*args, cwd=tmp_path)
    assert done.code == code, done.stderr
    assert "Traceback" not in done.stderr
    if code in (0, 6):
        assert done.stdout.strip()
    else:
        assert done.stdout == "" or args == ()
        assert done.stderr.strip() or args == ()


# What other tests call in their own process is the program that is installed.
@pytest.mark.parametrize("args", dict(reversed(CODES)).values(), ids=" ".join)
def test_a_process_ends_as_a_call_does(run, call, tmp_path, args):
    assert run(*args, cwd=tmp_path) == call(*args, cwd=tmp_path)


def test_every_exit_code_but_1_is_shown_above():
    assert {code for code, _ in CODES} == {0, 2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "markdown"])
@pytest.mark.parametrize(
    "args", [("dose",), ("dose", "aspirin"), ("taper", "prednisone", "--from", "101mg")]
)
def test_a_refusal_prints_nothing_in_any_format(call, form, args):
    done = call(*args, "--format", form)
    assert done.code in (3, 4, 5)
    assert done.stdout == ""
    assert done.stderr.startswith("dmcalc: ")


@pytest.mark.parametrize("form", ["jsonl", "csv", "tsv"])
def test_row_formats_tell_warnings_on_stderr(call, form):
    done = call(*WARNED, "--format", form)
    assert done.code == 0
    assert done.stderr.startswith("dmcalc: warning: tacrolimus: ")
    assert "transplant" in done.stderr


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_whole_documents_carry_their_warnings_themselves(call, form):
    done = call(*WARNED, "--format", form, "--explain")
    assert "range for transplants" in " ".join(done.stdout.split())
    assert done.stderr == ""


def test_a_field_tells_warnings_on_stderr(call):
    done = call(*WARNED, "--field", "high")
    assert done.stdout == "14\n"
    assert done.stderr.startswith("dmcalc: warning: tacrolimus: ")


@pytest.mark.parametrize("how", [("--format", "csv"), ("--format", "jsonl"), ("--field", "low")])
def test_quiet_silences_warnings_and_nothing_else(call, how):
    loud, quiet = call(*WARNED, *how), call(*WARNED, *how, "--quiet")
    assert loud.stderr
    assert quiet.stderr == ""
    assert quiet.stdout == loud.stdout


def test_quiet_does_not_silence_errors(call):
    assert call("dose", "--quiet").stderr.startswith("dmcalc: ")


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "markdown"])
def test_strict_answers_all_the_same(call, form):
    plain, strict = (call(*UNUSUAL, "--format", form, *more) for more in ((), ("--strict",)))
    assert (plain.code, strict.code) == (0, 6)
    assert strict.stdout == plain.stdout
    assert strict.stderr == plain.stderr


def test_strict_and_quiet_still_exit_with_6(call):
    done = call(*UNUSUAL, "--field", "high", "--strict", "--quiet")
    assert (done.code, done.stdout, done.stderr) == (6, "80\n", "")


def test_strict_without_warnings_is_0(call):
    assert call(*CALM, "--strict").code == 0


def test_a_strict_answer_is_written_to_its_file(call, tmp_path):
    target = tmp_path / "doses.json"
    done = call(*UNUSUAL, "--format", "json", "--strict", "--output", str(target))
    assert (done.code, done.stdout) == (6, "")
    assert target.read_text() == call(*UNUSUAL, "--format", "json").stdout


def copy(bundled, tmp_path):
    target = tmp_path / "copy.yaml"
    target.write_bytes(bundled.read_bytes())
    return str(target)


TABLED = [
    ("dose", "--weight", "70", "--severity", "severe", "--alternatives", "--bsa", "1.85"),
    ("taper", "prednisone", "--weight", "70", "--severity", "severe"),
    ("taper", "ivig", "--weight", "70"),
    ("taper",),
    ("drugs",),
    ("show", "methotrexate"),
    ("why", "prednisone"),
]


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
@pytest.mark.parametrize("args", TABLED, ids=" ".join)
def test_a_copy_of_the_bundled_table_gives_the_same_answers(call, bundled, tmp_path, form, args):
    own = call(*args, "--format", form)
    other = call(*args, "--format", form, "--table", copy(bundled, tmp_path))
    assert own.code == 0
    assert other == own


def test_a_check_of_a_copy_finds_the_same(call, bundled, tmp_path):
    own, other = (
        call("table", "check", *file, "--format", "json").json
        for file in ((), (copy(bundled, tmp_path),))
    )
    # the bundled table has no place that concerns a reader
    assert "/" not in own["rows"][0].pop("file")
    assert Path(other["rows"][0].pop("file")).name == "copy.yaml"
    # the guide is checked with the bundled table: a copy is checked alone
    assert own.pop("guide_counts")
    assert other.pop("guide_counts") is None
    for document, counted in ((own, True), (other, False)):
        (row,) = document["rows"]
        guide = [row.pop(key) for key in list(row) if key.startswith("guide_")]
        assert guide
        assert all((value is not None) == counted for value in guide)
    assert own == other


def test_one_changed_byte_changes_the_hash_and_nothing_else(call, bundled, tmp_path):
    target = tmp_path / "changed.yaml"
    target.write_bytes(bundled.read_bytes() + b"# a comment\n")
    args = ("dose", "--weight", "70", "--format", "json")
    own, other = call(*args).json, call(*args, "--table", str(target)).json
    assert own["table"].pop("sha256") != other["table"].pop("sha256")
    assert own == other


def test_a_table_may_come_from_a_pipe(shell, bundled):
    done = shell(f"cat '{bundled}' | dmcalc dose prednisone -w 70 --field high --table /dev/stdin")
    assert (done.code, done.stdout) == (0, "70\n")


def test_a_dash_is_stdin(shell, bundled):
    done = shell(f"dmcalc dose prednisone -w 70 --field high --table - < '{bundled}'")
    assert (done.code, done.stdout) == (0, "70\n")
