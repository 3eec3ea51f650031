"""The options that say what is known of a patient, the same in every command."""

import datetime
from typing import Annotated, Literal

import typer

from dmcalc.errors import UsageError
from dmcalc.patient.document import WeightChoice
from dmcalc.patient.inputs import SEXES, PatientInput, read_sex
from dmcalc.quantities.time import read_day_from
from dmcalc.table.model.drug import Severity

Age = Annotated[
    str | None,
    typer.Option(
        "--age",
        metavar="AGE",
        help="Age: 45, 17y 11m, 18 months; under 18: a child.",
    ),
]
_Phenotype = Literal["normal", "intermediate", "poor"]


def iso_date(text: str | None) -> str | None:
    """Return the date that ``today``, ``+7d`` or ``1 Dec 2026`` means, as a receipt stores it.

    Raise BadParameter for what is no date; an empty text is refused as every option refuses it.
    """
    if text is None or not text.strip():
        return text
    try:
        return read_day_from(text, datetime.date.today()).isoformat()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def sex_in_full(text: str | None) -> str | None:
    """Return the sex that ``F`` or ``m`` means; raise UsageError for another word."""
    if text is None:
        return None
    if (sex := read_sex(text)) is None:
        raise UsageError(f"--sex: {text!r} is not known", f"Write {' or '.join(SEXES)}.")
    return sex


class PatientOptions(PatientInput):
    """What is entered of a patient: the same options in every command that computes for one."""

    weight: Annotated[
        str | None,
        typer.Option(
            "--weight", "-w", metavar="WEIGHT", help="Body weight: 70, 70kg, 154lb, 11st 6lb."
        ),
    ]
    confirm_weight: Annotated[
        bool, typer.Option("--confirm-weight", help="Accept an unusual weight.")
    ]
    age: Age
    height: Annotated[
        str | None,
        typer.Option(
            "--height", metavar="HEIGHT", help="Height in cm, m or feet: 175, 1.75m, 5ft9in."
        ),
    ]
    sex: Annotated[
        str | None,
        typer.Option(
            "--sex",
            metavar="female|male",
            callback=sex_in_full,
            help="Sex, for formulas and pregnancy.",
        ),
    ]
    severity: Annotated[
        Severity | None,
        typer.Option(
            "--severity",
            "-s",
            metavar="DEGREE",
            case_sensitive=False,
            help="Muscle weakness: mild, moderate or severe.",
        ),
    ]
    bsa: Annotated[
        str | None,
        typer.Option("--bsa", metavar="M2", help="Body surface area (BSA) in m2: 1.85."),
    ]
    weight_basis: Annotated[
        WeightChoice | None,
        typer.Option(
            "--weight-basis",
            metavar="WEIGHT",
            case_sensitive=False,
            help="Dosing weight: actual, ideal, adjusted or policy.",
        ),
    ]
    weight_policy: Annotated[
        str | None,
        typer.Option(
            "--weight-policy",
            metavar="NAME",
            help="Policy that chooses the dosing weight: ontario.",
        ),
    ]
    taking: Annotated[
        list[str] | None,
        typer.Option(
            "--taking", metavar="DRUGS", help="Concurrent medicines: allopurinol,warfarin."
        ),
    ]
    unchecked: Annotated[
        list[str] | None,
        typer.Option(
            "--unchecked",
            metavar="NAMES",
            help="Concurrent medicines meant as written, not checked.",
        ),
    ]
    condition: Annotated[
        list[str] | None,
        typer.Option(
            "--condition", metavar="NAMES", help="Conditions and organs: pregnancy, ild, lung."
        ),
    ]
    tpmt: Annotated[
        _Phenotype | None,
        typer.Option(
            "--tpmt",
            metavar="PHENOTYPE",
            case_sensitive=False,
            help="TPMT: normal, intermediate or poor.",
        ),
    ]
    nudt15: Annotated[
        _Phenotype | None,
        typer.Option(
            "--nudt15",
            metavar="PHENOTYPE",
            case_sensitive=False,
            help="NUDT15: normal, intermediate or poor.",
        ),
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
            help="Serum creatinine: 0.9mg/dL, 80umol/L.",
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
            callback=iso_date,
            help="Day on which --dob gives the age; today if none.",
        ),
    ]
    patient: Annotated[
        str | None,
        typer.Option(
            "--patient",
            metavar="FILE",
            help="These facts from a YAML or JSON file; - is stdin.",
        ),
    ]
