"""A batch gives each row what the command for one patient gives, byte for byte."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmcalc import formulary, guideline, load_table
from dmcalc.batch.answers import COLUMNS, Doses, RowInput
from dmcalc.formats import csv as own_csv
from dmcalc.formats import tsv as own_tsv
from dmcalc.patient.inputs import PatientInput
from tests.formulary.overlays import figures, write

from ..conftest import ROOT
from .conftest import read

DISCLAIMER = load_table().table.disclaimer
LOCAL = ("--overlay", str(ROOT / "examples" / "hospital.yaml"))
DOSES = {
    "one drug": (("--drug", "prednisone"), ("prednisone",), {"weight": "70", "severity": "severe"}),
    "two drugs": (
        ("--drug", "ivig", "--drug", "rituximab"),
        ("ivig", "rituximab"),
        {"weight": "154lb"},
    ),
    "all drugs": ((), (), {"weight": "45.5", "severity": "mild"}),
    "alternatives": (("--alternatives",), ("--alternatives",), {"weight": "99.9", "bsa": "1.85"}),
    "an unusual weight": ((), (), {"weight": "350", "confirm_weight": "true"}),
    "a shelf": (
        ("--drug", "prednisone", "--stock", "20mg,5mg", "--halves"),
        ("prednisone", "--stock", "20mg,5mg", "--halves"),
        {"weight": "62.3", "severity": "moderate", "age": "45"},
    ),
    "local figures": (LOCAL, LOCAL, {"weight": "90", "severity": "severe"}),
    "local figures and a rule": (
        ("--drug", "ivig", "--alternatives", *LOCAL),
        ("ivig", "--alternatives", *LOCAL),
        {"weight": "62.3"},
    ),
    "no weight": (("--drug", "methotrexate"), ("methotrexate",), {"severity": "Severe"}),
}


def options(patient):
    for name, value in patient.items():
        yield f"--{name.replace('_', '-')}"
        if value != "true":
            yield value


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
@pytest.mark.parametrize(("asked", "alone", "patient"), DOSES.values(), ids=DOSES)
def test_a_row_is_what_dose_gives(call, tmp_path, form, asked, alone, patient):
    source = tmp_path / "patients.csv"
    row = ",".join(patient.values())
    # a second and a third time: what is remembered is the same
    source.write_text(f"{','.join(patient)}\n{row}\n{row}\n{row}\n", encoding="utf-8")
    one = call("dose", *alone, *options(patient), "--format", form).stdout
    header, rows = one.splitlines(keepends=True)[:1], one.splitlines(keepends=True)[1:]
    # a row begins with the facts that it does not hold by itself
    facts = {name: value for name, value in patient.items() if name not in ("weight", "severity")}
    if form == "jsonl":
        before, header, rows = json.dumps(facts)[:-1], [], [*header, *rows]
        rows = [f"{before}, {row[1:]}" if facts else row for row in rows]
    else:
        mark = "\t" if form == "tsv" else ","
        header = ["".join(f"{name}{mark}" for name in facts) + line for line in header]
        rows = ["".join(f"{value}{mark}" for value in facts.values()) + row for row in rows]
    done = call("batch", str(source), *asked, "--format", form)
    assert done.stdout == "".join(header + rows * 3)
    said = done.stderr.splitlines()[-1][:33]
    assert (done.code, said) == (0, "dmcalc: 3 rows in = 3 answered + ")


ORDERS = [
    ("prednisone", "90 mg daily", "70", "severe"),
    ("prednisone", "62.3 mg daily", "70", ""),
    ("ivig", "140 g over 2 days", "70", ""),
    ("ivig", "140 g over 2 days", "69", ""),  # 138 g, rounded
    ("methotrexate", "15 mg daily", "", ""),
    ("cyclophosphamide", "1 g every month", "70", ""),
]


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
@pytest.mark.parametrize("local", [(), LOCAL], ids=["", "local"])
@pytest.mark.parametrize(("drug", "order", "weight", "severity"), ORDERS)
def test_a_row_is_what_check_gives(call, tmp_path, form, local, drug, order, weight, severity):
    source = tmp_path / "orders.csv"
    source.write_text(f"drug,order,weight,severity\n{drug},{order},{weight},{severity}\n")
    patient = {"weight": weight, "severity": severity}
    named = options({key: value for key, value in patient.items() if value})
    one = call("check", drug, order, *named, *local, "--format", form, "--quiet")
    done = call("batch", str(source), "--check", *local, "--format", form, "--quiet")
    assert done.stdout == one.stdout != ""
    assert done.code == (5 if one.code else 0)


def test_a_drug_column_chooses_row_by_row(batch):
    found = batch("drug,weight\nprednisone,70\n,\nrituximab,\nivig,70\n", "--allow-rejects")
    assert [row["regimen"] for row in found.rows] == [
        "prednisone.induction",
        "rituximab.induction",
        "rituximab.maintenance",
        "ivig.induction",
        "ivig.maintenance",
    ]
    assert found.reasons == []
    assert "4 rows in = 3 answered + 0 rejected + 1 blank" in found.said


@given(st.lists(st.text(), min_size=2, max_size=6))
def test_a_cell_is_written_as_the_csv_library_writes_it(texts):
    theirs = io.StringIO()
    csv.writer(theirs).writerow(texts)
    assert ",".join(map(own_csv.raw_cell, texts)) + "\r\n" == theirs.getvalue()
    theirs = io.StringIO()
    csv.writer(theirs, "excel-tab", lineterminator="\n").writerow(texts)
    if not any("\r" in text for text in texts):  # which the library quotes for its own line end
        assert "\t".join(map(own_tsv.raw_cell, texts)) + "\n" == theirs.getvalue()


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["70", "85.5", "154lb", "x", "", "7000", "-1", "29"]),
            st.sampled_from(["mild", "moderate", "SEVERE", "", "grave"]),
        ),
        max_size=12,
    )
)
def test_rows_in_are_rows_answered_and_rows_rejected(call, tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("rows")
    lines = [f"{number},{weight},{severity}" for number, (weight, severity) in enumerate(rows)]
    (folder / "in.csv").write_text("\n".join(["id,weight,severity", *lines]), encoding="utf-8")
    names = [str(folder / name) for name in ("in.csv", "out.csv", "rejects.csv")]
    done = call("batch", names[0], "--drug", "prednisone", "-o", names[1], "--rejects", names[2])
    out, rejects = (read(Path(name)) for name in names[1:])
    good = [
        str(number)
        for number, (weight, severity) in enumerate(rows)
        if weight in ("70", "85.5", "154lb") and severity != "grave"
    ]
    assert [row["id"] for row in out] == good
    numbers = map(str, range(len(rows)))
    assert [row["id"] for row in rejects] == [number for number in numbers if number not in good]
    assert done.code == (4 if rejects else 0)
    assert done.stderr == (
        "dmcalc: weight from 'weight', severity from 'severity'; not used: id\n"
        f"dmcalc: {DISCLAIMER}\n"
        f"dmcalc: {len(rows)} rows in = {len(out)} answered + {len(rejects)} rejected; "
        f"{len(out)} rows out\n"
    )


def test_local_figures_are_worked_out_once_for_all_patients():
    """A row that is the same for every patient stays the very object that it was."""
    loaded = formulary.load(None, (LOCAL[1],))
    answer = Doses(loaded, guideline.load(), ("rituximab", "ivig"))
    one, other = (
        answer(RowInput(None, None, PatientInput(weight=weight))).rows for weight in ("70", "90.5")
    )
    pairs = list(zip(one, other, strict=True))
    assert [a is b for a, b in pairs] == [row.basis is None for row in one]
    assert all(a.local is b.local for a, b in pairs)
    named = {row.regimen: [local.figure for local in row.local] for row in one}
    assert named["ivig.induction"] == ["limits.weight"]


def test_an_unknown_phenotype_rejects_a_row(batch):
    found = batch("drug,weight,tpmt\nazathioprine,70,ultra\n")
    assert (found.code, found.rows) == (4, [])
    ((line, _, reason),) = found.reasons
    assert line == "2"
    assert "tpmt: 'ultra' is not a phenotype" in reason
    assert "--" not in reason


def test_a_patient_is_not_refused_for_how_far_an_earlier_search_went(batch):
    # 2 g/kg in units of 1 mg: 140,000 for the first, 200,000 for the second, of at most 300,000
    found = batch("weight\n70\n100\n", "--drug", "ivig", "--stock", "1mg")
    assert (found.code, found.reasons) == (0, [])
    assert [row["dispensed_high"] for row in found.rows] == ["140", "140", "200", "200"]


@pytest.mark.parametrize("more", [(), ("--check",), ("--drug", "ivig", "--drug", "rituximab")])
def test_strengths_in_stock_are_of_one_drug(batch, more):
    # tablets of 20 mg are no methotrexate
    found = batch("weight,drug\n70,prednisone\n70,methotrexate\n", "--stock", "20mg", *more)
    assert (found.code, found.rows) == (2, [])
    assert "--stock is of one drug" in found.said


def test_a_local_limit_rejects_a_row_and_says_so(batch):
    found = batch("id,weight\n1,90\n2,210\n", "--drug", "prednisone", *LOCAL)
    assert [row["id"] for row in found.rows] == ["1"]
    ((line, code, reason),) = found.reasons
    assert (line, code) == ("3", "4")
    assert "an adult weighs 35 to 200 kg" in reason
    assert reason.endswith(" Local figures were in use: Example hospital.")


def test_a_looser_figure_is_a_warning_in_each_row_that_it_bears_on(batch, tmp_path):
    (path,) = write(tmp_path, figures(("prednisone.induction.max", "90 mg/day")))
    asked = ("weight\n90\n", "--drug", "prednisone", "--drug", "rituximab", "--overlay", path)
    found = batch(*asked)
    codes = [row["warnings"].split("; ").count("local-looser") for row in found.rows]
    assert (found.code, codes) == (0, [1, 0, 0])
    assert found.rows[0]["high"] == "90"
    assert batch(*asked, "--strict").code == 6


@pytest.mark.parametrize("fact", ["sex", "severity", "tpmt", "height", "egfr", "age", "condition"])
def test_a_fact_that_is_not_understood_is_a_reject_though_no_dose_needs_it(batch, fact):
    """A sex that is none would ask no woman whether she is pregnant."""
    outcome = batch(f"weight,{fact}\n70,w?\n", "--drug", "prednisone")
    assert (outcome.code, outcome.rows) == (4, [])
    assert "w?" in outcome.reasons[0][2]


def test_a_reason_ends_with_one_mark(batch):
    done = batch("weight,dob\n70,1899-12-31\n70,x\n", "--drug", "prednisone")
    assert done.reasons[0][2] == "dob: 1899-12-31 is before 1900: is it a slip?"
    assert done.reasons[1][2].startswith("dob: 'x' is not a date written like 2026-12-01 or ")


def test_a_cell_of_medicines_is_read_word_by_word(run_rows):
    """Whatever stands between: a joined name, or a part of one, is never a full dose."""
    cells = ["allopurinol/ramipril", "Zyloric300", "allopurinolum", "allop", "metformin"]
    rows = "".join(f"{number},70,{cell}\n" for number, cell in enumerate(cells, 1))
    done = run_rows(f"id,weight,taking\n{rows}", "--drug", "azathioprine", "--allow-rejects")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    starts = {row["id"]: row["high"] for row in answers if row["regimen"] == "azathioprine.start"}
    assert starts == {"1": 12.5, "2": 12.5, "5": 50}  # a quarter of 50 mg with allopurinol
    assert "line 4: taking: no medicine is called 'allopurinolum'" in done.stderr
    assert "line 5: taking: no medicine is called 'allop'" in done.stderr


def test_an_age_by_the_date_of_birth_is_that_of_the_day_of_the_run():
    """A run that is repeated from its receipt has the ages of then."""
    cells = ["2005-06-01" if name == "dob" else None for name in COLUMNS]
    ages = {day: RowInput.read(cells, day).patient.age for day in ("2020-06-01", "2020-05-31")}
    assert ages == {"2020-06-01": "15y 0m", "2020-05-31": "14y 11m"}
