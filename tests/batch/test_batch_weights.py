"""Columns on the size of a patient: a height for doses per m2, a weight basis or a policy."""

from __future__ import annotations

import json

IVIG = ("--drug", "ivig")
HEAD = "id,weight,height,sex,weight_basis,weight_policy\n"


def test_each_row_goes_by_its_own_weight(batch):
    # 6ft3in are 75 inches: ideal 84.5, adjusted 84.5 + 0.4 x 35.5 = 98.7 kg
    rows = (
        "1,120,6ft3in,male,,ontario\n"
        "2,120,6ft3in,male,Ideal,\n"
        "3,120,6ft3in,male,,\n"
        "4,80,6ft3in,,policy,ontario\n"
    )
    found = batch(HEAD + rows, *IVIG).rows[::2]
    told = [(r["id"], r["high"], r["dosing_weight_kg"], r["weight_basis"]) for r in found]
    assert told == [
        ("1", "197.4", "98.7", "adjusted"),
        ("2", "169", "84.5", "ideal"),
        ("3", "240", "", ""),
        ("4", "160", "80", "actual"),
    ]
    assert [row["saved_high"] for row in found] == ["42.6", "71", "", "0"]
    assert [bool(row["guide_sha256"]) for row in found] == [True, True, False, True]


def test_rows_without_their_weight_are_rejected_alone(batch):
    rows = (
        "1,100,150,female,ideal,\n"  # no ideal weight for this height
        "2,100,,female,,ontario\n"  # no height
        "3,100,175,female,,ontaria\n"
        "4,100,175,female,lean,\n"
        "5,100,175,X,ideal,\n"
        "6,100,175,F,,\n"  # the sex serves nothing here
    )
    found = batch(HEAD + rows, *IVIG)
    assert {row["id"] for row in found.rows} == {"6"}
    assert [(r["id"], r["code"]) for r in found.rejects] == [
        *(("1", "4"), ("2", "4"), ("3", "3"), ("4", "2"), ("5", "4")),
    ]


def test_a_weight_for_a_drug_that_takes_none_is_rejected(batch):
    rows = "drug,weight,height,sex,weight_policy\nprednisone,100,175,male,ontario\n"
    found = batch(f"{rows}ivig,100,175,male,ontario\n")
    assert [row["drug"] for row in found.rows] == ["ivig", "ivig"]
    (rejected,) = found.rejects
    assert (rejected["code"], "doses of ivig" in rejected["reason"]) == ("2", True)


def test_orders_go_by_it_too(batch):
    rows = "drug,order,weight,height,sex,weight_policy\n"
    rows += "ivig,2 g/kg over 2 days,120,6ft3in,male,ontario\n"
    row = batch(rows, "--check").rows[0]
    assert (row["ordered"], row["low"], row["low_actual"]) == ("197.4", "197.4", "240")


def test_a_height_gives_doses_per_m2(batch):
    # the root of 180 x 80 / 3600 is 2 m2
    given = {"drug": "cyclophosphamide", "weight": 80, "height": 180}
    found = batch(json.dumps(given) + "\n", "--alternatives", form="jsonl").rows
    surfaces = [row["high"] for row in found if row["basis"] == "m2"]
    assert surfaces == [2, 1200]


def test_a_row_is_the_answer_of_the_command(batch, call):
    header = "weight,height,sex,weight_policy\n"
    row = batch(f"{header}100,175,male,nhs-form\n", *IVIG).rows[0]
    options = ("-w", "100", "--height", "175", "--sex", "male", "--weight-policy", "nhs-form")
    alone = call("dose", "ivig", *options, "-f", "jsonl").stdout.splitlines()[0]
    for key in ("low", "high", "dosing_weight_kg", "weight_policy", "saved_low", "text"):
        assert row[key] == str(json.loads(alone, parse_float=str)[key])
