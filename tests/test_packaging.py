"""A wheel, built and installed without a network, answers outside the checkout."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import dmcalc

from .conftest import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
DOSE = ["dose", "--weight", "70", "--severity", "severe"]


def clean():
    """Return an environment in which nothing points back to the checkout."""
    drop = ("PYTHONPATH", "VIRTUAL_ENV", "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
    env = {key: value for key, value in os.environ.items() if key not in drop}
    return {**env, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(command, cwd):
    done = subprocess.run(
        command, cwd=cwd, env=clean(), capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(folder, *options):
    """Build in a copy of the checkout without anything generated; return what was built."""
    copy = folder / "checkout"
    ignored = (".*cache*", ".venv", ".git", ".hypothesis", ".coverage*", "__pycache__", "dist")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*ignored, "_bundled.py"))
    run([sys.executable, "-m", "build", "--no-isolation", *options], copy)
    return copy / "dist"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The sdist, and the wheel that is built from it."""
    return build(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def wheel(built):
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A fresh virtual environment with the wheel; its dependencies are those of this one."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps"]
    run([*pip, wheel], home)
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_a_wheel_carries_its_table_and_its_types(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        table = archive.read("dmcalc/data/drugs.yaml")
        bundled = archive.read("dmcalc/table/_bundled.py").decode()
    assert {
        *("dmcalc/data/drugs.yaml", "dmcalc/data/drugs.schema.json", "dmcalc/py.typed"),
        *("dmcalc/data/guide.yaml", "dmcalc/guideline/_bundled.py"),
        *("dmcalc/table/_bundled.py", "dmcalc/cli/dose.py", "dmcalc/pages/dose.py"),
    } <= names
    assert table == (ROOT / "data" / "drugs.yaml").read_bytes()
    assert f"{hashlib.sha256(table).hexdigest()!r}, 'the bundled table')" in bundled
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests", "src", "data", "benchmarks"))]


def test_a_wheel_brings_the_manual_page_and_completion(wheel, call):
    made = {
        "man/man1/dmcalc.1": ("man",),
        "bash-completion/completions/dmcalc": ("completion", "bash"),
        "zsh/site-functions/_dmcalc": ("completion", "zsh"),
        "fish/vendor_completions.d/dmcalc.fish": ("completion", "fish"),
    }
    with zipfile.ZipFile(wheel) as archive:
        for place, args in made.items():
            name = f"dmcalc-{dmcalc.__version__}.data/data/share/{place}"
            assert archive.read(name).decode() == call(*args).stdout


def test_a_wheel_says_what_it_is(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = archive.read(name).decode()
        scripts = archive.read(name.replace("METADATA", "entry_points.txt")).decode()
    assert f"Version: {dmcalc.__version__}\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata
    assert "License-Expression: Apache-2.0\n" in metadata
    needed = re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==)", metadata, re.MULTILINE)
    wanted = [re.match(r"[\w-]+", text)[0] for text in PROJECT["dependencies"]]
    assert sorted(needed) == sorted(wanted)
    assert set(needed) >= {"pydantic", "pyyaml", "rich", "typer"}
    assert "dmcalc = dmcalc.__main__:main" in scripts


def test_an_sdist_carries_what_the_tests_need(built):
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    for name in (
        *("pyproject.toml", "README.md", "LICENSE", "Makefile", "requirements-dev.txt"),
        *("hatch_build.py", "data/drugs.yaml", "src/dmcalc/py.typed", "tests/conftest.py"),
        *("tests/scenarios/worked-figures.yaml", "examples/hospital.yaml"),
    ):
        assert name in names
    assert not any(name.endswith("/_bundled.py") for name in names)


def test_what_is_built_twice_has_the_same_bytes(built, tmp_path, monkeypatch):
    # of another place, at another time, with other hashes and another mask
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    mask = os.umask(0o077)
    try:
        again = build(tmp_path, "--sdist", "--wheel")
    finally:
        os.umask(mask)
    first = {path.name: path.read_bytes() for path in built.iterdir()}
    assert len(first) == 2
    assert first == {path.name: path.read_bytes() for path in again.iterdir()}


def test_an_installed_wheel_answers_outside_the_checkout(installed, tmp_path):
    program = installed.with_name("dmcalc")
    where = run([installed, "-c", "import dmcalc; print(dmcalc.__file__)"], tmp_path).strip()
    assert Path(where).is_relative_to(installed.parent.parent)
    high = run([program, "dose", "prednisone", "-w", "85", "--field", "high"], tmp_path)
    assert high == "80\n"
    version = run([program, "--version"], tmp_path)
    assert version == f"dmcalc {dmcalc.__version__}\n"


@pytest.mark.parametrize("form", ["json", "table"])
def test_an_installed_wheel_answers_as_the_checkout_does(installed, tmp_path, call, form):
    answer = run([installed.with_name("dmcalc"), *DOSE, "--format", form], tmp_path)
    assert answer == call(*DOSE, "--format", form).stdout


def test_an_installed_wheel_uses_the_table_as_it_was_built(installed, tmp_path):
    code = (
        "import sys, dmcalc\n"
        "dmcalc.dose(weight=70)\n"
        "print('yaml' in sys.modules, 'pydantic' in sys.modules)"
    )
    assert run([installed, "-c", code], tmp_path) == "False False\n"


def test_an_installed_wheel_checks_its_own_table(installed, tmp_path):
    check = [installed.with_name("dmcalc"), "table", "check", "--field"]
    assert int(run([*check, "figures"], tmp_path)) > 90
    assert "/" not in run([*check, "file"], tmp_path)


def test_a_table_that_is_not_valid_stops_the_build(tmp_path):
    copy = tmp_path / "checkout"
    copy.mkdir()
    for part in ("src", "data"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("hatch_build.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / part, copy / part)
    table = copy / "data" / "drugs.yaml"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("dose: 10 mg/week", "dose: 10 mg/day"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation"],
        cwd=copy,
        env=clean(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "methotrexate" in done.stdout + done.stderr
    assert not list(copy.glob("dist/*.whl"))


LOCK = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
PINNED = dict(re.findall(r"^([a-z0-9-]+)==([\w.]+)", LOCK, re.MULTILINE))


#: A package of the lock: its version, perhaps for whom, its hashes, and what needs it.
ENTRY = re.compile(
    r"[a-z0-9-]+==\d[\w.]*( ; [^\\]+)? \\\n"
    r"( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+"
    r"( +#.*\n)+"
)


def test_each_package_of_the_lock_has_its_hashes_and_no_place_of_its_own():
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(PINNED) > 20
    assert [entry for entry in entries if not ENTRY.match(entry)] == []
    assert "://" not in LOCK


def test_the_lock_has_a_version_that_the_project_accepts_of_all_that_it_names():
    named = [*PROJECT["dependencies"], *PYPROJECT["build-system"]["requires"]]
    named += PROJECT["optional-dependencies"]["dev"]
    for text in map(Requirement, named):
        version = PINNED[canonicalize_name(text.name)]
        assert text.specifier.contains(version), f"{text}, not {version}: make lock"


def test_what_is_needed_at_run_time_has_an_upper_bound():
    optional = {k: v for k, v in PROJECT["optional-dependencies"].items() if k != "dev"}
    for text in [*PROJECT["dependencies"], *(t for more in optional.values() for t in more)]:
        bounds = {part.operator for part in Requirement(text).specifier}
        assert bounds & {"<", "<=", "~=", "=="}, text
    # 3.1.6 is the first whose sandbox has no known way out
    assert not Requirement(PROJECT["dependencies"][1]).specifier.contains("3.1.5")
    assert Requirement(PROJECT["dependencies"][1]).name == "jinja2"


def test_the_citation_is_one_by_its_schema():
    citation = yaml.load((ROOT / "CITATION.cff").read_text(encoding="utf-8"), yaml.CSafeLoader)
    # the schema of version 1.2.0 of the Citation File Format, CC BY 4.0
    schema = json.loads((ROOT / "tests" / "citation.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(citation, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**citation, "authors": []}, schema)
    assert citation["version"] == dmcalc.__version__
    assert citation["license"] == PROJECT["license"]


def test_the_top_level_holds_what_it_should():
    for name in ("CHANGELOG.md", "LICENSE", "pyproject.toml", "SECURITY.md"):
        assert (ROOT / name).is_file(), name
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "table check" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(
        rf"^## \[?({re.escape(dmcalc.__version__)}|Unreleased)\b", changes, re.MULTILINE
    )
