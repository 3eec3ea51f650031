"""What a Python program gives, as the text that is read strictly."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.quantity import plain

if TYPE_CHECKING:
    from dmcalc.patient import Patient
    from dmcalc.table.model import LoadedTable, Severity


def as_text(name: str, value: str | int | Decimal | None) -> str | None:
    """Return a number as text; a float is refused, because it is not exact."""
    if isinstance(value, Decimal):
        return plain(value)
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
    from dmcalc import patient

    return patient.read(
        loaded.table.limits,
        weight=as_text("weight", weight),
        severity=severity,
        bsa=as_text("bsa", bsa),
        confirm_weight=confirm_weight,
        age=as_text("age", age),
    )
