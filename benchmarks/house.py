"""Count what makes src/ easy or hard to change: its size, its seams, what points the wrong way."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "dmcalc"
FILES = [path for path in sorted(SRC.rglob("*.py")) if path.name != "_bundled.py"]
TEMPLATES = sorted((SRC / "formats").rglob("*.html"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
MOST_PARAMETERS = 8
#: Where a signature may say Any: what is read from YAML, and what is written as a document.
ANY_ALLOWED = ("table/strict_yaml.py", "documents/")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def where(path: Path, line: int) -> str:
    """Name a line of a file."""
    return f"{path.relative_to(SRC).as_posix()}:{line}"


def lines(path: Path) -> int:
    """Count the lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def kinds_of_lines(path: Path) -> Counter[str]:
    """Count the lines of a file that are docstrings, comments, imports, blank or other code."""
    text = path.read_text(encoding="utf-8")
    kinds = ["blank" if not line.strip() else "code" for line in text.splitlines()]
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import | ast.ImportFrom):
            kind, last = "imports", node
        elif isinstance(node, ast.Module | ast.ClassDef | Function) and ast.get_docstring(node):
            kind, last = "docstrings", node.body[0]
        else:
            continue
        for number in range(last.lineno - 1, last.end_lineno or 0):
            kinds[number] = kind
    for number, line in enumerate(text.splitlines()):
        if line.lstrip().startswith("#") and kinds[number] == "code":
            kinds[number] = "comments"
    return Counter(kinds)


def by_package() -> Iterator[str]:
    """Yield a line a package, the largest first: its lines, and what they are."""
    sizes: dict[str, Counter[str]] = {}
    for path in FILES:
        parts = path.relative_to(SRC).parts
        here = parts[0] if len(parts) > 1 else "at the top"
        sizes.setdefault(here, Counter()).update(kinds_of_lines(path))
    kinds = ("code", "imports", "docstrings", "comments", "blank")
    yield f"{'lines':>6} {'':12}" + "".join(f"{kind:>11}" for kind in kinds)
    for name, size in sorted(sizes.items(), key=lambda item: -item[1].total()):
        yield f"{size.total():6,} {name:12}" + "".join(f"{size[kind]:11,}" for kind in kinds)


def functions() -> Iterator[tuple[Path, Function]]:
    """Yield every function and method."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield path, node


def parameters(function: Function) -> list[ast.arg]:
    """List the parameters of a function, without self and cls."""
    named = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return [argument for argument in named if argument.arg not in ("self", "cls")]


def with_many_parameters() -> list[str]:
    """List the functions with more than eight parameters."""
    return [
        f"{where(path, function.lineno)} {function.name} {len(parameters(function))}"
        for path, function in functions()
        if len(parameters(function)) > MOST_PARAMETERS
    ]


def imports_in_functions() -> list[str]:
    """List the imports inside functions, outside the command line."""
    return sorted(
        {
            where(path, node.lineno)
            for path, function in functions()
            if not path.is_relative_to(SRC / "cli")
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
    )


def with_any() -> list[str]:
    """List the functions with Any in their signature, where it is not allowed."""
    found = []
    for path, function in functions():
        rest = [argument for argument in (function.args.vararg, function.args.kwarg) if argument]
        hints = [a.annotation for a in (*parameters(function), *rest)] + [function.returns]
        names = {
            node.id
            for hint in hints
            if hint
            for node in ast.walk(hint)
            if isinstance(node, ast.Name)
        }
        if "Any" in names and not path.relative_to(SRC).as_posix().startswith(ANY_ALLOWED):
            found.append(where(path, function.lineno))
    return found


def package(module: str) -> str:
    """Return the package, or the module at the top, that a module of dmcalc belongs to."""
    return module.split(".")[1] if "." in module else "dmcalc"


def graph() -> dict[str, set[str]]:
    """Return which packages each package imports, in functions and for types too."""
    found: dict[str, set[str]] = {}
    for path, tree in TREES.items():
        parts = path.relative_to(SRC.parent).with_suffix("").parts
        here = package(".".join(part for part in parts if part != "__init__"))
        for node in ast.walk(tree):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module == "dmcalc":
                modules = [f"dmcalc.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module]
            ours = {package(name) for name in modules if name.split(".")[0] == "dmcalc"}
            found.setdefault(here, set()).update(ours - {here})
    return found


def circles() -> list[str]:
    """List the groups of packages that reach themselves by their imports."""
    near = graph()

    def reach(start: str) -> set[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for name in near.get(todo.pop(), set()) - seen:
                seen.add(name)
                todo.append(name)
        return seen

    far = {name: reach(name) for name in near}
    rings = {
        frozenset(o for o in far[name] if name in far.get(o, ()))
        for name in near
        if name in far[name]
    }
    return sorted(" ".join(sorted(ring)) for ring in rings)


def exceptions() -> list[str]:
    """List the imports that the contract of the floors lets pass."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return [line for contract in contracts for line in contract.get("ignore_imports", [])]


def main() -> None:
    """Print the counts, and with --list what they count."""
    print(*by_package(), "", sep="\n")
    longest = max(FILES, key=lines)
    print(f"{sum(map(lines, [*FILES, *TEMPLATES])):6,} lines of src (.py and templates)")
    print(f"{len(FILES):6,} files")
    print(f"{lines(longest):6,} lines in the longest, {longest.relative_to(SRC).as_posix()}")
    counts = {
        f"functions with more than {MOST_PARAMETERS} parameters": with_many_parameters(),
        "imports inside functions outside cli/": imports_in_functions(),
        "functions with Any in their signature": with_any(),
        "circles of packages": circles(),
        "exceptions of the contract of the floors": exceptions(),
    }
    for title, found in counts.items():
        print(f"{len(found):6,} {title}")
        if "--list" in sys.argv[1:]:
            print(*(f"         {line}" for line in found), sep="\n")


if __name__ == "__main__":
    main()
