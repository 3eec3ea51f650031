"""Plant faults in what computes or decides, one at a time, and count those that the tests notice.

``make mutants ARGS="--sample 600 --seed 7 --module dosing"`` runs it in an environment of its own.
Faults are made by cosmic-ray's operators: a comparison, an amount, a condition, a loop or a sign
is another one. Each is planted in a copy of the checkout, and the tests that reach its line are
run there, those of its own package first; then, where none fails, the test files of its package
whole. What was tried stands in ``.mutants`` and is not tried again.
"""

from __future__ import annotations

import argparse
import ast
import datetime
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import cache_from_source
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import CoverageData

ROOT = Path(__file__).parent.parent
STORE = ROOT / ".mutants"
PYTHON = ROOT / ".venv" / "bin" / "python"
SOURCE = Path("src", "dmcalc")
#: What computes or decides; the rest lays out, spells or describes.
MODULES = (
    *("quantities", "sources", "table", "formulary", "guideline", "patient", "medicines"),
    *("dosing", "dispensing", "supply", "order", "schedules", "infusions", "monitoring"),
    *("planning", "results", "audit", "batch", "fhir", "columns", "equivalence", "documents"),
)
#: Operators whose faults no test can see, or any import does. What is equal is turned into what
#: is not: most of it is words, and before or after another in the alphabet means nothing.
_USELESS = re.compile(
    r"Shift|Bit|Invert|UAdd|Pow|RemoveDecorator|Variable|ExceptionReplacer|(?<!Is)_Is$|"
    r"(?<!Is)_IsNot$|_Is_(?!IsNot)|_IsNot_(?!Is$)|Operator_Eq_(?!NotEq$)|Operator_NotEq_(?!Eq$)"
)
#: Tests that are run for one fault, at most; those of its own package come first.
MOST = 1_000
#: A run counts as hung, and the fault as noticed, after so many times what its tests take, and
#: this many seconds more.
TIMES, HUNG = 10, 60
#: What is run, too, of a line that runs at import: its figures and words stand in any answer.
ANY_ANSWER = ("tests/test_scenarios.py", "tests/contract", "tests/pages")


class Mutant(NamedTuple):
    """One fault: a file, an operator of cosmic-ray, which of its places, and the line."""

    path: str
    operator: str
    occurrence: int
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.operator.removeprefix('core/')} {self.occurrence}"


def files(modules: tuple[str, ...]) -> list[Path]:
    """Return the files of some modules of dmcalc, relative to the checkout."""
    paths = []
    for name in modules:
        folder = ROOT / SOURCE / name
        single = folder.with_suffix(".py")
        paths += sorted(folder.rglob("*.py")) if folder.is_dir() else [single]
    return [p.relative_to(ROOT) for p in paths if p.name != "_bundled.py" and p.is_file()]


def mutants(modules: tuple[str, ...]) -> list[Mutant]:
    """Return all faults that can be planted in some modules."""
    operators = [(n, get_operator(n)()) for n in operator_names() if not _USELESS.search(n)]
    every = []
    for path in files(modules):
        nodes = list(ast_nodes(get_ast((ROOT / path).read_text("utf-8"))))
        for name, operator in operators:
            places = [start for node in nodes for start, _ in operator.mutation_positions(node)]
            every += [
                Mutant(str(path), name, number, line) for number, (line, _) in enumerate(places)
            ]
    return every


def planted(mutant: Mutant) -> str | None:
    """Return a file's text with a fault in it; None where it runs as before, or not at all."""
    text = (ROOT / mutant.path).read_text("utf-8")
    changed = mutate_code(text, get_operator(mutant.operator)(), mutant.occurrence)
    try:
        same = changed is None or _runs(changed) == _runs(text)
    except SyntaxError:  # no Python: nothing could import it
        return None
    return None if same else str(changed)


def _runs(text: str) -> str:
    """Return what runs of a file: its tree without annotations and imports for types.

    Nor does it tell the ``strict`` of a zip and an assert, which guard what cannot be.
    """
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        if isinstance(node, ast.Call):
            node.keywords = [word for word in node.keywords if word.arg != "strict"]
        if isinstance(node, ast.Assert):
            node.test = ast.Constant(True)
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.arguments):  # how a call must name them: mypy reads that
            node.args = node.posonlyargs + node.args + node.kwonlyargs
            node.defaults += [default for default in node.kw_defaults if default]
            node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            node.test, node.body = ast.Constant(False), [ast.Pass()]
    return ast.dump(tree)


