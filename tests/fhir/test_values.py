"""Amounts of an order with their units, and the doses of a dosage."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc.fhir.findings import Findings
from dmcalc.fhir.resource import quantity
from dmcalc.fhir.resource.quantity import SNOMED, UCUM, Measure, days_of, kind_of, same

from .conftest import judged, order
from .test_reading import MG


def amount(**value):
    """Read a quantity; return it in words, and the codes of what is found."""
    findings = Findings("MedicationRequest")
    measure = quantity.read({"value": 4, **value}, (), findings)
    return measure and f"{measure.unit} ({measure.kind})", [f.code for f in findings.entries]


@pytest.mark.parametrize(
    ("value", "unit", "found"),
    [
        ({"system": SNOMED, "code": "428673006"}, "tablet (form)", []),
        ({"system": SNOMED, "code": "428673006", "unit": "Tabl."}, "tablet (form)", []),
        ({"system": SNOMED, "code": "1", "unit": "capsule"}, "capsule (form)", []),
        ({"system": "urn:x", "code": "428673006", "unit": "capsule"}, "capsule (form)", []),
        ({"system": UCUM, "code": "ug"}, "mcg (mass)", []),
        ({"system": UCUM, "code": "ug", "unit": "microg"}, "mcg (mass)", []),
        ({"system": UCUM, "code": "{piece}"}, "{piece} (other)", []),
        ({"system": UCUM, "code": "{piece"}, None, ["not-understood"]),
        ({"system": UCUM, "code": "piece}"}, None, ["not-understood"]),
        ({"system": UCUM, "code": "mg/kg"}, "mg/kg (rate)", []),
        ({"system": UCUM, "code": "[IU]/kg"}, "[IU]/kg (rate)", []),
        ({"system": UCUM, "code": "piece/kg"}, None, ["not-understood"]),
        ({"system": UCUM, "code": "piece"}, None, ["not-understood"]),
        ({"system": UCUM}, None, ["not-understood"]),
        # a code of no system is a word
        ({"code": "tablets"}, "tablet (form)", []),
        ({"code": "piece"}, "piece (other)", []),
        ({"unit": "mg", "value": Decimal("-0.1")}, None, ["wrong-type"]),
        ({"unit": "mg", "value": 0}, "mg (mass)", []),
        ({"unit": "mg", "value": True}, None, []),
    ],
    ids=str,
)
def test_the_unit_of_an_amount_is_its_code_before_its_word(value, unit, found):
    assert amount(**value) == (unit, found)


def test_masses_are_compared_with_each_other_and_tablets_with_tablets():
    mg, g, tablet, capsule = (
        Measure(Decimal(1), unit, kind)
        for unit, kind in (("mg", "mass"), ("g", "mass"), ("tablet", "form"), ("capsule", "form"))
    )
    assert same(mg, g)
    assert same(tablet, tablet)
    assert not same(tablet, capsule)
    assert not same(tablet, mg)


@pytest.mark.parametrize(
    ("amount", "base"),
    [("2 mcg", "0.002"), ("2 mg", "2"), ("2 g", "2000"), ("2 kg", "2000000"), ("2 L", "2000"),
     ("2 mL", "2"), ("2 tablet", "2")],
)  # fmt: skip
def test_masses_are_in_mg_and_volumes_in_ml(amount, base):
    value, unit = amount.split()
    assert Measure(Decimal(value), unit, kind_of(unit)).in_base == Decimal(base)


def test_a_length_is_one_of_whole_days_or_weeks():
    lengths = [("7", "d"), ("2", "wk"), ("1.5", "d"), ("1", "mo"), ("24", "h")]
    found = [days_of(Measure(Decimal(value), unit, "time")) for value, unit in lengths]
    assert found == [7, 14, None, None, None]


# Doses of a dosage


def dosed(*parts, **more):
    """Verify an order of one dosage with such doses."""
    resource = order()
    (first, *_) = resource["dosageInstruction"]
    del first["text"], resource["dispenseRequest"]
    resource["dosageInstruction"] = [{**first, "doseAndRate": list(parts), **more}]
    return resource


RATE = {"rateQuantity": {"value": 1, "system": UCUM, "code": "mL/h"}}
FORTY = {"doseQuantity": {"value": 40, **MG}}


@pytest.mark.parametrize(
    ("parts", "found", "ends"),
    [
        ([FORTY], set(), (40, 40)),
        ([RATE, FORTY], set(), (40, 40)),
        ([RATE], {"dose-missing"}, None),
        ([FORTY, FORTY], set(), (40, 40)),
        ([FORTY, {"doseQuantity": {"value": 20, **MG}}], {"not-understood"}, None),
        ([{"doseRange": {"low": {"value": 20, **MG}}}], set(), (20, 20)),
        ([{"doseRange": {"high": {"value": 40, **MG}}}], set(), (40, 40)),
        ([{"doseRange": {"low": {"value": 50, **MG}, "high": {"value": 40, **MG}}}],
         {"range-reversed"}, None),
        ([{"doseRange": {"low": {"value": 40, **MG}, "high": {"value": 40, **MG}}}], set(),
         (40, 40)),
        # 50 mL are not more than 40 mg, and no range with them
        ([{"doseRange": {"low": {"value": 50, "system": UCUM, "code": "mL"},
                         "high": {"value": 40, **MG}}}], {"strength-missing"}, (50, 40)),
        ([{"doseRange": {"low": {"unit": "mg"}, "high": {"unit": "mg"}}}], {"not-understood"},
         None),
        # a dose that is none hides no other
        ([{"doseQuantity": {"unit": "mg"}}, FORTY], {"not-understood"}, (40, 40)),
        ([{"doseQuantity": {"unit": "mg"}}], {"not-understood"}, None),
        ([{"doseRange": {"low": {"value": 5, "unit": "tablet"}, "high": {"value": 40, **MG}}}],
         {"range-reversed"}, (50, 40)),
        ([{"doseRange": {"low": {"value": 50, **MG}, "high": {"value": 40, **MG}}}, FORTY],
         {"range-reversed"}, (40, 40)),
    ],
    ids=range(15),
)  # fmt: skip
def test_the_dose_of_a_dosage_is_one_amount_or_one_range(verify, parts, found, ends):
    verified = verify(dosed(*parts))
    assert judged(verified) == found
    assert [(step.low, step.high) for step in verified.steps] == (
        [ends] if ends else [(None, None)]
    )


def most(value, unit, days, period="d"):
    return {
        "numerator": {"value": value, "system": UCUM, "code": unit},
        "denominator": {"value": days, "system": UCUM, "code": period},
    }


@pytest.mark.parametrize(
    ("ratio", "found"),
    [
        (most(40, "mg", 1), set()),
        (most(39, "mg", 1), {"max-dose"}),
        (most(39, "mg", 24, "h"), {"max-dose"}),
        (most(40, "mg", 24, "h"), set()),
        (most(959, "mg", 24), {"max-dose"}),
        (most(960, "mg", 24), set()),
        (most(39, "mg", 12, "h"), {"not-understood"}),
        (most(39, "mg", 0), {"not-understood"}),
        ({"numerator": {"value": 39, **MG}}, set()),
        ({"denominator": {"value": 1, "system": UCUM, "code": "d"}}, set()),
    ],
    ids=str,
)
def test_the_most_of_a_period_is_one_of_whole_days(verify, ratio, found):
    assert judged(verify(dosed(FORTY, maxDosePerPeriod=ratio))) == found


def test_in_r5_the_first_of_several_limits_of_a_period_is_read(verify):
    resource = order("ok2-r5-taper")
    limits = [most(40, "mg", 1, "mo"), most(10, "mg", 1)]
    resource["dosageInstruction"][0]["maxDosePerPeriod"] = limits
    (finding,) = [f for f in verify(resource).findings if f.severity == "unclear"]
    assert finding.pointer == "/dosageInstruction/0/maxDosePerPeriod/0/denominator"


@pytest.mark.parametrize(
    ("text", "found", "steps"),
    [
        ("4 tablets daily for 7 days, then 2 tablets daily for 7 days", set(), [(40, 1), (20, 2)]),
        ("4 tablets daily for 7 days, then 2 tablets daily", {"not-structured"},
         [(40, 1), (20, 2)]),
        ("2 to 4 tablets daily for 7 days", set(), [(20, 1)]),
    ],
)  # fmt: skip
def test_a_text_that_alone_says_the_doses_gives_each_step_its_low_end(verify, text, found, steps):
    resource = order()
    del resource["dispenseRequest"]
    resource["dosageInstruction"] = [{"text": text}]
    verified = verify(resource)
    assert judged(verified) == found
    assert [(step.low, step.step) for step in verified.steps] == steps


def test_a_text_of_one_step_keeps_the_number_of_its_dosage(verify):
    resource = order()
    second = resource["dosageInstruction"][1]
    del second["timing"], second["doseAndRate"], resource["dispenseRequest"]
    assert [step.dose for step in verify(resource).steps] == [40, 30, 20, 10]
    assert Fraction(verify(resource).totals.amount) == 700
