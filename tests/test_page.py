"""All of the reference is reachable by a command: statement by statement, counted.

``page.yaml`` is the committed list. Where the page itself is beside the checkout, each entry is
held against it, and each line of it against the list: what no entry has is left over, and a fault.
"""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
import yaml

from .table.test_verbatim import PAGE, even

LISTED = yaml.load(
    (Path(__file__).parent / "page.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
#: Lines of the page that say nothing of the treatment: its menu, captions, and heads of tables.
ASIDE = re.compile(
    r"^(|managedermatomyositis\.com, Patient-discussing-therapy-options-with-doctor|"
    r"managedermatomyositis\.com, table-second-line-therapy-treatment|"
    r"Treatment & Disease Management of Dermatomyositis|Goals of therapy|"
    r"Goals of therapyImpact on the patient1,3|"
    r"Pharmacological treatment options for (juvenile )?dermatomyositis|"
    r"Non-pharmacological management options for dermatomyositis|ApproachBenefits|"
    r"Properties of other therapies for idiopathic inflammatory myopathies|References|"
    r"Suggested treatment algorithm for patients with immune-mediated myopathies4|"
    r"Category2,4Molecule2,4Posology4Effect ?Side effects2|Science Hub|"
    r"Sign up and connect to Science Hub to learn more about our recent ProDERM study .*|"
    r"Welcome to managedermatomyositis\.com|Yes, I am a US Healthcare Professional .*)$"
)
#: What may be left of a line: numbers of notes and of references, and words between its parts.
LEFT = re.compile(r"[^\w]|\d|\b(?:and|or|with|are|doi|Disclaimer)\b")


def left_over(line, fragments):
    """Return what no fragment has of a line, the longest first; one counts as whole words."""
    for fragment in sorted(fragments, key=len, reverse=True):
        # cells of a table run together, so a capital letter begins a word
        before = "" if fragment[0].isupper() else "(?<![A-Za-z])"
        line = re.sub(rf"{before}{re.escape(fragment)}(?![a-z])", " | ", line)
    return " ".join(LEFT.sub(" ", line).split())


def shown(entry):
    """List what an answer must hold for an entry."""
    words = entry.get("shows", entry["page"])
    return [words] if isinstance(words, str) else words


def texts(value):
    """List the texts of a document."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in texts(item)]


@pytest.fixture(scope="module")
def answers(call):
    """What each command of the list prints: for people on one line, or the texts for machines."""
    found = {}
    for command, form in dict.fromkeys((e["command"], e.get("as", "json")) for e in LISTED):
        done = call(
            *shlex.split(command),
            *(("--explain", "--width", "500") if form == "text" else ("--format", form)),
        )
        assert done.code == 0, (command, done.stderr)
        found[command, form] = (
            " ".join(done.stdout.split())
            if form == "text"
            else "\n".join(texts(json.loads(done.stdout)))
        )
    return found


def test_every_statement_of_the_page_is_reachable(answers, capsys):
    lost = []
    for entry in LISTED:
        answer = answers[entry["command"], entry.get("as", "json")]
        if absent := [words for words in shown(entry) if words not in answer]:
            lost.append((entry["what"], absent, entry["command"]))
    kinds = Counter(entry["what"] for entry in LISTED)
    with capsys.disabled():
        counted = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
        print(f"\nbase page: {len(LISTED) - len(lost)} of {len(LISTED)} reachable: {counted}")
    assert lost == []


def test_the_list_is_not_shorter_than_the_page_is_long():
    kinds = Counter(entry["what"] for entry in LISTED)
    assert kinds["posology"] == 10
    assert len({e["command"] for e in LISTED if e["what"] == "reference"}) == 11
    assert kinds["goal"] == 4
    assert kinds["measure"] == 7
    assert all(len(entry["page"].split()) <= 25 for entry in LISTED)
    assert len({(e["what"], e["page"], e["command"]) for e in LISTED}) == len(LISTED)


@pytest.mark.skipif(not PAGE.exists(), reason="the reference is not beside this checkout")
def test_the_list_is_of_the_page():
    page = even(PAGE.read_text(encoding="utf-8"))
    assert [entry["page"] for entry in LISTED if even(entry["page"]) not in page] == []


@pytest.mark.skipif(not PAGE.exists(), reason="the reference is not beside this checkout")
def test_no_line_of_the_page_is_left_out():
    lines = [even(line).strip() for line in PAGE.read_text(encoding="utf-8").splitlines()]
    told = [line.removeprefix("•").strip() for line in lines if not ASIDE.match(line)]
    fragments = {even(entry["page"]) for entry in LISTED}
    lost = [(line[:60], left) for line in told if (left := left_over(line, fragments))]
    assert lost == []


def test_a_part_of_a_line_that_no_entry_has_is_left_over():
    line = "Reduces strain on the muscles and, 10, restores the skin.1,3"
    assert left_over(line, {"Reduces strain on the muscles"}) == "restores the skin"
    assert left_over(line, {"Reduces strain on the muscles", "restores the skin"}) == ""
    # a fragment is not part of a word
    assert left_over("Infections", {"Infection"}) == "Infections"
