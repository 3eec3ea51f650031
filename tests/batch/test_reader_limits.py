"""What a row of a batch may hold, on both sides of each limit, and what its columns are read as."""

from __future__ import annotations

import io
import time
from decimal import Decimal

import pytest

from dmcalc.batch.columns import PLACES, Columns, text_of
from dmcalc.batch.headers import condition_of, fact_of, looks_like_a_fact
from dmcalc.batch.reader import BatchReader
from dmcalc.batch.rejects import renamed
from dmcalc.errors import FileError, UsageError


def rows(content, form="csv"):
    return list(BatchReader(io.BytesIO(content), "in", form))


def nested(depth):
    """Return a row with a list in a list, so many deep."""
    return b'{"weight": 70}\n{"weight": ' + b"[" * depth + b'"70"' + b"]" * depth + b"}\n"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (b"7", None),
        (b"-1.5", None),
        (b"7" * 40, None),
        (b"7" * 41, f"{'7' * 20} is not a number that a patient can have"),
        (b"0." + b"0" * 38, None),
        (b"1e40", None),
        (b"1e41", "1e41 is not a number that a patient can have"),
        (b"1e-40", None),
        (b"1e-41", "1e-41 is not a number that a patient can have"),
        (b"NaN", "NaN is not a number that a patient can have"),
    ],
)
def test_the_digits_of_a_number(row, fault):
    _, record = rows(b'{"weight": 70}\n{"weight": ' + row + b"}\n", "jsonl")
    assert record.fault == fault


@pytest.mark.parametrize(
    ("letter", "fault"),
    [
        *((r"\ud7ff", None), (r"\ue000", None), (r"\ud83d\ude00", None)),
        *((half, "it holds text that is not Unicode") for half in (r"\ud800", r"\udfff")),
    ],
)
def test_half_of_a_letter_is_no_text(letter, fault):
    _, record = rows(f'{{"ward": "A"}}\n{{"ward": "{letter}"}}\n'.encode(), "jsonl")
    assert record.fault == fault


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (b'"a",7\r0', "a carriage return (CR) stands in a cell that is not in quotes"),
        (b'"a\rb",70', None),
        (b'"a"b,70', "its quotes cannot be read: ',' expected after '\"'"),
    ],
)
def test_quotes_and_carriage_returns_in_a_row(row, fault):
    first, second = rows(b"note,weight\n" + row + b"\nb,80\n")
    assert (first.fault, second.fault) == (fault, None)


@pytest.mark.parametrize("row", [b"2;80", b"2\t80", b"2|80", b'"2";"80"', b'"2|0"|80'])
def test_a_row_that_is_separated_otherwise_ends_the_run_wherever_it_stands(row):
    with pytest.raises(FileError, match=r"line 3: the header is separated by a comma, and this"):
        rows(b"id,weight\n1,70\n" + row + b"\n")


@pytest.mark.parametrize("row", [b"2", b"2;80;", b"a;b,70,80", b'"2;80"', b"2:80"])
def test_a_row_with_too_few_or_too_many_cells_is_rejected_alone(row):
    assert [record.fault is None for record in rows(b"id,weight\n1,70\n" + row + b"\n3,80\n")] == [
        *(True, False, True)
    ]


def test_a_key_that_is_there_twice_is_named():
    _, record = rows(b'{"weight": 70}\n{"drug": "a", "weight": 70, "weight ": 71}\n', "jsonl")
    assert record.fault == "it has the key 'weight' twice"


def test_a_row_is_nested_no_deeper_than_six():
    assert rows(nested(5), "jsonl")[1].fault is None
    assert rows(nested(6), "jsonl")[1].fault == "it is nested too deeply"


def test_a_row_is_no_longer_than_a_million_bytes():
    head = b"weight,note\n70,"
    row = b"x" * (1_000_000 - len(b"70,") - 1)
    (record,) = rows(head + row + b"\n")
    assert record.fault is None
    first, second = rows(head + row + b"xy\n" + b"71,next\n")
    assert (first.fault, first.line) == ("it is longer than 1,000,000 bytes", 2)
    assert (second.fault, second.line, second.cells) == (None, 3, ["71", "next"])


