"""Repeat the request of a receipt through the command that answered it, in this process."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.main import get_command

from dmcalc import guideline as guides
from dmcalc.audit import receipt_file
from dmcalc.audit.receipt import guideline_of
from dmcalc.audit.replay import compared, refusal
from dmcalc.audit.rules import rules_used
from dmcalc.cli import _options as options
from dmcalc.errors import DmcalcError, FileError, TableError, UsageError
from dmcalc.quantities.base import format_plain
from dmcalc.results.trace import recording

if TYPE_CHECKING:
    from dmcalc.audit.replay import ReplayResult
    from dmcalc.results.base import Result

#: The commands that write receipts: no other is repeated.
COMMANDS = ("dose", "taper", "titrate", "dispense", "infusion", "check", "body", "convert")


def replay(
    name: str,
    table: str | None = None,
    overlays: list[str] | None = None,
    guide: str | None = None,
) -> ReplayResult:
    """Read a receipt, compute its request again and compare the two.

    ``table`` is the file of the table to compute with, None the bundled one, ``overlays`` are files
    of local figures over it, and ``guide`` is the file of the guide whose rules are applied. Raise
    FileError for a receipt that cannot be read, was changed or asks for what no receipt asks, and
    TableError.
    """
    receipt = receipt_file.read(name)
    request = receipt["request"]
    if table == "-":
        raise UsageError("a replay reads its table from a file", "Name it: --table FILE.")
    files = [f"--overlay={overlay}" for overlay in overlays or ()]
    if table is not None:
        files.append(f"--table={table}")
    context = _context(request["command"], request["arguments"], files, guide)
    answers: list[Result] = []
    context.obj = answers.append
    try:
        with context, recording() as trace:
            context.command.invoke(context)
    except typer.Exit:  # a check ends with the code of its verdict
        pass
    except (FileError, TableError):
        raise
    except DmcalcError as error:
        loaded = options.load(table, overlays)
        guideline = guides.load(guide) if receipt["answer"].get("guide") else None
        return compared(receipt, None, (), loaded, refusal(error), guideline)
    result = answers[0]
    guideline = guideline_of(result)
    rules = rules_used(trace, result.loaded.table, guideline)
    if guideline is None and receipt["answer"].get("guide"):
        guideline = guides.load(guide)
    answer = receipt_file.as_json(result.document())
    return compared(receipt, answer, rules, result.loaded, guideline=guideline)


def _context(
    command: str, arguments: dict[str, Any], files: list[str], guide: str | None
) -> typer.Context:
    """Parse a request as the command line does; raise FileError where it is none of a receipt."""
    if command not in COMMANDS:
        listed = ", ".join(COMMANDS)
        raise _no_request(f"its command is {command[:40]!r}, and receipts are of {listed}")
    asked = get_command(import_module(f"dmcalc.cli.{command}").app)
    if guide is not None and any(parameter.name == "guide" for parameter in asked.params):
        files = [*files, f"--guide={guide}"]
    words = [*files, *_words(asked.params, dict(arguments))]
    try:
        context: Any = asked.make_context(command, words)
    except (typer.TyperException, typer.Exit) as error:
        raise _no_request(str(error) or "it asks for help") from None
    return context  # type: ignore[no-any-return]


def _words(params: list[Any], given: dict[str, Any]) -> list[str]:
    """Write arguments as they stand on a command line: options first, then what has no name."""
    named: list[str] = []
    unnamed: list[str] = []
    for parameter in params:
        key = receipt_file.argument_name(parameter)
        if parameter.name in options.NOT_ASKED or key not in given:
            continue
        value = given.pop(key)
        if parameter.param_type_name == "argument":
            unnamed += _texts(key, value) if parameter.nargs == -1 else [_text(key, value)]
        elif parameter.is_flag:
            if value is not True:
                raise _no_request(f"{key!r} is given or not, and here it is {value!r}")
            named.append(f"--{key}")
        elif parameter.multiple:
            named += [f"--{key}={text}" for text in _texts(key, value)]
        else:
            named.append(f"--{key}={_text(key, value)}")
    if given:
        raise _no_request(f"it has {next(iter(given))!r}, which no receipt holds")
    return [*named, "--", *unnamed]


def _texts(key: str, value: object) -> list[str]:
    if not isinstance(value, list):
        raise _no_request(f"{key!r} is no list")
    return [_text(key, item) for item in value]


def _text(key: str, value: object) -> str:
    if isinstance(value, Decimal):
        return format_plain(value)
    if not isinstance(value, str):
        raise _no_request(f"{key!r} is neither text nor a number")
    return value


def _no_request(fault: str) -> FileError:
    return FileError(
        f"the request in the receipt cannot be repeated: {fault}",
        "Take the receipt from where it is kept, and use the dmcalc that wrote it, or a later one.",
    )
