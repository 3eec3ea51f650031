"""The house rules of the code itself: what imports what, what is exact, what is documented."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import dmcalc

from .conftest import DMCALC, ROOT

SRC = ROOT / "src" / "dmcalc"
GENERATED = {SRC / "table" / "_bundled.py", SRC / "guideline" / "_bundled.py"}
MODULES = sorted(path for path in SRC.rglob("*.py") if path not in GENERATED)
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
MOST_LINES = 350


def name(path):
    """Return a file's module: ``dosing.dose``; ``""`` for the package itself."""
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


NAMES = {path: name(path) or "dmcalc" for path in MODULES}


def imports(tree):
    """Yield every module that is imported, in functions and for type checkers too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_there_is_code_to_look_at():
    assert len(MODULES) > 30
    assert {"dosing.dose", "quantities.amount", "cli.dose", "formats.terminal"} <= {*NAMES.values()}


def test_no_float():
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant):
                assert not isinstance(node.value, float), f"{path}:{node.lineno}: {node.value}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("float", "round"), f"{path}:{node.lineno}"


#: What computes: pure functions, from a patient and a table to a result.
PURE = (
    *("quantities", "text", "results", "patient", "equivalence", "dispensing"),
    *("dosing", "order", "supply", "infusions", "schedules", "monitoring", "planning"),
)
#: Packages of others that a package of ours must not know, not even for their types. The floors
#: between our own packages are a contract of import-linter (pyproject.toml, ``make lint``).
FORBIDDEN = {
    **dict.fromkeys(PURE, ("rich", "typer", "yaml", "pydantic")),
    "sources": ("rich", "typer", "yaml", "pydantic"),
    "table": ("rich", "typer"),
    "guideline": ("rich", "typer"),
    "catalogue": ("rich", "typer", "yaml", "pydantic"),
    "pages": ("rich", "typer", "yaml", "pydantic", "sys", "os", "pathlib"),
    "formats": ("typer", "yaml", "pydantic", "sys", "os", "pathlib"),
    "cli": ("rich", "yaml", "pydantic"),
}


def files_of(package):
    """Return the files of a package, or of a module at the top."""
    return [path for path in MODULES if name(path).split(".")[0] == package]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_package_knows_no_library_that_is_not_its_business(package):
    files = files_of(package)
    assert files
    for path in files:
        for imported in imports(TREES[path]):
            for wrong in FORBIDDEN[package]:
                assert imported != wrong, f"{name(path)} imports {imported}"
                assert not imported.startswith(f"{wrong}."), f"{name(path)} imports {imported}"


def test_the_picture_of_the_floors_is_that_of_the_contract():
    with (ROOT / "pyproject.toml").open("rb") as file:
        (contract,) = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```\n")[1]
    drawn = [re.split(r"\s{6,}", line)[0].split() for line in picture.splitlines()]
    assert drawn == [re.findall(r"\w+", layer) for layer in contract["layers"]]


def roots(path):
    """Return the packages that a file imports, ours and others'."""
    return {module.partition(".")[0] for module in imports(TREES[path])}


@pytest.mark.parametrize("package", PURE)
def test_what_computes_reads_and_writes_nothing(package):
    assert files_of(package)
    for path in files_of(package):
        used = {node.id for node in ast.walk(TREES[path]) if isinstance(node, ast.Name)}
        assert used.isdisjoint({"print", "open", "input"}), path
        reached = {"sys", "os", "io", "pathlib", "json", "csv", "logging", "socket"}
        assert roots(path).isdisjoint(reached), path


def test_nothing_reaches_for_the_network():
    reached = {"socket", "http", "urllib", "requests", "ssl", "asyncio", "random"}
    assert [path for path in MODULES if roots(path) & reached] == []


def documented(tree, path=""):
    """Yield everything public of a module with its docstring: functions, classes, methods."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{path}{node.name}", ast.get_docstring(node)
            if isinstance(node, ast.ClassDef):
                yield from documented(node, f"{path}{node.name}.")


def test_everything_public_has_a_docstring():
    for path, tree in TREES.items():
        assert ast.get_docstring(tree), path
        assert [key for key, text in documented(tree) if not text] == [], path


def test_a_class_name_has_one_meaning():
    names = Counter(
        node.name
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []


def strings(tree):
    """Yield the text constants of a module that are no docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and id(node) not in docstrings:
            yield node.value


# Weekly methotrexate is the one drug that the validator knows, because of what it does if daily;
# a column of a plan is called by the drug in whose mg it counts.
KNOWN = {"table.rules.drugs": {"methotrexate"}, "planning.document": {"prednisone"}}


