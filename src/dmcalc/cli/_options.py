"""Options that several commands share, and what they have in common."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from dmcalc.render import ONLY_FOR, SCHEDULES, Format

Drugs = Annotated[list[str] | None, typer.Argument(help="Drugs by name; all where none is given.")]
Drug = Annotated[str, typer.Argument(help="A drug by its name; dmcalc drugs lists them.")]
Weight = Annotated[
    str | None,
    typer.Option("--weight", "-w", help="Body weight in kg or lb: 70, 70kg, 154lb."),
]
Severity = Annotated[
    Literal["mild", "moderate", "severe"] | None,
    typer.Option("--severity", "-s", help="Degree of muscle weakness, as the clinician judges it."),
]
Surface = Annotated[
    str | None, typer.Option("--bsa", help="Body surface in m2, for doses per m2: 1.85.")
]
ConfirmWeight = Annotated[
    bool, typer.Option("--confirm-weight", help="The weight is right although it is unusual.")
]
OutputFormat = Annotated[
    Format,
    typer.Option(
        "--format",
        "-f",
        help=f"Form of the answer; only for {', '.join(SCHEDULES)}: {', '.join(ONLY_FOR)}.",
    ),
]
Output = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE; - is stdout.")
]
TableFile = Annotated[
    str | None,
    typer.Option("--table", metavar="FILE", help="Use this drug table; it is checked in full."),
]
Field = Annotated[
    str | None,
    typer.Option("--field", metavar="NAME", help="Print this bare value of each row, a line each."),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour, as with NO_COLOR set.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No warnings on stderr.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 6 if there are warnings.")]


def application() -> typer.Typer:
    """Return an empty Typer app with what all commands have in common."""
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
