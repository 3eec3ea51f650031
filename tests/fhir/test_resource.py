"""What an element of an order may be, to the last number; and what a product says that it holds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc import table
from dmcalc.fhir.findings import Findings
from dmcalc.fhir.resource import structure
from dmcalc.fhir.resource.medication import DrugIndex
from dmcalc.fhir.resource.quantity import UCUM

from .conftest import codes, dosage, order, repeat
from .test_reading import single

MOST = 2**31 - 1
INDEX = DrugIndex(table.load().table)


@pytest.mark.parametrize(
    ("element", "least"), [("sequence", -(2**31)), ("count", 1), ("numberOfRepeatsAllowed", 0)]
)
def test_a_whole_number_is_of_32_bits_and_no_less_than_its_kind_allows(element, least):
    def fits(value):
        resource = order()
        holder = {
            "sequence": dosage(resource),
            "count": repeat(resource),
            "numberOfRepeatsAllowed": resource["dispenseRequest"],
        }[element]
        holder[element] = value
        findings = Findings("MedicationRequest", (), "")
        structure.check(resource, "R4", findings)
        return not findings.found

    assert [fits(n) for n in (least - 1, least, MOST, MOST + 1)] == [False, True, True, False]


DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}
WITHIN = {"boundsDuration": {"value": 8, "system": UCUM, "code": "d"}}


@pytest.mark.parametrize(
    ("repeated", "invalid"),
    [
        ({**DAILY, "period": -1}, True),
        ({**DAILY, "period": 0}, True),
        ({**DAILY, "period": Decimal("0.5")}, False),
        ({**DAILY, "duration": -1, "durationUnit": "h"}, True),
        ({**DAILY, "duration": Decimal("-0.1"), "durationUnit": "h"}, True),
        ({**DAILY, "duration": 0, "durationUnit": "h"}, False),
        ({**DAILY, "duration": 1, "durationUnit": "h"}, False),
    ],
    ids=str,
)
def test_a_time_below_nothing_is_invalid_and_a_period_of_nothing(verify, repeated, invalid):
    assert ("timing-invalid" in codes(verify(single(**repeated, **WITHIN)))) == invalid


def held(numerator, denominator, code="Prednisone"):
    """Return the strength, the mg in 1 mL and the form of a product by its one ingredient."""

    def quantity(text):
        if text is None:
            return {}
        value, unit = text.split()
        return {"value": Decimal(value), "unit": unit}

    ratio = {"numerator": quantity(numerator), "denominator": quantity(denominator)}
    medication = {
        **{"resourceType": "Medication", "id": "m", "code": {"text": code}},
        "ingredient": [{"itemCodeableConcept": {"text": "Prednisone"}, "strength": ratio}],
    }
    resource = {"medicationReference": {"reference": "#m"}, "contained": [medication]}
    product = INDEX.identify(resource, {}, Findings("MedicationRequest", (), "")).product
    return product.strength and str(product.strength), product.per_ml, product.form


@pytest.mark.parametrize(
    ("numerator", "denominator", "product"),
    [
        ("10 mg", "1 tablet", ("10 mg", None, "tablet")),
        ("0.01 g", "1 Filmtablette", ("0.01 g", None, "tablet")),
        ("10 mg", "1 capsule", ("10 mg", None, "capsule")),
        ("10 mg", "1 piece", ("10 mg", None, None)),
        ("10 mg", "5 mL", (None, Decimal(2), None)),
        ("10 mg", "0.001 L", (None, Decimal(10), None)),
        # what 3 mL hold has no end in 1 mL
        ("10 mg", "3 mL", (None, None, None)),
        # a strength of two tablets, of nothing or of a volume is none
        ("10 mg", "2 tablet", (None, None, None)),
        ("0 mg", "1 tablet", (None, None, None)),
        ("10 mg", "0 mL", (None, None, None)),
        ("10 mL", "1 tablet", (None, None, None)),
        ("10 mg", None, (None, None, None)),
        (None, "1 tablet", (None, None, None)),
    ],
)
def test_the_strength_of_a_product_is_that_of_one_unit_or_of_1_ml(numerator, denominator, product):
    assert held(numerator, denominator) == product


def test_the_form_of_a_product_is_that_of_its_unit_before_that_of_its_name():
    assert held("10 mg", "1 piece", "Prednisone capsules") == ("10 mg", None, "capsule")
    assert held("10 mg", "1 tablet", "Prednisone capsules") == ("10 mg", None, "tablet")
    # what the ratio does not say the name may
    assert held("10 mg", "2 tablet", "Prednisone 5 mg tablets") == ("5 mg", None, "tablet")
