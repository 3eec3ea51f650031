"""Headers as hospitals write them: each column is heeded, passed on by name, or ends the run."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ONE = ("--drug", "prednisone")
#: A patient of whom each fact bears on the dose of azathioprine.
FACTS = {
    "weight": "70",
    "age": "45",
    "severity": "severe",
    "taking": "allopurinol",
    "tpmt": "normal",
    "egfr": "40",
}
KNOWN_UNITS = {"weight": ["_kg", " (kg)", " [KG]"], "age": ["_years", " (Years)"]}
WRONG_UNITS = [" (stone)", "_mmol", " (s)", "_g", " 2"]


@pytest.fixture
def run_rows(call, tmp_path):
    def run_rows(text, *args, name="in.csv"):
        source = tmp_path / name
        source.write_bytes(text if isinstance(text, bytes) else text.encode())
        return call("batch", str(source), *args, "-f", "jsonl")

    return run_rows


@pytest.mark.parametrize(
    ("header", "cells", "weight"),
    [
        ("Weight", "70", 70),
        (" WEIGHT ", "70", 70),
        ("weight_kg", "70", 70),
        ("Weight (kg)", "70", 70),
        ("Body weight [kg]", "70", 70),
        ("Ｗｅｉｇｈｔ", "70", 70),
        ("weight_lb", "154", "69.85322498"),
        ("Weight (lbs)", "154lb", "69.85322498"),
    ],
)
def test_a_weight_by_any_of_its_names(run_rows, header, cells, weight):
    done = run_rows(f"{header}\n{cells}\n", *ONE)
    assert done.code == 0, done.stderr
    assert f'"weight_kg": {weight},' in done.stdout
    assert done.stderr.splitlines()[0] == f"dmcalc: weight from {header.strip()!r}"


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        # a child without a posology, kidneys that are refused: exit 4, not a dose for an adult
        ("Age (years)", "9", 4),
        ("age_years", "9", 4),
        ("Age (months)", "108", 4),
        ("dob", "2020-01-01", 4),
        ("Date of birth", "2020-01-01", 4),
    ],
)
def test_an_age_is_heeded(run_rows, header, cell, code):
    assert run_rows(f"weight,{header}\n28,{cell}\n", "--drug", "mycophenolate").code == code


@pytest.mark.parametrize("unit", ["µmol/L", "μmol/l", "umol_l", "micromol/L"])
def test_a_unit_is_known_however_its_letters_are_encoded(run_rows, unit):
    header = f"weight,age,sex,Creatinine ({unit})"
    done = run_rows(f"{header}\n70,60,M,300\n", "--drug", "methotrexate")
    assert (done.code, done.stdout) == (4, "")
    assert "refused for this patient" in done.stderr


@pytest.mark.parametrize(
    "header",
    ["egfr", "eGFR (mL/min)", "egfr_ml_min_173m2", "eGFR (mL/min/1.73 m2)", "CrCl (mL/min)"],
)
def test_kidneys_are_heeded(run_rows, header):
    done = run_rows(f"weight,{header}\n70,20\n", "--drug", "methotrexate")
    assert (done.code, done.stdout) == (4, "")
    assert "refused for this patient" in done.stderr


@pytest.mark.parametrize(
    "header",
    [
        *(
            "age_yrs",
            "agee_years",
            "page",
            "wieght",
            "weight (stone)",
            "patient weight",
            "e-gfr value",
        ),
        *("eGFR (mL/s)", "CrCl (mL/min/1.73 m2)", "Gender", "pregnant?", "Allergies", "severty"),
        *("creatinine_clearance", "tpmt_result", "takin", "weightkg", "ageyears", "A ge"),
        *("Wt (kg)", "BW", "Ht", "GFR", "Creat", "D.O.B.", "preg", "meds", "patientAge", "aeg"),
        *("renal function", "weight in kg", "Comorbidities", "Bodyweight", "drg", "Drugs"),
    ],
)
@pytest.mark.parametrize("args", [(), ("--keep", "id")])
def test_what_looks_like_a_fact_ends_the_run(run_rows, header, args):
    done = run_rows(f"id,weight,{header}\n1,70,9\n", *ONE, *args)
    assert (done.code, done.stdout) == (2, "")
    assert repr(header) in done.stderr
    assert "--ignore-column" in done.stderr


@pytest.mark.parametrize(
    "header",
    [
        *("id", "ward", "stage", "room", "name", "MRN", "note", "date of visit", "agent"),
        *("order_id", "created_at", "dosage", "average", "dose", "Sussex", "percentage"),
    ],
)
def test_what_does_not_is_passed_on(run_rows, header):
    done = run_rows(f"weight,{header}\n70,9\n", *ONE)
    assert done.code == 0
    assert done.stderr.splitlines()[0] == f"dmcalc: weight from 'weight'; not used: {header}"


def test_what_is_not_passed_on_is_named_too_and_what_is_used_is_not(run_rows):
    done = run_rows("id,ward,weight\n1,A,70\n", *ONE, "--keep", "id,weight")
    assert done.code == 0
    assert done.stderr.startswith("dmcalc: weight from 'weight'; not used: id, ward\n")


def test_a_column_that_is_meant_to_be_unused(run_rows):
    done = run_rows("id,weight,age_yrs\n1,70,9\n", *ONE, "--ignore-column", "age_yrs")
    assert done.code == 0
    assert done.stderr.startswith("dmcalc: weight from 'weight'; not used: id, age_yrs\n")


def test_two_columns_of_one_fact_end_the_run(run_rows):
    done = run_rows("weight,Weight (kg)\n70,80\n", *ONE)
    assert (done.code, done.stdout) == (2, "")
    assert "both give weight" in done.stderr


def test_quiet_drops_the_first_line(run_rows):
    assert run_rows("id,weight\n1,70\n", *ONE, "--quiet").stderr == ""


def test_an_answer_reads_back_to_the_same_patients(call, tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    (tmp_path / "in.csv").write_text("id,weight,severity\n1,70,severe\n")
    assert call("batch", str(tmp_path / "in.csv"), *ONE, "-o", str(first)).code == 0
    again = call("batch", str(first), "--keep", "id", "-o", str(second))
    assert again.code == 0, again.stderr
    assert second.read_text() == first.read_text()


def test_a_slip_in_a_drug_ends_the_run_at_once(run_rows):
    done = run_rows("weight\nx\n70\n", "--drug", "prednisonne")
    assert (done.code, done.stdout) == (3, "")


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
            "line 2: the header is parted by a comma, and this row by a semicolon",
        ),
        (
            b"id;weight\n1|70\n",
            "line 2: the header is parted by a semicolon, and this row by a bar",
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
            "one column, 'id,weight', and its cells are parted by a comma",
        ),
    ],
)
def test_a_first_line_that_is_no_header_ends_the_run(run_rows, text, name, says):
    done = run_rows(text, "--drug", "rituximab", name=name)
    assert (done.code, done.stdout) == (2, "")
    assert says in done.stderr


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


@pytest.mark.parametrize(("sex", "code"), [("M", 0), ("f", 0), ("female", 0), ("x", 4)])
def test_a_sex_is_read_by_its_letter(run_rows, sex, code):
    row = f"70,{sex},1.0mg/dL,45"
    done = run_rows(f"weight,sex,creatinine,age\n{row}\n", "--drug", "azathioprine")
    assert done.code == code, done.stderr


@st.composite
def spoilt(draw, name):
    """A name of a column as people write it, or as they misspell it by one letter."""
    letters = list(name)
    at = draw(st.integers(0, len(letters) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    ways = {
        "none": letters,
        "put in": [*letters[:at], letter, *letters[at:]],
        "left out": [*letters[:at], *letters[at + 1 :]],
        "swapped": [*letters[:at], *reversed(letters[at : at + 2]), *letters[at + 2 :]],
        "exchanged": [*letters[:at], letter, *letters[at + 1 :]],
        "blank": [*letters[:at], " ", *letters[at:]],
    }
    word = "".join(ways[draw(st.sampled_from(sorted(ways)))])
    wrong = (
        WRONG_UNITS if word == name or len(name) > 3 else []
    )  # of two short words neither is like
    word += draw(st.sampled_from(["", "", *KNOWN_UNITS.get(name, ()), *wrong]))
    case = draw(st.sampled_from([str, str.upper, str.title, str.swapcase]))
    return draw(st.sampled_from(["", " "])) + case(word) + draw(st.sampled_from(["", "\u00a0 "]))


@settings(max_examples=150)
@given(data=st.data())
def test_no_spoilt_header_changes_an_answer(call, tmp_path_factory, data):
    """Case, blanks, units, order, letters: the answer is the same, or there is none."""

    def answers(names):
        source = tmp_path_factory.mktemp("headers") / "in.csv"
        cells = [FACTS[fact] for fact in names.values()]
        source.write_text(f"{','.join(names)}\n{','.join(cells)}\n", encoding="utf-8")
        done = call("batch", str(source), "--drug", "azathioprine", "-f", "jsonl")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return done, [(row["regimen"], row["low"], row["high"], row["warnings"]) for row in rows]

    plain, right = answers({fact: fact for fact in FACTS})
    assert plain.code == 0
    assert len(right) == 2
    order = data.draw(st.permutations(list(FACTS)))
    wrong = data.draw(st.sampled_from(order))
    names = {data.draw(spoilt(fact)) if fact == wrong else fact: fact for fact in order}
    done, rows = answers(names)
    if done.code == 0:
        assert rows == right, names
    else:
        assert done.code in (2, 7)
        assert rows == []
