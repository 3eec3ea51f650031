"""The examples of docs/table.md: each is applied, and what it makes passes ``table check``."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dmcalc.medicines import lists
from tests.table.editing import TEXT

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "table.md").read_text(encoding="utf-8")
DIFFS = re.findall(r"```diff (\S+)\n(.*?)```", DOCS, re.DOTALL)
WORK = "  example-work:\n    title: Example\n    read: primary\n"


def applied(file: str, diff: str) -> str:
    """Return a file with its lines that begin with - replaced by those that begin with +."""
    lines = diff.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line.startswith("-"))
    new = "".join(line[1:] for line in lines if line.startswith("+"))
    text = (ROOT / file).read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def test_there_is_an_example_of_each_kind():
    assert [file for file, _ in DIFFS] == [
        "data/drugs.yaml",
        "data/medicines/brands.csv",
        "data/medicines/classes.csv",
        "data/drugs.yaml",
    ]
    assert all(len(diff.splitlines()) == 3 for _, diff in DIFFS)


@pytest.mark.parametrize("diff", [d for f, d in DIFFS if f.endswith(".yaml")])
def test_an_example_of_the_table_passes_its_check(call, tmp_path, diff):
    path = tmp_path / "drugs.yaml"
    path.write_text(applied("data/drugs.yaml", diff), encoding="utf-8")
    done = call("table", "check", str(path))
    assert done.code == 0, done.stderr


@pytest.mark.parametrize(("file", "diff"), [(f, d) for f, d in DIFFS if f.endswith(".csv")])
def test_an_example_of_the_medicines_is_read(tmp_path, monkeypatch, file, diff):
    folder = tmp_path / "medicines"
    shutil.copytree(lists.folder(), folder)
    (folder / Path(file).name).write_text(applied(file, diff), encoding="utf-8")
    monkeypatch.setattr(lists, "folder", lambda: folder)
    lists.load.cache_clear()
    try:
        read = lists.load()
    finally:
        lists.load.cache_clear()
    assert "exampl" in repr(read)


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("\nsources:\n", f"\nsources:\n{WORK}", "sources.example-work", "nothing in the table or"),
        ("markets: [US]", "markets: []", "drugs.prednisone.products.0.markets", "no market"),
        (
            '"0.75–1 mg/kg/day (Max. 60–80 mg/day)"',
            f'"0.75–1 mg/kg/day (Max. 60–80 mg/day){" and more" * 12}"',
            "drugs.prednisone.regimens.0.cite.0",
            "the quote has 29 words, at most 25 are allowed",
        ),
    ],
)
def test_a_slip_is_named_with_file_line_and_key(call, tmp_path, old, new, where, says):
    path = tmp_path / "drugs.yaml"
    assert old in TEXT
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    done = call("table", "check", str(path))
    assert done.code == 7
    assert re.search(rf"drugs\.yaml:[0-9]+: {re.escape(where)}: {says}", done.stderr)


def test_every_work_of_the_bundled_table_is_cited(call):
    assert call("table", "check").code == 0
