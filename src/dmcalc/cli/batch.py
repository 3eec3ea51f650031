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
    from dmcalc.batch.writer import BatchCounts
    from dmcalc.columns.run import Counts
    from dmcalc.table.model.table import LoadedTable

app = options.application()

RowForm = Literal["csv", "tsv", "jsonl"]


class FileOptions(NamedTuple):
    """The files of a run, and their forms."""

    keep: Annotated[
        str | None,
        typer.Option(
            "--keep", metavar="LIST", help="Other columns to pass on: id,ward; all if none."
        ),
    ] = None
    ignore_column: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore-column",
            metavar="NAME",
            help="A column that looks like a fact and is not to be used; may be repeated.",
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
        typer.Option("--raw-cells", help="Pass cells on that a spreadsheet takes for formulas."),
    ] = False
    input_format: Annotated[
        RowForm | None,
        typer.Option(
            "--input-format", metavar="FORMAT", help="Format of INPUT, if its name does not say it."
        ),
    ] = None
    engine: Annotated[
        Literal["rows", "duckdb"] | None,
        typer.Option("--engine", help="By rows, or by columns on DuckDB; Parquet means columns."),
    ] = None
    memory: Annotated[
        str, typer.Option("--memory", metavar="SIZE", help="Most memory by columns.")
    ] = "1GB"


class _RowOutput(NamedTuple):
    form: Annotated[
        RowForm | None,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="csv, tsv or jsonl; that of INPUT if none."
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
    drugs: Annotated[
        list[str] | None,
        typer.Option(
            "--drug",
            metavar="DRUGS",
            callback=options.drug_names,
            help="Drugs to dose; all if none.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Check the orders of the column order instead.")
    ] = False,
    fhir: Annotated[
        bool, typer.Option("--fhir", help="Verify FHIR orders, a line each, instead.")
    ] = False,
    alternatives: options.Alternatives = False,
    products: options.ProductOptions,
    files: FileOptions,
    output: RowOutputOptions,
) -> None:
    """Compute doses or check orders, a row of a file each.

    Columns are named as options: drug, weight, severity, bsa, height, age, dob, confirm_weight, and
    order with --check; weight_basis or weight_policy for immunoglobulin; for the rules on a patient
    taking, condition, tpmt, nudt15, egfr, crcl, creatinine and sex; a name may carry its unit:
    weight_kg, Age (years). The others are passed on, and one that looks like a fact ends the run.
    A row that has no answer is rejected alone: rows in are rows answered plus rows rejected, and
    stderr says how many, and first what was understood. Exit 4: some were rejected; 5: some orders
    are not within their limits.

    \b
    dmcalc batch patients.csv --drug prednisone -o doses.csv --rejects rejects.csv
    dmcalc batch patients.csv --keep id,ward --format jsonl --allow-rejects
    dmcalc batch orders.csv --check -o checked.csv --rejects rejects.csv
    dmcalc batch orders.parquet --check -o checked.parquet --rejects rejects.parquet
    dmcalc batch orders.ndjson --fhir -o verified.ndjson --rejects rejects.ndjson
    """
    from dmcalc import guideline
    from dmcalc.batch.answers import Answerer, Doses, Orders
    from dmcalc.batch.run import BatchRequest, run
    from dmcalc.dispensing.stock import StockOptions

    loaded = output.load()
    overdue = review_warnings(loaded, datetime.date.today())
    if overdue and output.strict:
        raise TableError(overdue[0].message, "Ask for a reviewed table, or leave --strict out.")
    if fhir:
        if check or alternatives or files.keep is not None:
            raise UsageError(
                "--fhir verifies whole orders", "Leave --check, --alternatives and --keep out."
            )
        _verify_lines(loaded, source, drugs, files, output)
        return
    rules = guideline.load(output.guide)
    stocked = products.stocked()
    names = tuple(drugs or ())
    answerer: Answerer
    if check:
        if len(names) > 1:
            raise UsageError("an order is of one drug", "Name others in a column drug.")
        drug = names[0] if names else None
        answerer = Orders(loaded, rules, drug, alternatives=alternatives, stocked=stocked)
    else:
        answerer = Doses(loaded, rules, names, alternatives=alternatives, stocked=stocked)
    keep = None if files.keep is None else tuple(name.strip() for name in files.keep.split(","))
    asked = {
        "check": check,
        "drugs": drugs,
        "alternatives": alternatives,
        "stocked": repr(stocked),
        "guide": rules.sha256,
    }
    counts: BatchCounts | Counts
    if files.engine == "duckdb" or (files.engine is None and _means_columns(source)):
        from dmcalc.columns.run import ColumnsRequest, run_columns

        if stocked != StockOptions():
            raise UsageError("whole units are found by rows", "Take --engine rows.")
        if output.form is not None or files.raw_cells:
            raise UsageError(
                "columns have the form that the name says", "Name the output .parquet or .csv."
            )
        of_columns = ColumnsRequest(
            source,
            output.output,
            files.rejects,
            files.input_format,
            keep,
            options.names(files.ignore_column),
            files.resume,
            output.quiet,
            files.memory,
        )
        counts = run_columns(loaded, rules, answerer, of_columns, asked, print_stderr)
    else:
        request = BatchRequest(
            source,
            files.input_format,
            output.form,
            output.output,
            files.rejects,
            keep,
            options.names(files.ignore_column),
            files.resume,
            output.quiet,
            files.raw_cells,
            mode_of(output.mode),
        )
        counts = run(loaded, answerer, request, asked, print_stderr)
    if not output.quiet:
        for warning in overdue:
            print_stderr(f"dmcalc: warning: {warning.message}")
        print_stderr(f"dmcalc: {counts.sentence()}")
    if counts.rejected and not files.allow_rejects:
        raise typer.Exit(ExitCode.PATIENT)
    if counts.refused:
        raise typer.Exit(ExitCode.REFUSED)
    if counts.warned and output.strict:
        raise typer.Exit(ExitCode.WARNINGS)


