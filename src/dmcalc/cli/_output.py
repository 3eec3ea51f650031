"""Hand a result out: to stdout or a file, as a whole or not at all."""

import contextlib
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import typer

from dmcalc.errors import ExitCode, FileError, PatientError, TableError, UsageError
from dmcalc.formats.registry import ROWS_ONLY, Format, Style, render
from dmcalc.results.base import ClinicalWarning, Result
from dmcalc.table.model.table import LoadedTable

NARROWEST = 40


class Asked(NamedTuple):
    """The request as the command line read it, and the file that its receipt goes to."""

    context: typer.Context
    receipt: str | None
    label: str | None


class Out(NamedTuple):
    """What the user asked of the output."""

    form: Format
    output: str
    field: str | None
    no_color: bool
    quiet: bool
    strict: bool
    asked: Asked | None = None


def emit(result: Result, out: Out) -> None:
    """Write a result, tell its warnings where the format cannot, and exit 6 under ``--strict``."""
    if out.asked is not None and out.asked.context.obj is not None:
        out.asked.context.obj(result)  # a replay takes the result, and nothing is written
        return
    if out.field is not None and out.form != "table":
        raise UsageError(
            "--field prints bare values and takes no --format", "Leave one of them out."
        )
    late = overdue(result.loaded)
    if late:
        result = result._replace(warnings=(*late, *result.warnings))
    text = (
        _values(result, out.field)
        if out.field is not None
        else render(result, out.form, _style(out))
    )
    if late and out.strict:
        raise TableError(late[0].message, "Ask for a reviewed table, or leave --strict out.")
    if out.asked is not None:
        _keep(result, out.asked, out.output)
    write(text, out.output)
    if not out.quiet and (out.form in ROWS_ONLY or out.field is not None):
        for warning in result.warnings:
            about = f"{warning.drug}: " if warning.drug else ""
            say(f"dmcalc: warning: {about}{warning.message}")
    if out.strict and result.warnings:
        raise typer.Exit(ExitCode.WARNINGS)


def _keep(result: Result, asked: Asked, output: str) -> None:
    """Write the receipt, where one is asked for: before the answer, so that none lacks its own."""
    if asked.receipt is not None:
        from dmcalc.audit import receipt_file

        receipt_file.keep(result, asked, output)
    elif asked.label is not None:
        raise UsageError("--receipt-for is the label of a receipt", "Name its file: --receipt.")


def say(text: str) -> None:
    """Say something on stderr; where that is closed or full there is nobody to tell."""
    from dmcalc.text.numbers import escape_control

    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(escape_control(text), file=sys.stderr, flush=True)


def overdue(loaded: LoadedTable) -> list[ClinicalWarning]:
    """Return warnings where the review of the table, or of an overlay, is overdue."""
    import datetime

    today = datetime.date.today()
    found = []
    if today > loaded.table.review_by:
        message = f"The table was to be reviewed by {loaded.table.review_by.isoformat()}."
        found.append(ClinicalWarning("table-overdue", None, message, None))
    for overlay in loaded.overlays:
        if overlay.review_by is not None and today > overlay.review_by:
            message = f"{overlay.name} was to be reviewed by {overlay.review_by.isoformat()}."
            found.append(ClinicalWarning("overlay-overdue", None, message, None))
    return found


def write(text: str, output: str) -> None:
    """Write text to a file, or to stdout where ``output`` is ``-``."""
    if output == "-":
        _to_stdout(text)
    else:
        _to_file(text, output)


def _style(out: Out) -> Style:
    if out.output != "-" or sys.stdout is None:
        return Style()
    # what is written is always UTF-8: a stdout with another encoding shows blocks as rubbish
    ascii_only = sys.stdout.encoding.lower().replace("-", "") != "utf8"
    if not sys.stdout.isatty():
        return Style(ascii=ascii_only)
    import shutil

    plain = out.no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Style(max(shutil.get_terminal_size().columns, NARROWEST), not plain, ascii_only)


def _values(result: Result, field: str) -> str:
    """Return a field of each row, a line each; refuse where there is nothing to give."""
    from dmcalc.formats.rows import bare

    rows = result.records()
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


def _one_unit(rows: list[dict[str, Any]], field: str) -> None:
    """Refuse bare amounts that are not in one unit: 4 and 1050 could be g and mg."""
    units = {(row.get("unit"), row.get("per")) for row in rows if isinstance(row[field], Decimal)}
    if len(units) > 1 and not field.endswith(("_kg", "_percent")):
        raise UsageError(
            f"the rows have {field!r} in different units or times",
            "Name one drug, or take --field text or --format csv, which say them.",
        )


def _to_stdout(text: str) -> None:
    if sys.stdout is None:
        raise FileError("stdout is closed", "Write to a file with --output FILE.")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # the reader has enough: no error, and nothing left to flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(ExitCode.OK) from None
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise FileError(f"cannot write to stdout: {error.strerror}") from None


def _to_file(text: str, name: str) -> None:
    """Write a file beside its place and move it there, so that no half file is ever seen."""
    import tempfile

    target = Path(name)
    try:
        if target.exists() and not target.is_file():  # a device or a pipe cannot be replaced
            target.write_bytes(text.encode())
            return
        target = target.resolve()
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            _fill(Path(file.name), text, target)
    except OSError as error:
        raise FileError(
            f"cannot write {name}: {error.strerror}", "Check the folder and its permissions."
        ) from None


def _fill(draft: Path, text: str, target: Path) -> None:
    try:
        draft.write_bytes(text.encode())
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(target.stat().st_mode if target.exists() else 0o666 & ~mask)
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
