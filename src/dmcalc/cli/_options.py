"""Options that several commands share, and what they have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dmcalc.formats.registry import ONLY_FOR, Format
from dmcalc.results.trace import recording

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Handed
    from dmcalc.quantities.amount import Amount
    from dmcalc.table.model.table import LoadedTable

Drugs = Annotated[list[str] | None, typer.Argument(help="Drugs by name; all where none is given.")]
Drug = Annotated[str, typer.Argument(help="A drug by its name; dmcalc drugs lists them.")]
Weight = Annotated[
    str | None,
    typer.Option(
        "--weight", "-w", metavar="WEIGHT", help="Body weight in kg or lb: 70, 70kg, 154lb."
    ),
]
Severity = Annotated[
    Literal["mild", "moderate", "severe"] | None,
    typer.Option(
        "--severity",
        "-s",
        case_sensitive=False,
        help="Degree of muscle weakness, as the clinician judges it.",
    ),
]
Surface = Annotated[
    str | None,
    typer.Option("--bsa", metavar="M2", help="Body surface in m2, for doses per m2: 1.85."),
]
ConfirmWeight = Annotated[
    bool, typer.Option("--confirm-weight", help="The weight is right although it is unusual.")
]
Age = Annotated[
    str | None,
    typer.Option(
        "--age", metavar="AGE", help="Age, 45 or 18 months; under 18 it is a child's dose."
    ),
]
Height = Annotated[
    str | None,
    typer.Option("--height", metavar="HEIGHT", help="Height in cm, m or feet: 175, 1.75m, 5ft9in."),
]
Sex = Annotated[
    Literal["female", "male"] | None,
    typer.Option("--sex", case_sensitive=False, help="Sex, for the formulas that differ by it."),
]
WeightBasis = Annotated[
    Literal["actual", "ideal", "adjusted", "policy"] | None,
    typer.Option(
        "--weight-basis",
        case_sensitive=False,
        help="Weight that a dose of immunoglobulin goes by; if not given, actual.",
    ),
]
WeightPolicy = Annotated[
    str | None,
    typer.Option(
        "--weight-policy", metavar="NAME", help="Whose policy chooses that weight: ontario."
    ),
]
Creatinine = Annotated[
    str | None,
    typer.Option(
        "--creatinine",
        metavar="VALUE",
        help="Serum creatinine with its unit: 0.9mg/dL, 80umol/L.",
    ),
]
Taking = Annotated[
    list[str] | None,
    typer.Option("--taking", metavar="DRUGS", help="Drugs that are taken too: allopurinol."),
]
Condition = Annotated[
    list[str] | None,
    typer.Option("--condition", metavar="NAMES", help="Conditions: pregnancy, ild."),
]
Phenotype = Literal["normal", "intermediate", "poor"]
Tpmt = Annotated[
    Phenotype | None, typer.Option("--tpmt", case_sensitive=False, help="TPMT phenotype.")
]
Nudt15 = Annotated[
    Phenotype | None, typer.Option("--nudt15", case_sensitive=False, help="NUDT15 phenotype.")
]
Egfr = Annotated[
    str | None, typer.Option("--egfr", metavar="VALUE", help="eGFR in mL/min/1.73 m2: 45.")
]
Crcl = Annotated[
    str | None,
    typer.Option("--crcl", metavar="VALUE", help="Creatinine clearance in mL/min: 45."),
]
Planned = Annotated[
    bool, typer.Option("--planned", help="The named drugs are to be given together.")
]
Start = Annotated[
    str | None,
    typer.Option("--start", metavar="DATE", help="First day, to put dates on it: 2026-12-01."),
]
Market = Annotated[
    Literal["US", "UK", "EU"],
    typer.Option("--market", case_sensitive=False, help="Whose products are handed out."),
]
Stock = Annotated[
    str | None,
    typer.Option("--stock", metavar="LIST", help="Strengths on the shelf instead: 20mg,5mg,1mg."),
]
Direction = Annotated[
    Literal["nearest", "down", "up"] | None,
    typer.Option("--round", help="Round a dose that whole units cannot make as it is."),
]
Packs = Annotated[
    str | None,
    typer.Option(
        "--pack",
        metavar="LIST",
        help="Units in a pack, as your supplier has them: 20mg:100,5mg:30.",
    ),
]
Halves = Annotated[bool, typer.Option("--halves", help="Halve tablets that are scored.")]
OutputFormat = Annotated[
    Format,
    typer.Option(
        "--format",
        "-f",
        case_sensitive=False,
        help=f"Form of the answer; not for all answers: {', '.join(ONLY_FOR)}.",
    ),
]
Output = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE; - is stdout.")
]
TableFile = Annotated[
    str | None,
    typer.Option("--table", metavar="FILE", help="Use this drug table; it is checked in full."),
]
Overlays = Annotated[
    list[str] | None,
    typer.Option(
        "--overlay",
        metavar="FILE",
        help="Put local figures over the table, after those of DMCALC_OVERLAY; may be repeated.",
    ),
]
GuideFile = Annotated[
    str | None,
    typer.Option("--guide", metavar="FILE", help="Use this guide; it is checked in full."),
]
Field = Annotated[
    str | None,
    typer.Option(
        "--field",
        metavar="NAME",
        help="Print this bare value of each row, a line each; names as in JSON.",
    ),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour, as with NO_COLOR set.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No warnings on stderr.")]


def _record(context: typer.Context, receipt: str | None) -> str | None:
    """Note the figures and roundings of the answer, where a receipt is asked for."""
    if receipt is not None:
        context.with_resource(recording())
    return receipt


Receipt = Annotated[
    str | None,
    typer.Option(
        "--receipt",
        metavar="FILE",
        help="Write to FILE what an audit needs later.",
        callback=_record,
    ),
]
ReceiptFor = Annotated[
    str | None,
    typer.Option("--receipt-for", metavar="LABEL", help="What the receipt is for: case 17."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 6 if there are warnings.")]


def application() -> typer.Typer:
    """Return an empty Typer app with what all commands have in common."""
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def load(table: str | None, overlays: list[str] | None) -> LoadedTable:
    """Load the table with the overlays of the environment and then of ``--overlay`` over it.

    DMCALC_OVERLAY holds paths as PATH does.
    """
    import os

    from dmcalc import cli
    from dmcalc.formulary import load

    before = filter(None, os.environ.get("DMCALC_OVERLAY", "").split(os.pathsep))
    loaded = load(table, (*before, *(overlays or ())))
    cli.local[:] = [overlay.name for overlay in loaded.overlays]
    return loaded


def names(given: list[str] | None) -> tuple[str, ...]:
    """Return the names of an option that may be repeated, and hold several with commas."""
    parts = (part for text in given or () for part in text.split(","))
    return tuple(part.strip() for part in parts if part.strip())


#: More units than anyone counts out.
MOST = 100_000
#: The parameters that say how the answer is written, and nothing of what is asked.
OUTPUT = frozenset(
    {"plot", "form", "output", "table", "overlay", "field", "no_color", "quiet", "strict", "guide"}
)
#: The parameters of a command that are in no receipt: a replay writes as it is asked to itself.
NOT_ASKED = OUTPUT | {"receipt", "receipt_for", "overlay"}


def named(context: typer.Context) -> list[str]:
    """List the options that the user gave, but for those of the output."""
    return [
        parameter.opts[0]
        for parameter in context.command.params
        if (name := parameter.name) is not None
        and name not in OUTPUT
        and (source := context.get_parameter_source(name)) is not None
        and source.name == "COMMANDLINE"
    ]


def stock(text: str | None) -> tuple[Amount, ...]:
    """Read the strengths on the shelf: ``20mg,5mg,1mg``."""
    from dmcalc.errors import read
    from dmcalc.quantities.amount import read_amount

    read_all = [read("--stock", part, read_amount) for part in text.split(",")] if text else []
    return tuple(filter(None, read_all))


def counted(option: str, text: str | None) -> tuple[Handed, ...]:
    """Read a count for each strength, ``20mg:30,5mg:12``: units that are left, or in a pack."""
    from decimal import Decimal

    from dmcalc.dispensing.stock import Handed
    from dmcalc.errors import UsageError, read
    from dmcalc.quantities.amount import read_amount

    units = []
    for part in text.split(",") if text else []:
        strength, _, count = part.partition(":")
        amount = read(option, strength, read_amount)
        if amount is None or not (count.isascii() and count.isdigit() and int(count) <= MOST):
            raise UsageError(f"{option}: {part!r} is not a strength and a count, like 20mg:30")
        units.append(Handed(amount.value, amount.unit, Decimal(count)))
    return tuple(units)
