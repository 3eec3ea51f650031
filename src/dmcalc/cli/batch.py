"""The command ``batch``."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._checks import mode_of
from dmcalc.cli._output import print_stderr
from dmcalc.errors import ExitCode, TableError, UsageError
from dmcalc.results.base import review_warnings

if TYPE_CHECKING:
    from dmcalc.batch.request import BatchFiles, BatchRequest
    from dmcalc.batch.writer import BatchCounts, WrittenFiles
    from dmcalc.columns.engine import EngineName
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable

app = options.application()

RowForm = Literal["csv", "tsv", "jsonl"]
Engine = Literal["rows", "duckdb", "spark"]


class FileOptions(NamedTuple):
    """The files of a run, and their forms."""

    keep: Annotated[
        str | None,
        typer.Option(
            "--keep", metavar="LIST", help="Other columns to pass on: id,ward; all if none."
        ),
    ] = None
    columns: Annotated[
        str | None,
        typer.Option("--columns", metavar="LIST", help="Columns of the answer: low,high,unit."),
    ] = None
    ignore_column: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore-column",
            metavar="NAME",
            help="Columns that look like a fact and are not to be used.",
        ),
    ] = None
    rejects: Annotated[
        str | None,
        typer.Option("--rejects", metavar="FILE", help="Write the rejected rows there."),
    ] = None
    allow_rejects: Annotated[
        bool, typer.Option("--allow-rejects", help="Exit with 0 even if rows were rejected.")
    ] = False
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue a run that was interrupted.")
    ] = False
    raw_cells: Annotated[
        bool,
        typer.Option("--raw-cells", help="Pass on cells that a spreadsheet takes for formulas."),
    ] = False
    input_format: Annotated[
        RowForm | None,
        typer.Option(
            "--input-format", metavar="FORMAT", help="Format of INPUT, if its name does not say it."
        ),
    ] = None
    engine: Annotated[
        Engine | None,
        typer.Option(
            "--engine", metavar="NAME", help="rows, duckdb or spark; Parquet is read by duckdb."
        ),
    ] = None
    memory: Annotated[
        str | None,
        typer.Option("--memory", metavar="SIZE", help="Memory limit of duckdb; 1GB if not given."),
    ] = None
    master: Annotated[
        str | None,
        typer.Option("--master", metavar="URL", help="With --engine spark: its master, local[2]."),
    ] = None
    remote: Annotated[
        str | None,
        typer.Option(
            "--remote", metavar="URL", help="With --engine spark: its Connect server, sc://HOST."
        ),
    ] = None


class AnswerOptions(NamedTuple):
    """What a row is answered with: doses, or the check of an order."""

    drugs: Annotated[
        list[str] | None,
        typer.Option(
            "--drug",
            metavar="DRUGS",
            callback=options.drug_names,
            help="Drugs to dose; all if none.",
        ),
    ] = None
    check: Annotated[
        bool, typer.Option("--check", help="Check the orders of the column order instead.")
    ] = False
    fhir: Annotated[
        bool, typer.Option("--fhir", help="Verify FHIR orders, a line each, instead.")
    ] = False
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept", metavar="CODE", help="With --fhir: take a finding as information."
        ),
    ] = None
    alternatives: options.Alternatives = False


class _RowOutput(NamedTuple):
    form: Annotated[
        RowForm | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="csv, tsv or jsonl; else as -o, or INPUT.",
        ),
    ] = None
    output: options.Output = "-"
    mode: options.Mode = None
    table: options.TableFile = None
    guide: options.GuideFile = None
    overlay: options.Overlays = None
    quiet: options.Quiet = False
    strict: options.Strict = False


class RowOutputOptions(_RowOutput, options.TableFiles):
    """How rows are written, and which table they are computed from."""


@app.command(cls=options.Command)
@options.grouped
def batch(
    *,
    source: Annotated[
        str, typer.Argument(metavar="INPUT", help="CSV, TSV or JSON lines; - is stdin.")
    ],
    answer: AnswerOptions,
    products: options.ProductOptions,
    files: FileOptions,
    output: RowOutputOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Compute doses or check orders, a row of a file each.

    Columns are named as options: drug, weight, severity, bsa, height, age, dob, confirm_weight, and
    order with --check; weight_basis or weight_policy for immunoglobulin; for the rules on a patient
    taking, condition, tpmt, nudt15, egfr, crcl, creatinine and sex; a name may carry its unit:
    weight_kg, Age (years). The others are passed on, and one that looks like a fact ends the run.
    A row that has no answer is rejected alone: rows in are rows answered plus rows rejected, and
    stderr says how many, and first what was understood. Exit 4: some were rejected; 5: some orders
    are not within their limits. A receipt holds hashes of the input, the answers and the rejects.

    \b
    dmcalc batch patients.csv --drug prednisone -o doses.csv --rejects rejects.csv
    dmcalc batch patients.csv --keep id,ward --format jsonl --allow-rejects
    dmcalc batch orders.csv --check -o checked.csv --rejects rejects.csv
    dmcalc batch orders.parquet --check -o checked.parquet --rejects rejects.parquet
    dmcalc batch orders.ndjson --fhir -o verified.ndjson --rejects rejects.ndjson
    """
    from dmcalc.batch.request import BatchFiles, BatchRequest, form_of, written_form
    from dmcalc.batch.start import start

    if receipt.receipt is None and receipt.receipt_for is not None:
        raise UsageError("--receipt-for is the label of a receipt", "Name its file: --receipt.")
    loaded, today = output.load(), datetime.date.today()
    overdue = review_warnings(loaded, today)
    if overdue and output.strict:
        raise TableError(overdue[0].message, "Use a reviewed table, or leave --strict out.")
    engine: Engine = files.engine or ("duckdb" if _means_columns(source) else "rows")
    if (files.master or files.remote) and (engine != "spark" or (files.master and files.remote)):
        raise UsageError("--master or --remote is the address of Spark", "Use --engine spark.")
    if files.memory and engine == "rows":
        raise UsageError("--memory is the limit of duckdb", "Use --engine duckdb.")
    form = files.input_format or (
        "csv" if engine != "rows" else "jsonl" if answer.fhir else form_of(source)
    )
    format_, rejects_format = output.form or form, form
    if engine == "rows":  # the others go by the names themselves
        format_ = output.form or written_form("output", output.output, form)
        rejects_format = written_form("rejects", files.rejects or "-", form)
    request = BatchRequest(
        input_format=form,
        format=format_,
        as_of=today.isoformat(),
        drug=answer.drugs or None,
        check=answer.check,
        fhir=answer.fhir,
        accept=answer.accept or None,
        alternatives=answer.alternatives,
        **products._asdict(),
        keep=None if files.keep is None else [name.strip() for name in files.keep.split(",")],
        ignore_column=options.listed_names(files.ignore_column) or None,
        columns=None if files.columns is None else options.listed_names([files.columns]),
        raw_cells=files.raw_cells,
        strict=answer.fhir and output.strict,
        rejects_format=None if rejects_format == form else rejects_format,
    )
    listener = _Listener(loaded, output.guideline(), request, receipt)
    places = BatchFiles(
        source,
        output.output,
        files.rejects,
        receipt.receipt,
        files.resume,
        output.quiet,
        mode_of(output.mode),
    )
    counts: BatchCounts
    if engine != "rows":
        if output.form is not None:
            raise UsageError(
                f"with the engine {engine} the name gives the format",
                "Name the output .parquet or .csv.",
            )
        counts = _by_columns(listener, places, files, engine)
    else:
        counts = start(loaded, listener.guide, request, places, listener)
    if not output.quiet:
        for warning in overdue:
            print_stderr(f"dmcalc: warning: {warning.message}")
        for line in (loaded.table.disclaimer, *counts.sentences(fhir=answer.fhir)):
            print_stderr(f"dmcalc: {line}")
    fhir, allowed = answer.fhir, files.allow_rejects
    if code := _exit_code(counts, fhir=fhir, allowed=allowed, strict=output.strict):
        raise typer.Exit(code)


