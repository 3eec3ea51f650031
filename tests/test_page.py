"""All of the base page is reachable by a command: statement by statement, counted.

``page.yaml`` is the committed list. Where the page itself is beside the checkout, each entry is
held against it, and each bullet, sentence and reference of it against the list.
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

LISTED = yaml.safe_load((Path(__file__).parent / "page.yaml").read_text(encoding="utf-8"))
#: Lines of the page that say nothing of the treatment: its menu, captions, and heads of tables.
ASIDE = re.compile(
    r"^(managedermatomyositis\.com|Science Hub|Sign up|Welcome|Yes, I am|Treatment & Disease|"
    r"Goals of therapy|Pharmacological treatment|Non-pharmacological|Properties of other|"
    r"Suggested treatment|ApproachBenefits|Category|References|$)"
)


def texts(value):
    """List the texts of a document."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in texts(item)]


@pytest.fixture(scope="module")
def answers(call):
    """What each command of the list prints for machines, on one line."""
    found = {}
    for command in dict.fromkeys(entry["command"] for entry in LISTED):
        done = call(*shlex.split(command), "--format", "json")
        assert done.code == 0, (command, done.stderr)
        found[command] = "\n".join(texts(json.loads(done.stdout)))
    return found


def test_every_statement_of_the_page_is_reachable(answers, capsys):
    lost = [
        (entry["what"], entry["page"], entry["command"])
        for entry in LISTED
        if entry.get("shows", entry["page"]) not in answers[entry["command"]]
    ]
    kinds = Counter(entry["what"] for entry in LISTED)
    with capsys.disabled():
        counted = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
        print(f"\nbase page: {len(LISTED) - len(lost)} of {len(LISTED)} reachable: {counted}")
    assert lost == []


def test_the_list_is_not_shorter_than_the_page_is_long():
    kinds = Counter(entry["what"] for entry in LISTED)
    assert kinds["posology"] == 10
    assert kinds["reference"] == 11
    assert kinds["goal"] == 4
    assert kinds["measure"] == 7
    assert all(len(entry["page"].split()) <= 25 for entry in LISTED)
    assert len({(e["what"], e["page"], e["command"]) for e in LISTED}) == len(LISTED)


@pytest.mark.skipif(not PAGE.exists(), reason="the base page is not beside this checkout")
def test_the_list_is_of_the_page():
    page = even(PAGE.read_text(encoding="utf-8"))
    assert [entry["page"] for entry in LISTED if even(entry["page"]) not in page] == []


@pytest.mark.skipif(not PAGE.exists(), reason="the base page is not beside this checkout")
def test_no_line_of_the_page_is_left_out():
    lines = [even(line).strip() for line in PAGE.read_text(encoding="utf-8").splitlines()]
    told = [line.removeprefix("•").strip() for line in lines if not ASIDE.match(line)]
    fragments = [even(entry["page"]) for entry in LISTED]
    # "or" stands between two drugs of a list
    lost = [line for line in told if line != "or" and not any(f in line for f in fragments)]
    assert lost == []
