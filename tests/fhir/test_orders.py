"""Orders with planted faults, and public ones, each with what must be found in it."""

from __future__ import annotations

import json

import pytest

from .conftest import EXAMPLES, FAULTS
from .written import written

CASES = sorted(
    path for folder in (FAULTS, EXAMPLES) for path in folder.glob("*.json")
    if not path.name.endswith(".expect.json")
)  # fmt: skip
#: Keys of what is expected that say how an order is judged; the others say all that is found.
JUDGED = ("codes", "also", "exit")


def test_there_are_50_of_our_making_and_16_public_ones():
    assert sum(path.parent == FAULTS for path in CASES) == 50
    assert sum(path.parent == EXAMPLES for path in CASES) == 16


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_must_be_found_is_found_and_no_more(call, path):
    expected = json.loads(path.with_suffix(".expect.json").read_bytes())
    done = call("verify", str(path), "--format", "json")
    assert done.stderr == ""
    (order,) = done.json["orders"]
    found = {finding["code"] for finding in order["findings"]}
    judged = {f["code"] for f in order["findings"] if f["severity"] in ("error", "unclear")}
    assert found >= set(expected["codes"])
    assert judged <= {*expected["codes"], *expected.get("also", ())}
    assert done.code == order["exit"] == expected["exit"]
    in_full = {part: lines for part, lines in expected.items() if part not in JUDGED}
    assert written(order) == in_full


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_pointer_leads_into_the_file(call, path):
    resource = json.loads(path.read_bytes())
    (order,) = call("verify", str(path), "--format", "json").json["orders"]
    pointers = [finding["pointer"] for finding in order["findings"]]
    pointers += [pointer for step in order["steps"] for pointer in step["pointers"]]
    for pointer in pointers:
        value = resource
        for key in pointer.split("/")[1:]:
            value = value[int(key)] if isinstance(value, list) else value[key]
    ids = [finding["id"] for finding in order["findings"]]
    assert len(set(ids)) == len(ids)


def test_hl7s_own_taper_leaves_two_days_without_prednisone(call):
    path = EXAMPLES / "hl7-r4-medrx0303-prednisone-taper.json"
    (order,) = call("verify", str(path), "--format", "json").json["orders"]
    gap = next(f for f in order["findings"] if f["code"] == "step-gap")
    assert gap["message"] == "2 days without prednisone: 2015-01-21 and 2015-01-22"
    assert (gap["expected"], gap["got"]) == ("2015-01-21", "2015-01-23")
    assert gap["pointer"] == "/dosageInstruction/1/timing/repeat/boundsPeriod/start"
    assert gap["path"] == (
        "MedicationRequest.dosageInstruction[1].timing.repeat.bounds.ofType(Period).start"
    )
    # 4 tablets for 5 days, 2 for 8, 1 for 7: 43 of 5 mg, where 51 are dispensed
    assert order["totals"] == {
        "days": 20, "span": 22, "amount": 215, "unit": "mg", "needed": 43, "form": "tablet",
    }  # fmt: skip
    assert order["grammar"] == {
        "from": "20mg",
        "steps": "hold 5d; -10mg/8d to 10mg; -5mg/7d to 5mg",
    }
    assert [step["dose"] for step in order["steps"]] == [20, 10, 5]
    over = next(f for f in order["findings"] if f["code"] == "quantity-over")
    assert over["message"] == "51 tablets, the steps need 43: 8 more"


@pytest.mark.parametrize(
    "name", ["hl7-r5-medrx0303-prednisone-taper", "nhs-prednisolone-consecutive"]
)
def test_the_steps_in_our_own_words_give_the_same_steps(call, name):
    (order,) = call("verify", str(EXAMPLES / f"{name}.json"), "-f", "json").json["orders"]
    words = order["grammar"]
    assert words is not None
    taper = call(
        "taper", "prednisone", "--from", words["from"], "--steps", words["steps"], "-f", "json"
    ).json
    assert [(s["high"], s["days"]) for s in taper["steps"]] == [
        (s["daily"], s["days"]) for s in order["steps"]
    ]


def test_a_single_dose_is_called_so(call, tmp_path):
    order = json.loads((FAULTS / "ok1-r4-taper.json").read_text("utf-8"))
    (dosage, *_) = order["dosageInstruction"]
    del order["dispenseRequest"], dosage["text"]
    order["dosageInstruction"] = [{**dosage, "timing": {"repeat": {"count": 1}}}]
    (tmp_path / "order.json").write_text(json.dumps(order))
    assert "40 mg, a single dose" in call("verify", str(tmp_path / "order.json")).stdout
