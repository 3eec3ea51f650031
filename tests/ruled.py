"""A patient under rules that a test made, as one whom the guideline's own rules ask about."""

from dmcalc.dosing.adjustments import PatientRules
from dmcalc.patient.patient import Patient


def under(rules: PatientRules | None, patient: Patient) -> Patient:
    """Return a patient of whom is known what some rules ask about, and whose rules these are."""
    if rules is None:
        return patient
    return patient._replace(context=rules.context, rules_guideline=rules.guideline)