class _Listener(NamedTuple):
    """Says on stderr what there is to say of a run, and makes its receipt."""

    loaded: "LoadedTable"
    guide: "LoadedGuideline"
    request: "BatchRequest"
    options: options.ReceiptOptions

    def say(self, line: str) -> None:
        """Say a line."""
        print_stderr(line)

    def receipt(self, files: "WrittenFiles") -> str | None:
        """Return the text of the receipt, where one is requested."""
        if self.options.receipt is None:
            return None
        from dmcalc.audit.receipt import StoredRequest
        from dmcalc.audit.receipt_file import receipt_text
        from dmcalc.batch.start import batch_run
        from dmcalc.results.trace import Trace

        result = batch_run(self.loaded, self.guide, self.request, files)
        took = {} if files.rejects is None else {"rejects": True}
        arguments = {"input": files.source, **took, **self.request.arguments()}
        return receipt_text(
            result, StoredRequest("batch", arguments), Trace(), self.options.receipt_for
        )


def _by_columns(
    listener: _Listener, files: "BatchFiles", asked: FileOptions, engine: "EngineName"
) -> "BatchCounts":
    """Answer by columns, on an engine; raise UsageError for what rows alone can do."""
    from dmcalc.batch.run import answerer_of, conditions
    from dmcalc.columns.inputs import ColumnsRequest
    from dmcalc.columns.run import run_columns
    from dmcalc.dispensing.stock import StockOptions

    loaded, guide, request = listener.loaded, listener.guide, listener.request
    if request.stocked != StockOptions():
        raise UsageError(f"the engine {engine} counts no whole units", "Use --engine rows.")
    if request.raw_cells or request.fhir or request.columns or files.receipt is not None:
        raise UsageError(
            "--raw-cells, --columns, --fhir and --receipt need the engine rows",
            "Use --engine rows, or leave them out.",
        )
    of_columns = ColumnsRequest(
        files.source,
        files.output,
        files.rejects,
        asked.input_format,
        None if request.keep is None else tuple(request.keep),
        tuple(request.ignore_column or ()),
        files.resume,
        files.quiet,
        asked.memory,
        files.mode,
        engine,
        asked.master,
        asked.remote,
    )
    depends = conditions(loaded, request, files) | {"guide": guide.sha256}
    answerer = answerer_of(loaded, guide, request)
    return run_columns(loaded, guide, answerer, of_columns, depends, listener.say)


def _means_columns(source: str) -> bool:
    """Tell whether a name is of Parquet, whose columns DuckDB reads: a file, a folder or many."""
    from dmcalc.batch.request import is_parquet

    return is_parquet(source) or (source != "" and Path(source).is_dir())


def _exit_code(counts: "BatchCounts", *, fhir: bool, allowed: bool, strict: bool) -> int:
    """Return the exit code: of orders of FHIR the worst, of rows first that some were rejected."""
    rejected = ExitCode.PATIENT if counts.rejected and not allowed else ExitCode.OK
    refused = ExitCode.REFUSED if counts.refused else ExitCode.OK
    unclear = ExitCode.PATIENT if counts.unclear else ExitCode.OK
    warned = ExitCode.WARNINGS if counts.warned and strict else ExitCode.OK
    first = refused or rejected if fhir else rejected or refused
    return first or unclear or warned
