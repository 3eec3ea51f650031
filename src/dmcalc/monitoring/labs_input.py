"""Results of tests as text, and how they are checked against limits and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc import guideline
from dmcalc.errors import PatientError
from dmcalc.monitoring.lab_results import OF_KIDNEYS, LabResult, read_results
from dmcalc.monitoring.labs import labs
from dmcalc.patient.inputs import USES, PatientInput, unused_facts, with_unused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dmcalc.monitoring.labs import LabsResult
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.reader import PatientRequest


def compute_labs(
    request: PatientRequest, drugs: Iterable[str], results: Mapping[str, str | None]
) -> LabsResult:
    """Read results and the patient, and hold them against the limits and rules for some drugs.

    ``results`` are by the name of the test; eGFR, clearance and creatinine are facts of the
    patient. Raise PatientError for a result that cannot be read or is not plausible, or where there
    is none, and the errors of ``labs`` and ``read_patient``.
    """
    drugs, facts = tuple(drugs), request.facts
    guide = request.guide or guideline.load()
    kidneys = {"egfr": facts.egfr, "crcl": facts.crcl, "creatinine": facts.creatinine}
    limits, tests = request.loaded.table.limits, guide.guideline.lab_tests
    values = read_results(limits, tests, {**results, **kidneys})
    baseline = results.get("baseline_creatinine")
    estimable = facts.creatinine is not None and facts.age is not None and facts.sex is not None
    if (facts.creatinine is None) != (baseline is None) and not (estimable and baseline is None):
        raise PatientError(
            "a rise of creatinine needs both values",
            "Give ‹creatinine› and ‹baseline_creatinine›, each with its unit.",
        )
    # a value with a sign is compared with limits; rules ask for a number
    egfr, crcl = (
        None if lab in values and values[lab].sign else kidneys[lab] for lab in OF_KIDNEYS
    )
    creatinine = facts.creatinine if estimable else None
    who = _patient(
        request._replace(facts=facts._replace(egfr=egfr, crcl=crcl, creatinine=creatinine)), drugs
    )
    for lab in OF_KIDNEYS:
        if who.context is not None and (value := who.context.value(lab)) is not None:
            values[lab] = LabResult(value)
    if not values:
        raise PatientError(
            "no result was given", "Give at least one, e.g. ‹wcc 3.1›, ‹alt 40› or ‹platelets 150›."
        )
    result = labs(request.loaded, guide, drugs, values, who)
    return with_unused(result, unused_facts(facts, USES["labs"], child=who.child))


def _patient(request: PatientRequest, drugs: tuple[str, ...]) -> Patient:
    """Read the patient with what rules ask about; a child without, as the rules are of adults.

    The limits are checked against a child's results too.
    """
    who = request._replace(facts=PatientInput(age=request.facts.age)).read("labs")
    return who if who.child else request.read("labs", drugs)
