"""The document of ``dose`` for machines, but for its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from dmcalc.records import Record

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.clinical_context import Circumstances
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import ChosenWeight
    from dmcalc.table.model.drug import Severity


class PatientColumns(Record):
    """What each line says of the patient."""

    weight_kg: Annotated[Decimal | None, "Body weight in kg."]
    severity: Annotated[Severity | None, "Degree of muscle weakness."]


class DoseDocument:
    """The document of ``dose``."""

    patient: Annotated[Patient, "Whom the doses are for."]
    circumstances: Circumstances
    rows: Annotated[tuple[DoseRow, ...], "One for each posology."]
    dosing_weight: ChosenWeight
