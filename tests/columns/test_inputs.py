"""What a run by columns reads, cell by cell, and where its answers go."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from dmcalc.columns.cases import Case, Reject, codes_of, places_of
from dmcalc.columns.inputs import ColumnsRequest, inputs
from dmcalc.columns.orders import OrderRead, by_weight
from dmcalc.columns.questions import cell_of
from dmcalc.errors import FileError, UsageError
from dmcalc.order.check import prepare_check
from dmcalc.order.parse import read_order
from dmcalc.quantities.amount import Rate
from dmcalc.results.base import ClinicalWarning

from .proof import LOADED


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (70.0, "70"),
        (70.125, "70.125"),
        (0.1, "0.1"),
        (1e20, "100000000000000000000"),
        (70.1255, "a binary number of more than 3 decimals"),
        (float("nan"), "nan is no number"),
        (float("inf"), "inf is no number"),
        (70, "70"),
        (Decimal("70.1255"), Decimal("70.1255")),
        (True, True),
        (None, None),
        ("70 kg", "70 kg"),
        (datetime.date(2026, 12, 1), "2026-12-01"),
        (b"70", "b'70'"),
    ],
)
def test_a_value_of_a_column_as_a_cell(value, cell):
    if isinstance(value, float) and not cell[0].isdigit():
        with pytest.raises(ValueError, match=cell):
            cell_of(value)
    else:
        assert cell_of(value) == cell


@pytest.mark.parametrize(
    ("number", "places"), [("70", 0), ("70.0", 0), ("70.50", 1), ("0.001", 3), ("7E+2", 0)]
)
def test_the_decimals_of_a_number(number, places):
    assert places_of(Decimal(number)) == places


@pytest.mark.parametrize(
    ("order", "parts", "by_size"),
    [
        ("140 g over 2 days", 2, False),
        ("140 g per course", 1, False),
        ("2 g/kg over 5 days", 5, True),
        ("60 mg daily in 3 doses", 3, False),
        ("30 mg twice daily", 1, False),
        (None, 1, False),
    ],
)
def test_in_how_many_parts_an_order_is_given(order, parts, by_size):
    read = OrderRead(order and read_order(order))
    assert (read.parts, read.by_size) == (parts, by_size)


def test_the_warnings_of_a_row_are_those_of_its_drug_but_for_units():
    warnings = [
        ClinicalWarning(code, drug, "", None)
        for code, drug in (
            *(("a", "ivig"), ("b", None), ("c", "prednisone")),
            *(("no-combination", "ivig"), ("not-dispensable", "ivig")),
        )
    ]
    assert codes_of(warnings, "ivig") == {"a", "b"}


@pytest.mark.parametrize(
    ("part", "rate", "weighed"),
    [
        *(("start", "1 mg/kg/day", True), ("increase", "1 mg/kg/day", True)),
        *(("max", "1 mg/kg/day", True), ("levels", "1 mg/kg/day", True)),
        *(("start", "1 mg/day", False), ("levels", "1 mg/day", False)),
    ],
)
def test_steps_are_looked_for_at_each_weight_where_one_is_by_the_kilogram(part, rate, weighed):
    """Else the steps of one patient would be taken for those of another weight."""
    table, own = LOADED.table, "edrheum-azathioprine"
    rate = Rate.parse(rate)
    titration = table.titrations[own]._replace(**{part: (rate,) if part == "levels" else rate})
    loaded = LOADED._replace(table=table._replace(titrations={own: titration}))
    ready = prepare_check(loaded, "azathioprine")
    ready = ready._replace(regimens=[r for r in ready.regimens if r.regimen.dose.basis is None])
    assert ready.regimens
    assert by_weight(Case(None, ready=ready)) is weighed


def test_a_case_that_cannot_be_read_has_no_weights_of_its_own():
    assert not Case(None).by_itself
    assert not Case(None, early=Reject("4", "")).by_itself


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with two files, an empty one and one beside them, which is where dmcalc runs."""
    monkeypatch.chdir(tmp_path)
    for name in ("in/b.parquet", "in/a.csv", "in/notes.txt", "one.csv", "empty/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("source", "output", "more", "found"),
    [
        ("one.csv", "out.csv", {}, [("one.csv", "out.csv", None)]),
        ("one.csv", "o.pq", {"rejects": "r.csv"}, [("one.csv", "o.pq", "r.csv")]),
        ("one.csv", "o.parquet", {"resume": True}, [("one.csv", "o.parquet", None)]),
        (
            "in",
            "out",
            {"rejects": "no"},
            [
                ("in/a.csv", "out/a.parquet", "no/a.parquet"),
                ("in/b.parquet", "out/b.parquet", "no/b.parquet"),
            ],
        ),
        ("in/*.csv", "out", {}, [("in/a.csv", "out/a.parquet", None)]),
        ("in/[ab].parquet", "out", {}, [("in/b.parquet", "out/b.parquet", None)]),
        ("in/?.csv", "out", {}, [("in/a.csv", "out/a.parquet", None)]),
        ("in", "out", {"engine": "spark"}, [("in", "out", None)]),
        ("in/b.parquet", "in/out", {"engine": "spark"}, [("in/b.parquet", "in/out", None)]),
    ],
)
def test_where_the_answers_of_each_input_go(here, source, output, more, found):
    assert [tuple(files) for files in inputs(ColumnsRequest(source, output, **more))] == found


@pytest.mark.parametrize(
    ("source", "output", "more", "error", "says"),
    [
        ("-", "out.csv", {}, UsageError, "reads and writes files"),
        ("one.csv", "-", {}, UsageError, "reads and writes files"),
        ("none.csv", "out.csv", {}, FileError, "there is no such file"),
        ("one.csv", "one.csv", {}, UsageError, "need a file each"),
        ("one.csv", "out.csv", {"rejects": "out.csv"}, UsageError, "need a file each"),
        ("one.csv", "out.csv", {"resume": True}, UsageError, "for Parquet files"),
        ("empty", "out", {}, FileError, "no file in it that dmcalc reads"),
        ("in", "in", {}, UsageError, "would be overwritten"),
        ("in/*", "in", {}, UsageError, "would be overwritten"),
        ("in", "out", {"rejects": "in"}, UsageError, "would be overwritten"),
        ("in", "out", {"rejects": "out"}, UsageError, "a folder of their own"),
        ("in", "out", {"engine": "spark", "resume": True}, UsageError, "not for the engine spark"),
        ("in", "out", {"engine": "spark", "memory": "1GB"}, UsageError, "not for the engine spark"),
        ("in", "s3://out", {"engine": "spark"}, UsageError, "folders that this computer sees"),
        ("none", "out", {"engine": "spark"}, FileError, "there is no such file"),
        ("one.csv", "out", {"engine": "spark"}, UsageError, "spark reads Parquet"),
        ("in", "in/out", {"engine": "spark"}, UsageError, "among the inputs"),
        ("in", "out", {"engine": "spark", "rejects": "in/no"}, UsageError, "among the inputs"),
    ],
)
def test_no_answer_is_in_the_way_of_an_input(here, source, output, more, error, says):
    with pytest.raises(error) as refused:
        inputs(ColumnsRequest(source, output, **more))
    assert says in refused.value.message
