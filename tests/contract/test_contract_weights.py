"""The weight that a dose goes by: in receipts, their replay, and policies of one's own guide."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from ..conftest import ROOT

GUIDE = (ROOT / "data" / "guide.yaml").read_text(encoding="utf-8")
POLICY = "  {}:\n    name: {}\n    drugs: [ivig]\n    basis: {}\n"
TALL = ("--weight", "100", "--height", "175", "--sex", "male")
ONTARIO = (*TALL, "--weight-policy", "ontario")
EACH = [
    ("dose", "ivig"),
    ("taper", "ivig", "--weeks", "8"),
    ("infusion", "ivig"),
    ("check", "ivig", "2 g/kg over 2 days"),
]


def read(file):
    return json.loads(Path(file).read_text("utf-8"), parse_float=Decimal)


@pytest.fixture
def receipt(call, tmp_path):
    """Write the receipt of a command and read it."""

    def write(*args):
        file = tmp_path / "receipt.json"
        assert call(*args, "--receipt", str(file)).code == 0
        return file, read(file)

    return write


@pytest.fixture
def changed(tmp_path):
    """Write a guide with one policy changed: its key, its name and its weight."""

    def write(old, new):
        before, after = POLICY.format(*old), POLICY.format(*new)
        assert before in GUIDE
        text = GUIDE.replace(before, after)
        path = tmp_path / "own.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize("command", EACH, ids=" ".join)
def test_a_receipt_rests_on_policy_and_formulas(call, receipt, command):
    file, document = receipt(*command, *ONTARIO)
    arguments = document["request"]["arguments"]
    assert {arguments[key] for key in ("weight-policy", "sex", "height")} == {
        *("ontario", "male", "175"),
    }
    figures = {rule["figure"]: rule for rule in document["rules"]}
    policy = figures["weight policy ontario"]
    assert (policy["drug"], policy["where"]) == ("ivig", "weight_policies.ontario")
    assert policy["value"] == "adjusted weight; bmi > 30; height >= 152.4 cm"
    assert ">30" in policy["sources"][0]["quote"]
    assert figures["Adjusted body weight, share"]["value"] == "0.4"
    assert figures["Devine, base male"]["value"] == "50"
    (rounded,) = [r for r in document["roundings"] if r["where"] == "dosing_weight.kg"]
    assert (rounded["before"], rounded["after"]) == ("52247/635", Decimal("82.27874"))
    assert rounded["how"] == "down to 0.000001"
    again = call("replay", str(file), "-f", "json")
    assert (again.code, again.json["same"], again.json["figures"]) == (0, True, [])


@pytest.mark.parametrize("command", EACH, ids=" ".join)
def test_a_weight_that_is_chosen_rests_on_no_policy(receipt, command):
    _, document = receipt(*command, *TALL, "--weight-basis", "ideal")
    figures = {rule["figure"] for rule in document["rules"]}
    assert not [name for name in figures if "policy" in name or "share" in name]
    assert "Devine, per inch" in figures


@pytest.mark.parametrize("command", EACH, ids=" ".join)
def test_a_policy_that_changed_is_named_in_a_replay(call, receipt, changed, command):
    file, _ = receipt(*command, *ONTARIO)
    path = changed(("ontario", "Ontario", "adjusted"), ("ontario", "Ontario", "ideal"))
    again = call("replay", str(file), "--guide", path, "-f", "json")
    assert (again.code, again.json["same"]) == (5, False)
    (figure, *_) = [f for f in again.json["figures"] if "policy" in f["figure"]]
    assert figure["then"] == "adjusted weight; bmi > 30; height >= 152.4 cm"
    assert figure["now"] == "ideal weight; bmi > 30; height >= 152.4 cm"
    places = {found["where"] for found in again.json["differences"]}
    assert "dosing_weight.kg" in places


def test_a_guide_that_changed_elsewhere_gives_the_same_answer(call, receipt, changed):
    file, _ = receipt("dose", "ivig", *ONTARIO)
    path = changed(("australia", "Australia", "adjusted"), ("australia", "Another", "ideal"))
    again = call("replay", str(file), "--guide", path, "-f", "json")
    assert (again.code, again.json["same"], again.json["figures"]) == (0, True, [])


@pytest.mark.parametrize("command", EACH, ids=" ".join)
def test_a_policy_of_ones_own_guide(call, changed, command):
    # the ideal weight of 175 cm is 70.464566... kg
    path = changed(("australia", "Australia", "adjusted"), ("ours", "Ours", "ideal"))
    options = (*TALL, "--weight-policy", "ours", "--guide", path, "-f", "json")
    weight = call(*command, *options).json["dosing_weight"]
    assert (weight["kg"], weight["basis"]) == (Decimal("70.464566"), "ideal")
    assert (weight["policy"], weight["policy_name"]) == ("ours", "Ours")
    # and not without it
    done = call(*command, *TALL, "--weight-policy", "ours")
    assert (done.code, done.stdout) == (3, "")


def test_a_document_names_the_guide_that_it_rests_on(call):
    for command in EACH:
        plain = call(*command, "--weight", "100", "-f", "json").json
        assert (plain["guide"], plain["dosing_weight"]) == (None, None)
        asked = call(*command, "--weight", "100", "--weight-basis", "actual", "-f", "json").json
        assert len(asked["guide"]["sha256"]) == 64
        assert asked["dosing_weight"]["reason"] == "chosen by the user"
        line = call(*command, *ONTARIO, "-f", "jsonl").stdout.splitlines()[0]
        assert json.loads(line)["guide_sha256"] == asked["guide"]["sha256"]


def test_a_calendar_says_the_kind_of_weight_and_nothing_of_the_patient(call):
    options = (*ONTARIO, "--start", "2026-12-01", "--format", "ics")
    text = call("taper", "ivig", *options).stdout.replace("\r\n ", "")
    assert "Dosing weight: adjusted weight\\, by the policy of Ontario." in text
    said = re.sub(r"(?m)^(UID|DTSTAMP):.*$", "", text)  # a hash and a time have any digits
    for number in (" kg", "175", "32.653", "70.46"):
        assert number not in said


@pytest.mark.parametrize("command", EACH, ids=" ".join)
def test_an_empty_policy_is_refused_and_not_left_out(call, command):
    """A script whose variable is not set must not get the dose by the actual weight."""
    result = call(*command, *TALL, "--weight-policy", "")
    assert (result.code, result.stdout) == (2, "")
    assert "--weight-policy is empty" in result.stderr
