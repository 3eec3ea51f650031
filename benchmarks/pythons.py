"""Install the wheel with each Python that the machine has, and run the tests there.

``make pythons`` installs the wheel into an empty environment, asks it for doses, and then runs the
whole suite in an environment from the lock; ``make pythons ARGS=--wheel`` leaves the suite out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from environment import ROOT, Environment, build

QUESTION = ["dose", "--weight", "70", "--severity", "severe", "--format", "json"]


def versions() -> list[str]:
    """Return the versions of Python that dmcalc says it is for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    last = [text.rpartition(" ")[2] for text in project["classifiers"]]
    return [version for version in last if version.startswith("3.")]


def find(version: str) -> str | None:
    """Return a Python of a version, on the path or one that pyenv has; None where there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = sorted(pyenv.glob(f"{version}.*/bin/python"))
    for python in filter(None, [shutil.which(f"python{version}"), *map(str, kept)]):
        # a shim of pyenv stands on the path and may start nothing
        done = subprocess.run([python, "-c", ""], capture_output=True, check=False)
        if done.returncode == 0:
            return python
    return None


def answers(wheel: Path, python: str, expected: str) -> bool:
    """Install the wheel into an empty environment; tell whether it answers as the checkout."""
    with tempfile.TemporaryDirectory() as folder:
        environment = Environment(Path(folder) / "empty", python)
        environment.install(str(wheel))
        command = [*environment.program("dmcalc"), *QUESTION]
        return subprocess.check_output(command, cwd=folder, text=True) == expected


def main() -> int:
    """Try each Python; 1 where one fails, or where there is none."""
    expected = subprocess.check_output([sys.executable, "-m", "dmcalc", *QUESTION], text=True)
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        wheel = build(Path(folder))
        for version in versions():
            python = find(version)
            if python is None:
                print(f"Python {version}: not on this machine", flush=True)
                continue
            results[version] = answers(wheel, python, expected)
            print(f"Python {version}: the wheel {'answers' if results[version] else 'FAILS'}")
            if "--wheel" not in sys.argv:
                make = ["make", "test", f"PYTHON={python}", f"VENV=.venv/python{version}"]
                passed = subprocess.run(make, cwd=ROOT, check=False).returncode == 0
                results[version] &= passed
                print(f"Python {version}: the tests {'pass' if passed else 'FAIL'}", flush=True)
    good = sum(results.values())
    print(f"{good} of {len(results)} Pythons of this machine pass")
    return int(not results or good < len(results))


if __name__ == "__main__":
    sys.exit(main())
