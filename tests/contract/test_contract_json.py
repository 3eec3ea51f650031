"""What scripts rely on in the JSON: keys, their order, their types, and numbers as written.

A key may be added. To take one away, or to change what stands in one, is a new schema version.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import sys
from decimal import Decimal

import pytest

import dmcalc

NUMBER = (int, Decimal)
NONE = type(None)
SEVERE = ("--weight", "70", "--severity", "severe")

DOSE = {
    "schema": str,
    "dmcalc": str,
    "table": dict,
    "patient": dict,
    "rows": list,
    "warnings": list,
    "disclaimer": str,
}
DOSE_ROW = {
    "drug": str,
    "name": str,
    "class": str,
    "line": str,
    "route": str,
    "regimen": str,
    "phase": str,
    "base": bool,
    "indicated": (bool, NONE),
    "reason": (str, NONE),
    "low": (*NUMBER, NONE),
    "high": (*NUMBER, NONE),
    "suggested": (*NUMBER, NONE),
    "unit": (str, NONE),
    "per": (str, NONE),
    "capped": bool,
    "cap_low": (*NUMBER, NONE),
    "cap_high": (*NUMBER, NONE),
    "days_low": (int, NONE),
    "days_high": (int, NONE),
    "every": (str, NONE),
    "doses": (int, NONE),
    "from_week": (int, NONE),
    "posology": str,
    "text": str,
    "sources": list,
    "effects": list,
    "side_effects": list,
    "local": list,
    "choice_group": (str, NONE),
}
TAPER = {
    "schema": str,
    "drug": str,
    "protocol": str,
    "patient": dict,
    "steps": list,
    "totals": dict,
    "warnings": list,
    "disclaimer": str,
}
TAPER_STEP = {
    "step": int,
    "day": int,
    "days": (int, NONE),
    "week": int,
    "low": NUMBER,
    "high": NUMBER,
    "unit": str,
    "per": str,
    "start": (str, NONE),
    "end": (str, NONE),
    "note": (str, NONE),
    "products": (list, NONE),
    "local": list,
}
TOTALS = {"days": int, "amount": (*NUMBER, NONE), "unit": str, "products": (list, NONE)}
PRODUCT = {"strength": NUMBER, "unit": str, "count": NUMBER}
WARNING = {
    "code": str,
    "drug": (str, NONE),
    "message": str,
    "source": (str, NONE),
}
PATIENT = {
    "weight_kg": (*NUMBER, NONE),
    "severity": (str, NONE),
    "population": str,
}


def check(found, expected):
    """Check that each key is there, in this order, with a value of its type."""
    assert [key for key in found if key in expected] == list(expected)
    for key, kinds in expected.items():
        value, kinds = found[key], kinds if isinstance(kinds, tuple) else (kinds,)
        # True is an int in Python, and not in JSON
        right = bool in kinds if isinstance(value, bool) else isinstance(value, kinds)
        assert right, f"{key} is {value!r}"


@pytest.mark.parametrize(
    "args",
    [
        ("dose", *SEVERE),
        ("dose", "--weight", "70"),
        ("dose", "rituximab"),
        ("dose", *SEVERE, "--alternatives", "--bsa", "1.85"),
        ("dose", "--weight", "350", "--confirm-weight", "--alternatives"),
    ],
    ids=" ".join,
)
def test_dose(call, args):
    document = call(*args, "--format", "json").json
    check(document, DOSE)
    check(document["patient"], PATIENT)
    assert document["schema"] == "dmcalc.dose/1"
    assert document["patient"]["population"] == "adult"
    assert document["rows"]
    for row in document["rows"]:
        check(row, DOSE_ROW)
        assert list(row) == list(document["rows"][0])
        assert row["per"] in ("day", "week", "course", "dose", None)
        assert row["line"] in ("first", "second or third", "other")
        assert row["sources"]
        assert row["side_effects"]
    for warning in document["warnings"]:
        check(warning, WARNING)


@pytest.mark.parametrize(
    "args",
    [
        ("taper", "prednisone", *SEVERE, "--start", "2026-12-01"),
        ("taper", "prednisone", "--from", "60mg", "--protocol", "ese-es-2024"),
        ("taper", "ivig"),
        ("taper", "ivig", "--weight", "154lb", "--start", "2026-12-01"),
    ],
    ids=" ".join,
)
def test_taper(call, args):
    document = call(*args, "--format", "json").json
    check(document, TAPER)
    check(document["patient"], PATIENT)
    check(document["totals"], TOTALS)
    assert document["schema"] == "dmcalc.taper/1"
    assert document["steps"]
    for number, step in enumerate(document["steps"], start=1):
        check(step, TAPER_STEP)
        assert list(step) == list(document["steps"][0])
        assert step["step"] == number
        assert step["per"] in ("day", "course")
        for product in step["products"] or []:
            check(product, PRODUCT)
        if "--start" in args:
            datetime.date.fromisoformat(step["start"])
    for warning in document["warnings"]:
        check(warning, WARNING)


def test_the_order_of_the_keys_of_a_course(call):
    row = call("dose", "ivig", "--weight", "70", "--format", "json").json["rows"][0]
    check(row, {"days_low": int, "days_high": int, "daily_low": NUMBER, "daily_high": NUMBER})


ALL = [
    ("dose", *SEVERE),
    ("check", "prednisone", "60 mg daily", *SEVERE),
    ("taper", "prednisone", *SEVERE),
    ("taper", "ivig"),
    ("taper",),
    ("drugs",),
    ("show", "tacrolimus"),
    ("why", "tacrolimus"),
    ("table", "check"),
]


@pytest.mark.parametrize("args", ALL, ids=" ".join)
def test_every_document_says_what_computed_it_and_from_which_table(call, bundled, args):
    document = call(*args, "--format", "json").json
    sha256 = hashlib.sha256(bundled.read_bytes()).hexdigest()
    version = re.search(r'^version: "(.+)"$', bundled.read_text(), re.MULTILINE)[1]
    assert document["dmcalc"] == dmcalc.__version__
    assert document["table"] == {"version": version, "sha256": sha256, "overlays": []}
    assert re.fullmatch(r"dmcalc\.[a-z-]+/1", document["schema"])
    assert "package insert" in document["disclaimer"]
    assert isinstance(document["warnings"], list)


EACH = """
import json, sys
from dmcalc.cli import main
for args in json.loads(sys.argv[1]):
    print("$", *args, flush=True)
    sys.argv = ["dmcalc", *args, "--format", "json"]
    try:
        main()
    except SystemExit as stop:
        assert not stop.code
