"""The options that say what is known of a patient, the same in every command."""

import datetime
from typing import Annotated, Literal

import typer

from dmcalc.patient.inputs import PatientInput

Age = Annotated[
    str | None,
    typer.Option(
        "--age",
        metavar="AGE",
        help="Age: 45, 17y 11m, 18 months, 3 weeks; under 18 a child's dose.",
    ),
]
_Phenotype = Literal["normal", "intermediate", "poor"]


def date_of_today(text: str | None) -> str | None:
    """Return the date that ``today`` stands for: it is what a receipt has to hold."""
    return datetime.date.today().isoformat() if text == "today" else text


class PatientOptions(PatientInput):
    """What is said of a patient: the same options in every command that computes for one."""

    weight: Annotated[
        str | None,
        typer.Option(
            "--weight", "-w", metavar="WEIGHT", help="Body weight in kg or lb: 70, 70kg, 154lb."
        ),
    ]
    confirm_weight: Annotated[
        bool, typer.Option("--confirm-weight", help="The weight is right although it is unusual.")
    ]
    age: Age
    height: Annotated[
        str | None,
        typer.Option(
            "--height", metavar="HEIGHT", help="Height in cm, m or feet: 175, 1.75m, 5ft9in."
        ),
    ]
    sex: Annotated[
        Literal["female", "male"] | None,
        typer.Option(
            "--sex", case_sensitive=False, help="Sex, for the formulas that differ by it."
        ),
    ]
    severity: Annotated[
        Literal["mild", "moderate", "severe"] | None,
        typer.Option(
            "--severity",
            "-s",
            case_sensitive=False,
            help="Degree of muscle weakness, as the clinician judges it.",
        ),
    ]
    bsa: Annotated[
        str | None,
        typer.Option("--bsa", metavar="M2", help="Body surface in m2, for doses per m2: 1.85."),
    ]
    weight_basis: Annotated[
        Literal["actual", "ideal", "adjusted", "policy"] | None,
        typer.Option(
            "--weight-basis",
            case_sensitive=False,
            help="Weight that a dose of immunoglobulin goes by; if not given, actual.",
        ),
    ]
    weight_policy: Annotated[
        str | None,
        typer.Option(
            "--weight-policy", metavar="NAME", help="Whose policy chooses that weight: ontario."
        ),
    ]
    taking: Annotated[
        list[str] | None,
        typer.Option("--taking", metavar="DRUGS", help="Drugs that are taken too: allopurinol."),
    ]
    unchecked: Annotated[
        list[str] | None,
        typer.Option(
            "--unchecked",
            metavar="NAMES",
            help="Drugs taken too that are meant as written, though no list knows them.",
        ),
    ]
    condition: Annotated[
        list[str] | None,
        typer.Option(
            "--condition", metavar="NAMES", help="Conditions and organs: pregnancy, ild, lung."
        ),
    ]
    tpmt: Annotated[
        _Phenotype | None, typer.Option("--tpmt", case_sensitive=False, help="TPMT phenotype.")
    ]
    nudt15: Annotated[
        _Phenotype | None,
        typer.Option("--nudt15", case_sensitive=False, help="NUDT15 phenotype."),
    ]
    egfr: Annotated[
        str | None, typer.Option("--egfr", metavar="VALUE", help="eGFR in mL/min/1.73 m2: 45.")
    ]
    crcl: Annotated[
        str | None,
        typer.Option("--crcl", metavar="VALUE", help="Creatinine clearance in mL/min: 45."),
    ]
    creatinine: Annotated[
        str | None,
        typer.Option(
            "--creatinine",
            metavar="VALUE",
            help="Serum creatinine with its unit: 0.9mg/dL, 80umol/L.",
        ),
    ]
    dob: Annotated[
        str | None,
        typer.Option("--dob", metavar="DATE", help="Date of birth, in place of --age: 2016-03-01."),
    ]
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            callback=date_of_today,
            help="Day on which --dob gives the age; today if not given.",
        ),
    ]
    patient: Annotated[
        str | None,
        typer.Option(
            "--patient",
            metavar="FILE",
            help="YAML or JSON with these facts by name; options beside it win; - is stdin.",
        ),
    ]
