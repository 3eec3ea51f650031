"""Answers as MedicationRequests: a draft and a proposal, never an order.

What FHIR cannot say is refused with what to add. Numbers are those of the answer, exact; where an
answer has no dates, a step has its length, and never both.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dmcalc._version import __version__
from dmcalc.documents.json import encode
from dmcalc.errors import UsageError
from dmcalc.fhir.resource import route
from dmcalc.fhir.resource.medication import ATC, RXNORM
from dmcalc.fhir.resource.quantity import SNOMED, UCUM
from dmcalc.records import Record

if TYPE_CHECKING:
    from dmcalc.fhir.resource.structure import Version
    from dmcalc.table.model.drug import Drug, Route
    from dmcalc.table.model.table import LoadedTable

Json = dict[str, Any]

_UCUM = {"mcg": "ug"}
_TABLET = {"unit": "tablet", "system": SNOMED, "code": "428673006"}
_DOSE_TYPE = "http://terminology.hl7.org/CodeSystem/dose-rate-type"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_SUBJECT = re.compile(
    r"(?:https?://\S+/)?[A-Z][A-Za-z]{0,40}/[A-Za-z0-9.-]{1,64}|urn:uuid:[0-9a-f-]{36}", re.ASCII
)


class ExportOptions(Record):
    """What a request says besides the answer that it is made of."""

    version: Version = "R4"
    #: Whom it is for: ``Patient/123``; None says that it is not known.
    subject: str | None = None
    #: A request for each strength, in units of it.
    per_product: bool = False
    #: A bundle with its provenance.
    bundle: bool = False
    #: Days of a course or pulse whose source leaves them open.
    course_days: int | None = None
    #: Weekday of a drug that is given once a week.
    weekday: str | None = None
    #: The phase of a dose, of which a request has one.
    phase: str | None = None

    @property
    def checked_subject(self) -> Json:
        """The reference to the patient; raise UsageError for what is none."""
        if self.subject is None:
            return {"extension": [{"url": _ABSENT, "valueCode": "unknown"}]}
        if not _SUBJECT.fullmatch(self.subject):
            raise UsageError(
                f"‹subject›: {self.subject!r} is not a reference", "Write it like Patient/123."
            )
        return {"reference": self.subject}


class Timed(Record):
    """When one dosage is given: how often, and from when to when or for how long."""

    period: int = 1
    unit: str = "d"
    start: datetime.date | None = None
    end: datetime.date | None = None
    days: int | None = None
    doses: int | None = None
    weekday: str | None = None
    #: How many times in the period.
    frequency: int = 1

    def repeat(self) -> Json:
        """Return the repeat of a Timing."""
        repeat: Json = {}
        if self.start is not None:
            end = {} if self.end is None else {"end": self.end}
            repeat["boundsPeriod"] = {"start": self.start, **end}
        elif self.days is not None:
            repeat["boundsDuration"] = _days(self.days)
        if self.doses is not None:
            repeat["count"] = self.doses
        repeat |= {"frequency": self.frequency, "period": self.period, "periodUnit": self.unit}
        if self.weekday is not None:
            repeat["dayOfWeek"] = [self.weekday[:3]]
        return repeat


class Request:
    """A MedicationRequest that is put together: of one drug, for one patient."""

    def __init__(self, loaded: LoadedTable, drug: str, options: ExportOptions) -> None:
        """Begin a request without dosages."""
        self.loaded, self.key, self.options = loaded, drug, options
        self.drug: Drug = loaded.table.drugs[drug]
        self.dosages: list[Json] = []
        self.notes: list[str] = []
        self.route: Route = self.drug.route
        #: The product of the request, where it is of one: its strength in words, and its form.
        self.product: str | None = None
        self.quantity: Json | None = None
        self.days: int | None = None
        self.group: str | None = None

    def add(
        self, sequence: int, text: str, dose: Json, timed: Timed, maximum: Json | None = None
    ) -> None:
        """Add a dosage."""
        code, display = route.CODES[self.route]
        most: Json = {}
        if maximum is not None:
            most["maxDosePerPeriod"] = [maximum] if self.options.version == "R5" else maximum
        self.dosages.append(
            {
                "sequence": sequence,
                "text": text,
                "timing": {"repeat": timed.repeat()},
                "route": {"coding": [{"system": SNOMED, "code": code, "display": display}]},
                "doseAndRate": [
                    {"type": {"coding": [{"system": _DOSE_TYPE, "code": "ordered"}]}, **dose}
                ],
                **most,
            }
        )

    def resource(self) -> Json:
        """Return the request; the same answer gives the same bytes."""
        text = self.drug.name if self.product is None else f"{self.drug.name} {self.product}"
        codings = [
            {"system": system, "code": entry.code, "display": self.drug.name}
            for system, entry in ((ATC, self.drug.atc), (RXNORM, self.drug.rxnorm))
            if entry is not None and entry.code is not None
        ]
        concept = {**({"coding": codings} if codings else {}), "text": text}
        r5 = self.options.version == "R5"
        dispense: Json = {}
        if self.quantity is not None:
            dispense["quantity"] = self.quantity
        if self.days is not None:
            dispense["expectedSupplyDuration"] = _days(self.days)
        version = f"dmcalc {__version__}, table {self.loaded.table.version}"
        notes = [
            f"{version}, SHA-256 {self.loaded.sha256}.",
            *self.notes,
            "A proposal, not an order. " + " ".join(self.loaded.table.disclaimer.split()),
        ]
        body: Json = {
            "status": "draft",
            "intent": "proposal",
            **(
                {"medication": {"concept": concept}}
                if r5
                else {"medicationCodeableConcept": concept}
            ),
            "subject": self.options.checked_subject,
            "note": [{"text": note} for note in notes],
            **({"renderedDosageInstruction": self._rendered()} if r5 else {}),
            "dosageInstruction": self.dosages,
            **({"dispenseRequest": dispense} if dispense else {}),
        }
        if self.group is not None:
            body["groupIdentifier"] = {"system": "urn:ietf:rfc:3986", "value": self.group}
        name = urn(body)
        identifier = [{"system": "urn:ietf:rfc:3986", "value": name}]
        return {"resourceType": "MedicationRequest", "identifier": identifier, **body}

    def _rendered(self) -> str:
        return ", then ".join(dosage["text"] for dosage in self.dosages)


def urn(content: object) -> str:
    """Return a name of some content: from its SHA-256, so that the same content has the same."""
    digest = hashlib.sha256(encode(content).encode()).digest()
    return f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=5)}"


def _days(days: int) -> Json:
    return {"value": days, "unit": "days", "system": UCUM, "code": "d"}


def quantity(value: Decimal, unit: str) -> Json:
    """Return an amount as a Quantity: of a mass, or of tablets and the like."""
    if unit == "tablet":
        return {"value": value, **_TABLET}
    if unit in ("capsule", "vial"):
        return {"value": value, "unit": unit}
    return {"value": value, "unit": unit, "system": UCUM, "code": _UCUM.get(unit, unit)}


def dose(low: Decimal, high: Decimal, unit: str) -> Json:
    """Return a dose: an amount, or a range where its ends differ."""
    if low == high:
        return {"doseQuantity": quantity(high, unit)}
    return {"doseRange": {"low": quantity(low, unit), "high": quantity(high, unit)}}
