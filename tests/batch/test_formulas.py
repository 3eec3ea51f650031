"""Formulas: nothing that a file, an overlay or a receipt says is one to a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest

from dmcalc.audit.receipt_file import answer_hash, receipt_hash
from dmcalc.documents.json import encode

from ..conftest import ROOT

ONE = ("--drug", "prednisone")
FORMULAS = ["=1+1", "+1+1", "-A1", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"]
FORMULAS += [
    f"{blank}=1+1" for blank in (" ", "\n", "\x0b", "\x1c", "\x85", "\xa0", "\u2028", "\u3000")
]
FORMULAS += ["＝1", "＋A1", "－A1", "＠A1", "\ufeff=1", "\u200b=1"]


@pytest.mark.parametrize("form", ["csv", "tsv"])
@pytest.mark.parametrize("text", FORMULAS)
def test_what_is_passed_on_is_no_formula(batch, text, form):
    quoted = '"' + text.replace('"', '""') + '"'
    rows = f"id,weight\n{quoted},70\n{quoted},x\n"
    rows = rows.replace(",", "\t") if form == "tsv" else rows
    found = batch(rows, *ONE, form=form)
    assert found.rows[0]["id"] == found.rejects[0]["id"] == f"'{text}"
    found = batch(rows, *ONE, "--raw-cells", form=form)
    assert found.rows[0]["id"] == found.rejects[0]["id"] == text


@pytest.mark.parametrize("text", ["-12", "+3.5", "-0,5", " -7", "a=b", "", '"=1"'])
def test_what_is_no_formula_is_left_alone(batch, text):
    quoted = '"' + text.replace('"', '""') + '"'
    found = batch(f"id,weight\n{quoted},70\n{quoted},x\n", *ONE)
    assert found.rows[0]["id"] == found.rejects[0]["id"] == text


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_the_name_of_an_overlay_is_no_formula(call, tmp_path, form):
    local = (ROOT / "examples" / "hospital.yaml").read_text(encoding="utf-8")
    name = re.search("(?m)^name: .*$", local)[0]
    (tmp_path / "local.yaml").write_text(local.replace(name, 'name: "=HYPERLINK(1)"'))
    asked = ("dose", "prednisone", "-w", "70", "--overlay", "local.yaml")
    text = call(*asked, "-f", form, cwd=tmp_path).stdout
    (row,) = csv.DictReader(io.StringIO(text), dialect="excel-tab" if form == "tsv" else "excel")
    assert row["overlays"].startswith("'=HYPERLINK(1)")


def test_what_a_receipt_says_is_no_formula(call, tmp_path):
    asked = ("dose", "prednisone", "-w", "70", "--receipt", "r.json")
    assert call(*asked, cwd=tmp_path).code == 0
    document = json.loads((tmp_path / "r.json").read_text(), parse_float=Decimal, parse_int=Decimal)
    document["answer"]["rows"][0]["text"] = "=1+1"
    document["answer_sha256"] = answer_hash(document["answer"])
    document["receipt_sha256"] = receipt_hash(document)
    (tmp_path / "r.json").write_text(encode(document))
    rows = list(
        csv.DictReader(io.StringIO(call("replay", "r.json", "-f", "csv", cwd=tmp_path).stdout))
    )
    assert [row["then"] for row in rows if row["where"] == "rows.0.text"] == ["'=1+1"]
