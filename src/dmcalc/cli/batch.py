"""The command ``batch``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from dmcalc.cli import _options as options

app = options.application()

RowForm = Literal["csv", "tsv", "jsonl"]


@app.command()
def batch(
    source: Annotated[
        str, typer.Argument(metavar="INPUT", help="CSV, TSV or JSON lines; - is stdin.")
    ],
    drugs: Annotated[
        list[str] | None,
        typer.Option("--drug", metavar="DRUG", help="A drug; more than one, or all drugs."),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option("--keep", metavar="LIST", help="Pass on only these other columns: id,ward."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Check the orders of the column order instead.")
    ] = False,
    rejects: Annotated[
        str | None,
        typer.Option("--rejects", metavar="FILE", help="Write the rows without answer there."),
    ] = None,
    allow_rejects: Annotated[
        bool, typer.Option("--allow-rejects", help="Exit with 0 although rows were rejected.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run of --output that was cut off.")
    ] = False,
    alternatives: Annotated[
        bool, typer.Option("--alternatives", help="Add the posology of other sources.")
    ] = False,
    market: options.Market = "US",
    stock: options.Stock = None,
    halves: options.Halves = False,
    given: Annotated[
        RowForm | None,
        typer.Option("--input-format", help="Form of INPUT, where its name does not say it."),
    ] = None,
    form: Annotated[
        RowForm | None,
        typer.Option("--format", "-f", help="Form of the answer; that of INPUT if not given."),
    ] = None,
    output: options.Output = "-",
    table: options.TableFile = None,
    guide: options.GuideFile = None,
    overlay: options.Overlays = None,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
) -> None:
    """Compute the doses of many patients, or check their orders, a row of a file each.

    Columns are named as options: drug, weight, severity, bsa, height, age, confirm_weight, and
    order with --check; weight_basis or weight_policy for immunoglobulin; for the rules on a patient
    taking, condition, tpmt, nudt15, egfr, crcl, creatinine and sex. The others are passed on. A row
    that has no answer is rejected alone: rows in are rows answered plus rows rejected, and stderr
    says how many. Exit 4: some were rejected; 5: some orders are not within their limits.

    \b
    dmcalc batch patients.csv --drug prednisone -o doses.csv --rejects rejects.csv
    dmcalc batch patients.csv --keep id,ward --format jsonl --allow-rejects
    dmcalc batch orders.csv --check -o checked.csv --rejects rejects.csv
    """
    from dmcalc import guideline as guides
    from dmcalc.batch.answers import Answerer, Doses, Orders
    from dmcalc.batch.run import Wanted, run
    from dmcalc.cli._output import overdue, say
    from dmcalc.dispensing.stock import Stocked
    from dmcalc.errors import ExitCode, TableError, UsageError

    loaded = options.load(table, overlay)
    late = overdue(loaded)
    if late and strict:
        raise TableError(late[0].message, "Ask for a reviewed table, or leave --strict out.")
    guideline = guides.load(guide)
    stocked = Stocked(market, options.stock(stock), halves)
    names = tuple(drugs or ())
    answerer: Answerer
    if check:
        if len(names) > 1:
            raise UsageError("an order is of one drug", "Name others in a column drug.")
        drug = names[0] if names else None
        answerer = Orders(loaded, guideline, drug, alternatives=alternatives, stocked=stocked)
    else:
        answerer = Doses(loaded, guideline, names, alternatives=alternatives, stocked=stocked)
    kept = None if keep is None else tuple(name.strip() for name in keep.split(","))
    wanted = Wanted(source, given, form, output, rejects, kept, resume, quiet)
    asked = {
        "check": check,
        "drugs": drugs,
        "alternatives": alternatives,
        "stocked": repr(stocked),
        "guide": guideline.sha256,
    }
    tally = run(loaded, answerer, wanted, asked)
    if not quiet:
        for warning in late:
            say(f"dmcalc: warning: {warning.message}")
        say(f"dmcalc: {tally.sentence()}")
    if tally.rejected and not allow_rejects:
        raise typer.Exit(ExitCode.PATIENT)
    if tally.refused:
        raise typer.Exit(ExitCode.REFUSED)
    if tally.warned and strict:
        raise typer.Exit(ExitCode.WARNINGS)
