"""``--columns``: what is asked, computed and written as without it, and nothing else."""

from __future__ import annotations

import csv
import io
import json

import pytest

from ..conftest import ROOT

BESIDE = ["drug", "regimen", "unit", "per", "warnings", "dmcalc", "table_version", "table_sha256"]
ROWS = """\
id,weight,severity,age,taking,egfr,drug,order
1,70,severe,,,,prednisone,90 mg daily
2,46.9,mild,,allopurinol,,,62.3 mg daily
3,154lb,,45,paracetamol,50,,60 mg daily
4,103.37,moderate,,,20,,x
5,28,,9,,,,30 mg daily
6,17,,,,,rituximab,1 g per dose
7,70,,,,,ivig,140 g over 2 days
"""
HOSPITAL = ("--overlay", str(ROOT / "examples" / "hospital.yaml"))
PLAIN = "low,high,unit,per"
OF_ALL = "text,capped,per_basis_low,products_high,low_before,atc,guide_sha256,cautions,schema"


def read(text, form):
    if form == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("form", "args", "asked"),
    [
        ("csv", (), PLAIN),
        ("jsonl", (), "suggested,daily_low"),
        ("csv", ("--alternatives", *HOSPITAL), OF_ALL),
        ("csv", ("--drug", "ciclosporin", "--stock", "400mg"), "severity,low"),
        ("jsonl", ("--check",), "verdict,order_verdict,exit"),
    ],
)
def test_a_cut_of_the_whole_answer(call, tmp_path, form, args, asked):
    """Warnings too: where no whole units make a dose is said though no unit is asked for."""
    source = tmp_path / "in.csv"
    source.write_text(ROWS.replace(",drug,", ",ward,") if "--drug" in args else ROWS)
    more = () if "--check" in args else ("--ignore-column", "order")
    options = (*args, *more, "-f", form, "--keep", "id", "--allow-rejects", "-q")
    whole = read(call("batch", str(source), *options).stdout, form)
    cut = read(call("batch", str(source), *options, "--columns", asked).stdout, form)
    names = {"id", *BESIDE, *asked.split(",")}
    assert len(whole) > 1
    assert cut == [{name: row[name] for name in row if name in names} for row in whole]
    if "--stock" in args:
        assert "no-combination" in cut[0]["warnings"] + cut[-1]["warnings"] + str(cut)


def test_they_stand_in_their_order(run_rows):
    done = run_rows("id,weight\n1,70\n", "--drug", "prednisone", "--columns", "high,low")
    assert list(json.loads(done.stdout)) == [
        *("id", "drug", "regimen", "low", "high", "unit", "per", "warnings"),
        *("dmcalc", "table_version", "table_sha256"),
    ]


def test_a_column_that_there_is_not_is_named(run_rows):
    done = run_rows("weight\n70\n", "--drug", "prednisone", "--columns", "low,hihg")
    assert (done.code, done.stdout) == (2, "")
    assert "--columns: an answer has no column 'hihg' (like it: high" in done.stderr
