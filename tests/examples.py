"""The console blocks of README.md and docs/: the tests run them, and this prints them anew.

A ```console block shows commands after ``$`` and below each what it prints in a terminal of 80
columns. A line ``...`` stands for lines that are left out, and ``...`` at the end of a line for the
rest of it. A ```yaml block with the name of a file is a part of that file, for what stands below.

``python -m tests.examples [PAGE ...]`` runs the blocks and writes what is printed now. A block that
is cut at its end alone keeps its number of lines; one that is cut within and no longer matches is
listed, with what is printed, for a person to cut it anew.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from .conftest import DMCALC, ROOT, environment, in_terminal

COLUMNS = 80
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"((?:.*\\\n)*.*\n)((?:.*\n)*)")
FILE = re.compile(r"^```yaml (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ORDER = ROOT / "tests/fhir/examples/hl7-r4-medrx0303-prednisone-taper.json"


class Example(NamedTuple):
    """A command of a page, as it is written there, and the lines that stand below it."""

    written: str
    output: str
    #: The files that the page has above it, by name.
    files: dict[str, str] = {}  # noqa: RUF012

    @property
    def command(self) -> str:
        """The command on one line."""
        return self.written.replace("\\\n", "").strip()


def examples(text: str) -> list[Example]:
    """Return the commands of all console blocks with their output."""
    return [
        example
        for block in BLOCK.finditer(text)
        for example in _parts(block[0], text[: block.start()])
    ]


def _parts(block: str, above: str) -> list[Example]:
    files: dict[str, str] = {}
    for name, part in FILE.findall(above):
        files[name] = files.get(name, "") + part
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [Example(*COMMAND.match(part).groups(), files) for part in parts]


def as_dmcalc(command: str) -> str | None:
    """Return a command as dmcalc is called; None for one that is not dmcalc's."""
    if command.startswith("make run"):
        given = dict(part.partition("=")[::2] for part in shlex.split(command) if "=" in part)
        return f"dmcalc {given.get('ARGS', '')}".strip()
    return command if re.match(r"(\w+=\$\()?dmcalc\b", command) else None


def matches(shown: str, printed: str) -> bool:
    """Tell whether a text is what is shown, where ``...`` stands for what is left out."""
    parts = []
    for line in shown.rstrip("\n").splitlines():
        start = re.escape(line.removesuffix("...").rstrip())
        rest = ".*" if line.endswith("...") else ""
        parts.append(r"(?:.*\n)*?" if line == "..." else f"{start}{rest}\n")
    lines = "".join(line.rstrip() + "\n" for line in printed.rstrip("\n").splitlines())
    return re.fullmatch("".join(parts), lines) is not None


def lay_out(files: dict[str, str], folder: Path) -> None:
    """Put the files of the examples and those of the page into an empty folder."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "examples", folder, dirs_exist_ok=True)
    (folder / "data").mkdir()
    shutil.copy(ROOT / "data" / "drugs.yaml", folder / "data")
    shutil.copy(ORDER, folder / "medrx0303.json")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def printed(command: str, files: dict[str, str], folder: Path) -> str:
    """Run a command in an empty folder with the files of the examples and those of the page."""
    lay_out(files, folder)
    path = f"{Path(DMCALC).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    env = environment({"NO_COLOR": "1", "PATH": path})
    return in_terminal(["bash", "-c", f"{command} 2>&1"], COLUMNS, env=env, cwd=folder).stdout


def anew(shown: str, printed: str) -> str | None:
    """Return what a page shows of a new output; None where a person must cut it."""
    if matches(shown, printed):
        return shown
    lines = [line.rstrip() for line in printed.rstrip("\n").splitlines()]
    cut = re.sub(r"^\.\.\.\n\Z", "", shown, flags=re.MULTILINE)
    if any(line.endswith("...") for line in cut.splitlines()):
        return None
    if cut != shown and len(lines) > (kept := cut.count("\n")):
        lines = [*lines[:kept], "..."]
    return "".join(f"{line}\n" for line in lines)


def main(pages: list[Path]) -> int:
    """Print the blocks of some pages anew; 1 where a person must cut one."""
    left = 0
    for page in pages:

        def block(match: re.Match[str], page: Path = page) -> str:
            nonlocal left
            text = ""
            for example in _parts(match[0], match.string[: match.start()]):
                command, output = as_dmcalc(example.command), example.output
                if command:
                    with tempfile.TemporaryDirectory() as folder:
                        now = printed(command, example.files, Path(folder))
                    output = anew(output, now)
                    if output is None:
                        left += 1
                        output = example.output
                        print(f"{page.name}: cut this one anew:\n$ {example.command}\n{now}")
                text += f"$ {example.written}{output}"
            return text

        page.write_text(BLOCK.sub(block, page.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{len(pages)} pages; {left} examples to be cut by a person")
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main([Path(page).resolve() for page in sys.argv[1:]] or PAGES))
