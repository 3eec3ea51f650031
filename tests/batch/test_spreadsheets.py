"""Files as spreadsheets write them: what parts cells, decimals, encodings, blanks, first lines."""

from __future__ import annotations

import io
import json

import pytest

from dmcalc.batch.reader import BatchReader

ONE = ("--drug", "prednisone")


@pytest.mark.parametrize(
    "text",
    [
        "id;weight\n1;70\n2;80\n",
        "sep=;\nid;weight\n1;70\n2;80\n",
        "sep=,\nid,weight\n1,70\n2,80\n",
        "id|weight\n1|70\n2|80\n",
        "id\tweight\n1\t70\n2\t80\n",
        "id,weight,,\n1,70,,\n2,80,,\n",
        "id,weight,,\n1,70\n2,80,\n",
        "id,weight\n1,70\n,\n2,80\n",
        "id;weight\n1;70,0\n2;80,00\n",
        '"sep=;"\nid;weight\n1;70\n2;80,0\n',
        "SEP=;;\r\nid;weight\r\n1;70\r\n2;80\r\n",
        '"id,of it";weight\n1;70\n2;80\n',
        "id,weight\n1,70,,\n2,80,\n",
    ],
)
def test_files_as_spreadsheets_write_them(run_rows, text):
    done = run_rows(text, *ONE)
    assert done.code == 0, done.stderr
    weights = [
        line.partition('"weight_kg": ')[2].split(",")[0] for line in done.stdout.splitlines()
    ]
    assert [float(weight) for weight in weights] == [70, 80]


def test_blank_rows_are_counted_and_never_answered(run_rows):
    done = run_rows("id,weight\n1,1\n,\n", "--drug", "rituximab", "--allow-rejects")
    assert "2 rows in = 0 answered + 1 rejected + 1 blank" in done.stderr


def test_a_comma_that_could_part_thousands_is_not_read(run_rows):
    done = run_rows("id;weight\n1;1,070\n2;1.070,5\n", *ONE)
    assert (done.code, done.stdout) == (4, "")
    assert "'1,070'" in done.stderr
    assert "'1.070,5'" in done.stderr


@pytest.mark.parametrize(
    ("creatinine", "low"), [("0,9", 10), ("0,900", 10), ("1,5000", 5), ("132,6 umol/L", 5)]
)
def test_a_comma_that_can_only_be_decimal_is_read(run_rows, creatinine, low):
    # 45 years, a man: 107 mL/min/1.73 m2 at 0.9 mg/dL; 58 at 1.5, which are 132.6 umol/L
    unit = "" if "umol" in creatinine else "mg/dL"
    row = f"70;45;M;{creatinine}{unit}"
    done = run_rows(f"weight;age;sex;creatinine\n{row}\n", "--drug", "methotrexate")
    assert done.code == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[0])["low"] == low


def test_a_cell_under_no_name_is_a_fault_of_its_row(run_rows):
    done = run_rows("id,weight,,\n1,70,9,\n2,80,,\n", *ONE)
    assert done.code == 4
    assert "a column that has no name" in done.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("weight\n70\n".encode("utf-16"), "UTF-16"),
        ("weight,Größe\n70,1\n".encode("latin-1"), "Latin-1"),
        (
            "name,weight\nMüller,80\n".encode("latin-1"),
            "line 2: it is not UTF-8 at byte 2, but",
        ),
        ("weight\n70\n".encode("utf-16-le"), "UTF-16"),
        ("weight\n70\n".encode("utf-16-be"), "UTF-16"),
        (b"id,weight\r1,70\r", "its lines end in CR alone"),
        (
            b"id,weight\n1;70\n",
            "line 2: the header is separated by a comma, and this row by a semicolon",
        ),
        (
            b"id;weight\n1|70\n",
            "line 2: the header is separated by a semicolon, and this row by a bar",
        ),
    ],
)
def test_a_file_that_is_not_what_was_read_ends_the_run(run_rows, content, says):
    done = run_rows(content, *ONE)
    assert (done.code, done.stdout) == (7, "")
    assert says in done.stderr


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("1,70\n2,80\n", "in.csv", "the first line names no column: 1, 70"),
        (
            "id,weight\n1,70\n",
            "in.tsv",
            "one column, 'id,weight', and its cells are separated by a comma",
        ),
    ],
)
def test_a_first_line_that_is_no_header_ends_the_run(run_rows, text, name, says):
    done = run_rows(text, "--drug", "rituximab", name=name)
    assert (done.code, done.stdout) == (2, "")
    assert says in done.stderr


