"""The documents of a patient and of ``body`` for machines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from dmcalc.records import Record

if TYPE_CHECKING:
    from dmcalc.guideline.patient_rules import Phenotype
    from dmcalc.patient.body import Used
    from dmcalc.patient.inputs import Sex
    from dmcalc.patient.measures import Missing
    from dmcalc.results.field_types import Local, Sources
    from dmcalc.table.model.drug import Severity

WeightKind = Literal["actual", "ideal", "adjusted"]
#: What the weight to dose by is chosen as: a policy names its own.
WeightChoice = Literal["actual", "ideal", "adjusted", "policy"]


class PatientDocument:
    """Whom an answer is for."""

    weight_kg: Annotated[
        Decimal | None, "Body weight in kg, exact; pounds are converted by definition."
    ]
    bsa_m2: Annotated[
        Decimal | None,
        "Body surface area in m2, as it was given or as it follows from the height, to 15 "
        "significant "
        "digits.",
    ]
    severity: Annotated[Severity | None, "Degree of muscle weakness, as the prescriber judges it."]
    population: Annotated[str, "Whom the doses are for: adult or juvenile."]
    age_years: Annotated[int | None, "Age in whole years."]
    height_cm: Annotated[
        Decimal | None, "Height in cm, where a body surface area or a weight was computed from it."
    ]
    bsa_formula: Annotated[
        str | None,
        "Key of the formula that the body surface area was computed with; null where it was given.",
    ]


class CircumstancesDocument:
    """What rules for a patient ask about."""

    taking: Annotated[tuple[str, ...], "Concurrent medicines."]
    conditions: Annotated[tuple[str, ...], "Conditions."]
    tpmt: Annotated[Phenotype | None, "TPMT phenotype."]
    nudt15: Annotated[Phenotype | None, "NUDT15 phenotype."]
    egfr_ml_min_173m2: Annotated[Decimal | None, "eGFR in mL/min/1.73 m2."]
    crcl_ml_min: Annotated[Decimal | None, "Creatinine clearance in mL/min."]
    not_checked: Annotated[tuple[str, ...], "Concurrent medicines that no rule and no list knows."]
    estimated: Annotated[tuple[str, ...], "Those of the two that were computed from creatinine."]


class DosingWeightDocument:
    """The dosing weight, and why it is that one."""

    kg: Annotated[
        Decimal, "The weight in kg, exact or rounded down to 0.000001; never above actual_kg."
    ]
    actual_kg: Annotated[Decimal, "Body weight in kg."]
    basis: Annotated[
        WeightKind,
        "The kind of weight that it is: the actual one where a policy does not hold, or where the "
        "other is not below it.",
    ]
    asked: Annotated[WeightChoice, "What was chosen."]
    policy: Annotated[str | None, "Key of the policy that was chosen."]
    policy_name: Annotated[str | None, "Whose policy it is."]
    policy_text: Annotated[str | None, "What it says, in short terms."]
    readings: Annotated[tuple[str, ...], "How the policy and the formulas are read."]
    reason: Annotated[
        str, "Why it is this weight: who chose it, or what of the policy holds or does not."
    ]
    drugs: Annotated[tuple[str, ...], "Keys of the drugs whose doses per kg go by it."]
    bmi: Annotated[
        Decimal | None,
        "Body mass index in kg/m2, rounded down to 0.000001; null where it was not looked at.",
    ]
    ideal_kg: Annotated[
        Decimal | None,
        "Ideal weight in kg, rounded down to 0.000001; null where it was not looked at.",
    ]
    adjusted_kg: Annotated[
        Decimal | None,
        "Adjusted weight in kg, rounded down to 0.000001, and at most the actual one; null where "
        "it was not looked at.",
    ]
    formulas: Annotated[tuple[str, ...], "Keys of the formulas that were used."]
    sources: Sources


class BodyRow(Record):
    """Body size and kidney function. What is None was not computed."""

    weight_kg: Annotated[
        Decimal | None, "Body weight in kg, exact; pounds are converted by definition."
    ]
    height_cm: Annotated[
        Decimal | None, "Height in cm, exact; feet and inches are converted by definition."
    ]
    sex: Annotated[Sex | None, "Sex, as it was given."]
    age_years: Annotated[int | None, "Age in whole years."]
    creatinine_mg_dl: Annotated[Decimal | None, "Serum creatinine in mg/dL."]
    creatinine_umol_l: Annotated[Decimal | None, "The same in micromol/L: 1 mg/dL is 88.4."]
    bmi: Annotated[Decimal | None, "Body mass index in kg/m2."]
    bsa_m2: Annotated[Decimal | None, "Body surface area in m2, by bsa_formula."]
    ideal_weight_kg: Annotated[
        Decimal | None, "Ideal weight in kg; null below the height that its formula begins at."
    ]
    adjusted_weight_kg: Annotated[
        Decimal | None, "Adjusted weight in kg, never above the actual weight."
    ]
    crcl_ml_min: Annotated[
        Decimal | None,
        "Creatinine clearance in mL/min, with crcl_weight. It may be too high where muscle is "
        "lost.",
    ]
    egfr_ml_min_173m2: Annotated[
        Decimal | None,
        "Glomerular filtration rate in mL/min/1.73 m2. It may be too high where muscle is lost.",
    ]
    bsa_formula: Annotated[str | None, "Key of the formula of body surface area."]
    crcl_weight: Annotated[WeightKind | None, "Weight that the clearance was computed with."]
    crcl_weight_kg: Annotated[Decimal | None, "The same in kg."]
    local: Local


class BodyDocument:
    """The document of ``body``: its one row, and how it was computed."""

    row: BodyRow
    formulas: Annotated[tuple[Used, ...], "The formulas that were used, one for each value."]
    missing: Annotated[tuple[Missing, ...], "What was not computed."]
    rounded: Annotated[tuple[str, ...], "What was rounded, and how."]
