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
import pathlib, sys
from dmcalc import compile, guideline, table
folder = pathlib.Path(sys.argv[1])
drugs, guide = folder / "drugs.yaml", folder / "guide.yaml"
print(compile.table_source(table.read_checked(str(drugs)), drugs.read_bytes()), end="")
print(compile.guideline_source(guideline.read_checked(str(guide)), guide.read_bytes()), end="")
"""


def table_source():
    path = FOLDER / "drugs.yaml"
    return build.table_source(table.read_checked(str(path)), path.read_bytes())


def guideline_source():
    path = FOLDER / "guide.yaml"
    return build.guideline_source(guideline.read_checked(str(path)), path.read_bytes())


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package into which the modules are written."""
    for part in ("table", "guideline"):
        (tmp_path / part).mkdir()
    monkeypatch.setattr(build, "PACKAGE", tmp_path)
    return tmp_path


def test_what_was_built_is_the_source():
    for part, source in (("table", table_source()), ("guideline", guideline_source())):
        path = build.PACKAGE / part / "_bundled.py"
        if not path.exists():
            pytest.skip("built by make test")
        assert path.read_text(encoding="utf-8") == source


@pytest.mark.parametrize("seed", ["0", "1"])
def test_source_does_not_depend_on_the_order_of_hashes(seed):
    done = subprocess.run(
        [sys.executable, "-c", SOURCES, str(FOLDER)],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        timeout=60,
    )
    assert done.stdout == table_source() + guideline_source()


def test_source_makes_the_values_again():
    names: dict[str, object] = {}
    exec(table_source(), names)
    assert names["BUNDLED_TABLE"] == table.load().table
    assert names["SHA256"] == table.load().sha256
    exec(guideline_source(), names)
    assert names["BUNDLED_GUIDELINE"] == guideline.load().guideline
    assert names["SOURCES"] == guideline.load().sources


def test_write_puts_both_in_their_place(package):
    paths = (package / "table" / "_bundled.py", package / "guideline" / "_bundled.py")
    assert build.write() == paths
    assert paths[0].read_text(encoding="utf-8") == table_source()
    assert paths[1].read_text(encoding="utf-8") == guideline_source()


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