class Copy:
    """A copy of the checkout in which faults are planted, one after the other."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        keep = shutil.ignore_patterns(".*", "dist", "__pycache__")
        shutil.copytree(ROOT, folder, ignore=keep)
        self.folder = folder
        done = self.python("-c", "import dmcalc; print(dmcalc.__file__)")
        if not done.stdout.startswith(str(folder)):
            raise SystemExit(f"The copy is not what is imported: {done.stdout}{done.stderr}")

    def notices(self, mutant: Mutant, text: str, tests: list[str], data: Reached) -> bool:
        """Tell whether some tests fail, or do not end, with a fault in a file."""
        path = self.folder / mutant.path
        whole = path.read_bytes()
        put(path, text.encode())
        chosen = self.folder / "chosen.txt"
        chosen.write_text("\n".join(tests), "utf-8")
        try:
            done = self.python(
                *("-m", "pytest", "--no-cov", "-x", "-p", "no:cacheprovider", f"@{chosen}"),
                longest=HUNG + TIMES * data.seconds_of(tests),
            )
            if done.returncode == _USAGE and any("::" in test for test in tests):
                # an id that cannot be given back: its file is run whole
                return self.notices(
                    mutant, text, sorted({t.partition("::")[0] for t in tests}), data
                )
        except subprocess.TimeoutExpired:
            return True
        finally:
            put(path, whole)
        return done.returncode not in (0, _NONE)

    def python(
        self, *args: str, coverage: Path | None = None, longest: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy, for so many seconds; what is covered goes to a file."""
        env = {"PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": ""}
        env |= {"COVERAGE_FILE": str(coverage)} if coverage else {}
        return subprocess.run(
            [PYTHON, *args],
            cwd=self.folder,
            env=os.environ | env,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=longest,
            check=False,
        )


def put(path: Path, content: bytes) -> None:
    """Write a module without what was compiled of it, which may be as old and as long.

    All others stay compiled: a process that the tests start takes a third of the time.
    """
    path.write_bytes(content)
    Path(cache_from_source(path)).unlink(missing_ok=True)


class Reached(NamedTuple):
    """Which tests reach which lines, and how many seconds each slow one takes.

    ``state`` names the code and the tests that this was seen of.
    """

    state: str
    lines: CoverageData
    seconds: dict[str, float]

    def seconds_of(self, tests: list[str]) -> float:
        """Return how long some tests, or those of some files or folders, take."""
        return sum(time for name, time in self.seconds.items() if name.startswith(tuple(tests)))


def reached(copy: Copy) -> Reached:
    """Return which tests reach which lines; run the whole suite where that is not known yet.

    It is run in the copy, unchanged: what fails there without a fault would count as noticed.
    """
    digest = hashlib.sha256()
    for folder in ("src", "tests", "data"):
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix in (".py", ".yaml", ".csv") and path.name != "_bundled.py":
                digest.update(path.read_bytes())
    store = STORE / f"reached-{digest.hexdigest()[:16]}"
    durations = store.with_suffix(".json")
    if not store.exists():
        print("Running the suite once, to see which tests reach which lines.", flush=True)
        part = store.with_suffix(".part")
        done = copy.python(
            *("-m", "pytest", "--numprocesses", "auto", "--dist", "worksteal"),
            *("--cov", "--cov-context=test", "--cov-report=", "--cov-fail-under=0"),
            *("-p", "tests.process_contexts"),
            *("-p", "no:cacheprovider", "--durations", "0", "--durations-min", "0.02", "-vv"),
            coverage=part,
        )
        if done.returncode:
            raise SystemExit(f"The suite fails without a fault:\n{done.stdout[-3000:]}")
        # the longest stand first: of setup and call the longer counts
        slow = re.findall(r"^([0-9.]+)s (?:call|setup) +(.+)$", done.stdout, re.MULTILINE)
        seconds = {name: float(time) for time, name in reversed(slow)}
        durations.write_text(json.dumps(seconds), "utf-8")
        part.rename(store)
    lines = CoverageData(basename=str(store))
    lines.read()
    return Reached(store.name, lines, json.loads(durations.read_text("utf-8")))