"""


# Two runs of one command differ in nothing: no time, no order of a set.
def test_an_answer_is_the_same_every_time(run):
    first, second = (
        run("-c", EACH, json.dumps(ALL), program=(sys.executable,), env={"PYTHONHASHSEED": seed})
        for seed in "12"
    )
    assert (first.code, first.stderr) == (0, "")
    assert first.stdout.count('"schema": "dmcalc.') == len(ALL)
    assert first.stdout.split("\n$ ") == second.stdout.split("\n$ ")


def tokens(text):
    """Return the numbers of a JSON text as they are written."""
    found = []
    json.loads(text, parse_int=found.append, parse_float=found.append)
    return found


@pytest.mark.parametrize("weight", ["70", "70.0", "70.07", "33.3", "154lb", "0299.9", "45.500"])
def test_numbers_are_written_plainly(call, weight):
    for args in (
        ("dose", "--alternatives", "--bsa", "1.7", "--severity", "mild"),
        ("taper", "prednisone", "--severity", "mild"),
        ("taper", "ivig"),
    ):
        text = call(*args, "--weight", weight, "--format", "json").stdout
        numbers = tokens(text)
        assert len(numbers) > 20
        for number in numbers:
            # no exponent, no trailing zero, no leading zero but one, no long tail of a float
            assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d{0,9}[1-9])?", number), number
            assert number != "-0"


# 70.07 kg: 0.75, 1, 2.5, 5, 0.1 and 0.2 times, and 2 g/kg over 5 and over 2 days
@pytest.mark.parametrize(
    ("drug", "line"),
    [
        ("prednisone", '"low": 52.5525,'),
        ("prednisone", '"high": 70.07,'),
        ("ciclosporin", '"low": 175.175,'),
        ("ciclosporin", '"high": 350.35,'),
        ("tacrolimus", '"low": 7.007,'),
        ("tacrolimus", '"high": 14.014,'),
        ("ivig", '"daily_low": 28.028,'),
        ("ivig", '"daily_high": 70.07,'),
    ],
)
def test_numbers_are_exact_to_the_digit(call, drug, line):
    assert line in call("dose", drug, "--weight", "70.07", "--format", "json").stdout


def test_what_is_unknown_is_null_and_what_is_empty_is_a_list(call):
    document = call("dose", "rituximab", "--format", "json").json
    assert document["patient"]["weight_kg"] is None
    assert document["patient"]["severity"] is None
    assert document["warnings"] == []
    assert all(row["suggested"] is None for row in document["rows"])


def test_characters_are_written_as_they_are(call):
    assert "0.1–0.2 mg/kg/day" in call("why", "tacrolimus", "--format", "json").stdout
