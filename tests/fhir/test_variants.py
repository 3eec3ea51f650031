"""Orders with one thing changed, and all that is then found in them."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import reduce

import pytest
import yaml

from .conftest import HERE, order
from .written import written

CASES = [
    case
    for name in ("variants", "texts", "routes", "rates", "supplies", "maxima")
    for case in yaml.load((HERE / f"{name}.yaml").read_text(), yaml.CSafeLoader)
]
PRODUCTS = yaml.load((HERE / "products.yaml").read_text(), yaml.CSafeLoader)
TIMINGS = yaml.load((HERE / "timings.yaml").read_text(), yaml.CSafeLoader)
PARTS = ("findings", "steps", "sums", "words")


def changed(resource, pointer, value):
    """Put a value where a pointer leads, or take out what is there."""
    *way, last = pointer.split("/")[1:]
    holder = reduce(lambda part, key: part[int(key) if key.isdigit() else key], way, resource)
    if value is None:
        holder.pop(last, None)
    else:
        holder[last] = exact(value)


def exact(value):
    """Return a value with its fractions as decimals, which orders in JSON have."""
    if isinstance(value, dict):
        return {key: exact(part) for key, part in value.items()}
    if isinstance(value, list):
        return [exact(part) for part in value]
    return Decimal(str(value)) if isinstance(value, float) else value


def verified(verify, case):
    """Verify the order of a row, and write down what came of it."""
    resource = order(case["order"])
    for pointer, value in case["change"].items():
        changed(resource, pointer, value)
    return written(as_document(verify(resource)))


def as_document(value):
    """Return records as the dictionaries that they are in JSON."""
    if hasattr(value, "_asdict"):
        return {key.rstrip("_"): as_document(part) for key, part in value._asdict().items()}
    if isinstance(value, tuple | list):
        return [as_document(part) for part in value]
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_found_in_a_changed_order(verify, case):
    found = verified(verify, case)
    assert {part: found.get(part, []) for part in PARTS if part in case} == {
        part: case[part] for part in PARTS if part in case
    }


def one_dosage(case):
    """Make an order of one dosage with the timing of a row."""
    resource = order()
    dosage = resource["dosageInstruction"][0]
    resource["dosageInstruction"] = [dosage]
    dosage["doseAndRate"] = [{"doseQuantity": quantity("10 mg")}]
    dosage["timing"] = exact(case["timing"])
    repeat = dosage["timing"].get("repeat", {})
    if isinstance(length := repeat.get("boundsDuration"), str):
        repeat["boundsDuration"] = quantity(length)
    del dosage["text"], resource["dispenseRequest"]
    dosage |= {"text": case["text"]} if "text" in case else {}
    if "quantity" in case:
        resource["dispenseRequest"] = {"quantity": {"value": case["quantity"], "unit": "tablet"}}
    return resource


def quantity(text):
    """Write ``10 mg`` as FHIR does."""
    value, unit = text.split()
    system = "http://unitsofmeasure.org"
    number = int(value) if value.isdigit() else Decimal(value)
    return {"value": number, "unit": unit, "system": system, "code": unit}


@pytest.mark.parametrize("case", TIMINGS, ids=lambda case: str(case["timing"])[:70])
def test_how_a_timing_is_read(verify, case):
    found = written(as_document(verify(one_dosage(case))))
    assert found.get("findings", []) == case.get("findings", [])
    assert "steps" not in case or found["steps"] == case["steps"]


def often(times, every, days=7):
    repeat = {"frequency": times, "period": every, "periodUnit": "d"}
    return {"timing": {"repeat": {**repeat, "boundsDuration": f"{days} d"}}}


NO_WORDS = "The first step has no words of an order: it was not compared."


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (often(1, 1), "10 mg daily"),
        (often(2, 1), "10 mg twice daily"),
        (often(3, 1), "10 mg 3 times daily"),
        (often(1, 7, 28), "10 mg once a week"),
        (often(2, 7, 28), "10 mg twice a week"),
        (often(3, 7, 28), "10 mg 3 times a week"),
        (often(1, 2, 8), "10 mg every 2 days"),
        (often(1, 14, 28), "10 mg every 14 days"),
        (often(2, 3, 9), None),
        ({"timing": {"repeat": {"count": 1}}}, "10 mg once"),
    ],
    ids=str,
)
def test_the_first_step_is_checked_in_the_words_of_an_order(call, tmp_path, case, words):
    path = tmp_path / "order.json"
    path.write_text(json.dumps(one_dosage(case)))
    done = call("check", "--fhir", str(path), "-w", "70", "-s", "severe", "-f", "json")
    check = done.json["orders"][0]["check"]
    assert check["order"] == words
    assert (check["message"] == NO_WORDS) == (words is None)


def of_product(case):
    """Make an order of 40 mg a day for 7 days, or another dose, of the product of a row."""
    often = {"frequency": 1, "period": 1, "periodUnit": "d", "boundsDuration": "7 d"}
    texts = {"text": case["sig"]} if "sig" in case else {}
    resource = one_dosage({"timing": {"repeat": often}, **texts})
    (dosage,) = resource["dosageInstruction"]
    dosage["doseAndRate"] = [{"doseQuantity": quantity(case.get("dose", "40 mg"))}]
    resource["medicationCodeableConcept"] = {"text": case["text"]}
    if "quantity" in case:
        count, _, unit = str(case["quantity"]).partition(" ")
        supplied = quantity(f"{count} {unit}") if unit else {"value": int(count), "unit": "tablet"}
        resource["dispenseRequest"] = {"quantity": supplied}
    return resource


@pytest.mark.parametrize("case", PRODUCTS, ids=lambda case: case["text"])
def test_how_a_product_is_read(verify, case):
    verified = verify(of_product(case))
    strength = verified.strength and f"{verified.strength} {verified.strength_unit}"
    assert (verified.drug, strength) == (case.get("drug", "prednisone"), case["strength"])
    assert written(as_document(verified)).get("findings", []) == case.get("findings", [])


@pytest.mark.parametrize(
    ("days", "start", "steps", "sums"),
    [
        # which of the two comes first cannot be said without a date
        ("4w", (), ["1: 10 to 20 mg, 1 in 1 days, for 28 days"], ["28 days within 28"]),
        # 14 x 20 and 14 x 10 mg
        (
            "4w",
            ("--start", "2026-12-01"),
            ["1: 20 mg, 1 in 2 days, for 28 days", "1: 10 mg, 1 in 2 days, for 27 days"],
            ["28 days within 28", "420 mg"],
        ),
        # 5 x 20 and 4 x 10 mg
        (
            "9d",
            ("--start", "2026-12-01"),
            ["1: 20 mg, 1 in 2 days, for 9 days", "1: 10 mg, 1 in 2 days, for 8 days"],
            ["9 days within 9", "140 mg"],
        ),
    ],
    ids=["without a date", "with a date", "of odd days"],
)
def test_alternate_days_of_our_own_are_two_doses(call, tmp_path, days, start, steps, sums):
    path = tmp_path / "taper.json"
    words = ("--from", "20mg", "--steps", f"20mg/10mg alternate days {days}", *start)
    path.write_text(call("taper", "prednisone", *words, "-f", "json").stdout)
    (order,) = call("verify", str(path), "-f", "json").json["orders"]
    assert written(order) == {"steps": steps, "sums": sums}
