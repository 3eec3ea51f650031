"""The reading rules that cost false alarms when they were missing, and what they must not hide."""

from __future__ import annotations

import pytest

from .conftest import codes, dosage, judged, order, repeat

MG = {"system": "http://unitsofmeasure.org", "code": "mg", "unit": "mg"}


def single(**repeated):
    """An order of one dosage, 10 mg, without text and supply."""
    resource = order()
    del resource["dispenseRequest"]
    resource["dosageInstruction"] = [dosage(resource)]
    del dosage(resource)["text"]
    dosage(resource)["doseAndRate"][0]["doseQuantity"] = {"value": 10, **MG}
    dosage(resource)["timing"]["repeat"] = repeated
    return resource


def timed(first, last, second, end):
    resource = order()
    resource["dosageInstruction"] = resource["dosageInstruction"][:2]
    del resource["dispenseRequest"]
    repeat(resource, 0)["boundsPeriod"] = {"start": first, "end": last}
    repeat(resource, 1)["boundsPeriod"] = {"start": second, "end": end}
    return resource


@pytest.mark.parametrize(
    "moments",
    [
        ("01T00:00:00Z", "07T23:59:59Z", "08T00:00:00Z", "14T23:59:59Z"),
        ("01T08:00:00Z", "08T07:59:59Z", "08T08:00:00Z", "15T07:59:59Z"),
        ("01T08:00:00Z", "08T08:00:00Z", "08T08:00:00Z", "15T08:00:00Z"),
        ("01T00:00:00Z", "07T00:00:00Z", "08T00:00:00Z", "14T00:00:00Z"),
        ("01", "07", "08", "14"),
    ],
)
def test_a_step_ends_in_the_second_before_the_next_begins(verify, moments):
    verified = verify(timed(*(f"2026-12-{moment}" for moment in moments)))
    assert judged(verified) == set()
    assert [step.days for step in verified.steps] == [7, 7]


def test_a_day_between_two_times_is_a_gap(verify):
    verified = verify(
        timed("2026-12-01T00:00:00Z", "2026-12-07T23:59:59Z", "2026-12-09T00:00:00Z",
              "2026-12-15T23:59:59Z")
    )  # fmt: skip
    assert judged(verified) == {"step-gap"}


@pytest.mark.parametrize("unit", ["ml", "mL", "meq", "U", "{patch}", "[iU]", "ug", "g"])
def test_a_unit_of_ucum_is_valid(verify, unit):
    resource = single(frequency=1, period=1, periodUnit="d",
                      boundsDuration={"value": 7, "system": MG["system"], "code": "d"})  # fmt: skip
    resource["medicationCodeableConcept"] = {"text": "another drug"}
    dosage(resource)["doseAndRate"][0]["doseQuantity"] = {
        "value": 1, "system": MG["system"], "code": unit,
    }  # fmt: skip
    assert judged(verify(resource)) == set()


@pytest.mark.parametrize(
    "unit", ["mcg", "milligram", "gram", "µg", "cc", "tab", "tablets", "IU", "unit"]
)
def test_a_known_misspelling_is_invalid(verify, unit):
    resource = order()
    dosage(resource)["doseAndRate"][0]["doseQuantity"]["code"] = unit
    assert "unit-invalid" in judged(verify(resource))


def test_any_other_unit_is_not_understood(verify):
    resource = order()
    dosage(resource)["doseAndRate"][0]["doseQuantity"]["code"] = "zorkmid"
    assert judged(verify(resource)) == {"not-understood"}


