"""FHIR: an answer as a MedicationRequest, or a bundle of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.documents.json import encode
from dmcalc.fhir.writing.export import export
from dmcalc.fhir.writing.request import ExportOptions

if TYPE_CHECKING:
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result


def render(result: Result, style: Style) -> str:
    """Return the resource, indented by 2; raise UsageError for what FHIR cannot say."""
    return encode(export(result, style.fhir or ExportOptions()), indent="\n") + "\n"
