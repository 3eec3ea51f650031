"""Bad input: refused or found, never a traceback, and no name of a person in any answer."""

from __future__ import annotations

import io
import json
import sys
import time
from decimal import Decimal

import pytest

from dmcalc.errors import FileError
from dmcalc.fhir import sources
from dmcalc.fhir.resource import json_text

from .conftest import codes, dosage, order, repeat

NAME = "Zaphod Beeblebrox"


def written(tmp_path, text, name="order.json"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("not json", "this is not JSON"),
        ('{"resourceType": "MedicationRequest", "x": NaN}', "NaN is not JSON"),
        ('{"resourceType": "MedicationRequest", "x": Infinity}', "Infinity is not JSON"),
        ("[" * 20000 + "]" * 20000, "nested too deeply"),
        ('{"a":' * 20000 + "1" + "}" * 20000, "nested too deeply"),
        ('{"resourceType": "Patient"}', "there is no order in it"),
        ('{"resourceType": "Bundle"}', "there is no order in it"),
        (
            '{"resourceType": "Bundle", "entry": [1, {}, {"resource": 5}]}',
            "there is no order in it",
        ),
        ("[]", "there is no order in it"),
        ('{"resourceType": ["MedicationRequest"]}', "there is no order in it"),
        ('{"resourceType": "Bundle", "entry": {"a": 1}}', "there is no order in it"),
        ('{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": {}}}]}', "no order"),
        ('{"schema": ["dmcalc.taper/1"]}', "there is no order in it"),
        (b"\xff\xfe\x00", "not"),
    ],
    ids=range(15),
)
def test_what_holds_no_order_is_exit_7(call, tmp_path, text, said):
    done = call("verify", written(tmp_path, text))
    assert (done.code, done.stdout) == (7, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_exit_7(call, tmp_path):
    assert call("verify", str(tmp_path / "none.json")).code == 7
    assert call("verify", str(tmp_path)).code == 7


def test_a_file_without_an_end_is_not_read_to_its_end(call):
    done = call("verify", "/dev/zero")
    assert done.code == 7
    assert "larger than 64 MiB" in done.stderr


def test_stdin_is_read_to_the_same_limit(verifier, monkeypatch):
    line = b"step,days,dose,unit\n1,7,40,mg\n"
    monkeypatch.setattr(sources, "MAX_BYTES", len(line))
    for content, kept in ((line, True), (line + b"\n", False)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        if kept:
            assert sources.verify_files(["-"], verifier).sources[0].kind == "csv"
        else:
            with pytest.raises(FileError, match="- is larger than"):
                sources.verify_files(["-"], verifier)


ORDER = '{"resourceType": "MedicationRequest"}'


@pytest.mark.parametrize(
    ("text", "kind", "orders"),
    [
        (ORDER, "fhir", 1),
        (f"{ORDER}\n", "fhir", 1),
        (ORDER.replace(": ", ":\n"), "fhir", 1),
        # a line may begin as an object begins, and the last one end as it ends
        ('{"resourceType":\n"Bundle", "entry": [{"resource":\n' + ORDER + "}]}", "bundle", 1),
        (f"{ORDER}\n{ORDER}", "ndjson", 2),
        (f"{ORDER}\n\n {ORDER} \n", "ndjson", 2),
    ],
)
def test_one_order_over_several_lines_is_not_one_by_line(verifier, text, kind, orders):
    source, verified = sources.verify_content("orders", text.encode(), verifier)
    assert (source.kind, source.orders, len(verified)) == (kind, orders, orders)


@pytest.mark.parametrize(
    ("name", "order_"),
    [
        ("a" * 64, f"MedicationRequest/{'a' * 64}"),
        ("a" * 65, "MedicationRequest"),
        ("a-1.b", "MedicationRequest/a-1.b"),
        ("a b", "MedicationRequest"),
        ("", "MedicationRequest"),
        (7, "MedicationRequest"),
    ],
)
def test_an_order_is_named_by_an_id_as_fhir_has_it_and_by_no_other(verify, name, order_):
    assert verify({"resourceType": "MedicationRequest", "id": name}).order == order_


@pytest.mark.parametrize(
    "columns", ["days,dose,unit", "step,dose,unit", "step,days,dose", "step,days,unit"]
)
def test_a_table_without_one_of_its_columns_is_no_table_of_steps(verifier, columns):
    with pytest.raises(FileError, match="this is not JSON"):
        sources.verify_content("steps.csv", f"{columns}\n1,7,40\n".encode(), verifier)


@pytest.mark.parametrize(
    ("number", "readable"),
    [
        ("9" * 19, True),
        ("9" * 20, False),
        ("-" + "9" * 18, True),
        ("-" + "9" * 19, False),
        ("0." + "9" * 18, True),
        ("0." + "9" * 19, False),
        ("1e18", True),
        ("1e19", False),
        ("1E-18", True),
        ("1e-19", False),
        ("1e018", True),
        ("1e0018", False),
    ],
)
def test_a_number_is_exact_up_to_the_digits_that_an_order_may_have(number, readable):
    value = json_text.parse(f'{{"value": {number}}}')["value"]
    assert (value == Decimal(number)) if readable else value == number[:18]
    assert isinstance(value, json_text.UnreadableNumber) != readable


@pytest.mark.parametrize("number", ["1e999999999", "1" * 30, "0." + "1" * 30, "-1e-999999999"])
@pytest.mark.parametrize("where", ["value", "sequence", "period"])
def test_a_number_without_end_is_of_a_wrong_type(call, tmp_path, number, where):
    resource = order()
    place = {
        "value": dosage(resource)["doseAndRate"][0]["doseQuantity"],
        "sequence": dosage(resource),
        "period": repeat(resource),
    }[where]
    place[where] = "NUMBER"
    done = call(
        "verify", written(tmp_path, json.dumps(resource).replace('"NUMBER"', number)), "-f", "json"
    )
    assert done.code == 5
    assert "wrong-type" in {f["code"] for f in done.json["orders"][0]["findings"]}


def test_an_ingredient_that_is_no_object_says_no_drug(call, tmp_path):
    resource = order()
    resource.pop("medicationCodeableConcept")
    resource["medicationReference"] = {"reference": "#m"}
    resource["contained"] = [
        {"resourceType": "Medication", "id": "m", "ingredient": ["prednisone"]}
    ]
    done = call("verify", written(tmp_path, json.dumps(resource)), "-f", "json")
    assert done.json["orders"][0]["drug"] is None
    assert "drug-unknown" in {f["code"] for f in done.json["orders"][0]["findings"]}


def test_a_duplicate_key_is_an_error(call, tmp_path):
    text = json.dumps(order()).replace(
        '"status": "active"', '"status": "draft", "status": "active"'
    )
    done = call("verify", written(tmp_path, text), "-f", "json")
    assert [f["code"] for f in done.json["orders"][0]["findings"]] == ["duplicate-key"]
    # where no shape is looked into too
    text = json.dumps(order()).replace(
        '"id": "ok1-r4-taper"', '"meta": {"versionId": "1", "versionId": "2"}'
    )
    done = call("verify", written(tmp_path, text), "-f", "json")
    assert [f["code"] for f in done.json["orders"][0]["findings"]] == ["duplicate-key"]


def test_a_shape_of_the_other_version_is_an_unknown_field(call, tmp_path):
    path = written(tmp_path, json.dumps(order()))
    done = call("verify", path, "--fhir-version", "R5", "-f", "json")
    found = {f["code"] for f in done.json["orders"][0]["findings"]}
    assert {"unknown-field", "missing"} <= found
    path = written(tmp_path, json.dumps(order("ok2-r5-taper")))
    assert call("verify", path).code == 0
    assert call("verify", path, "--fhir-version", "R4").code == 5


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "markdown"])
def test_the_name_of_a_person_is_never_repeated(call, tmp_path, form):
    resource = order()
    resource["id"] = NAME
    resource["status"] = NAME
    resource["subject"] = {"reference": "Patient/1", "display": NAME}
    resource["note"] = [{"text": NAME}]
    resource["contained"] = [{"resourceType": "Patient", "name": [{"text": NAME}]}]
    resource[NAME] = NAME
    resource["identifier"] = NAME
    dosage(resource)["patientInstruction"] = NAME
    dosage(resource)["sequence"] = NAME
    repeat(resource)["periodUnit"] = NAME
    repeat(resource)["dayOfWeek"] = [NAME]
    dosage(resource, 1)["doseAndRate"][0]["doseQuantity"] = {
        "value": 5, "unit": NAME, "code": NAME, "system": "http://unitsofmeasure.org",
    }  # fmt: skip
    done = call("verify", written(tmp_path, json.dumps(resource)), "-f", form)
    assert done.code == 5
    assert "Zaphod" not in done.stdout + done.stderr
    assert "Beeblebrox" not in done.stdout + done.stderr