@pytest.mark.parametrize(
    ("repeated", "times", "every"),
    [
        ({"frequency": 1, "period": 7, "periodUnit": "d"}, 1, 7),
        ({"frequency": 1, "period": 1, "periodUnit": "wk"}, 1, 7),
        ({"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon"]}, 1, 7),
        ({"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon"]}, 1, 7),
        ({"dayOfWeek": ["mon", "thu"]}, 2, 7),
        ({"when": ["MORN", "EVE"]}, 2, 1),
        ({"timeOfDay": ["08:00:00", "14:00:00", "20:00:00"]}, 3, 1),
        ({"frequency": 1, "period": 8, "periodUnit": "h"}, 3, 1),
        ({"frequency": 1, "period": 48, "periodUnit": "h"}, 1, 2),
        ({"period": 1, "periodUnit": "d"}, 1, 1),
        ({"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]}, 1, 1),
    ],
)
def test_how_often_is_read(verify, repeated, times, every):
    (step,) = verify(single(**repeated)).steps
    assert (step.times, step.every_days) == (times, every)


@pytest.mark.parametrize(
    "repeated",
    [
        {"frequency": 1},
        {"frequency": 1, "period": 1, "periodUnit": "mo"},
        {"frequency": 1, "period": 5, "periodUnit": "h"},
        {"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "d"},
        {"frequency": 1, "period": 1, "periodUnit": "d",
         "boundsDuration": {"value": 1, "system": MG["system"], "code": "mo"}},
        {"frequency": 1, "period": 1, "periodUnit": "d", "boundsPeriod": {"start": "2026-12"}},
    ],
)  # fmt: skip
def test_what_has_no_whole_days_is_not_understood(verify, repeated):
    assert judged(verify(single(**repeated))) == {"not-understood"}


def test_a_single_dose_needs_no_frequency(verify):
    verified = verify(single(count=1))
    assert judged(verified) == set()
    assert [(s.times, s.every_days, s.days) for s in verified.steps] == [(None, 1, 1)]


def test_an_order_as_needed_has_no_quantity_check(verify):
    resource = order("c22-drug-not-in-the-table")
    resource["dosageInstruction"] = [dosage(resource)]
    dosage(resource)["asNeededBoolean"] = True
    assert judged(verify(resource)) == set()
    dosage(resource)["asNeededBoolean"] = False
    assert judged(verify(resource)) == {"supply-days"}  # the supply is of several such steps
    dosage(resource)["asNeededBoolean"] = True
    dosage(resource)["sequence"] = 1
    resource["dosageInstruction"].append({**dosage(resource), "sequence": 2})
    assert "as-needed" in judged(verify(resource))  # of several steps none is
    assert "as-needed" in judged(verify(order("c17-steroid-as-needed")))


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("Methylprednisolone 16 mg tablets", "methylprednisolone"),
        ("Prednisone 10mg tablet", "prednisone"),
        ("Hydrocortisone 5mg tablets", None),
        ("Prednisoneum", None),
    ],
)
def test_a_drug_is_named_in_whole_words(verify, text, drug):
    resource = order()
    resource["medicationCodeableConcept"] = {"text": text}
    assert verify(resource).drug == drug


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Prednisone 10 mg tablets", 10),
        ("Methotrexate 10mg/0.2ml solution for injection", None),
        ("Co-drug 25 mg/100 mg tablets", None),
        ("Drug 5 mg and 10 mg tablets", None),
    ],
)
def test_the_strength_is_the_one_of_the_name(verify, text, strength):
    resource = order()
    resource["medicationCodeableConcept"] = {"text": text}
    assert verify(resource).strength == strength


def test_an_infusion_time_is_no_length_of_a_course(verify):
    repeated = {"frequency": 1, "period": 1, "periodUnit": "d", "duration": 2, "durationUnit": "h"}
    assert "duration-as-course" not in codes(verify(single(**repeated)))
    repeated = {**repeated, "duration": 7, "durationUnit": "d"}
    assert "duration-as-course" in codes(verify(single(**repeated)))