def test_no_drug_is_written_into_the_code():
    drug = re.compile(rf"\b(?:{'|'.join(dmcalc.load_table().table.drugs)})\b")
    written = {
        NAMES[path]: {word for text in strings(tree) for word in drug.findall(text.lower())}
        for path, tree in TREES.items()
    }
    assert {name: drugs for name, drugs in written.items() if drugs} == KNOWN


@pytest.mark.parametrize(
    "folder", ["src", "tests", "benchmarks"], ids=lambda folder: f"in {folder}"
)
def test_files_can_be_read_in_one_sitting(folder):
    files = [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.yaml")]
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in files
        if path not in GENERATED
    }
    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


LISTED = """
import atexit, runpy, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def python(code, *args):
    """Run Python without coverage, which would import modules of its own."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}
    command = [sys.executable, "-c", code, *args]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=True)


@cache
def imported_by(*args):
    """Return the modules that a run of the installed dmcalc has imported at its end."""
    found = set(python(LISTED, DMCALC, *args).stderr.split())
    assert "dmcalc.cli" in found
    return found


DATA_FORMATS = ["json", "jsonl", "csv", "tsv"]


@pytest.mark.parametrize("form", DATA_FORMATS)
@pytest.mark.parametrize(
    "args",
    [
        ("dose", "--weight", "70", "--severity", "severe"),
        ("taper", "ivig", "--weight", "70"),
        ("why", "prednisone"),
    ],
    ids=" ".join,
)
def test_an_answer_for_machines_imports_no_heavy_package(args, form):
    found = imported_by(*args, "--format", form)
    assert f"dmcalc.cli.{args[0]}" in found
    assert found & {"pydantic", "pydantic_core", "yaml", "rich"} == set()


#: What serves another weight than the actual one.
OF_WEIGHTS = {
    *(
        "dmcalc.patient.weight_request",
        "dmcalc.patient.dosing_weight",
        "dmcalc.dosing.weight_comparison",
        "dmcalc.guideline",
    ),
    "dmcalc.pages.dosing_weight",
}


@pytest.mark.parametrize(
    "args",
    [
        ("dose", "--weight", "70"),
        ("dose", "--weight", "70", "--format", "json"),
        ("taper", "ivig", "--weight", "70"),
        ("check", "ivig", "140 g over 2 days", "--weight", "70"),
    ],
    ids=" ".join,
)
def test_a_dose_by_the_actual_weight_imports_nothing_of_other_weights(args):
    found = imported_by(*args)
    assert "dmcalc.dosing.regimen" in found
    # a page says which facts the rules ask about, as they were built with the guideline
    asks = set() if "json" in args else {"dmcalc.guideline"}
    assert found & OF_WEIGHTS <= asks
    assert "dmcalc.guideline.model" not in found


def test_a_human_table_in_a_pipe_imports_no_heavy_package():
    found = imported_by("dose", "--weight", "70")
    assert "dmcalc.formats.plain" in found
    assert found & {"pydantic", "pydantic_core", "yaml", "rich"} == set()


@pytest.mark.parametrize("args", [("--help",), ("--version",)], ids=" ".join)
def test_help_and_version_import_no_command(args):
    found = imported_by(*args)
    commands = {f"dmcalc.cli.{path.stem}" for path in (SRC / "cli").glob("[!_]*.py")}
    assert len(commands) >= 6
    assert found & (commands | {"pydantic", "yaml", "rich", "dmcalc.table._bundled"}) == set()


def test_a_command_imports_no_other_command():
    found = imported_by("drugs", "--field", "drug")
    assert {module for module in found if re.fullmatch(r"dmcalc\.cli\.[a-z]+", module)} == {
        "dmcalc.cli.drugs"
    }


def test_importing_the_package_imports_nothing_of_it():
    found = python("import sys, dmcalc; print(*sys.modules)").stdout.split()
    assert {module for module in found if module.startswith("dmcalc")} == {
        "dmcalc",
        "dmcalc._version",
    }
    assert set(found).isdisjoint({"typer", "click", "decimal", "pydantic", "yaml", "rich"})


@pytest.mark.parametrize("path", [Path("src"), Path("tests"), Path("data")], ids=str)
def test_no_place_of_an_author_is_named(path):
    files = [
        file
        for kind in ("*.py", "*.yaml", "*.json", "*.md")
        for file in (ROOT / path).rglob(kind)
        if file != Path(__file__)
    ]
    assert files
    for file in files:
        assert not re.search(r"[\"' ]/(?:home|root|Users|work)/", file.read_text("utf-8")), file