@pytest.mark.parametrize(
    ("content", "delimiter", "names"),
    [
        (b"weight,drug\n", ",", ["weight", "drug"]),
        (b"weight;drug\n", ";", ["weight", "drug"]),
        (b"weight|drug\n", "|", ["weight", "drug"]),
        (b"weight\tdrug\n", "\t", ["weight", "drug"]),
        (b'"weight;kg",drug\n', ",", ["weight;kg", "drug"]),
        (b"sep=;\nweight;drug\n", ";", ["weight", "drug"]),
        (b"\xef\xbb\xbfweight,drug\n", ",", ["weight", "drug"]),
        (b"\n\nweight,drug\n", ",", ["weight", "drug"]),
        (b"weight,drug,,\n", ",", ["weight", "drug"]),
    ],
)
def test_what_parts_the_names_of_the_columns(content, delimiter, names):
    reader = BatchReader(io.BytesIO(content), "in", "csv")
    assert (reader.delimiter, reader.names) == (delimiter, names)


@pytest.mark.parametrize(
    ("row", "cells", "fault"),
    [
        (b"70,ivig", ["70", "ivig"], None),
        (b"70,ivig,,", ["70", "ivig"], None),
        (b"70,ivig,", ["70", "ivig"], None),
        (b"70,ivig,,,", ["70", "ivig"], None),
        (b"70,ivig,,,x", [], "it has 5 cells, and the header 4"),
        (b"70", [], "it has 1 cells, and the header 4"),
        (b"70,ivig,x,", [], "a cell is in a column that has no name"),
    ],
)
def test_a_row_has_the_cells_of_the_header(row, cells, fault):
    # a first row shows what parts the cells
    record = rows(b"weight,drug,,\n68,ivig,,\n" + row + b"\n")[1]
    assert (record.cells, record.fault) == (cells, fault)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"weight,weight\n", "two columns are called 'weight'"),
        (b"", "in: it is empty"),
        (b'note,weight\n"a\nb",7\r0\n', "in, line 3: a carriage return (CR) stands in a cell"),
        (b"\n \n", "in: there is no row in it"),
        (b"\xff\xfew\0", "it is UTF-16"),
        ("weight,Ā\n70,1".encode("utf-16-le"), "it is UTF-16"),
        ("weight\n70\n".encode("utf-32"), "it is UTF-32"),
        ("weight\n70\n".encode("utf-32-be"), "it is UTF-32"),
        (b"w\0,\0d\0\n\0", "it is UTF-16"),
        (b"w\0\n", "it holds a NUL byte"),
        (b"weight,drug\r70,ivig\r", "its lines end in CR alone"),
        (
            b"weight;drug\n70,ivig\n",
            "the header is separated by a semicolon, and this row by a comma",
        ),
    ],
)
def test_a_file_that_no_row_can_be_read_of(content, says):
    with pytest.raises(FileError) as refused:
        rows(content)
    assert says in refused.value.message


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Decimal("70.50"), "70.5"),
        (True, "true"),
        (False, "false"),
        (["a", "b"], "a; b"),
        (["a", Decimal(1)], '["a", 1]'),
        ({"a": "b"}, '{"a": "b"}'),
        ([], None),
        ("  ", None),
        (" 70 ", "70"),
        (None, None),
    ],
)
def test_the_text_of_a_cell(cell, text):
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("name", "fact", "unit"),
    [
        ("weight", "weight", ""),
        ("Weight (kg)", "weight", ""),
        ("body weight lb", "weight", " lb"),
        ("Age (months)", "age", " months"),
        ("height_m", "height", " m"),
        ("creatinine µmol/L", "creatinine", " umol/L"),
        ("date of birth", "dob", ""),
        ("weights", None, ""),
    ],
)
def test_the_fact_of_a_column(name, fact, unit):
    assert fact_of(name) == (fact, unit)


