"""Hand a result out: to stdout or a file, as a whole or not at all."""

import contextlib
import datetime
import os
import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import typer

from dmcalc.cli._checks import mode_of, stdout_as_dash
from dmcalc.cli._format_options import FormatOptions
from dmcalc.cli._options import OF_OUTPUT, OutputOptions, ReceiptOptions
from dmcalc.errors import ExitCode, PatientError, TableError, UsageError
from dmcalc.files import AtomicFile, FileMode
from dmcalc.formats.registry import ROWS_ONLY, USUAL_WIDTH, Style, render
from dmcalc.patient.inputs import PatientInput
from dmcalc.results.base import Result, SeveralDrugs, TableResult, counted, review_warnings
from dmcalc.results.trace import noting
from dmcalc.text.numbers import escape_control, terminal_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dmcalc.audit.receipt import StoredRequest

NARROWEST = 40
#: Formats for people: they show controls as text by themselves, and may have colours.
PAGES = ("table", "plot")
OF_NO_PATIENT = FileMode(private=False)
#: A file cannot take away what a longer schedule put into a calendar before.
_LATER_EVENTS = (
    "a calendar keeps the events of steps that this schedule no longer has: delete them by hand"
)


def emit(
    result: Result,
    output: OutputOptions,
    receipt: ReceiptOptions | None = None,
    context: typer.Context | None = None,
    formats: FormatOptions | None = None,
    arguments: "Mapping[str, str] | None" = None,
) -> None:
    """Write a result and its receipt, tell its warnings where the format cannot, and exit.

    ``arguments`` are those of the receipt, where words of the command line were parted anew. The
    exit code is that of the result, such as a verdict, else 6 for warnings under ``--strict``.
    """
    if output.field is not None and output.format != "table":
        raise UsageError(
            "--field prints bare values and takes no --format", "Leave one of them out."
        )
    style = _style(output)._replace(made=_made())
    if formats is not None:
        style = formats.style(output.format, style)
    overdue = review_warnings(result.loaded, datetime.date.today())
    if overdue:
        result = result._replace(warnings=(*overdue, *result.warnings))
    text = (
        _values(result, output.field)
        if output.field is not None
        else render(result, output.format, style)
    )
    if overdue and output.strict:
        raise TableError(overdue[0].message, "Use a reviewed table, or leave --strict out.")
    receipts = []
    if receipt is not None and context is not None:
        receipts = _kept(result, output, receipt, context, arguments)
    code = getattr(result, "exit_code", ExitCode.OK)
    if output.output == "-" and (output.field is not None or output.format not in PAGES):
        text = terminal_text(text) if is_terminal() else text
    # a listing of a command that takes no patient is of the table alone
    listing = isinstance(result, TableResult | SeveralDrugs)
    public = listing and receipt is None and output.facts is None
    mode = FileMode(private=not public, chosen=mode_of(output.mode))
    answer = [(text, output.output)]
    page = output.format == "table" and output.field is None and output.output == "-"
    long = page and output.explain
    try:
        _write_together([*receipts, *([] if long else answer)], mode)
        if long:
            from dmcalc.cli._pager import pager, shown_through  # start-up: few pages are long

            if not shown_through(pager(), text):
                _write_together(answer, mode)
    except typer.Exit:  # the reader has gone; a verdict counts all the same
        raise typer.Exit(code) from None
    if not output.quiet and (output.format in ROWS_ONLY or output.field is not None):
        for warning in result.warnings:
            about = f"{warning.drug}: " if warning.drug else ""
            print_stderr(f"dmcalc: warning: {about}{warning.message}")
    if style.revision and not output.quiet:
        print_stderr(f"dmcalc: warning: {_LATER_EVENTS}")
    if not code and output.strict and counted(result.warnings):
        code = ExitCode.WARNINGS
    if code:
        raise typer.Exit(code)


def _kept(
    result: Result,
    output: OutputOptions,
    receipt: ReceiptOptions,
    context: typer.Context,
    arguments: "Mapping[str, str] | None",
) -> list[tuple[str, str]]:
    """Return the receipt with the name of its file, where one is requested."""
    if receipt.receipt is None:
        if receipt.receipt_for is not None:
            raise UsageError("--receipt-for is the label of a receipt", "Name its file: --receipt.")
        return []
    from dmcalc.audit.receipt_file import receipt_text

    if stdout_as_dash(receipt.receipt) == "-":
        raise UsageError("a receipt is a file", "Name it: --receipt FILE.")
    request = request_of(context, output.facts, arguments)
    trace = noting()
    assert trace is not None  # since the file was named
    return [(receipt_text(result, request, trace, receipt.receipt_for), receipt.receipt)]


