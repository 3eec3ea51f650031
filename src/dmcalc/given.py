"""What a Python program gives, as the text that is read strictly."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dmcalc.dosing.adjustments import Advice
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.patient_rules import Phenotype
    from dmcalc.patient.anthropometry import Sex
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import Basis
    from dmcalc.table.model.drug import Severity
    from dmcalc.table.model.table import LoadedTable


class Size(TypedDict, total=False):
    """What chooses the weight that a dose of immunoglobulin goes by, beside weight and height."""

    sex: Sex
    weight_basis: Basis
    weight_policy: str
    guide: LoadedGuideline


class Circumstances(Size, total=False):
    """What may be said of a patient beside size and severity: rules of the guide ask about it.

    ``egfr`` is in mL/min/1.73 m2 and ``crcl`` in mL/min; ``creatinine`` is text with its unit, and
    needs ``sex``. ``planned`` takes the named drugs as given together.
    """

    taking: Sequence[str]
    conditions: Sequence[str]
    tpmt: Phenotype
    nudt15: Phenotype
    egfr: str | int | Decimal
    crcl: str | int | Decimal
    creatinine: str
    planned: bool


#: What of it no rule asks about by itself.
_OF_SIZE = frozenset({"sex", "weight_basis", "weight_policy"})


def as_text(name: str, value: str | int | Decimal | None) -> str | None:
    """Return a number as text; a float is refused, because it is not exact."""
    if isinstance(value, Decimal):
        return format_plain(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is {type(value).__name__}: give text, int or Decimal")
    return str(value)


def read_patient(
    loaded: LoadedTable,
    weight: str | int | Decimal | None,
    severity: Severity | None,
    bsa: str | int | Decimal | None,
    *,
    confirm_weight: bool,
    age: str | int | None = None,
) -> Patient:
    """Read a patient as the functions of the package take one; raise PatientError or TypeError."""
    from dmcalc.patient import patient

    return patient.read(
        loaded.table.limits,
        weight=as_text("weight", weight),
        severity=severity,
        bsa=as_text("bsa", bsa),
        confirm_weight=confirm_weight,
        age=as_text("age", age),
    )


def known_only(said: Mapping[str, object], shape: type) -> None:
    """Raise TypeError for a keyword that a function does not take."""
    unknown = said.keys() - shape.__annotations__.keys()
    if unknown:
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")


def sized(
    loaded: LoadedTable,
    patient: Patient,
    names: Iterable[str],
    height: str | int | Decimal | None,
    said: Size,
    *,
    surface: bool = True,
) -> Patient:
    """Return a patient with the body surface of a height, and the weight that doses go by.

    Without ``surface`` the height serves that weight alone. Raise PatientError and UsageError, the
    errors of ``dosing.dosed``, and TypeError for a float.
    """
    tall = as_text("height", height)
    if tall is not None and surface:
        from dmcalc.patient.body_surface import with_height

        patient = with_height(loaded.table, patient, tall)
    if not said.keys() & {"weight_basis", "weight_policy"}:
        return patient
    from dmcalc.patient.weight_request import Wanted, dosed

    wanted = Wanted(said.get("weight_basis"), said.get("weight_policy"), tall, said.get("sex"))
    return dosed(loaded, patient, names, wanted, said.get("guide"))


def read_advice(
    loaded: LoadedTable, patient: Patient, names: Iterable[str], said: Circumstances
) -> Advice | None:
    """Return the rules for a patient, None where nothing was said that they ask about.

    Raise the errors of ``circumstances.read``, and TypeError for a float and an unknown name.
    """
    known_only(said, Circumstances)
    if patient.adult_age is None and not said.keys() - _OF_SIZE:
        return None
    from dmcalc import guideline as guide
    from dmcalc.dosing.adjustments import advise
    from dmcalc.patient.clinical_context import Said
    from dmcalc.results.names import find_drugs

    given = Said(
        taking=tuple(said.get("taking", ())),
        conditions=tuple(said.get("conditions", ())),
        tpmt=said.get("tpmt"),
        nudt15=said.get("nudt15"),
        egfr=as_text("egfr", said.get("egfr")),
        crcl=as_text("crcl", said.get("crcl")),
        creatinine=said.get("creatinine"),
        sex=said.get("sex"),
    )
    together = find_drugs(loaded.table, names) if said.get("planned") else ()
    return advise(loaded, said.get("guide") or guide.load(), patient, given, together)
