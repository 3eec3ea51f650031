"""What an element of an order may be, to the last number; and what a product says that it holds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc import table
from dmcalc.fhir.findings import Findings
from dmcalc.fhir.resource import structure
from dmcalc.fhir.resource.json_text import parse
from dmcalc.fhir.resource.medication import ATC, DrugIndex
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
        return not findings.entries

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


def test_a_strength_in_nothing_leaves_that_of_the_name():
    assert held("10 mg", "0 mL", "Prednisone 5 mg tablet") == ("5 mg", None, "tablet")


def test_the_form_of_a_product_is_that_of_its_unit_before_that_of_its_name():
    assert held("10 mg", "1 piece", "Prednisone capsules") == ("10 mg", None, "capsule")
    assert held("10 mg", "1 tablet", "Prednisone capsules") == ("10 mg", None, "tablet")
    # what the ratio does not say the name may
    assert held("10 mg", "2 tablet", "Prednisone 5 mg tablets") == ("5 mg", None, "tablet")


# Which drug it is


def test_a_drug_without_a_code_is_known_by_its_name_alone():
    known = table.load().table
    bare = known.drugs["prednisone"]._replace(atc=None, rxnorm=None)
    index = DrugIndex(known._replace(drugs={**known.drugs, "prednisone": bare}))
    assert index.by_code({"system": ATC, "code": ATC_OF["prednisone"]}) is None
    assert index.by_code({"system": ATC, "code": ATC_OF["methotrexate"]}) == "methotrexate"
    assert index.named_in("Prednisone 10 mg") == {"prednisone"}


ATC_OF = {"prednisone": "H02AB07", "methotrexate": "L04AX03"}


def coded(*drugs, text=None):
    coding = [{"system": ATC, "code": ATC_OF[drug]} for drug in drugs]
    return {"coding": coding, **({"text": text} if text else {})}


def identified(**resource):
    """Return drug and how it was identified, and the codes of what is found."""
    findings = Findings("MedicationRequest", (), "")
    others = {"Medication/1": {"resourceType": "Medication", "code": coded("methotrexate")}}
    found = INDEX.identify(resource, others, findings)
    return found.drug, found.drug_from, [finding.code for finding in findings.entries]


def concept(**value):
    return identified(medicationCodeableConcept=value)


@pytest.mark.parametrize(
    ("value", "drug", "how"),
    [
        (coded("prednisone"), "prednisone", "code"),
        (coded("prednisone", text="Prednisone 10 mg"), "prednisone", "code"),
        (coded("prednisone", "prednisone"), "prednisone", "code"),
        ({"text": "Prednisone 10 mg"}, "prednisone", "name"),
        ({"coding": [{"display": "Prednisone"}]}, "prednisone", "name"),
        ({"coding": [{"system": "urn:x", "code": "H02AB07"}]}, None, None),
        ({"coding": [{"system": ATC, "code": 7}, {"code": "H02AB07"}, "H02AB07"]}, None, None),
        ({"coding": [{"system": ATC, "code": ["H02AB07"]}]}, None, None),
        ({"coding": [{"system": [ATC], "code": "H02AB07"}]}, None, None),
        ({"text": "Hydrocortisone"}, None, None),
    ],
    ids=str,
)
def test_a_drug_is_known_by_its_code_and_else_by_its_name(value, drug, how):
    assert concept(**value) == (drug, how, [])


@pytest.mark.parametrize(
    "value",
    [
        coded("prednisone", "methotrexate"),
        coded("prednisone", text="Methotrexate 10 mg"),
        {"text": "Prednisone", "coding": [{"display": "Methotrexate"}]},
    ],
    ids=str,
)
def test_a_drug_that_is_two_is_none(value):
    assert concept(**value) == (None, None, ["not-valid-order"])


def test_a_name_of_two_drugs_names_none_unless_a_code_says_which():
    both = "Prednisone with methotrexate"
    assert concept(text=both) == (None, None, [])
    assert concept(**coded("methotrexate", text=both)) == ("methotrexate", "code", [])


def medication(name, **more):
    return {"resourceType": "Medication", "id": name, "code": coded(name), **more}


@pytest.mark.parametrize(
    ("reference", "drug"),
    [
        ({"reference": "#methotrexate"}, "methotrexate"),
        ({"reference": "#none"}, None),
        ({"reference": "#none", "display": "Prednisone"}, "prednisone"),
        ({"reference": "Medication/1"}, "methotrexate"),
        ({"reference": "Medication/2", "display": "Prednisone"}, "prednisone"),
        ({"reference": 7, "display": "Prednisone"}, "prednisone"),
        ({"reference": "#none", "display": 7}, None),
    ],
    ids=str,
)
def test_a_reference_is_to_the_medication_of_its_name(reference, drug):
    contained = ["methotrexate", medication("prednisone"), medication("methotrexate")]
    found = identified(medicationReference=reference, contained=contained)
    assert found[0] == drug
    in_r5 = identified(medication={"reference": reference}, contained=contained)
    assert in_r5[0] == drug


def test_an_ingredient_of_r5_has_its_item_and_its_ratio_one_deeper():
    ratio = {
        "numerator": {"value": 10, "unit": "mg"},
        "denominator": {"value": 1, "unit": "tablet"},
    }
    for item in (
        {"itemCodeableConcept": coded("prednisone")},
        {"item": {"concept": coded("prednisone")}},
    ):
        for strength in ({"strength": ratio}, {"strengthRatio": ratio}):
            contained = {
                "resourceType": "Medication",
                "id": "m",
                "ingredient": [{**item, **strength}],
            }
            resource = {"medicationReference": {"reference": "#m"}, "contained": [contained]}
            found = INDEX.identify(resource, {}, Findings("MedicationRequest", (), ""))
            assert (found.drug, str(found.product.strength)) == ("prednisone", "10 mg")


@pytest.mark.parametrize(
    ("text", "per_ml", "strength"),
    [
        ("Prednisone 5 mg/mL", 5, None),
        ("Prednisone 5 g/L", 5, None),
        ("Prednisone 25 mg/5 mL", 5, None),
        ("Prednisone 10 mg/3 mL", None, None),
        ("Prednisone 10 mg/0 mL", None, None),
        ("Prednisone 10 mg tablets", None, "10 mg"),
        # which of the two is dispensed is not known
        ("Prednisone 10 mg tablets or 5 mg/mL solution", 5, None),
        ("Prednisone 5 mg/mL or 1 mg/mL", None, None),
    ],
)
def test_a_name_says_how_much_is_in_1_ml_or_in_one_unit(text, per_ml, strength):
    resource = {"medicationCodeableConcept": {"text": text}}
    product = INDEX.identify(resource, {}, Findings("MedicationRequest", (), "")).product
    assert (product.per_ml, product.strength and str(product.strength)) == (per_ml, strength)


def test_a_name_is_read_to_its_500th_letter():
    text = "Prednisone".rjust(500, "-")
    assert concept(text=text)[0] == "prednisone"
    assert concept(text=f"-{text}")[0] is None
    assert concept(text=f"{text}acetate")[0] == "prednisone"


def test_findings_of_one_code_and_place_are_counted_from_the_second():
    findings = Findings("MedicationRequest", ("entry", 0), "MedicationRequest/a")
    for _ in range(3):
        findings.add("missing", ("status",), "status is missing")
    own = "MedicationRequest/a:missing@/entry/0/status"
    assert [finding.id for finding in findings.entries] == [own, f"{own}#2", f"{own}#3"]


# What an element may be


def test_of_many_codes_eight_are_listed():
    resource = order()
    repeat(resource)["when"] = ["MORNING"]
    findings = Findings("MedicationRequest")
    structure.check(resource, "R4", findings)
    (found,) = findings.entries
    assert found.message.endswith("R4 has AC, ACD, ACM, ACV, AFT, AFT.early, AFT.late, C")


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("reasonCode", [{"text": "x"}]),
        ("reasonReference", [{"reference": "Condition/1"}]),
        ("instantiatesUri", ["urn:x"]),
        ("detectedIssue", [{"reference": "DetectedIssue/1"}]),
    ],
)
def test_an_element_that_r5_has_no_more_is_unknown_in_it_alone(element, value):
    def found(resource, version):
        findings = Findings("MedicationRequest")
        structure.check({**resource, element: value}, version, findings)
        return [(f.code, f.got) for f in findings.entries]

    assert found(order(), "R4") == []
    assert found(order("ok2-r5-taper"), "R5") == [("unknown-field", element)]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"_status": {"extension": []}}, []),
        ({"extension": []}, []),
        ({"_colour": {}}, ["unknown-field"]),
        ({"xstatus": "active"}, ["unknown-field"]),
        ({"note": {}}, ["wrong-type"]),
        ({"note": []}, ["wrong-type"]),
        ({"subject": "Patient/1"}, ["wrong-type"]),
        ({"subject": {"reference": 7}}, ["wrong-type"]),
        ({"subject": {}}, ["wrong-type"]),
        ({"status": 7}, ["wrong-type"]),
        ({"doNotPerform": 1}, ["wrong-type"]),
        ({"doNotPerform": False}, []),
        ({"dispenseRequest": {"quantity": {"value": True}}}, ["wrong-type"]),
        ({"dispenseRequest": {"quantity": {"value": "7"}}}, ["wrong-type"]),
        ({"dispenseRequest": {"quantity": {"value": 7}}}, []),
    ],
    ids=str,
)
def test_an_element_that_fhir_has_not_or_has_otherwise_is_found(changes, found):
    findings = Findings("MedicationRequest", (), "")
    structure.check({**order(), **changes}, "R4", findings)
    assert [finding.code for finding in findings.entries] == found


@pytest.mark.parametrize(
    ("name", "version", "changes", "found"),
    [
        # at any depth of what has no shape
        ("ok1-r4-taper", "R4", '{"note": [{"of": [{"b": 1, "b": 2}]}]}', "duplicate-key"),
        ("ok1-r4-taper", "R4", '{"meta": {"tag": {"b": 1, "b": 2}}}', "duplicate-key"),
        ("ok1-r4-taper", "R4", '{"contained": [{"code": {"b": 1, "b": 2}}]}', "duplicate-key"),
        # in a shape that R5 alone has
        ("ok2-r5-taper", "R5", '{"medication": {"concept": {"coding": "x"}}}', "wrong-type"),
        ("ok2-r5-taper", "R5", '{"medication": {"drug": "prednisone"}}', "unknown-field"),
    ],
)  # fmt: skip
def test_what_is_within_an_element_is_looked_into(name, version, changes, found):
    findings = Findings("MedicationRequest")
    structure.check({**order(name), **parse(changes)}, version, findings)
    assert [finding.code for finding in findings.entries] == [found]
