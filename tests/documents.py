"""Every JSON document and line that a test makes dmcalc print is held against its schema.

The ways to run dmcalc in ``conftest.py`` call ``check`` on what was printed or written. Here a key
that no schema describes is a fault, and so is one that is missing: a new key needs a description,
and one that goes away is seen. What readers get allows keys that are added later.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from dmcalc.schemas import json_schema as schemas
from tests import sense

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Exit codes with which an answer is printed: `check` answers and then exits with 4 or 5.
ANSWERED = (0, 4, 5, 6)
MARK = '"schema": "dmcalc.'
#: What was printed before and fits: text, the form that was asked for, whether keys may be added.
HELD: set[int] = set()


@cache
def validator(kind: str, *, line: bool = False, strict: bool = True) -> Draft202012Validator:
    """Return the validator of a kind of document or of its lines."""
    schema = schemas.line if line else schemas.document
    return Draft202012Validator(schema(kind, strict=strict))


def faults(found: Any, *, line: bool = False, passed_on: bool = False) -> list[str]:
    """List what does not fit, each with its path; ``passed_on``: a line may begin with any keys."""
    name = found.get("schema") if isinstance(found, dict) else None
    if not isinstance(name, str) or not name.startswith("dmcalc."):
        return [f"not a document of dmcalc: it names no schema: {str(found)[:80]}"]
    kind, _, version = name.removeprefix("dmcalc.").partition("/")
    if kind not in schemas.kinds() or version != "1":
        return [f"no schema describes {name!r}: add a line to src/dmcalc/schemas/kinds.py"]
    checker = validator(kind, line=line, strict=not passed_on)
    told = [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(found)]
    keys, known = list(found), list(checker.schema["properties"])
    # the order of the columns is a promise; what a batch passes on stands before them
    if not told and keys[len(keys) - len(known) :] != known:
        told.append(f"the keys are in another order than in the schema: {keys}")
    return told


def check(args: Sequence[str], code: int, stdout: str, folder: Path | None = None) -> None:
    """Hold what a run printed, or wrote with --output, against the schema; raise AssertionError."""
    if code not in ANSWERED or "--columns" in args:  # a cut of a row; a test compares the two
        return
    passed_on = any("batch" in arg for arg in args)
    for text in (stdout, _written(args, folder)):
        form = _option(args, "--format", "-f")
        key = hash((text, form, passed_on))
        if key in HELD:
            continue
        for found, line in _printed(form, text):
            assert faults(found, line=line, passed_on=passed_on) == [], (
                "what was printed does not fit its schema; "
                "read tests/contract/README.md before you change either"
            )
            assert line or sense.faults(found) == [], "the numbers of an answer do not agree"
        HELD.add(key)


def _printed(form: str | None, text: str) -> Iterator[tuple[Any, bool]]:
    """Yield the documents and lines in a text: those that were asked for, or that look like it."""
    if text.strip() and (form == "json" or (text.startswith("{\n") and MARK in text[:40])):
        yield read(text), False
        return
    for line in text.splitlines():
        if line.startswith("{") and (form == "jsonl" or MARK in line):
            yield read(line), True


def read(text: str) -> Any:
    """Read JSON with its decimal numbers as they are written."""
    return json.loads(text, parse_float=Decimal)


def _written(args: Sequence[str], folder: Path | None) -> str:
    name = _option(args, "--output", "-o")
    path = None if name in (None, "-") else Path(folder or ".", name)
    try:
        return path.read_text(encoding="utf-8") if path and path.is_file() else ""
    except (OSError, ValueError):
        return ""


def _option(args: Sequence[str], *names: str) -> str | None:
    """Return the value of an option as a command line has it: the last one counts."""
    found = None
    for at, arg in enumerate(args):
        if arg in names:
            found = next(iter(args[at + 1 :]), None)
        for name in names:
            if arg.startswith(f"{name}="):
                found = arg.partition("=")[2]
    return found
