"""``dmcalc infusion`` as people and scripts call it."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest

import dmcalc
from dmcalc.formats.registry import formats

IVIG = ("infusion", "ivig", "--weight", "70")


def test_json_holds_what_scripts_rely_on(call):
    document = call(*IVIG, "--at", "22:30", "-f", "json").json
    assert document["schema"] == "dmcalc.infusion/1"
    assert (document["drug"], document["regimen"]) == ("ivig", "ivig.induction")
    assert (document["amount"], document["unit"], document["days"]) == (28, "g", 5)
    assert (document["volume_ml"], document["duration_min"]) == (280, Decimal("137.5"))
    assert (document["starts"], document["ends"], document["ends_day"]) == ("22:30", "00:48", 1)
    assert document["steps"][2] == {
        "drug": "ivig",
        "step": 3,
        "minute": 60,
        "minutes": Decimal("77.5"),
        "whole_minutes": 78,
        "rate_ml_h": 168,
        "rate_ml_kg_min": Decimal("0.04"),
        "rate_mg_h": 16800,
        "amount": Decimal("21.7"),
        "unit": "g",
        "volume_ml": 217,
        "total_amount": 28,
        "total_volume_ml": 280,
        "clock": "23:30",
        "clock_day": 0,
        "local": [],
        "dosing_weight_kg": None,
        "weight_basis": None,
        "weight_policy": None,
        "atc": "J06BA02",
        "rxnorm": None,
    }
    assert document["warnings"] == []
    assert document["reading"]
    assert document["disclaimer"]


def test_numbers_are_written_without_noise(call):
    text = call(*IVIG, "-f", "json").stdout
    assert '"rate_ml_kg_min": 0.01,' in text
    assert '"minutes": 77.5,' in text
    assert '"rate_ml_h": 42,' in text


def test_rows_are_the_steps(call):
    expected = call(*IVIG, "-f", "json").json["steps"]
    lines = call(*IVIG, "-f", "jsonl").stdout.splitlines()
    rows = [json.loads(line, parse_float=Decimal) for line in lines]
    assert [{key: row[key] for key in expected[0]} for row in rows] == expected
    assert {row["schema"] for row in rows} == {"dmcalc.infusion/1"}
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        text = call(*IVIG, "-f", form).stdout
        table = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        assert [row["rate_ml_h"] for row in table] == ["42", "84", "168"]
        assert [row["volume_ml"] for row in table] == ["21", "42", "217"]
    assert call(*IVIG, "--field", "rate_ml_h").stdout == "42\n84\n168\n"


def test_json_names_the_rule_that_lowers_the_rate(call):
    rules = call(*IVIG, "--condition", "thrombosis-risk", "-f", "json").json["rules"]
    assert [(rule["id"], rule["decides"]) for rule in rules] == [("ivig-thrombosis-risk", True)]


def test_rows_carry_their_warnings(call):
    done = call(*IVIG, "--dose", "105g", "--at-risk", "-f", "jsonl")
    first = json.loads(done.stdout.splitlines()[0])
    assert first["warnings"] == ["dose-above-source", "past-pooling"]
    assert "8 h 50 min" in done.stderr


def test_rituximab_volumes_are_empty_not_invented(call):
    text = call("infusion", "rituximab", "-f", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["rate_mg_h"] for row in rows] == [str(mg) for mg in range(50, 401, 50)]
    assert {(row["rate_ml_h"], row["volume_ml"], row["rate_ml_kg_min"]) for row in rows} == {
        ("", "", "")
    }


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        ("infusion ivig", 4, "--weight"),
        ("infusion ivig --weight 20", 4, "--confirm-weight"),
        ("infusion prednisone", 3, "ivig, rituximab"),
        ("infusion ritux", 3, "unknown drug"),
        ("infusion prednisolon", 3, "the name of prednisolone"),
        ("infusion ivig --weight 70 --days 1", 2, "2 to 5"),
        ("infusion ivig --weight 70 --days 6", 2, "2 to 5"),
        ("infusion ivig --weight 70 --days two", 2, "--days"),
        ("infusion ivig --weight 70 --at noon", 2, "09:00"),
        ("infusion ivig --weight 70 --at 24:00", 2, "09:00"),
        ("infusion ivig --weight 70 --at 9:60", 2, "09:00"),
        ("infusion ivig --weight 70 --at 09.00", 2, "09:00"),
        ("infusion ivig --weight 70 --at ٠٩:٠٠", 2, "09:00"),
        ("infusion ivig --weight 70 --dose 70", 2, "unit"),
        ("infusion ivig --weight 70 --dose 0g", 2, "unit"),
        ("infusion ivig --weight 70 --dose=-5g", 2, "unit"),
        ("infusion ivig --weight 70 --later", 2, "--later"),
        ("infusion ivig --weight 70 --dose 140g", 5, "whole course"),
        ("infusion ivig --weight 70 --field nothing", 2, "rate_ml_h"),
        ("infusion rituximab --at-risk", 2, "--at-risk"),
        ("infusion rituximab --days 2", 2, "--days"),
        ("infusion rituximab --dose 2g", 5, "1 g"),
        ("infusion rituximab --field volume_ml", 4, "volume_ml"),
        ("infusion ivig --weight 70 --dose 105g --at-risk --strict", 6, ""),
    ],
)
def test_exit_codes(call, command, code, says):
    done = call(*command.split())
    assert done.code == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    if code != 6:
        assert done.stdout == ""


@pytest.mark.parametrize("form", formats("infusion"))
def test_every_format(call, form):
    for command in (("rituximab",), ("ivig", "-w", "70", "--at", "23:00")):
        done = call("infusion", *command, "-f", form)
        assert (done.code, done.stderr) == (0, "")
        assert done.stdout.strip()


@pytest.mark.parametrize("columns", [60, 80, 200, None])
def test_the_page(call, columns):
    text = call(*IVIG, "--at", "22:30", "--explain", columns=columns).stdout
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    words = " ".join(" ".join(lines).split())
    if columns:
        assert max(map(len, lines)) <= columns
    assert "28 g IV (0.4 g/kg), 280 mL, in 2 h 18 min" in words
    assert "from 22:30 to 00:48 next day" in words
    assert "dmcalc's interpretation" in words
    assert "2 to 5 days" in words
    for rate in ("42 mL/h", "84 mL/h", "168 mL/h"):
        assert rate in words
    for above in ("0.08 mL", "0.12 mL", "336 mL/h"):  # the steps for immune thrombocytopenia
        assert above not in words


def test_the_page_of_rituximab_says_why_there_are_no_ml(call):
    text = " ".join(call("infusion", "rituximab", "--later").stdout.split())
    assert "no source for the concentration of the infusion bag" in text
    assert "1 g IV in 3 h 15 min" in text
    assert "mL/h" not in text


def test_show_and_why_tell_the_rates(call):
    shown = " ".join(call("show", "rituximab", "--explain").stdout.split())
    assert "50 mg/h, rising by 50 mg/h every 30 minutes to 400 mg/h" in shown
    why = call("why", "ivig", "-f", "json").json
    figures = {(row["figure"], row["value"]) for row in why["rows"]}
    assert ("infusion max", "0.04 mL/kg/min") in figures
    assert ("infusion max at risk", "0.03 mL/kg/min") in figures
    assert ("infusion within", "8 hours") in figures


def test_the_function_is_the_command(call):
    result = dmcalc.infusion("ivig", weight=70, days=2, at_risk=True, at="09:00")
    document = call(*IVIG, "--days", "2", "--at-risk", "--at", "09:00", "-f", "json").json
    assert document["duration_min"] == result.duration_min == Decimal("363.33")
    assert [step["volume_ml"] for step in document["steps"]] == [
        step.volume_ml for step in result.steps
    ]
    with pytest.raises(TypeError, match="float"):
        dmcalc.infusion("ivig", weight=70.5)
