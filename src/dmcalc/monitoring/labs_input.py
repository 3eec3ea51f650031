"""Results of tests as text, and how they are held against the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc import guideline
from dmcalc.monitoring.labs import labs, read_results
from dmcalc.patient.inputs import with_unused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dmcalc.monitoring.labs import LabsResult
    from dmcalc.patient.inputs import PatientRequest


def compute_labs(
    request: PatientRequest, drugs: Iterable[str], results: Mapping[str, str | None]
) -> LabsResult:
    """Hold results against the limits for some drugs; raise the errors of ``labs``.

    ``results`` are by the name of the test; eGFR and creatinine are facts of the patient.
    """
    facts = request.facts
    written = {**results, "egfr": facts.egfr, "creatinine": facts.creatinine}
    guide = request.guide or guideline.load()
    limits = request.loaded.table.limits
    measured = read_results(limits, guide.guideline.lab_tests, written)
    return with_unused(labs(request.loaded, guide, drugs, measured), request.unused("labs"))
