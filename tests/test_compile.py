"""The bundled modules: what is checked, written as the Python source that makes it again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from dmcalc import compile as build
from dmcalc import guideline, table
from dmcalc.errors import TableError

FOLDER = table.bundled_path().parent
SOURCES = """
from dmcalc import compile, guideline, table
for part in (table, guideline):
    print(compile.source(part.read_checked(None), part.bundled_path().read_bytes()), end="")
"""


def source(part):
    return build.source(part.read_checked(None), part.bundled_path().read_bytes())


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package into which the modules are written."""
    for part in ("table", "guideline"):
        (tmp_path / part).mkdir()
    monkeypatch.setattr(build, "PACKAGE", tmp_path)
    return tmp_path


def test_what_was_built_is_the_source():
    for part, folder in ((table, "table"), (guideline, "guideline")):
        path = build.PACKAGE / folder / "_bundled.py"
        if not path.exists():
            pytest.skip("built by make test")
        assert path.read_text(encoding="utf-8") == source(part)


@pytest.mark.parametrize("seed", ["0", "1"])
def test_source_does_not_depend_on_the_order_of_hashes(seed):
    done = subprocess.run(
        [sys.executable, "-c", SOURCES],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        timeout=60,
    )
    assert done.stdout == source(table) + source(guideline)


def test_source_makes_the_values_again():
    for part in (table, guideline):
        names: dict[str, object] = {}
        exec(source(part), names)
        assert names["LOADED"] == part.read_checked(None)


def test_write_puts_both_in_their_place(package):
    paths = (package / "table" / "_bundled.py", package / "guideline" / "_bundled.py")
    assert build.write() == paths
    assert paths[0].read_text(encoding="utf-8") == source(table)
    assert paths[1].read_text(encoding="utf-8") == source(guideline)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("drugs.yaml", "\ndrugs:\n", "\ndrogs:\n"), ("guide.yaml", "\nplan:\n", "\nplam:\n")],
)
def test_with_a_fault_in_either_neither_is_built(package, tmp_path, monkeypatch, name, old, new):
    for file in ("drugs.yaml", "guide.yaml"):
        shutil.copy(FOLDER / file, tmp_path / file)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(table, "bundled_path", lambda: tmp_path / "drugs.yaml")
    monkeypatch.setattr(guideline, "bundled_table", lambda: tmp_path / "drugs.yaml")
    with pytest.raises(TableError, match="not valid"):
        build.write()
    assert not list(package.rglob("_bundled.py"))
