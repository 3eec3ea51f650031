"""For any patient: a receipt replays as the same, and what it says was rounded adds up."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dmcalc
from tests.chance import share
from tests.properties.given import decimals, severities, surfaces, weights

SHORT = ("--height", "163.5", "--sex", "female")
COMMANDS = [
    ("dose", "ivig", *SHORT, "--weight-policy", "ontario"),
    ("taper", "ivig", *SHORT, "--weight-basis", "ideal"),
    ("infusion", "ivig", *SHORT, "--weight-basis", "adjusted", "--days", "3"),
    ("dose", "--alternatives"),
    ("dose", "prednisone", "ivig"),
    ("taper", "ivig"),
    ("titrate", "azathioprine"),
    ("titrate", "ciclosporin", "--interval", "2w"),
    ("infusion", "ivig", "--days", "3"),
    ("plan", "-s", "severe", "--with", "azathioprine", "--taking", "allopurinol"),
    ("body", "--height", "175", "--sex", "male", "--age", "45", "--creatinine", "80umol/L"),
]


def at(document, where):
    for key in where.split("."):
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def replayed(call, *args):
    """Return the receipt of a command, after its replay was found to be the same."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "receipt.json"
        done = call(*args, "--receipt", str(file))
        if not file.exists():  # refused, and so without a receipt
            assert done.code in (2, 4, 5), done.stderr
            return None
        result = dmcalc.replay(str(file))
        assert (result.same, result.figures, result.differences) == (True, (), ())
        return json.loads(file.read_text("utf-8"), parse_float=Decimal)


def adds_up(document):
    """Check that each rounding is by what it says, and that its figure is the one in the answer."""
    high_ends = [
        (found["what"], found["before"], found["after"])
        for found in document["roundings"]
        if "high end" in found["what"]
    ]
    for found in document["roundings"]:
        before, after = Fraction(found["before"]), Fraction(found["after"])
        assert before != after
        assert abs(after - before) == Fraction(found["by"])
        assert (after > before) == (found["direction"] == "up")
        if found["where"] is not None:
            assert at(document["answer"], found["where"]) == found["after"]
        if found["how"] == "half up to 0.0001":
            assert abs(after - before) <= Fraction(1, 20_000)
        if found["how"] == "inward to 0.000001":
            high = found["what"].replace("low end", "high end")
            # both ends are down where they are one dose, which nothing of 6 decimals is
            down = (high, found["before"], found["after"]) in high_ends
            assert found["direction"] == ("down" if down else "up")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@settings(max_examples=share(15, 2))
@given(weight=weights)
@example(weight="70.123456789")
@example(weight="299.999999999kg")
def test_any_weight(call, command, weight):
    document = replayed(call, *command, "--weight", weight)
    if document is not None:
        adds_up(document)


@settings(max_examples=share(25, 2))
@given(weight=weights, severity=severities, bsa=surfaces)
def test_any_patient(call, weight, severity, bsa):
    options = ("--weight", weight, "--severity", severity, "--bsa", bsa)
    document = replayed(call, "dose", *options, "--alternatives")
    adds_up(document)


@settings(max_examples=share(25, 2))
@given(dose=decimals(3, 100), direction=st.sampled_from(["down", "up", "nearest"]), weight=weights)
def test_any_taper(call, dose, direction, weight):
    options = ("--from", f"{dose}mg", "--round", direction, "--weight", weight)
    document = replayed(call, "taper", "prednisone", *options)
    if document is not None:
        adds_up(document)
        rounded = {f["where"].split(".")[1] for f in document["roundings"] if "dose" in f["what"]}
        steps = enumerate(document["answer"]["steps"])
        assert rounded == {str(n) for n, step in steps if step["rounded_from"] is not None}


# any text is a label, or is refused, and none makes the receipt another one
@settings(max_examples=share(50, 2))
@given(label=st.text(max_size=30))
def test_any_label(call, label):
    document = replayed(call, "dose", "rituximab", f"--receipt-for={label}")
    assert document is None or document["for"] == label