def test_what_may_change_the_meaning_is_named_where_it_stands(verify):
    for number in range(4):  # one at a time: each is named at its own place
        resource = order()
        path, place = (
            ("", resource),
            ("/dosageInstruction/1", dosage(resource, 1)),
            ("/dosageInstruction/1/timing", dosage(resource, 1)["timing"]),
            ("/dispenseRequest", resource["dispenseRequest"]),
        )[number]
        place["modifierExtension"] = [{"url": "http://example.org/negated", "valueBoolean": True}]
        (modifier,) = (f for f in verify(resource).findings if f.code == "modifier")
        assert modifier.pointer == f"{path}/modifierExtension"
        assert modifier.message.startswith("'modifierExtension' can change the meaning")
    ruled = {**order(), "implicitRules": "http://example.org/rules"}
    assert [f.pointer for f in verify(ruled).findings if f.code == "modifier"] == ["/implicitRules"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ({}, {"not-structured"}),
        ({"dosageInstruction": []}, {"not-structured", "wrong-type"}),
        ({"dosageInstruction": ["daily"]}, {"not-structured", "wrong-type"}),
        ({"dosageInstruction": "daily"}, {"wrong-type"}),
        ({"dosageInstruction": [{"sequence": 1}]}, {"not-structured"}),
    ],
)
def test_an_empty_order_is_not_structured(verify, written, found):
    resource = order()
    del resource["dosageInstruction"]
    del resource["dispenseRequest"]
    assert judged(verify({**resource, **written})) == found


def test_half_a_dosage_says_which_half_it_lacks(verify):
    def said(key):
        resource = single(frequency=1, period=1, periodUnit="d")
        del dosage(resource)[key]
        return {f.message for f in verify(resource).findings if f.pointer == "/dosageInstruction/0"}

    no_timing, no_dose = (
        "a dose without a timing: how often is not coded",
        "how often is coded, and no dose is",
    )
    assert said("timing") & {no_timing, no_dose} == {no_timing}
    assert said("doseAndRate") & {no_timing, no_dose} == {no_dose}


def test_a_text_that_says_all_gives_the_steps(verify):
    resource = order()
    del resource["dispenseRequest"]
    resource["dosageInstruction"] = [
        {"text": "Take 4 tablets by mouth daily for 7 days, then 2 tablets daily for 7 days"}
    ]
    verified = verify(resource)
    assert judged(verified) == set()
    assert "not-structured" in codes(verified, "information")
    assert [(step.dose, step.days) for step in verified.steps] == [(40, 7), (20, 7)]


def test_a_dispense_and_a_statement_have_the_same_dosage(verify):
    resource = order()
    request = resource.pop("dispenseRequest")
    dispense = {
        **resource, "resourceType": "MedicationDispense", "status": "completed",
        "quantity": {**request["quantity"], "value": 60},
        "daysSupply": request["expectedSupplyDuration"],
    }  # fmt: skip
    del dispense["intent"], dispense["authoredOn"]
    assert judged(verify(dispense)) == {"quantity-short"}
    statement = {**resource, "resourceType": "MedicationStatement"}
    statement["dosage"] = statement.pop("dosageInstruction")
    del statement["intent"], statement["authoredOn"]
    assert judged(verify(statement)) == set()
    repeat({"dosageInstruction": statement["dosage"]})["boundsPeriod"]["end"] = "2026-12-05"
    assert judged(verify(statement)) == {"step-gap", "text-days"}


def test_repeats_of_a_supply_cover_the_rest_of_a_long_step(verify):
    bounds = {"value": 84, "system": MG["system"], "code": "d"}
    resource = single(frequency=1, period=1, periodUnit="d", boundsDuration=bounds)
    resource["dispenseRequest"] = order()["dispenseRequest"]
    resource["dispenseRequest"]["quantity"]["value"] = 28
    resource["dispenseRequest"]["numberOfRepeatsAllowed"] = 2
    assert judged(verify(resource)) == set()
    resource["dispenseRequest"]["quantity"]["value"] = 27
    assert judged(verify(resource)) == {"quantity-short"}