def request_of(
    context: typer.Context,
    facts: PatientInput | None,
    arguments: "Mapping[str, str] | None",
) -> "StoredRequest":
    """Return the request, by the names of options and arguments, without those of the output.

    Neither the name of a table nor that of any other file is in it: the facts of a patient are
    there as they count, whether they come from options or from a file, and "today" as its date.
    """
    from dmcalc.audit.receipt import StoredRequest

    values: dict[str, object] = dict(arguments or {})
    written = OF_OUTPUT.union(ReceiptOptions._fields)
    for parameter in context.command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        if name in PatientInput._fields:
            if facts is not None and name in facts.entered and not (name == "age" and facts.dob):
                values[parameter.opts[0].removeprefix("--")] = getattr(facts, name)
        elif arguments is not None and parameter.param_type_name == "argument":
            continue
        elif name not in written and source is not None and source.name == "COMMANDLINE":
            values[parameter.opts[0].removeprefix("--")] = context.params[name]
    return StoredRequest(context.command.name or "", values)


def is_terminal() -> bool:
    """Tell whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def print_stderr(text: str) -> None:
    """Say something on stderr; where that is closed or full there is nobody to tell."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(escape_control(text), file=sys.stderr, flush=True)


def write(text: str, output: str, mode: FileMode = OF_NO_PATIENT) -> None:
    """Write text to a file, or to stdout where ``output`` is ``-``."""
    _write_together([(text, output)], mode)


def _write_together(texts: Sequence[tuple[str, str]], mode: FileMode) -> None:
    """Write texts to their files: all of them are complete before the first takes its place."""
    with contextlib.ExitStack() as stack:
        files = []
        for text, name in texts:
            file = AtomicFile(name, mode, hashed=False)
            stack.callback(file.drop)
            files.append((file, text))
            if not file.direct:
                file.write(text)
                file.complete()
        try:
            for file, text in files:
                if file.direct:  # a long text is on its way as it is written
                    file.write(text)
                    file.complete()
                file.publish()
        except BrokenPipeError:  # the reader has enough
            raise typer.Exit(ExitCode.OK) from None
    if sys.stderr is not None and sys.stderr.isatty():  # a person; a job is told by the exit code
        for _, name in texts:
            if name != "-":
                print_stderr(f"wrote {name}")


def _made() -> datetime.datetime:
    """Return the time of the run: that of SOURCE_DATE_EPOCH, in seconds, where it is set.

    With it the same request gives the same bytes (https://reproducible-builds.org). Raise
    UsageError for one that is no time, as a sheet would bear another date than the one meant.
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not fixed:
        return datetime.datetime.now().astimezone()
    if not re.fullmatch("[0-9]{1,11}", fixed, re.ASCII):
        raise UsageError(
            f"SOURCE_DATE_EPOCH is {fixed!r}, which is no time in seconds since 1970",
            "Write it as date +%s does, or unset it.",
        )
    return datetime.datetime.fromtimestamp(int(fixed), datetime.UTC)


def _style(output: OutputOptions) -> Style:
    in_file = output.output != "-" or sys.stdout is None
    terminal = not in_file and is_terminal()
    # what is written is always UTF-8: a stdout with another encoding shows blocks as rubbish
    ascii_only = not in_file and sys.stdout.encoding.lower().replace("-", "") != "utf8"
    plain = output.no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    width = output.width or _columns(terminal=terminal)
    return Style(width, terminal and not plain, ascii_only, output.detail)


def _columns(*, terminal: bool) -> int:
    """Return the columns of COLUMNS, else of the terminal, else the usual ones."""
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return max(int(named), NARROWEST)
    try:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else 0
    except OSError:
        columns = 0
    return max(columns, NARROWEST) if columns else USUAL_WIDTH


def _values(result: Result, field: str) -> str:
    """Return a field of each row, a line each; refuse where there is nothing to give."""
    from dmcalc.documents import fields as documents
    from dmcalc.formats.rows import bare

    rows = documents.rows(result)
    if not all(field in row for row in rows):
        raise UsageError(f"there is no field {field!r}", f"The fields: {', '.join(rows[0])}")
    _one_unit(rows, field)
    values = [row[field] for row in rows]
    if values and all(value is None for value in values):
        why = getattr(result, "why_null", lambda _: None)(field)
        if why is not None:
            raise PatientError(f"there is no value for {field!r}: {why}")
        raise PatientError(
            f"no row has a value for {field!r}",
            "The source gives none, or an option that it needs is missing (--weight, --severity, "
            "--bsa, --start).",
        )
    return "".join(" ".join(bare(value).split("\n")) + "\n" for value in values)


def _one_unit(rows: list[dict[str, object]], field: str) -> None:
    """Refuse bare amounts that are not in one unit: 4 and 1050 could be g and mg."""
    units = {(row.get("unit"), row.get("per")) for row in rows if isinstance(row[field], Decimal)}
    if len(units) > 1 and not field.endswith(("_kg", "_percent")):
        raise UsageError(
            f"the rows have {field!r} in different units or times",
            "Name one drug, or take --field text or --format csv, which say them.",
        )