ASKED = ("weight", "age", "severity", "taking", "condition", "egfr")


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("wieght", True),
        ("weigth kg", True),
        ("weighs", True),
        ("wt", True),
        ("ageyears", True),
        ("aeg", True),  # no other word in it
        ("agr", True),
        ("agr of", False),
        ("stage", False),
        ("ward", False),
        ("patientAge", True),
        ("pregnant", True),
        ("egrf", True),
        ("gfr", True),
        ("created", False),
        ("ag 1", True),
    ],
)
def test_a_column_that_may_be_meant_as_a_fact(name, like):
    assert looks_like_a_fact(name, ASKED) is like


def test_a_column_of_a_condition():
    conditions = ("interstitial-lung-disease", "pregnancy")
    assert condition_of("Lung disease", conditions) == "interstitial-lung-disease"
    assert condition_of("disease", conditions) is None  # it names none by itself
    assert condition_of("lung function", conditions) is None


def test_the_header_of_one_column_shows_what_parts_it():
    with pytest.raises(UsageError, match="its cells are separated by a semicolon"):
        Columns(["weight;drug"], None, ASKED)
    assert Columns(["weight"], None, ASKED).kept == ()
    assert Columns(["weight", "a;b"], None, ASKED).kept == ("a;b",)
    with pytest.raises(UsageError, match="the first line names no column: 70, 1"):
        Columns(["70", "1"], None, ASKED)


def test_columns_that_are_passed_on_have_names_of_their_own():
    names = ["line", "input_line", "ward", "=line"]
    found = renamed(names, ("line", "code"))
    assert len(set(found)) == len(names)
    assert found[1:3] == ["input_line", "ward"]
    assert found[0] not in ("line", "code", "input_line")


def test_a_row_of_one_cell_whose_quotes_are_wrong_is_rejected_alone():
    first, second = rows(b'weight\n"7"0\n80\n')
    assert (first.fault is None, second.cells) == (False, ["80"])


def test_a_header_of_several_columns_may_hold_the_mark_of_another_in_its_first():
    assert Columns(["id;no", "weight"], None, ASKED, delimiter=",").kept == ("id;no",)


@pytest.mark.parametrize(
    ("delimiter", "keep", "passed"),
    [
        # the number is read back with a point, and a text stays as it is
        (";", None, ["vitamin B1,5", "70.5"]),
        (",", None, ["vitamin B1,5", "70,5"]),
        # who names a column gets it as it was written
        (";", ["weight", "note"], ["70,5", "vitamin B1,5"]),
    ],
)
def test_a_comma_becomes_a_point_in_the_numbers_that_are_read_back(delimiter, keep, passed):
    written = () if keep is None else ("weight_kg",)
    columns = Columns(["weight", "note"], keep, ASKED, written=written, delimiter=delimiter)
    assert columns.passed(["70,5", "vitamin B1,5"]) == passed


@pytest.mark.parametrize(
    ("marks", "policy", "basis"),
    [
        (("regimen", "dmcalc", "table_sha256"), "nhs-form", None),
        (("regimen", "dmcalc", "table_sha256"), "", "ideal"),
        ((), "nhs-form", "ideal"),
    ],
)
def test_the_basis_of_an_answer_is_what_its_policy_chose(marks, policy, basis):
    asked = ("weight", "weight_basis", "weight_policy")
    columns = Columns([*asked, *marks], None, asked, own=marks, ignored=marks[:1])
    found = columns.input_of(["70", "ideal", policy, *marks])
    assert found[PLACES["weight_basis"]] == basis


def test_a_wide_sheet_is_read_at_once():
    """A header of 5000 columns took 45 s of work: each word was held against each fact."""
    names = [f"Result {at} of the ward, second list" for at in range(300)]
    begun = time.process_time()
    assert not any(looks_like_a_fact(name, ASKED) for name in names)
    assert time.process_time() - begun < 0.5
