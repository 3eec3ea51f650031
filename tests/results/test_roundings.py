"""What a receipt says was rounded, worked out by hand."""

from __future__ import annotations

import json
import shlex
from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc.quantities.exact import exact_number

# command, place in the answer, before, after, by, per cent, direction
BY_HAND = [
    # the low cap of 60 mg for 85 kg: 60/85 = 12/17 = 0.70588...; 0.7059 - 12/17 = 0.0003/17
    (
        *("dose prednisone -w 85", "rows.0.per_basis_low"),
        *("12/17", "0.7059", "3/170000", "0.0025", "up"),
    ),
    # 80/85 = 16/17 = 0.94117...; 0.9412 - 16/17 = 0.0004/17
    (
        *("dose prednisone -w 85", "rows.0.per_basis_high"),
        *("16/17", "0.9412", "1/42500", "0.0025", "up"),
    ),
    # 0.75 x 70.07 = 52.5525 mg: of 1, 2.5, 5, ... the nearest inside the range is 53
    (
        *("dose prednisone -w 70.07", "rows.0.dispensed_low"),
        *("52.5525", "53", "0.4475", "0.851529", "up"),
    ),
    # 100 x 0.4475 / 52.5525 = 17900/21021 = 0.851529...; 17900/21021 - 0.85 = 32.15/21021
    (
        *("dose prednisone -w 70.07", "rows.0.deviation_low_percent"),
        *("17900/21021", "0.85", "643/420420", "0.179609", "down"),
    ),
    # 70.07 mg: tablets make 70, and what they make above it is over the range
    (
        *("dose prednisone -w 70.07", "rows.0.dispensed_high"),
        *("70.07", "70", "0.07", "0.0999", "down"),
    ),
    # 2.3 x (175/2.54 - 60) + 50 = 8949/127 kg, and 0.4 x (100 - 8949/127) on top: 52247/635 =
    # 82.278740157...; 52247/635 - 82.27874 = 1/6350000
    (
        "dose ivig -w 100 --height 175 --sex male --weight-policy ontario",
        "dosing_weight.kg",
        *("52247/635", "82.27874", "1/6350000", "0", "down"),
    ),
    # a day's third of 2 x 61 = 122 g
    (
        *("infusion ivig -w 61 --days 3", "amount"),
        *("122/3", "40.666666", "1/1500000", "0.000002", "down"),
    ),
    # 122/3 g in 100 mg/mL: 1220/3 mL. 30 min at 0.61 and 30 at 1.22 mL/min give 18.3 and 36.6 mL;
    # the rest, 1220/3 - 54.9 = 10553/30 mL, at 2.44 mL/min takes 10553/73.2 = 865/6 min
    (
        *("infusion ivig -w 61 --days 3", "steps.2.minutes"),
        *("865/6", "144.17", "1/300", "0.002312", "up"),
    ),
    (
        *("infusion ivig -w 61 --days 3", "steps.2.whole_minutes"),
        *("865/6", "145", "5/6", "0.578035", "up"),
    ),
    # 60 + 865/6 = 1225/6 min
    (
        *("infusion ivig -w 61 --days 3", "duration_min"),
        *("1225/6", "204.17", "1/300", "0.001633", "up"),
    ),
    # 62.3 mg goes up to 62.5, but a start dose is never rounded above itself
    (
        *("taper prednisone --from 62.3mg --round nearest", "steps.0.high"),
        *("62.3", "62", "0.3", "0.481541", "down"),
    ),
    (
        *("taper prednisone --from 62.3mg --round nearest", "steps.1.high"),
        *("52.3", "52.5", "0.2", "0.382409", "up"),
    ),
    # on alternate days both doses are rounded: 20.3 to 20.5 or 20 mg, 10.3 to 10.5 or 10 mg
    (
        "taper prednisone --from 30mg --round down --steps '20.3mg/10.3mg alternate days 4w'",
        "steps.0.high",
        *("20.3", "20", "0.3", "1.477833", "down"),
    ),
    (
        "taper prednisone --from 30mg --round down --steps '20.3mg/10.3mg alternate days 4w'",
        "steps.0.alternate",
        *("10.3", "10", "0.3", "2.912621", "down"),
    ),
    # 70/7 = 10 is exact, 60/70 = 6/7 = 0.857142...
    (
        "taper prednisone -w 70 -s severe",
        "steps.1.per_kg_low",
        *("6/7", "0.8571", "3/70000", "0.005", "down"),
    ),
    # 140 units of 20 mg are 1.4 packs of 100
    (
        "taper prednisone -w 70 -s severe --pack 20mg:100",
        "totals.packs.0.packs",
        *("1.4", "2", "0.6", "42.857143", "up"),
    ),
    # the target of 2 x 70 = 140 mg in tablets of 50, 75, 100 mg: 150 is in the range
    (
        "titrate azathioprine -w 70 --stock 50mg,75mg,100mg",
        "steps.2.low",
        *("140", "150", "10", "7.142857", "up"),
    ),
    # 137.2 / 2 = 68.6 g, to a multiple of 5 g: 70, and twice that is 140
    (
        "dispense ivig 137.2g --days 2 --round-to 5g",
        "daily",
        *("68.6", "70", "1.4", "2.040816", "up"),
    ),
    (
        "dispense ivig 137.2g --days 2 --round-to 5g",
        "dispensed",
        *("137.2", "140", "2.8", "2.040816", "up"),
    ),
    # 2.8 / 137.2 = 1/49 = 2.040816...%: 100/49 - 2.04 = 0.04/49
    (
        "dispense ivig 137.2g --days 2 --round-to 5g",
        "deviation_percent",
        *("100/49", "2.04", "1/1225", "0.04", "down"),
    ),
    (
        "dispense ivig 137.2g --days 2..5 --round-to 5g",
        "rows.1.daily",
        *("686/15", "45", "11/15", "1.603499", "down"),
    ),
    # 90/85 = 18/17 = 1.058823...
    (
        "check prednisone '90 mg daily' -w 85",
        "rows.0.per_basis_ordered",
        *("18/17", "1.0588", "1/42500", "0.002222", "down"),
    ),
    # 20 above 70: 200/7 = 28.571428...%; 28.57 - 200/7 = -0.01/7
    (
        "check prednisone '90 mg daily' -w 70",
        "rows.0.deviation_percent",
        *("200/7", "28.57", "1/700", "0.005", "down"),
    ),
    # 0.75 x 69.3 = 51.975 mg, made as 52 mg: 0.025 of it are 100/2079 per cent
    (
        *("dose prednisone -w 69.3", "rows.0.deviation_low_percent"),
        *("100/2079", "0.05", "79/41580", "3.95", "up"),
    ),
    # 140.000002 / 4 = 35.0000005 mg, up to 35.000001: 0.0000014 per cent
    (
        *("check azathioprine '40 mg daily' -w 70.000001 --taking allopurinol", "rows.1.low"),
        *("35.0000005", "35.000001", "0.0000005", "0.000001", "up"),
    ),
    # 69.3 mg, made as 69 mg: 0.3 less are 100/231 per cent
    (
        *("dose prednisone -w 69.3", "rows.0.deviation_high_percent"),
        *("-100/231", "-0.43", "67/23100", "0.67", "up"),
    ),
    # 3/4 of 2.5 x 70.000001 mg, from which a titration takes its target
    (
        *("titrate azathioprine -w 70.000001 --crcl 30", None),
        *("131.250001875", "131.250001", "0.000000875", "0.000001", "down"),
    ),
    # 9.5 below 52.5: 380/21 = 18.095238...%; the answer is 0.004761... further
    (
        "check prednisone '43 mg daily' -w 70",
        "rows.0.deviation_percent",
        *("-380/21", "-18.1", "1/210", "0.026316", "down"),
    ),
    # one of three parts of 100 mg, of which the answer holds only whether tablets make it
    (
        "check azathioprine '100 mg daily in 3 doses' -w 70 --phase target",
        None,
        *("100/3", "33.333333", "1/3000000", "0.000001", "down"),
    ),
]


