"""Headers as hospitals write them: each column is used, passed on by name, or ends the run."""

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
def test_an_age_is_used(run_rows, header, cell, code):
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
def test_kidneys_are_used(run_rows, header):
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
        *("liver", "Hepatic impairment", "ILD", "Malignancy", "infection", "hepatitis B"),
        *("medicine", "Other medicines", "Alter", "Gewicht (kg)", "Kreatinin", "lab tpnt"),
        # a sign that no unit has, and a minus in front
        *("severity (%)", "severity %", "-severity", "severity*", "severity>", "egfr (%)"),
        *("Creatinine {mg/dL}", "taking?", "tpmt\u2014", "\u2212height", "age\u200b", "#sex"),
        # words of hospitals
        *("clcr", "ccr", "KrCl", "CKD", "dialysis", "Nierenfunktion", "K\u00f6rpergewicht"),
        *("K\u00d6RPERGR\u00d6SSE", "Medikamente", "Begleitmedikation", "takes", "taken", "comeds"),
        *("concomitant", "interactions", "also_on", "contraindications", "contra-indications"),
        *(
            "intolerance",
            "nudt",
            "wgt",
            "born",
            "body surface",
            "Surface area",
            "cancer",
            "alcohol",
        ),
        *(
            "gravid",
            "trimester",
            "Diagnoses",
            "comedication",
            "allergien",
            "geburtsdatum",
            "gr\u00f6\u00dfe",
        ),
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
        *("consultant", "manager", "stage (%)", "ward*", "-id", "concomitance"),
        *("order_id", "created_at", "dosage", "average", "dose", "Sussex", "percentage", "lab bsi"),
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


@pytest.mark.parametrize(
    ("header", "named"),
    [("wieght", "WIEGHT "), ("Wieght  (kg)", " wieght (KG)"), ("Height (%)", "height (%)")],
)
def test_a_column_is_ignored_by_its_name_in_any_case_and_blanks(run_rows, header, named):
    done = run_rows(f"weight,{header}\n70,9\n", *ONE, "--ignore-column", named)
    assert done.code == 0, done.stderr
    assert done.stderr.startswith(f"dmcalc: weight from 'weight'; not used: {header}\n")


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


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
@pytest.mark.parametrize(
    ("drug", "header", "cells"),
    [
        # by weight alone each of these is another answer
        ("prednisone", "id,weight,age", "1,30,9"),
        ("prednisone", "id,Weight (lb),Age (months)", "1,66,108"),
        ("methotrexate", "id,egfr", "1,40"),
        ("azathioprine", "id,weight,taking", "1,70,allopurinol"),
        ("azathioprine", "id,weight,tpmt,unchecked", "1,70,intermediate,"),
        ("prednisone", "id,weight,confirm_weight", "1,310,yes"),
        ("prednisone", "id,weight,dob,as_of", "1,30,2017-01-01,2026-11-29"),
        ("ivig", "id,weight,height,sex,weight_policy", "1,120,160,F,ontario"),
        ("ivig", "id,weight,height,sex,weight_basis", "1,120,160,F,ideal"),
        ("methotrexate", "id;age;sex;creatinine", "1;45;M;1,5mg/dL"),
        ("rituximab", "id;bsa", "1;1,7"),
    ],
)
@pytest.mark.parametrize("args", [(), ("--keep", "id")])
def test_what_an_answer_does_not_hold_is_passed_on(call, tmp_path, form, drug, header, cells, args):
    """Whatever ``--keep`` names: else the answer would be read back as another patient."""
    (tmp_path / "in.csv").write_text(f"{header}\n{cells}\n")
    one, two, of = f"one.{form}", f"two.{form}", ("--allow-rejects", *args)
    first = call("batch", "in.csv", "--drug", drug, "-f", form, "-o", one, *of, cwd=tmp_path)
    assert "1 rows in = 1 answered" in first.stderr, first.stderr
    again = call("batch", one, "-f", form, "-o", two, "--keep", "id", cwd=tmp_path)
    assert again.code == 0, again.stderr
    lines = [(tmp_path / name).read_text().splitlines() for name in (one, two)]
    assert set(lines[0]) == set(lines[1])  # a line for each posology, each read back as a row


def test_an_answer_of_chosen_columns_is_no_input(call, tmp_path):
    """The facts that it does not hold cannot be known."""
    (tmp_path / "in.csv").write_text("id,egfr,age\n1,40,45\n")
    words = ("--drug", "methotrexate", "--columns", "low,high,weight_kg,severity", "-o", "one.csv")
    assert call("batch", "in.csv", *words, cwd=tmp_path).code == 0
    done = call("batch", "one.csv", cwd=tmp_path)
    assert (done.code, done.stdout) == (2, "")
    assert "an answer of dmcalc without all of its columns" in done.stderr
    assert call("batch", "one.csv", "--ignore-column", "regimen", cwd=tmp_path).code == 0


def test_an_order_is_passed_on_with_its_check(call, tmp_path):
    (tmp_path / "in.csv").write_text("id,weight,age,drug,order\n1,70,45,prednisone,60 mg daily\n")
    words = ("--check", "--keep", "id", "-o")
    assert call("batch", "in.csv", *words, "one.csv", cwd=tmp_path).code == 0
    again = call("batch", "one.csv", *words, "two.csv", cwd=tmp_path)
    assert again.code == 0, again.stderr
    assert (tmp_path / "two.csv").read_text() == (tmp_path / "one.csv").read_text()


def test_a_slip_in_a_drug_ends_the_run_at_once(run_rows):
    done = run_rows("weight\nx\n70\n", "--drug", "prednisonne")
    assert (done.code, done.stdout) == (3, "")


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


#: The answer under names of facts as they are, once it was asked for.
PLAIN = []


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

    if not PLAIN:
        plain, right = answers({fact: fact for fact in FACTS})
        assert plain.code == 0
        assert len(right) == 2
        PLAIN.append(right)
    order = data.draw(st.permutations(list(FACTS)))
    wrong = data.draw(st.sampled_from(order))
    names = {data.draw(spoilt(fact)) if fact == wrong else fact: fact for fact in order}
    done, rows = answers(names)
    if done.code == 0:
        assert rows == PLAIN[0], names
    else:
        assert done.code in (2, 7)
        assert rows == []
