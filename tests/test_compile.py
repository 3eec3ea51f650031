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
from dmcalc.patient.not_entered import facts_asked

FOLDER = table.bundled_path().parent
SOURCES = """
from dmcalc import compile
print(*compile.sources().values(), sep="", end="")
"""


@pytest.fixture(scope="module")
def sources():
    """The source of the drug table, and of the guideline."""
    return tuple(build.sources().values())


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package into which the modules are written."""
    for part in ("table", "guideline"):
        (tmp_path / part).mkdir()
    monkeypatch.setattr(build, "PACKAGE", tmp_path)
    return tmp_path


def test_what_was_built_is_the_source():
    for path, source in build.sources().items():
        if not path.exists():
            pytest.skip("built by make test")
        assert path.read_text(encoding="utf-8") == source


@pytest.mark.parametrize("seed", ["0", "1"])
def test_source_does_not_depend_on_the_order_of_hashes(sources, seed):
    done = subprocess.run(
        [sys.executable, "-c", SOURCES],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        timeout=60,
    )
    assert done.stdout == "".join(sources)


def test_source_makes_the_values_again(sources):
    for part, source in zip((table, guideline), sources, strict=True):
        names: dict[str, object] = {}
        exec(source, names)
        assert names["loaded"]() == part.read_checked(None)


def test_source_makes_equal_values_once(sources):
    for source in sources:
        names: dict[str, object] = {}
        exec(source, names)
        objects: dict[str, set[int]] = {}
        for value in build._values(names["loaded"]()):
            objects.setdefault(repr(value), set()).add(id(value))
        assert len(objects) > 500
        assert {text for text, ids in objects.items() if len(ids) > 1} == set()


def test_source_has_the_facts_that_rules_ask_about(sources):
    names: dict[str, object] = {}
    exec(sources[1], names)
    asked, rules = names["FACTS_ASKED"], guideline.read_checked(None).guideline.rules
    assert asked == facts_asked(rules, asked)
    of_rules = {drug for rule in rules.rules for drug in (*rule.drugs, *rule.when.taking)}
    assert of_rules | set(table.load().table.drugs) <= asked.keys()
    # US label of methotrexate: contraindicated in pregnancy; no rule on it asks about a genotype
    assert "pregnancy" in asked["methotrexate"]
    assert "TPMT and NUDT15" in asked["azathioprine"]
    assert "TPMT and NUDT15" not in asked["methotrexate"]


def test_write_puts_both_in_their_place(package, sources):
    paths = (package / "table" / "_bundled.py", package / "guideline" / "_bundled.py")
    assert build.write() == paths
    assert tuple(path.read_text(encoding="utf-8") for path in paths) == sources


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
