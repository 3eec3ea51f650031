"""An order in plain words, as ``verify --sig`` has it."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.errors import UsageError, read
from dmcalc.fhir import sig
from dmcalc.fhir.findings import Findings
from dmcalc.fhir.resource import timing
from dmcalc.fhir.resource.medication import Medication, OrderedProduct
from dmcalc.fhir.resource.quantity import Measure, kind_of, unit_of_words
from dmcalc.fhir.resource.reading import Dosage, FhirOrder
from dmcalc.fhir.verify import SourceFile, VerifyResult
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.time import DAYS, read_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.resource.medication import Form
    from dmcalc.fhir.verify import Verifier

_QUANTITY = re.compile(r"((?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,3})?) ?([a-zA-Z]*)", re.ASCII)


def verify_sig(
    text: str,
    verifier: Verifier,
    product: str | None = None,
    quantity: str | None = None,
    supply: str | None = None,
) -> VerifyResult:
    """Verify an order in plain words; raise UsageError for what cannot go with it.

    ``product`` is what one unit holds, ``quantity`` what is dispensed, ``supply`` its length.
    """
    strength = read("product", product, read_amount)
    length = read("supply", supply, read_interval)
    findings = Findings(None)
    parsed = sig.read(text)
    if parsed.problem is not None:
        findings.add("not-understood", (), f"{parsed.problem}, at character {parsed.at}", got=None)
    forms = [step.dose.unit for step in parsed.steps if step.dose.kind == "form"]
    dispensed = None if quantity is None else _quantity(quantity, forms[0] if forms else "tablet")
    if dispensed is not None and dispensed.kind == "form":
        forms.append(dispensed.unit)
    measure = None if strength is None else Measure(strength.value, strength.unit, "mass")
    dosages = tuple(
        Dosage(
            (),
            number,
            text,
            parsed,
            step.low or step.dose,
            step.dose,
            timing.of_sig(step),
            of_text=True,
        )
        for number, step in enumerate(parsed.steps, start=1)
    )
    order = FhirOrder(
        "sig",
        Medication(None, None, OrderedProduct(measure, None, _form(forms))),
        dosages,
        quantity=dispensed,
        supply_days=None if length is None else length.low * DAYS[length.period],
    )
    verified = verifier.order(order, "sig", (), findings)
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = SourceFile("--sig", digest, "sig", None, 1)
    return VerifyResult(verifier.loaded, (source,), verifier.accepted, (verified,))


def _form(units: Sequence[str]) -> Form | None:
    """Return what one unit is, by the first unit of the order; a tablet where it names none."""
    forms: dict[str, Form] = {"tablet": "tablet", "capsule": "capsule"}
    return forms.get(units[0]) if units else "tablet"


def _quantity(text: str, form: str) -> Measure:
    match = _QUANTITY.fullmatch(text.strip())
    unit = None if match is None else (unit_of_words(match[2]) if match[2] else form)
    if match is None or unit is None:
        raise UsageError(
            f"‹quantity›: {text!r} is not a number of units", "Write it like 70 or 480mL."
        )
    return Measure(Decimal(match[1]), unit, kind_of(unit))