#: Exit codes of pytest.
_USAGE, _NONE = 4, 5


def tests_of(mutant: Mutant, data: Reached, folder: Path) -> tuple[list[str], list[str]]:
    """Return the tests that reach a fault's line, the fast ones first, and files to run whole.

    Those are the test files of its package, since what is computed once, by a fixture or for a
    process, is computed for the first that asks; where no test reaches it, those of any answer.
    """
    package = Path(mutant.path).relative_to(SOURCE).parts[0].removesuffix(".py")
    own = f"tests/{package}/"
    contexts = data.lines.contexts_by_lineno(str(folder / mutant.path)).get(mutant.line, [])
    ids = sorted({context.rpartition("|")[0] for context in contexts} - {""})
    near = [i for i in ids if i.startswith(own)]
    far = [i for i in ids if not i.startswith(own)]
    random.Random(mutant.line).shuffle(far)
    whole = [f"tests/test_{package}.py", own, *(ANY_ANSWER if not ids else ())]
    chosen = sorted((near + far)[:MOST], key=lambda test: data.seconds.get(test, 0))
    return chosen, [path for path in whole if (ROOT / path).exists()]


def difference(mutant: Mutant, text: str) -> str:
    """Return the line that a fault changes, and what it becomes."""
    before = (ROOT / mutant.path).read_text("utf-8").splitlines()
    after = text.splitlines()
    pairs = [(a.strip(), b.strip()) for a, b in zip(before, after, strict=False) if a != b]
    old, new = pairs[0] if pairs else (before[mutant.line - 1].strip(), "deleted")
    return f"    - {old}\n    + {new}"


def main() -> int:
    """Draw faults, plant each, and print those that pass all tests; the last line counts."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=40, help="how many faults are planted")
    parser.add_argument("--seed", type=int, default=int(f"{datetime.date.today():%Y%m%d}"))
    parser.add_argument("--module", action="append", choices=MODULES, help="only of this module")
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    STORE.mkdir(exist_ok=True)
    every = mutants(tuple(args.module or MODULES))
    random.Random(args.seed).shuffle(every)
    sample = [(m, text) for m in every[: 2 * args.sample] if (text := planted(m))][: args.sample]
    processes = os.cpu_count() or 1
    made = [Copy(STORE / f"copy-{number}") for number in range(processes)]
    data = reached(made[0])
    results = Results(STORE / "results.jsonl", data.state)
    copies: SimpleQueue[Copy] = SimpleQueue()
    for copy in made:
        copies.put(copy)

    def tried(pair: tuple[Mutant, str]) -> bool:
        mutant, text = pair
        key = hashlib.sha256(f"{mutant}\n{text}".encode()).hexdigest()
        if (known := results.known.get(key)) is not None:
            return known
        copy, start = copies.get(), time.monotonic()
        try:
            tests, whole = tests_of(mutant, data, made[0].folder)
            noticed = bool(tests) and copy.notices(mutant, text, tests, data)
            noticed = noticed or (bool(whole) and copy.notices(mutant, text, whole, data))
        finally:
            copies.put(copy)
        results.add(key, mutant, noticed, time.monotonic() - start)
        return noticed

    with ThreadPoolExecutor(processes) as pool:
        noticed = list(pool.map(tried, sample))
    for (mutant, text), killed in zip(sample, noticed, strict=True):
        if not killed:
            print(f"survived: {mutant}\n{difference(mutant, text)}")
    share = 100 * sum(noticed) / len(sample)
    print(f"{sum(noticed)} of {len(sample)} killed, {share:.1f} per cent")
    return 0 if share >= 95 else 1


class Results:
    """What was tried: a line for each fault. What passed is tried again by changed tests."""

    def __init__(self, path: Path, state: str) -> None:
        self._path, self._state = path, state
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        rows = [json.loads(line) for line in lines]
        self.known = {r["key"]: r["killed"] for r in rows if r["killed"] or r["state"] == state}

    def add(self, key: str, mutant: Mutant, killed: bool, seconds: float) -> None:
        """Write down whether a fault was noticed."""
        row = {"key": key, "mutant": str(mutant), "killed": killed, "seconds": round(seconds, 1)}
        row["state"] = self._state
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        mark = "killed  " if killed else "SURVIVED"
        print(f"{mark} {mutant} ({seconds:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
