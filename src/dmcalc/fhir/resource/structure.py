"""Whether a resource has the shape that FHIR gives it, as far as an order needs.

The shapes are those of the StructureDefinitions of R4 (4.0.1) and R5 (5.0.0), written as
``name:type*!``: ``*`` is a list, ``!`` is required, ``name[x]`` may be of several types. Types that
no dose depends on (``Identifier``, ``Annotation``) are not looked into.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeGuard

from dmcalc.fhir.findings import CHOICES, quoted, shown
from dmcalc.fhir.resource.json_text import RepeatedKeys, UnreadableNumber
from dmcalc.records import Record

if TYPE_CHECKING:
    from dmcalc.fhir.findings import Findings, Path

Version = Literal["R4", "R5"]

_STATUS = {
    "MedicationRequest": "active on-hold cancelled completed entered-in-error stopped draft "
    "unknown",
    "MedicationStatement": "active completed entered-in-error intended stopped on-hold unknown "
    "not-taken",
    "MedicationDispense": "preparation in-progress cancelled on-hold completed entered-in-error "
    "stopped declined unknown",
}
#: Codes that an element may have, by type and element; each has its own list in FHIR.
_CODES = {
    **{f"{kind}.status": codes for kind, codes in _STATUS.items()},
    "MedicationRequest.intent": "proposal plan order original-order reflex-order filler-order "
    "instance-order option",
    "MedicationRequest.priority": "routine urgent asap stat",
    "repeat.durationUnit": "s min h d wk mo a",
    "repeat.periodUnit": "s min h d wk mo a",
    "repeat.dayOfWeek": "mon tue wed thu fri sat sun",
    "repeat.when": "MORN MORN.early MORN.late NOON AFT AFT.early AFT.late EVE EVE.early EVE.late "
    "NIGHT PHS IMD HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV",
    "Quantity.comparator": "< <= >= > ad",
}
_CODES_R5 = {
    "MedicationRequest.status": f"{_STATUS['MedicationRequest']} ended",
    "MedicationStatement.status": "recorded entered-in-error draft",
}
_RESOURCE = "id:string meta:object implicitRules:string language:string text:object "
_RESOURCE += "contained:resource* modifierExtension:object* identifier:object* "
_SHAPES = {
    "MedicationRequest": _RESOURCE
    + "status:code! statusReason:object intent:code! category:object* priority:code "
    "doNotPerform:boolean reported[x] medication[x]! subject:Reference! encounter:object "
    "supportingInformation:object* authoredOn:dateTime requester:object performer:object "
    "performerType:object recorder:object reasonCode:object* reasonReference:object* "
    "instantiatesCanonical:string* instantiatesUri:string* basedOn:object* groupIdentifier:object "
    "courseOfTherapyType:object insurance:object* note:object* dosageInstruction:Dosage* "
    "dispenseRequest:dispenseRequest substitution:object priorPrescription:object "
    "detectedIssue:object* eventHistory:object*",
    "MedicationStatement": _RESOURCE
    + "basedOn:object* partOf:object* status:code! statusReason:object* category:object "
    "medication[x]! subject:Reference! context:object effective[x] dateAsserted:dateTime "
    "informationSource:object derivedFrom:object* reasonCode:object* reasonReference:object* "
    "note:object* dosage:Dosage*",
    "MedicationDispense": _RESOURCE
    + "partOf:object* status:code! statusReason[x] category:object medication[x]! "
    "subject:Reference context:object supportingInformation:object* performer:object* "
    "location:object authorizingPrescription:object* type:object quantity:Quantity "
    "daysSupply:Quantity whenPrepared:dateTime whenHandedOver:dateTime destination:object "
    "receiver:object* note:object* dosageInstruction:Dosage* substitution:object "
    "detectedIssue:object* eventHistory:object*",
    "dispenseRequest": "modifierExtension:object* initialFill:object dispenseInterval:Quantity "
    "validityPeriod:Period numberOfRepeatsAllowed:unsignedInt quantity:Quantity "
    "expectedSupplyDuration:Quantity performer:object",
    "Dosage": "modifierExtension:object* sequence:integer text:string "
    "additionalInstruction:object* patientInstruction:string timing:Timing asNeeded[x] site:object "
    "route:CodeableConcept method:object doseAndRate:doseAndRate* maxDosePerPeriod:Ratio "
    "maxDosePerAdministration:Quantity maxDosePerLifetime:Quantity",
    "doseAndRate": "type:CodeableConcept dose[x] rate[x]",
    "Timing": "modifierExtension:object* event:dateTime* repeat:repeat code:CodeableConcept",
    "repeat": "bounds[x] count:positiveInt countMax:positiveInt duration:decimal "
    "durationMax:decimal durationUnit:code frequency:positiveInt frequencyMax:positiveInt "
    "period:decimal periodMax:decimal periodUnit:code dayOfWeek:code* timeOfDay:time* when:code* "
    "offset:unsignedInt",
    "Quantity": "value:decimal comparator:code unit:string system:string code:string",
    "Range": "low:Quantity high:Quantity",
    "Ratio": "numerator:Quantity denominator:Quantity",
    "Period": "start:dateTime end:dateTime",
    "CodeableConcept": "coding:Coding* text:string",
    "Coding": "system:string version:string code:string display:string userSelected:boolean",
    "Reference": "reference:string type:string identifier:object display:string",
}
#: What R5 has otherwise: elements that it adds or changes, and after ``-`` those that it lacks.
_CHANGES_R5 = {
    "MedicationRequest": "statusChanged:dateTime medication:CodeableReference! "
    "informationSource:object* reported:boolean performer:object* device:object* reason:object* "
    "renderedDosageInstruction:string effectiveDosePeriod:Period "
    "- reported[x] medication[x] reasonCode reasonReference instantiatesCanonical "
    "instantiatesUri detectedIssue",
    "MedicationStatement": "category:object* medication:CodeableReference! encounter:object "
    "informationSource:object* reason:object* relatedClinicalInformation:object* "
    "renderedDosageInstruction:string adherence:object "
    "- basedOn statusReason medication[x] context reasonCode reasonReference",
    "MedicationDispense": "basedOn:object* notPerformedReason:object statusChanged:dateTime "
    "category:object* medication:CodeableReference! subject:Reference! encounter:object "
    "recorded:dateTime renderedDosageInstruction:string "
    "- statusReason[x] medication[x] context detectedIssue",
    "dispenseRequest": "dispenser:object dispenserInstruction:object* doseAdministrationAid:object "
    "- performer",
    "Dosage": "asNeeded:boolean asNeededFor:object* maxDosePerPeriod:Ratio* - asNeeded[x]",
    "CodeableReference": "concept:CodeableConcept reference:Reference",
}
#: The resources that are orders, with the name of their dosages.
ORDERS = {
    "MedicationRequest": "dosageInstruction",
    "MedicationStatement": "dosage",
    "MedicationDispense": "dosageInstruction",
}


def is_order(resource: object) -> TypeGuard[dict[str, object]]:
    """Tell whether a JSON value is one of the resources that are orders."""
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    return isinstance(kind, str) and kind in ORDERS


_DATE = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])"
_PATTERNS = {
    "dateTime": re.compile(
        _DATE + r"(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,9})?"
        r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?)?)?)?"
    ),
    "time": re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,9})?"),
    "code": re.compile(r"[^\s]+(?: [^\s]+)*"),
    "string": re.compile(r"(?s).*\S.*"),
}
_LEAST = {"positiveInt": 1, "unsignedInt": 0, "integer": -(2**31)}
_MOST_WHOLE = 2**31 - 1


class _Element(Record):
    kind: str
    many: bool
    #: The element with [x] that it is a choice of.
    choice: str | None
    codes: frozenset[str] | None


class _Shape(Record):
    elements: dict[str, _Element]
    #: Of what is required: its name, and the names in JSON of which one must be there.
    required: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def _shape(kind: str, version: Version) -> _Shape:
    changes, _, dropped = (_CHANGES_R5.get(kind, "") if version == "R5" else "").partition("- ")
    lacking = dropped.split()
    kept = [
        word
        for word in _SHAPES.get(kind, "").split()
        if word.split(":")[0].rstrip("!") not in lacking
    ]
    elements: dict[str, _Element] = {}
    required = []
    for word in [*kept, *changes.split()]:
        name, _, type_ = word.rstrip("!").partition(":")
        base = name.removesuffix("[x]")
        types = CHOICES[base] if name.endswith("[x]") else (type_.rstrip("*"),)
        own = {**_CODES, **(_CODES_R5 if version == "R5" else {})}.get(f"{kind}.{base}")
        names = []
        for one in types:
            full = base + one[0].upper() + one[1:] if name.endswith("[x]") else base
            kind_of = "Quantity" if one == "Duration" else one
            codes = frozenset(own.split()) if own else None
            choice = base if name.endswith("[x]") else None
            elements[full] = _Element(kind_of, type_.endswith("*"), choice, codes)
            names.append(full)
        if word.endswith("!"):
            required.append((base, tuple(names)))
    return _Shape(elements, tuple(required))


def version_of(resource: dict[str, object]) -> Version:
    """Return the version of a resource: in R5 the drug is an object of two parts."""
    return "R5" if isinstance(resource.get("medication"), dict) else "R4"


def check(resource: dict[str, object], version: Version, findings: Findings) -> None:
    """Add a finding for each part of an order that has not the shape of its version."""
    _object(resource, str(resource["resourceType"]), version, (), findings)


def _object(
    value: dict[str, object], kind: str, version: Version, path: Path, findings: Findings
) -> None:
    _repeated(value, path, findings)
    if not value:
        findings.add("wrong-type", path, "this is empty; what is not known is left out")
    shape = _shape(kind, version)
    elements = shape.elements
    taken: dict[str, str] = {}
    for key, part in value.items():
        element = elements.get(key)
        if element is None:
            if key not in ("extension", "id", "resourceType") and not (
                key[:1] == "_" and key[1:] in elements
            ):
                findings.add(
                    "unknown-field",
                    path,
                    f"{kind} has no field {quoted(key)} in {version}",
                    got=shown(key),
                    below=shown(key),
                )
            _look_into(part, path, findings)
            continue
        if element.choice is not None:
            if element.choice in taken:
                first = taken[element.choice]
                findings.add(
                    "choice-twice",
                    (*path, key),
                    f"{first} and {key} are both there; one of them is allowed",
                )
            taken[element.choice] = key
        here = (*path, key)
        if not element.many:
            _value(part, element, version, here, findings)
        elif not isinstance(part, list) or not part:
            findings.add("wrong-type", here, f"{key} is a list of at least one")
        else:
            for number, item in enumerate(part):
                _value(item, element, version, (*here, number), findings)
    for base, names in shape.required:
        if not any(name in value for name in names):
            findings.add("missing", path, f"{base} is missing", expected=base)


def _repeated(value: object, path: Path, findings: Findings) -> None:
    if type(value) is RepeatedKeys:
        for key in value.repeated:
            message = f"{quoted(key)} is there twice; readers take one or the other"
            findings.add("duplicate-key", path, message, below=shown(key))


def _look_into(value: object, path: Path, findings: Findings) -> None:
    """Find repeated keys where no shape is looked into, at any depth."""
    todo = [value]
    while todo:
        part = todo.pop()
        _repeated(part, path, findings)
        todo += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()


def _value(
    value: object, element: _Element, version: Version, path: Path, findings: Findings
) -> None:
    kind = element.kind
    if kind not in _SAID:
        if not isinstance(value, dict):
            findings.add("wrong-type", path, f"{_last(path)} is an object")
        elif kind in ("object", "resource"):
            _look_into(value, path, findings)
        else:
            _object(value, kind, version, path, findings)
    elif not _fits(value, kind):
        findings.add("wrong-type", path, f"{_last(path)} is {_SAID[kind]}")
    elif element.codes is not None and value not in element.codes:
        listed = ", ".join(sorted(element.codes)[:8])
        findings.add(
            "unknown-code",
            path,
            f"{_last(path)} is {quoted(value)}; {version} has {listed}",
            got=shown(value),
        )


_SAID = {
    "boolean": "true or false, without quotes",
    "decimal": "a number, without quotes and with no more than 18 digits",
    "positiveInt": "a whole number from 1 up",
    "unsignedInt": "a whole number from 0 up",
    "integer": "a whole number",
    "string": "text that is not empty",
    "code": "a code, without spaces at its ends",
    "dateTime": "a date, such as 2026-12-01, or a date with a time and its zone",
    "time": "a time, such as 08:00:00",
}


def _fits(value: object, kind: str) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "decimal":
        return isinstance(value, int | Decimal) and not isinstance(value, bool)
    if kind in _LEAST:
        return type(value) is int and _LEAST[kind] <= value <= _MOST_WHOLE
    if not isinstance(value, str) or isinstance(value, UnreadableNumber):
        return False
    return _PATTERNS[kind].fullmatch(value) is not None


def _last(path: Path) -> str:
    return next(str(key) for key in reversed(path) if isinstance(key, str))
