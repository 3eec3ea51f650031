"""The command ``labs``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit
from dmcalc.errors import ExitCode

app = options.application()


def _lab(option: str, what: str) -> typer.models.OptionInfo:
    info: typer.models.OptionInfo = typer.Option(option, metavar="VALUE", help=what)
    return info


@app.command()
def labs(
    drugs: Annotated[list[str], typer.Argument(help="Drugs by name; dmcalc drugs lists them.")],
    wcc: Annotated[str | None, _lab("--wcc", "White cells in x10^9/L: 3.1.")] = None,
    neutrophils: Annotated[str | None, _lab("--neutrophils", "Neutrophils in x10^9/L.")] = None,
    platelets: Annotated[str | None, _lab("--platelets", "Platelets in x10^9/L.")] = None,
    alt: Annotated[str | None, _lab("--alt", "ALT in units/L.")] = None,
    ast: Annotated[str | None, _lab("--ast", "AST in units/L.")] = None,
    eosinophils: Annotated[str | None, _lab("--eosinophils", "Eosinophils in x10^9/L.")] = None,
    mcv: Annotated[str | None, _lab("--mcv", "Mean cell volume in fL: 90.")] = None,
    albumin: Annotated[str | None, _lab("--albumin", "Albumin in g/L: 40.")] = None,
    bp: Annotated[str | None, _lab("--bp", "Blood pressure in mmHg: 128/82.")] = None,
    egfr: Annotated[str | None, _lab("--egfr", "eGFR in mL/min/1.73 m2: 75.")] = None,
    creatinine: options.Creatinine = None,
    baseline_creatinine: Annotated[
        str | None, _lab("--baseline-creatinine", "Creatinine at the start, with its unit.")
    ] = None,
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    guide: options.GuideFile = None,
    overlay: options.Overlays = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
) -> None:
    """Hold results of blood tests against the limits for some drugs.

    A result at a limit has not crossed it, unless the source counts that: then the limit says "or
    more". One that has is exit code 5, after the answer. No limit crossed means only that: it does
    not say that a drug may be given. A result that no limit is for is a warning.

    \b
    dmcalc labs azathioprine --wcc 4.2 --alt 40
    dmcalc labs mycophenolate --bp 128/82 --egfr 75 --albumin 41
    dmcalc labs methotrexate --creatinine 90umol/L --baseline-creatinine 80umol/L
    """
    from dmcalc import guideline as guides
    from dmcalc.monitoring.labs import labs as compute
    from dmcalc.monitoring.labs import read

    given = {
        "wcc": wcc,
        "neutrophils": neutrophils,
        "platelets": platelets,
        "alt": alt,
        "ast": ast,
        "eosinophils": eosinophils,
        "mcv": mcv,
        "albumin": albumin,
        "bp": bp,
        "egfr": egfr,
        "creatinine": creatinine,
        "baseline_creatinine": baseline_creatinine,
    }
    loaded = options.load(table, overlay)
    guideline = guides.load(guide)
    results = read(loaded.table.limits, guideline.guideline.lab_tests, given)
    result = compute(loaded, guideline, drugs, results)
    code = ExitCode.OK
    try:
        emit(result, Out(form, output, field, no_color, quiet, strict))
    except typer.Exit as stop:
        code = ExitCode(stop.exit_code)
    raise typer.Exit(result.exit_code or code)