@pytest.mark.parametrize("value", [None, True, 0, -1, "", "x", [], {}, [None], [[]], {"a": None}])
def test_any_value_in_any_place_is_no_bug(verify, value):
    for path in places(order()):
        resource = order()
        part = resource
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value
        if resource["resourceType"] == "MedicationRequest":
            verify(resource)


def places(value, path=()):
    """Yield the path of each part of a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in items:
        yield (*path, key)
        if isinstance(part, dict | list):
            yield from places(part, (*path, key))


def test_a_length_beyond_the_calendar_is_no_bug(verify):
    resource = order("ok3-bounds-duration")
    repeat(resource)["boundsDuration"]["value"] = 10**9
    assert "not-understood" in codes(verify(resource))
    resource = order()
    repeat(resource, 3)["boundsPeriod"] = {"start": "9999-12-01", "end": "9999-12-31"}
    verify(resource)


@pytest.mark.parametrize("kind", [["MedicationRequest"], {}, 5, None, "Bundle", ""])
def test_a_line_of_no_type_is_rejected_and_no_bug(call, tmp_path, kind):
    done = call(
        "batch", written(tmp_path, json.dumps({"resourceType": kind}) + "\n", "o.ndjson"), "--fhir"
    )
    assert done.code == 4
    assert "there is no order in it" in done.stderr


def test_ten_times_the_codes_take_no_hundred_times_as_long(call, tmp_path):
    """Each name was compared with each other: 50 times as long, and 6 s for 10,000 codes."""
    seconds = []
    for count in (1, 400, 4000):  # what is read for the first order is remembered
        coding = {"system": "urn:local", "display": "prednisone"}
        resource = {
            "resourceType": "MedicationRequest",
            "medicationCodeableConcept": {
                "coding": [{**coding, "code": str(number)} for number in range(count)]
            },
            "dosageInstruction": [{"text": "60 mg daily"}],
        }
        path = written(tmp_path, json.dumps(resource))
        began = time.process_time()
        done = call("verify", path)
        seconds.append(time.process_time() - began)
        assert "name different drugs" not in done.stdout
        assert done.code in (4, 5)
    assert seconds[2] < 20 * seconds[1]
