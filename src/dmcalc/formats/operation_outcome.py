"""OperationOutcome of FHIR: the findings in orders, an issue each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.documents.json import encode

if TYPE_CHECKING:
    from dmcalc.fhir.findings import Finding
    from dmcalc.fhir.verify import VerifyResult
    from dmcalc.formats.registry import Style

_SEVERITIES = {"unclear": "error"}
#: Codes of FHIR's IssueType for findings of the structure; all other errors are business rules.
_TYPES = {
    **dict.fromkeys(("duplicate-key", "unknown-field", "wrong-type", "choice-twice"), "structure"),
    **dict.fromkeys(("missing", "timing-incomplete", "bounds-missing", "dose-missing"), "required"),
    **dict.fromkeys(("unknown-code", "unit-invalid"), "code-invalid"),
    **dict.fromkeys(
        ("timing-invalid", "bounds-reversed", "range-reversed", "unit-differs"), "value"
    ),
}


def render(result: VerifyResult, style: Style) -> str:
    """Return the resource, indented by 2; an outcome has one issue at least."""
    issues = [_issue(finding) for order in result.orders for finding in order.findings]
    nothing = "Nothing was found in what was compared."
    none: dict[str, object] = {
        "severity": "information",
        "code": "informational",
        "details": {"text": nothing},
    }
    outcome = {"resourceType": "OperationOutcome", "issue": issues or [none]}
    return encode(outcome, indent="\n") + "\n"


def _issue(finding: Finding) -> dict[str, object]:
    kind = {"unclear": "not-supported", "information": "informational"}.get(
        finding.severity, _TYPES.get(finding.code, "business-rule")
    )
    path = {} if finding.path is None else {"expression": [finding.path]}
    return {
        "severity": _SEVERITIES.get(finding.severity, finding.severity),
        "code": kind,
        "details": {"text": finding.message},
        "diagnostics": finding.id,
        **path,
    }