@pytest.fixture(scope="module")
def rounded(call, tmp_path_factory):
    """What the receipt of a command says was rounded, by place in the answer."""

    def find(command):
        file = tmp_path_factory.mktemp("receipt") / "r.json"
        call(*shlex.split(command), "--receipt", str(file))
        document = json.loads(file.read_text("utf-8"), parse_float=Decimal)
        return {found["where"]: found for found in document["roundings"]}

    return find


@pytest.mark.parametrize(
    ("command", "where", "before", "after", "by", "percent", "direction"), BY_HAND
)
def test_a_rounding(rounded, command, where, before, after, by, percent, direction):
    found = rounded(command)[where]
    assert Fraction(found["before"]) == Fraction(before)
    assert Fraction(found["after"]) == Fraction(after)
    assert Fraction(found["by"]) == Fraction(by)
    assert Fraction(found["percent"]) == Fraction(percent)
    assert found["direction"] == direction
    assert found["what"]
    assert found["how"]


# 70 kg: 52.5 and 70 mg are made of tablets, and 0.75 and 1 mg/kg are exact
@pytest.mark.parametrize(
    "command",
    [
        "dose prednisone -w 70 -s severe",
        "dose ivig -w 70",
        "dispense prednisone 62.5mg",
        "infusion rituximab",
        "taper prednisone --from 60mg",
        "taper ivig -w 70",
        "check prednisone '60 mg daily' -w 60",
    ],
)
def test_what_comes_out_even_is_not_listed(rounded, command):
    assert rounded(command) == {}


def test_landmarks_of_a_child_without_a_weight_have_a_receipt(rounded):
    assert rounded("taper prednisone -p hinze-2018 --age 9 --from 56mg") == {}


def test_a_course_that_does_not_come_out_even_stays_inside_its_range(rounded):
    # 2 g/kg x 70.123457 kg = 140.246914 g over 2 to 5 days: 70.123457 and 28.0493828 g a day
    found = rounded("dose ivig -w 70.123457")["rows.0.daily_low"]
    assert (found["before"], found["after"]) == (Decimal("28.0493828"), Decimal("28.049383"))
    assert (found["by"], found["direction"]) == (Decimal("0.0000002"), "up")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1/2", "0.5"),
        ("3", "3"),
        ("-7/4", "-1.75"),
        ("1/3", "1/3"),
        ("-2/6", "-1/3"),
        ("1/1000000000000000000", "0.000000000000000001"),
        ("1/10000000000000000000", "1/10000000000000000000"),
    ],
)
def test_a_fraction_is_written_exactly(value, text):
    found = exact_number(Fraction(value))
    assert (found if isinstance(found, str) else format(found.normalize(), "f")) == text
