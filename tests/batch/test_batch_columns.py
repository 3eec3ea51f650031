"""Columns: which ask, which are passed on, and which are refused."""

from __future__ import annotations

import pytest

import dmcalc

ONE = ("--drug", "prednisone")


def test_other_columns_are_passed_on_before_the_answer(batch):
    found = batch("id,weight,ward\n1,70,A 3\n", *ONE)
    assert list(found.rows[0])[:4] == ["id", "ward", "weight_kg", "severity"]
    assert (found.rows[0]["id"], found.rows[0]["ward"]) == ("1", "A 3")


def test_keep_names_those_that_are_passed_on(batch):
    found = batch("id,weight,ward,bed\n1,70,A,9\n", *ONE, "--keep", "ward, id")
    assert list(found.rows[0])[:3] == ["ward", "id", "weight_kg"]


def test_a_column_called_as_one_of_the_answer_gets_another_name(batch):
    found = batch("name,weight\nDoe,70\n", *ONE)
    assert (found.rows[0]["input_name"], found.rows[0]["name"]) == ("Doe", "Prednisone")


def test_names_of_columns_take_capitals_and_hyphens(batch):
    found = batch("Weight,Confirm-Weight\n350,yes\n", *ONE)
    assert (found.code, found.rows[0]["weight_kg"]) == (0, "350")


@pytest.mark.parametrize(
    ("header", "args", "says"),
    [
        ("id,wieght", (), "the column 'wieght' is not a fact that dmcalc knows (like it: weight"),
        ("id,weight_st", (), "'weight_st' is not a fact"),
        ("id,wieght", ("--keep", "id"), "'wieght' is not a fact"),
        ("id,weight", ("--keep", "ward"), "--keep: there is no column 'ward'"),
        ("drug,weight", (), "the column 'drug' would not be used"),
    ],
)
def test_a_column_that_would_go_unused_is_refused(call, tmp_path, header, args, says):
    source = tmp_path / "in.csv"
    source.write_text(f"{header}\n1,70\n")
    done = call("batch", str(source), *ONE, *args)
    assert (done.code, done.stdout) == (2, "")
    assert says in done.stderr


def test_json_holds_what_was_given(batch):
    given = '{"id": "=1+1", "weight": 70.50, "n": -1, "t": true, "none": null}\n'
    (row,) = batch(given, *ONE, form="jsonl").rows
    found = {key: row[key] for key in ("id", "n", "t", "none")}
    assert found == {"id": "=1+1", "n": -1, "t": True, "none": None}
    assert row["weight_kg"] * 10 == 705


# 2 g/kg: 140 g at 70 kg; a child of 40 kg has 80 g, from the paediatric posology
def test_a_child_among_adults_has_the_posology_of_children(batch):
    found = batch("id,weight,age\n1,70,45\n2,40,12\n3,70,45\n", "--drug", "ivig")
    rows = {(row["id"], row["regimen"]): row["high"] for row in found.rows}
    assert rows["2", "ivig.ontario-juvenile"] == "80"
    assert [regimen for who, regimen in rows if who == "2"] == ["ivig.ontario-juvenile"]
    assert rows["1", "ivig.induction"] == rows["3", "ivig.induction"] == "140"
    assert not any(regimen == "ivig.ontario-juvenile" for who, regimen in rows if who != "2")


def test_a_child_without_posology_is_rejected_and_never_answered(batch):
    found = batch("id,weight,age\n1,70,45\n2,40,12\n3,40,18 months\n", "--drug", "azathioprine")
    assert {row["id"] for row in found.rows} == {"1"}
    assert [code for _, code, _ in found.reasons] == ["4", "4"]
    assert "the table has no paediatric dose of azathioprine" in found.reasons[0][2]


def test_rejects_name_line_code_and_reason(batch):
    found = batch(
        "id,drug,order,weight\n"
        "1,prednison,60 mg daily,70\n"
        "2,prednisone,60 mg QD,70\n"
        "3,prednisone,60 mg daily,\n"
        "4,prednisone,60 mg daily,70\n"
        "5,prednisone,,70\n",
        "--check",
    )
    assert [row["id"] for row in found.rows] == ["4"]
    lines, codes, reasons = zip(*found.reasons, strict=True)
    assert (lines, codes) == (("2", "3", "4", "6"), ("3", "2", "4", "4"))
    expected = ("prednisone is meant", "'QD'", "weight", "order")
    for reason, words in zip(reasons, expected, strict=True):
        assert words in reason
        assert "\n" not in reason
    assert list(found.rejects[0].values())[3:] == ["1", "prednison", "60 mg daily", "70"]


def test_without_a_file_the_first_rejects_are_told(call, tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("weight\n" + "x\n" * 12 + "70\n")
    done = call("batch", str(source), *ONE)
    told = done.stderr.splitlines()[1:]  # after what was understood
    assert [line[:15] for line in told[:2]] == ["dmcalc: line 2:", "dmcalc: line 3:"]
    assert len(told) == 13
    assert told[10:] == [
        "dmcalc: ... and more; --rejects FILE takes them all",
        f"dmcalc: {dmcalc.load_table().table.disclaimer}",
        "dmcalc: 13 rows in = 1 answered + 12 rejected; 1 rows out",
    ]
    assert done.code == 4


@pytest.mark.parametrize(
    ("rows", "args", "code"),
    [
        ("prednisone,60 mg daily,70\n", (), 0),
        ("prednisone,90 mg daily,70\n", (), 5),
        ("prednisone,90 mg daily,70\nprednisone,x,70\n", (), 4),
        ("prednisone,90 mg daily,70\nprednisone,x,70\n", ("--allow-rejects",), 5),
        ("prednisone,60 mg daily,70\nprednisone,x,70\n", ("--allow-rejects",), 0),
        ("methotrexate,20 mg once a week,70\n", ("--strict",), 0),
        ("methotrexate,15 mg once a week,70\n", ("--strict",), 6),
    ],
)
def test_exit_codes(batch, rows, args, code):
    assert batch(f"drug,order,weight\n{rows}", "--check", *args).code == code
