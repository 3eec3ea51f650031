"""Rules for one patient in what scripts rely on: receipts, replays, rows, batches, exit codes."""

from __future__ import annotations

import csv
import io
import json
import shlex
from decimal import Decimal

import pytest

import dmcalc
from dmcalc.errors import RefusedError

from ..conftest import ROOT

GUIDE = ROOT / "data" / "guide.yaml"
ALLOPURINOL = "dose azathioprine --weight 70 --taking allopurinol"


@pytest.fixture
def receipt(call, tmp_path):
    """Return a receipt of a dose with rules, and its file."""
    file = tmp_path / "receipt.json"
    assert call(*shlex.split(ALLOPURINOL), "--receipt", str(file)).code == 0
    return json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal), str(file)


def test_a_receipt_lists_the_rules_with_their_works(receipt):
    held = {rule["figure"]: rule for rule in receipt[0]["rules"]}
    rule = held["rule azathioprine-allopurinol-nhs"]
    assert rule["value"].startswith("taking allopurinol: scale 1/4: ")
    assert rule["sources"][0]["source"] == "nhs-dg-azathioprine"
    assert "must be reduced to one quarter" in rule["sources"][0]["quote"]
    assert receipt[0]["request"]["arguments"]["taking"] == ["allopurinol"]


def test_a_replay_applies_the_same_rules(call, receipt):
    assert call("replay", receipt[1], "--field", "same").stdout == "true\n"


def test_a_replay_names_the_rule_that_is_another_one_now(call, receipt, tmp_path):
    guide = tmp_path / "guide.yaml"
    text = GUIDE.read_text(encoding="utf-8")
    old = "      share: 1/4\n      text: With allopurinol the dose must be reduced to one quarter."
    assert old in text
    new = old.replace("share: 1/4", "share: 1/5").replace("to one quarter", "to a fifth")
    text = text.replace(old, new).replace("dose must be reduced to one quarter", "dose is 20%-")
    guide.write_text(text, encoding="utf-8")
    done = call("replay", receipt[1], "--guide", str(guide), "--format", "json")
    assert done.code == 5
    changed = {one["figure"]: one for one in done.json["figures"]}
    assert list(changed) == ["rule azathioprine-allopurinol-nhs"]
    assert "scale 1/5" in changed["rule azathioprine-allopurinol-nhs"]["now"]
    # 140 to 175 mg, a fifth of it
    where = {one["where"]: one["now"] for one in done.json["differences"]}
    assert (where["rows.1.low"], where["rows.1.high"]) == (28, 35)
    versions = done.json["versions"]["guide"]
    assert versions["then"]["sha256"] != versions["now"]["sha256"]


def test_every_row_says_which_guide_its_rules_are_from(call):
    for said, known in (("", False), ("--egfr 45", True)):
        out = call(*shlex.split(f"dose methotrexate {said} --format csv")).stdout
        for row in csv.DictReader(io.StringIO(out)):
            assert bool(row["guide_version"]) is bool(row["guide_sha256"]) is known
            assert row["rules"] == ("methotrexate-egfr-30-59" if known else "")


def test_a_batch_applies_the_rules_of_each_row(call, tmp_path):
    patients = tmp_path / "patients.csv"
    patients.write_text(
        "drug,weight,egfr,taking,condition\n"
        "methotrexate,70,45,,\n"
        "methotrexate,70,,trimethoprim,\n"
        "azathioprine,70,,allopurinol; ketoconazole,ild\n"
        "azathioprine,70,,allopurinl,\n"
        "azathioprine,70,,,\n",
        encoding="utf-8",
    )
    rejects = tmp_path / "rejects.csv"
    done = call("batch", str(patients), "--rejects", str(rejects))
    assert done.code == 4
    assert "5 rows in = 3 answered + 2 rejected; 6 rows out" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    targets = [(row["drug"], row["low"], row["high"]) for row in rows if row["phase"] == "target"]
    assert targets == [
        ("methotrexate", "10", "12.5"),
        ("azathioprine", "35", "43.75"),
        ("azathioprine", "140", "175"),
    ]
    assert [bool(row["guide_sha256"]) for row in rows] == [True] * 4 + [False] * 2
    lost = list(csv.DictReader(io.StringIO(rejects.read_text(encoding="utf-8"))))
    assert [(row["line"], row["code"]) for row in lost] == [("3", "5"), ("5", "3")]
    assert "like it: allopurinol" in lost[1]["reason"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("check methotrexate '12.5 mg once a week' --egfr 45", 0),
        ("check methotrexate '20 mg once a week' --egfr 45", 5),
        ("check methotrexate '12.5 mg once a week' --egfr 29", 5),
        ("dose methotrexate --egfr 29", 5),
        ("dose methotrexate rituximab --egfr 29", 0),
        ("dose methotrexate --taking alopurinol", 3),
        ("dose methotrexate --condition pregnant", 3),
        ("dose methotrexate --egfr 4500", 4),
        ("dose methotrexate --creatinine 80umol/L", 4),
        ("dose methotrexate --age 9 --bsa 1 --taking allopurinol", 4),
        ("infusion ivig --weight 70 --condition iga-deficiency-with-antibodies", 5),
        ("infusion ivig --weight 28 --age 9", 4),
        ("dose methotrexate --egfr 45 --strict", 6),
    ],
)
def test_exit_codes(call, command, code):
    done = call(*shlex.split(command), "--format", "json")
    assert done.code == code
    assert (done.stdout == "") == (code in (3, 4) or (code == 5 and "check" not in command))


def test_from_python():
    row = dmcalc.dose("azathioprine", weight=70, taking=["allopurinol"]).rows[1]
    assert (row.low, row.high) == (Decimal(35), Decimal("43.75"))
    assert dmcalc.check("methotrexate", "20 mg once a week", egfr=45).verdict == "above"
    assert dmcalc.infusion("ivig", weight=70, conditions=["thrombosis-risk"]).at_risk is True
    assert dmcalc.infusion("ivig", weight=70, age=65).at_risk is False
    with pytest.raises(RefusedError, match="febuxostat"):
        dmcalc.dose("azathioprine", weight=70, taking=["febuxostat"])
    with pytest.raises(TypeError, match="float"):
        dmcalc.dose("methotrexate", egfr=45.5)
    with pytest.raises(TypeError, match="tking"):
        dmcalc.dose("methotrexate", tking=["allopurinol"])
