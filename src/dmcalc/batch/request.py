"""What is asked of a batch, and the files of a run."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from dmcalc.dispensing.stock import StockOptions, strengths
from dmcalc.errors import UsageError
from dmcalc.quantities.time import read_date
from dmcalc.records import Record
from dmcalc.table.model.drug import Market

RowForm = Literal["csv", "tsv", "jsonl"]
SUFFIXES: dict[str, RowForm] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
PARQUET = (".parquet", ".pq")


def is_parquet(name: str) -> bool:
    """Tell whether a name is one of a Parquet file."""
    return Path(name).suffix.lower() in PARQUET


class BatchRequest(Record):
    """What the answers to the rows of an input depend on, besides table and guideline.

    The fields bear the names of the options, and are what a receipt keeps. None of them is a file.
    """

    input_format: RowForm
    format: RowForm
    #: The day that dates of birth give the age on, and on which a review is overdue, in ISO form.
    as_of: str
    drug: Sequence[str] | None = None
    check: bool = False
    fhir: bool = False
    accept: Sequence[str] | None = None
    alternatives: bool = False
    market: Market = "US"
    stock: str | None = None
    halves: bool = False
    product: str | None = None
    #: Other columns that are passed on, None for all.
    keep: Sequence[str] | None = None
    #: Columns of the answer that are written, besides those without which none is understood.
    columns: Sequence[str] | None = None
    #: Columns that are meant to be unused, though they look like a fact.
    ignore_column: Sequence[str] | None = None
    #: Whether cells that a spreadsheet takes for formulas are passed on as they are.
    raw_cells: bool = False
    strict: bool = False
    #: The form of the rejects, None for that of the input.
    rejects_format: RowForm | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The drugs that are named for all rows."""
        return tuple(self.drug or ())

    @property
    def stocked(self) -> StockOptions:
        """Which tablets, capsules or vials there are; raise UsageError."""
        return StockOptions(self.market, strengths(self.stock), self.halves, self.product)

    @property
    def today(self) -> datetime.date:
        """The day of ``as_of``; raise UsageError, which a receipt that was edited may do."""
        try:
            return read_date(self.as_of)
        except ValueError as error:
            raise UsageError(f"‹as_of›: {error}") from None

    def arguments(self) -> dict[str, object]:
        """Return what was asked by the names of the options, without what is as if not given."""
        return {
            name.replace("_", "-"): value
            for name, value in zip(self._fields, self, strict=True)
            if value != self._field_defaults.get(name)
        }


class BatchFiles(Record):
    """The files of a run, ``-`` being stdin or stdout."""

    source: str
    output: str = "-"
    rejects: str | None = None
    receipt: str | None = None
    resume: bool = False
    quiet: bool = False
    #: The permissions of what is written, where --mode gives them.
    mode: int | None = None

    @property
    def shown_source(self) -> str:
        """The input as people call it."""
        return shown_source(self.source)

    def check(self) -> None:
        """Refuse files that are in each other's way; raise UsageError."""
        if self.resume and self.output == "-":
            raise UsageError("‹resume› goes on with a file", "Name it with ‹output›.")
        if self.rejects == "-" or (self.rejects is not None and self.rejects == self.output):
            raise UsageError("the rejects need a file of their own", "Give ‹rejects› another name.")
        if self.source != "-" and self.source in (self.output, self.rejects):
            raise UsageError("the input would be overwritten", "Give ‹output› another name.")


def shown_source(source: str) -> str:
    """Name an input as people call it."""
    return "stdin" if source == "-" else source


def form_of(source: str) -> RowForm:
    """Return the form that a file's name says, CSV for stdin; raise UsageError."""
    if source == "-":
        return "csv"
    suffix = Path(source).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(
            f"the name {source!r} does not give its format",
            "Give it with ‹input_format› csv, tsv or jsonl.",
        )
    return SUFFIXES[suffix]


def written_form(option: str, name: str, form: RowForm) -> RowForm:
    """Return the form that the name of a file to be written says, ``form`` where it has no ending.

    Raise UsageError for an ending of no form; ``option`` is the one that names the file.
    """
    suffix = "" if name == "-" else Path(name).suffix.lower()
    if not suffix:
        return form
    if suffix not in SUFFIXES:
        raise UsageError(
            f"‹{option}› {name}: no form of rows has the ending {suffix}",
            "Parquet is written with ‹engine duckdb›."
            if is_parquet(name)
            else f"Endings: {', '.join(SUFFIXES)}.",
        )
    return SUFFIXES[suffix]