def _means_columns(source: str) -> bool:
    """Tell whether a name is of Parquet, whose columns DuckDB reads: a file, a folder or many."""
    path = Path(source)
    return path.suffix.lower() in (".parquet", ".pq") or path.is_dir()


def _verify_lines(
    loaded: "LoadedTable",
    source: str,
    drugs: list[str] | None,
    files: FileOptions,
    output: RowOutputOptions,
) -> None:
    """Verify orders of FHIR by the line; exit with the worst that was found."""
    from dmcalc.batch.orders import run_orders
    from dmcalc.batch.run import BatchRequest
    from dmcalc.fhir.verify import Verifier, worst
    from dmcalc.results.names import find_drug

    if drugs is not None and len(drugs) > 1:
        raise UsageError("an order is of one drug", "Name one --drug, or leave it out.")
    drug = None if not drugs else find_drug(loaded.table, drugs[0])
    request = BatchRequest(
        source,
        "jsonl",
        output.form,
        output.output,
        files.rejects,
        resume=files.resume,
        quiet=output.quiet,
        mode=mode_of(output.mode),
    )
    conditions = {"fhir": True, "drug": drug, "strict": output.strict}
    verifier = Verifier(loaded, drug=drug, strict=output.strict)
    counts = run_orders(verifier, request, conditions, print_stderr)
    if not output.quiet:
        orders = counts.answered + counts.rejected
        print_stderr(
            f"dmcalc: {orders:,} orders in = {counts.answered:,} answered + {counts.rejected:,} "
            f"rejected; {counts.written:,} lines out"
        )
        for kind, count in sorted(counts.others.items()):
            print_stderr(f"dmcalc: {count:,} lines are no orders: {kind}")
    codes = [
        *([ExitCode.REFUSED] if counts.refused else []),
        *([ExitCode.PATIENT] if counts.unclear else []),
        *([ExitCode.PATIENT] if counts.rejected and not files.allow_rejects else []),
        *([ExitCode.WARNINGS] if counts.warned and output.strict else []),
    ]
    if code := worst(codes):
        raise typer.Exit(code)
