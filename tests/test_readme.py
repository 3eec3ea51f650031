"""README.md and docs/: examples print what stands there, options are described, links lead on."""

from __future__ import annotations

import re
import shlex

import pytest

import dmcalc
from dmcalc.cli._command_model import commands

from .conftest import ROOT
from .examples import COLUMNS, PAGES, anew, as_dmcalc, examples, lay_out, matches, printed

DOCS = ROOT / "docs"
TEXT = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
README = TEXT["README.md"]
#: What these pages say holds for every command.
COMMON = TEXT["docs/patient.md"] + TEXT["docs/output.md"]
#: Pages beside the README and docs/ whose links are followed too.
OTHERS = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "examples/README.md",
    "tests/contract/README.md",
]
LINKED = {**TEXT, **{name: (ROOT / name).read_text(encoding="utf-8") for name in OTHERS}}

RUN = [
    pytest.param(page, command, example, id=f"{page}: {command}")
    for page, text in TEXT.items()
    for example in examples(text)
    if (command := as_dmcalc(example.command))
]


#: A command that needs no shell.
PLAIN = re.compile(r"dmcalc [^|<>&;$`*?~\\]*")


@pytest.mark.parametrize(("page", "command", "example"), RUN)
def test_an_example_prints_what_its_page_shows(call, tmp_path, page, command, example):
    """Those of the README run in a terminal; on other pages those that a shell runs."""
    if page == "README.md" or not PLAIN.fullmatch(command):
        now = printed(command, example.files, tmp_path)
    else:
        lay_out(example.files, tmp_path)
        args, env = shlex.split(command)[1:], {"NO_COLOR": "1"}
        now = call(*args, columns=COLUMNS, env=env, cwd=tmp_path, merged=True).stdout
    assert matches(example.output, now), f"mend with: python -m tests.examples\n$ {command}\n{now}"


def test_the_readme_is_short_and_opens_with_the_two_commands_of_a_fresh_clone():
    assert len(README.splitlines()) <= 200
    start = README[:3000]
    assert 'make run ARGS="dose --weight 70 --severity severe"' in start
    assert "make test" in start
    assert len(examples(README)) > 6


COMMANDS = {command.name: command for command in commands(dmcalc.load_table())}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_each_of_its_options_stand_in_the_docs(name):
    pages = [text for text in TEXT.values() if re.search(rf"dmcalc {name}\b", text)]
    assert pages
    text = COMMON + "".join(pages)
    missing = [
        option.long
        for option in COMMANDS[name].options
        if not re.search(rf"{option.long}(?![\w-])", text)
    ]
    assert missing == []


def test_every_option_in_the_docs_is_one():
    used = {page: text for page, text in TEXT.items() if page != "docs/architecture.md"}
    ours = {name for c in COMMANDS.values() for option in c.options for name in option.names}
    ours |= {"--json", "--csv", "--md"}  # short for a format, and in no help
    for page, text in used.items():
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", text)) <= ours, page


def anchors(text):
    """Return the anchors of a page's headings, as the forges make them."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", LINKED)
def test_each_link_leads_to_a_file_and_a_heading(page):
    text = re.sub(r"^```.*?^```$", "", LINKED[page], flags=re.M | re.S)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = link.partition("#")
        target = (ROOT / page).parent / file if file else ROOT / page
        if link.startswith("https://"):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(link)
    assert broken == []


def test_the_index_lists_every_page():
    listed = re.findall(r"\]\((\w[\w-]*\.md)\)", TEXT["docs/README.md"])
    assert sorted(listed) == sorted(p.name for p in DOCS.glob("*.md") if p.name != "README.md")


def test_no_page_names_a_place_of_its_author():
    for text in LINKED.values():
        assert not re.search(r"(?<![\w.~])/(?:work|home|root|tmp|Users)\b", text)


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
    ("batch", "ward.csv"),
    ("batch", "patients.txt"),
    ("drugs", "--table", "bad.yaml"),
    ("drugs", "--output", "absent/doses.csv"),
    ("replay", "patients.csv"),
]


def test_the_messages_under_troubleshooting_are_those_of_dmcalc(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "patients.csv").write_text("id,wieght\n1,70\n")
    (tmp_path / "ward.csv").write_text("Ward 3\nid,weight\n1,70\n")
    (tmp_path / "bad.yaml").write_text("version: 1\n")
    section = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
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


@pytest.mark.parametrize(
    ("shown", "now", "written"),
    [
        ("a\n", "b\nc\n", "b\nc\n"),
        ("a\nb\n...\n", "c\nd\ne\n", "c\nd\n...\n"),
        ("a\n...\nd\n", "a\nc\nd\n", "a\n...\nd\n"),
        ("a\n...\nd\n", "a\nb\n", None),
        ("a ...\n", "b c\n", None),
    ],
)
def test_how_an_example_is_written_anew(shown, now, written):
    assert anew(shown, now) == written
