"""The command ``sql``."""

from typing import Annotated, Literal, NamedTuple

import typer

from dmcalc.cli import _options as options

app = options.application()


class _StatementOutput(NamedTuple):
    output: options.Output = "-"
    table: options.TableFile = None
    guide: options.GuideFile = None
    overlay: options.Overlays = None


class StatementOutput(_StatementOutput, options.TableFiles):
    """Where the statement goes, and which table it is made from."""


@app.command(cls=options.Command)
@options.grouped
def sql(
    *,
    drug: options.Drug,
    dialect: Annotated[
        Literal["duckdb", "spark", "postgres"],
        typer.Option("--dialect", metavar="NAME", help="duckdb, spark or postgres."),
    ] = "duckdb",
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="NAME", help="Table to read; patients, or with --check orders."
        ),
    ] = None,
    given: Annotated[
        str | None,
        typer.Option(
            "--given",
            metavar="LIST",
            help="Its columns of facts: age_years,tpmt.",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Check the orders of the column amount instead."),
    ] = False,
    output: StatementOutput,
) -> None:
    """Print the doses of a drug as SQL.

    The statement is for a warehouse; with --check it checks orders.
    The statement reads the columns weight_kg and severity, with --check also amount, in the unit
    and time of the posology, and those that --given names: age_years, bsa_m2, egfr_ml_min_173m2,
    crcl_ml_min, tpmt, nudt15, and yes or no of a medicine or a condition, taking_allopurinol or
    condition_pregnancy. It returns all columns of the table and drug, regimen, low, high, cap_low,
    cap_high, suggested, unit, per, with --check verdict and deviation, code, and not_checked.

    \b
    dmcalc sql prednisone --dialect postgres --output prednisone.sql
    dmcalc sql azathioprine --given age_years,crcl_ml_min,taking_allopurinol --from ward.patients
    dmcalc sql prednisone --check
    """
    from dmcalc.cli._output import write
    from dmcalc.columns.statement import StatementRequest, statement

    loaded = output.load()
    names = options.listed_names([given or ""])
    request = StatementRequest(drug, dialect, source, names, check)
    write(statement(loaded, output.guideline(), request), output.output)
