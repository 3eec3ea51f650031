"""One drug for one patient, as schedules ask for it: refused, its doses, what rules say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dosing.dose import apply_patient_rules, rules_for
from dmcalc.dosing.regimen import prepare_regimen
from dmcalc.patient.patient import unusual_weight_warning
from dmcalc.results.trace import INWARD, aside, noting

if TYPE_CHECKING:
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.patient import Patient
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.table import Table


def refuse_drug(patient: Patient, drug: str) -> None:
    """Raise RefusedError where a rule for the patient refuses a drug."""
    advice = rules_for(patient)
    if advice is not None:
        advice.refuse(drug)


def rule_notes(
    patient: Patient, drug: str
) -> tuple[tuple[ClinicalWarning, ...], tuple[ClinicalNote, ...]]:
    """Say which rules hold for the patient, and on which facts there is none for a drug."""
    warnings = tuple(unusual_weight_warning(patient))
    rules = rules_for(patient)
    if rules is None:
        return warnings, ()
    return (*warnings, *rules.warnings((drug,))), rules.not_addressed((drug,))


def dose_row(table: Table, patient: Patient, drug: str, regimen: Regimen) -> DoseRow:
    """Compute one regimen of a drug for one patient, as the patient's rules leave it.

    It serves a schedule, whose answer has neither units, nor its ratios, nor whether the drug is
    indicated.
    """
    ready = prepare_regimen(table, drug, regimen, base=True)._replace(indications=None)
    with aside():
        computed = apply_patient_rules(ready, patient, rules_for(patient))
    row = computed.row
    if (trace := noting()) and computed.exact is not None:
        for end, exact, amount in zip(
            ("low", "high"), computed.exact, (row.low, row.high), strict=True
        ):
            assert amount is not None
            what = f"{row.regimen}, {end} end: reduced"
            trace.rounded(None, what, exact, amount, row.unit, INWARD)
    return row
