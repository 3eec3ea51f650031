"""Terminal escapes and markup in names are shown as text, and do nothing."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from dmcalc.audit.receipt_file import answer_hash, receipt_hash
from dmcalc.documents.json import encode

ESCAPE = "\x1b"
RED = "\x1b[31m"
BELL = "\x07"
REVERSED = "\u202e"  # a right-to-left override turns digits round
MARKUP = "[red]x[/red]"


@pytest.mark.parametrize("name", [f"{RED}x", f"x{BELL}", f"x{REVERSED}y", "a\rb", "x\x9b31m"])
@pytest.mark.parametrize(
    "args",
    [
        ("dose",),
        ("show",),
        ("taper",),
        ("dose", "--weight"),
        ("drugs", "--field"),
        ("drugs", "--table"),
        ("taper", "prednisone", "--protocol"),
        ("taper", "prednisone", "--from"),
        ("taper", "prednisone", "--from", "60mg", "--start"),
        ("dose", "--severity"),
        ("dose", "--format"),
        ("taper", "ivig", "--weeks"),
        ("drugs", "--output"),
        (),
    ],
    ids=" ".join,
)
def test_no_control_character_comes_back_in_an_error(call, args, name):
    done = call(*args, f"{name}/{name}" if args[-1:] == ("--output",) else name)
    assert done.code in (2, 3, 4, 7)
    assert done.stdout == ""
    assert done.stderr
    assert all(character.isprintable() or character == "\n" for character in done.stderr)


@pytest.mark.parametrize("name", [RED, REVERSED, "\u200b", "\x9b31m", "\u2066"])
@pytest.mark.parametrize(
    "args", [("dose", "--{}x"), ("about", "{}x"), ("{}x",), ("dose", "-f", "{}x")]
)
def test_a_usage_error_shows_what_cannot_be_seen_as_text(call, args, name):
    done = call(*(word.format(name) for word in args))
    assert (done.code, done.stdout) == (2, "")
    assert ascii(name)[1:-1] in done.stderr
    assert all(character.isprintable() or character == "\n" for character in done.stderr)


CONTROLS = "\x1b]52;c;QUJD\x07 \x1b[31m \x9b1m \u202e \u200b \u2066"


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
def test_a_batch_on_a_terminal_shows_controls_as_text(call, tmp_path, form):
    row = json.dumps({"id": CONTROLS, "weight": 70}) + "\n"
    (tmp_path / "in.jsonl").write_text(row + row.replace("70", "700"))
    asked = ("batch", "in.jsonl", "--drug", "prednisone", "-f", form)
    done = call(*asked, columns=80, cwd=tmp_path)
    assert done.code == 4
    assert all(letter.isprintable() or letter in "\n\t" for letter in done.stdout + done.stderr)
    assert r"\u202e" in done.stdout
    assert len(done.stdout.splitlines()) == (1 if form == "jsonl" else 2)


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json", "table"])
def test_what_a_receipt_says_is_shown_as_text(call, tmp_path, form):
    asked = ("dose", "prednisone", "-w", "70", "--receipt", "r.json")
    assert call(*asked, cwd=tmp_path).code == 0
    document = json.loads((tmp_path / "r.json").read_text(), parse_float=Decimal, parse_int=Decimal)
    document["answer"]["rows"][0]["text"] = CONTROLS
    document["answer_sha256"] = answer_hash(document["answer"])
    document["receipt_sha256"] = receipt_hash(document)
    (tmp_path / "r.json").write_text(encode(document))
    done = call("replay", "r.json", "-f", form, "--no-color", columns=200, cwd=tmp_path)
    assert done.code == 5
    assert all(letter.isprintable() or letter in "\n\t" for letter in done.stdout)


def test_markup_in_an_error_is_text(run):
    assert MARKUP in run("dose", MARKUP).stderr
    assert MARKUP in run("drugs", "--table", MARKUP).stderr


@pytest.fixture
def renamed(bundled, tmp_path):
    """A table in which prednisone has another name, in a file with a name of its own."""

    def renamed(name, file="table.yaml"):
        text = bundled.read_text(encoding="utf-8")
        assert "    name: Prednisone\n" in text
        changed = text.replace("    name: Prednisone\n", f"    name: {name}\n")
        (tmp_path / file).write_text(changed, encoding="utf-8")
        return str(tmp_path / file)

    return renamed


COMMANDS = [
    ("dose", "prednisone", "--weight", "70"),
    ("taper", "prednisone", "--from", "60mg"),
    ("show", "prednisone"),
    ("why", "prednisone"),
]


@pytest.mark.parametrize("name", [r'"a\e[31mb"', r'"a\x07b"', r'"a\u202eb"', r'"a\u009bb"'])
def test_a_table_with_control_characters_is_refused(call, renamed, name):
    done = call("drugs", "--table", renamed(name))
    assert (done.code, done.stdout) == (7, "")
    assert all(character.isprintable() or character == "\n" for character in done.stderr)
    assert "\\" in done.stderr


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_a_drug_name_with_markup_is_shown_as_text(call, renamed, args):
    table = renamed(f'"{MARKUP}"')
    for columns in (None, 80, 200):
        assert MARKUP in call(*args, "--table", table, columns=columns).stdout
    markdown = call(*args, "--table", table, "--format", "markdown").stdout
    assert r"\[red\]x\[/red\]" in markdown


@pytest.mark.parametrize(
    ("name", "escaped"),
    [("a|b", r"a\|b"), ("<b>x</b>", r"\<b\>x\</b\>"), ("*x*", r"\*x\*"), ("_x_", r"\_x\_")],
)
def test_markdown_of_a_name_is_no_markdown(call, renamed, name, escaped):
    table = renamed(f'"{name}"')
    done = call("dose", "prednisone", "-w", "70", "--table", table, "--format", "markdown")
    assert escaped in done.stdout


@pytest.mark.parametrize("file", [f"{RED}table.yaml", f"{MARKUP.replace('/', '')}.yaml"])
def test_a_file_name_is_shown_as_text(run, renamed, file):
    table = renamed("Prednisone", file)
    for done in (run("table", "check", table), run("table", "check", table, tty=True, columns=200)):
        assert done.code == 0
        assert RED not in done.stdout
        shown = "".join(done.stdout.split())
        assert file.replace(ESCAPE, r"\x1b") in shown
