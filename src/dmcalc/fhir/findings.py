"""The findings in an order: their codes with their severity, and the path of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

from dmcalc.records import Record

if TYPE_CHECKING:
    from decimal import Decimal

Severity = Literal["error", "unclear", "warning", "information"]
#: Keys and positions that lead from a resource to a part of it.
Path = tuple[str | int, ...]

_CODES: dict[Severity, str] = {
    "error": """
        duplicate-key unknown-field missing wrong-type unknown-code choice-twice
        timing-incomplete timing-invalid bounds-reversed range-reversed unit-invalid unit-differs
        step-gap step-overlap sequence-order sequence-repeated alternate-days
        bounds-missing duration-as-course dose-missing not-dispensable strength-unknown max-dose
        text-dose text-frequency text-days text-start text-route text-time rate-dose
        quantity-short supply-days as-needed weekly-drug course-as-daily over-cap
        rule-refuses do-not-perform modifier not-active not-valid-order route-differs""",
    "unclear": "not-structured not-understood per-kg-only strength-missing",
    "warning": """
        quantity-over repeats-on-course dose-rises weekday-missing sequence-missing sequence-skips
        open-end""",
    "information": "drug-unknown text-not-compared concurrent accepted",
}
#: The severity of each code.
SEVERITIES: dict[str, Severity] = {
    code: severity for severity, codes in _CODES.items() for code in codes.split()
}
#: What no site can agree to.
NEVER_ACCEPTED = frozenset(
    {"weekly-drug", "course-as-daily", "do-not-perform", "modifier", "not-active", "duplicate-key"}
)
#: Elements that may be of several types, and those types; in JSON the type ends the name.
CHOICES = {
    "medication": ("CodeableConcept", "Reference"),
    "reported": ("boolean", "Reference"),
    "effective": ("dateTime", "Period", "Timing"),
    "statusReason": ("CodeableConcept", "Reference"),
    "asNeeded": ("boolean", "CodeableConcept"),
    "bounds": ("Duration", "Range", "Period"),
    "dose": ("Range", "Quantity"),
    "rate": ("Ratio", "Range", "Quantity"),
    "item": ("CodeableConcept", "Reference"),
    "strength": ("Ratio", "CodeableConcept", "Quantity"),
}
_OF_TYPE = {
    f"{name}{kind[0].upper()}{kind[1:]}": f"{name}.ofType({kind})"
    for name, kinds in CHOICES.items()
    for kind in kinds
}
#: Elements of a dosage and of its request, which a file of our own has not.
_OF_FHIR = ("timing", "doseAndRate", "text", "sequence", "maxDosePerPeriod")
#: A code as FHIR has them; what is written otherwise is not repeated in a message.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/%\[\]{}*^'-]{0,39}", re.ASCII)


class Finding(Record):
    """One thing that an order says wrongly, twice, or not clearly."""

    id: Annotated[str, "Code and place, the same on each run; of a bundle with the order before."]
    code: Annotated[str, "Short name that scripts can rely on."]
    severity: Annotated[
        Severity,
        "error: the order contradicts itself or the table; unclear: what bears on the dose was "
        "not understood; warning and information do not change the verdict.",
    ]
    rule: Annotated[str | None, "Name of the patient rule that it comes from."]
    path: Annotated[str | None, "FHIRPath of the element; null where the order is no FHIR."]
    pointer: Annotated[str, "JSON pointer (RFC 6901) of the element in the file or line."]
    expected: Annotated[
        Decimal | str | None, "What would agree: a number in the unit of message, a date or text."
    ]
    got: Annotated[Decimal | str | None, "What is there. Never a name of a person."]
    message: Annotated[str, "The finding in words."]


class Findings:
    """Collects the findings of one order.

    ``prefix`` leads from the file to the order, and ``root`` is what FHIRPath calls it: None where
    the order is no FHIR.
    """

    def __init__(self, root: str | None, prefix: Path = (), name: str = "") -> None:
        """Begin without findings; ``name`` is the order, where a file holds several."""
        self.entries: list[Finding] = []
        self._root, self._prefix, self._name = root, prefix, name
        self._ids: set[str] = set()

    def add(
        self,
        code: str,
        path: Path,
        message: str,
        *,
        expected: Decimal | str | None = None,
        got: Decimal | str | None = None,
        rule: str | None = None,
        severity: Severity | None = None,
        below: str | None = None,
    ) -> None:
        """Add a finding at a path, with the severity of its code or a milder one.

        ``below`` is a key there that FHIRPath cannot name.
        """
        if self._root is None:
            path = _own(path)
        place = pointer((*self._prefix, *path, *(() if below is None else (below,))))
        own = f"{self._name}:{code}@{place}" if self._name else f"{code}@{place}"
        number, name = 1, own
        while name in self._ids:  # two fields that are missing in one place
            number += 1
            name = f"{own}#{number}"
        self._ids.add(name)
        where = None if self._root is None else fhirpath(self._root, (*self._prefix, *path))
        self.entries.append(
            Finding(
                name, code, severity or SEVERITIES[code], rule, where, place, expected, got, message
            )
        )

    def has(self, *codes: str) -> bool:
        """Tell whether there is a finding with one of some codes."""
        return any(finding.code in codes for finding in self.entries)


def _own(path: Path) -> Path:
    """Return the path of the step, for a file that is no FHIR."""
    ends = [n for n, key in enumerate(path) if key in _OF_FHIR]
    return path[: ends[0]] if ends else path


def pointer(path: Path) -> str:
    """Write a path as a JSON pointer: ``/dosageInstruction/1/text``."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in path)


def fhirpath(root: str, path: Path) -> str:
    """Write a path as FHIRPath: ``MedicationRequest.dosageInstruction[1].text``."""
    parts = [root]
    for key in path:
        parts.append(f"[{key}]" if isinstance(key, int) else f".{_OF_TYPE.get(key, key)}")
    return "".join(parts)


def quoted(value: object) -> str:
    """Quote a code for a message; what is no code could name a person, and is not repeated."""
    return f"'{value}'" if isinstance(value, str) and _CODE.fullmatch(value) else "another text"


def shown(value: object) -> str | None:
    """Return a code as a finding shows it, None for what is no code."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None