MTX = ("--drug", "methotrexate", "--columns", "low,high", "--allow-rejects")


@pytest.mark.parametrize(
    "title",
    [
        *("Ward 3,January", "Ward 3 list", "# export of 2026", "Ward 3 list,", "Ward 3 list;;"),
        *("Ward 3|January", "Ward 3\n\n", "sep=,\nWard 3,January"),
        # of a fact, with the header below
        *("Age,January", "Age", "Weight,Height", "Age,January\nprinted,Monday"),
    ],
)
@pytest.mark.parametrize(
    "rows", ["id,egfr\n1,20\n", "id,eGFR (mL/min/1.73 m2),ward\n1,20,A\n", "id;drug;egfr\n1;x;20\n"]
)
def test_a_title_above_the_header_ends_the_run(run_rows, title, rows):
    done = run_rows(f"{title}\n{rows}", *MTX)
    assert (done.code, done.stdout) == (2, ""), done.stderr
    assert "header" in done.stderr


@pytest.mark.parametrize("rows", ["id\n1\n", "id,ward\n1,A\n"])
def test_a_file_without_a_fact_is_answered_where_it_is_meant(run_rows, rows):
    done = run_rows(rows, *MTX)
    assert (done.code, done.stdout) == (2, "")
    assert "no column is a fact of a patient: id" in done.stderr
    every = rows.partition("\n")[0]
    for option in ("--ignore-column", "--keep"):
        assert run_rows(rows, *MTX, option, every).code == 0


@pytest.mark.parametrize(
    "row", ["order,prednisone,60 mg daily", "weight,prednisone,70", "A,prednisone,severe", "drug,,"]
)
def test_a_row_that_names_a_fact_in_a_cell_is_no_header(row):
    text = f"kind,drug,note\n{row}\n".encode()
    (record,) = BatchReader(io.BytesIO(text), "in", "csv")
    assert record.cells == row.split(",")


def test_a_line_of_json_without_keys_names_no_columns(run_rows):
    done = run_rows('{}\n{"weight": 80}\n', *ONE, name="in.jsonl")
    assert done.code == 0
    assert "2 rows in = 1 answered + 0 rejected + 1 blank" in done.stderr


def test_a_bad_first_line_of_json_is_rejected_alone(run_rows):
    text = '{"weight": NaN}\n{"weight": 80}\n'
    done = run_rows(text, *ONE, name="in.jsonl")
    assert done.code == 4
    assert "2 rows in = 1 answered + 1 rejected" in done.stderr


def test_text_that_is_not_unicode_is_rejected_alone(run_rows):
    text = '{"id": "1", "weight": "70"}\n{"id": "\\ud800", "weight": "70"}\n'
    done = run_rows(text, *ONE, name="in.jsonl")
    assert done.code == 4
    assert "2 rows in = 1 answered + 1 rejected" in done.stderr


def test_a_quote_in_tsv_loses_no_patient(call, tmp_path):
    """A text that begins with a quote is read back as it is, by dmcalc's own reader."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.tsv"
    ids = ['\\"A', "B", 'C\\"']
    source.write_text("".join(f'{{"id": "{i}", "weight": "70"}}\n' for i in ids))
    assert call("batch", str(source), *ONE, "-o", str(out), "-f", "tsv").code == 0
    again = call("batch", str(out), "--keep", "id", "-f", "jsonl")
    assert "3 rows in = 3 answered" in again.stderr
    assert [line.split('", ')[0] for line in again.stdout.splitlines()] == [
        f'{{"id": "{i}' for i in ids
    ]
